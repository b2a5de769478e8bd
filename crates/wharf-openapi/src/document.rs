//! A document, read leniently: whatever the dialect, the same questions, and always an answer.

use std::sync::OnceLock;

use url::Url;

use crate::dialect::Dialect;
use crate::position::Lines;
use crate::reference::Broken;
use crate::tree::{Node, NodeId, Tree};

/// A document that was read and whose dialect is known.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) tree: Tree,
    pub(crate) dialect: Dialect,
    /// File or URL, to tell references to the document itself from those to others.
    pub(crate) name: String,
    pub(crate) base: Option<Url>,
    lines: OnceLock<Lines>,
}

impl Document {
    pub(crate) fn new(tree: Tree, dialect: Dialect, name: &str, base: Option<Url>) -> Self {
        Self {
            tree,
            dialect,
            name: name.to_owned(),
            base,
            lines: OnceLock::new(),
        }
    }

    pub(crate) fn root(&self) -> Node<'_> {
        self.tree.root()
    }

    /// Line and column of a byte offset, from 1.
    pub(crate) fn position(&self, offset: usize) -> (u32, u32) {
        let source = self.tree.source();
        self.lines
            .get_or_init(|| Lines::of(source))
            .position(source, offset)
    }

    /// Every path the document has, in its order. `x-ms-paths` are paths whose query tells them apart.
    pub(crate) fn paths(&self) -> impl Iterator<Item = (&str, Node<'_>)> {
        let of = |key| self.root().get(key).into_iter().flat_map(Node::members);
        of("paths")
            .chain(of("x-ms-paths"))
            .filter(|(path, _)| !path.starts_with("x-"))
    }

    /// The part of a path that its operations share.
    pub(crate) fn path_item<'d>(&'d self, own: Node<'d>) -> Result<PathItem<'d>, Broken> {
        let referenced = match own.str("$ref") {
            None => None,
            Some(_) => Some(self.follow(own)?),
        };
        Ok(PathItem { own, referenced })
    }
}

/// A path item and the one its `$ref` names; what it says itself comes first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PathItem<'d> {
    pub(crate) own: Node<'d>,
    pub(crate) referenced: Option<Node<'d>>,
}

impl<'d> PathItem<'d> {
    pub(crate) fn get(self, key: &str) -> Option<Node<'d>> {
        self.own.get(key).or_else(|| self.referenced?.get(key))
    }

    /// The operations with their methods in upper case, in document order.
    pub(crate) fn operations(self) -> impl Iterator<Item = (String, Node<'d>)> {
        [Some(self.own), self.referenced]
            .into_iter()
            .flatten()
            .flat_map(|item| {
                let fixed = item.members().filter(|(key, _)| is_method(key));
                let additional = item
                    .get("additionalOperations")
                    .into_iter()
                    .flat_map(Node::members);
                fixed
                    .chain(additional)
                    .map(|(method, operation)| (method.to_ascii_uppercase(), operation))
            })
    }
}

fn is_method(key: &str) -> bool {
    const METHODS: [&str; 9] = [
        "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
    ];
    METHODS
        .iter()
        .any(|method| key.eq_ignore_ascii_case(method))
}

/// Where an operation stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Site<'d> {
    pub(crate) document: &'d Document,
    /// As the document writes it.
    pub(crate) path: &'d str,
    pub(crate) path_item: PathItem<'d>,
    pub(crate) operation: Node<'d>,
}

/// The same, as it is kept in an index.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SiteIndex {
    pub(crate) own: NodeId,
    pub(crate) referenced: Option<NodeId>,
    pub(crate) operation: NodeId,
}

impl SiteIndex {
    pub(crate) fn site<'d>(self, document: &'d Document, path: &'d str) -> Site<'d> {
        let node = |id| document.tree.node(id);
        let path_item = PathItem {
            own: node(self.own),
            referenced: self.referenced.map(node),
        };
        Site {
            document,
            path,
            path_item,
            operation: node(self.operation),
        }
    }
}
