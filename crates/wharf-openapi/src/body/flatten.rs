//! The properties of an object body, so that each becomes an argument of its own.

use std::collections::HashSet;

use crate::document::Document;
use crate::schema::{Direction, is_hidden};
use crate::tree::{Kind, Node, NodeId};

/// An object with more properties than this is one argument.
const MOST_PROPERTIES: usize = 2_000;

/// The properties of an object schema and of the parts of its `allOf`.
#[derive(Debug, Default)]
pub(crate) struct Flat<'d> {
    pub(crate) properties: Vec<Property<'d>>,
    /// Set if the object takes other properties too: the `additionalProperties` that says so.
    pub(crate) open: Option<Node<'d>>,
}

/// One property.
#[derive(Clone, Debug)]
pub(crate) struct Property<'d> {
    pub(crate) name: String,
    /// None for a name that is required and declared nowhere.
    pub(crate) node: Option<Node<'d>>,
    pub(crate) required: bool,
}

/// The properties of `schema`, or `None` where it is not an object that lists some: a list, a map,
/// a choice between alternatives.
pub(crate) fn flatten<'d>(document: &'d Document, schema: Node<'d>) -> Option<Flat<'d>> {
    let mut gathering = Gathering {
        document,
        flat: Flat::default(),
        required: HashSet::new(),
        seen: HashSet::new(),
    };
    gathering.part(schema)?;
    let Gathering {
        mut flat, required, ..
    } = gathering;
    if flat.properties.is_empty() {
        return None;
    }
    flat.properties.retain(|property| {
        property
            .node
            .is_none_or(|node| !is_hidden(document, Direction::Input, node))
    });
    for property in &mut flat.properties {
        let lifted = property.node.is_some_and(|node| node.is_true("required"));
        property.required = lifted || required.contains(property.name.as_str());
    }
    Some(flat)
}

struct Gathering<'d> {
    document: &'d Document,
    flat: Flat<'d>,
    required: HashSet<&'d str>,
    /// Parts that have been read: a schema that is a part of itself adds nothing new, and neither
    /// does one that two parts share.
    seen: HashSet<NodeId>,
}

impl<'d> Gathering<'d> {
    fn part(&mut self, node: Node<'d>) -> Option<()> {
        const MOST_PARTS: usize = 256;
        let node = self.document.follow(node).ok()?;
        if !self.seen.insert(node.id()) {
            return Some(());
        }
        let is_plain_object = node.is_object() && may_be_object(node) && !offers_alternatives(node);
        if !is_plain_object || self.seen.len() > MOST_PARTS {
            return None;
        }
        for part in node.list("allOf") {
            self.part(part)?;
        }
        let properties = node.get("properties").into_iter().flat_map(Node::members);
        for (name, property) in properties.take(MOST_PROPERTIES + 1) {
            self.property(name, property);
        }
        if self.flat.properties.len() > MOST_PROPERTIES {
            return None;
        }
        self.required
            .extend(node.list("required").filter_map(Node::as_str));
        let open = node
            .get("additionalProperties")
            .filter(|open| open.kind() != Kind::Bool(false) && open.kind() != Kind::Null);
        self.flat.open = self.flat.open.or(open);
        Some(())
    }

    /// A later part refines what an earlier one declares.
    fn property(&mut self, name: &str, node: Node<'d>) {
        let known = self
            .flat
            .properties
            .iter_mut()
            .find(|known| known.name == name);
        match known {
            Some(known) => known.node = Some(node),
            None => self.flat.properties.push(Property {
                name: name.to_owned(),
                node: Some(node),
                required: false,
            }),
        }
    }
}

fn may_be_object(node: Node<'_>) -> bool {
    match node.get("type") {
        None => true,
        Some(kind) => {
            let mut names = kind
                .as_str()
                .into_iter()
                .chain(kind.items().filter_map(Node::as_str));
            names.any(|name| name.eq_ignore_ascii_case("object"))
        }
    }
}

/// Alternatives between different objects; those that only say which properties go together (as
/// GitHub's do) leave the object what it is.
fn offers_alternatives(node: Node<'_>) -> bool {
    let constrains_only = |alternative: Node<'_>| {
        alternative.is_object()
            && alternative.members().all(|(key, value)| match key {
                "required" | "description" | "title" | "not" => true,
                "type" => value.as_str() == Some("object"),
                key => key.starts_with("x-"),
            })
    };
    let choices = ["oneOf", "anyOf"].iter().flat_map(|key| node.list(key));
    choices
        .into_iter()
        .any(|alternative| !constrains_only(alternative))
        || node.get("if").is_some()
}
