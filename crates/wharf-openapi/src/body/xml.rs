//! The `xml` hints of a body's schema, gathered into the small arena that a plan reads.

use std::collections::HashMap;

use crate::document::Document;
use crate::operation::{XmlHints, XmlKind, XmlNode};
use crate::tree::{Node, NodeId};

/// Schemas beyond this many keep their default form.
const MOST_NODES: usize = 2_000;
/// Parts of one `allOf`, and of theirs, beyond this many are not read.
const MOST_PARTS: usize = 64;

/// The hints of `schema` and of everything it reaches.
pub(crate) fn hints(document: &Document, schema: Option<Node<'_>>) -> XmlHints {
    let mut gathering = Gathering {
        document,
        hints: XmlHints::default(),
        known: HashMap::new(),
        waiting: Vec::new(),
    };
    if let Some(schema) = schema {
        gathering.place(schema);
        if let Some(root) = gathering.hints.nodes.first_mut() {
            root.name = component_name(document, schema);
        }
    }
    while let Some((place, node)) = gathering.waiting.pop() {
        gathering.fill(place, node);
    }
    gathering.hints
}

struct Gathering<'d> {
    document: &'d Document,
    hints: XmlHints,
    known: HashMap<NodeId, usize>,
    waiting: Vec<(usize, Node<'d>)>,
}

impl<'d> Gathering<'d> {
    /// The place of a schema in the arena, where it is filled in later.
    fn place(&mut self, node: Node<'d>) -> Option<usize> {
        let node = self.document.follow(node).ok()?;
        if let Some(&place) = self.known.get(&node.id()) {
            return Some(place);
        }
        let place = self.hints.nodes.len();
        if place >= MOST_NODES {
            return None;
        }
        self.hints.nodes.push(XmlNode::default());
        self.known.insert(node.id(), place);
        self.waiting.push((place, node));
        Some(place)
    }

    fn fill(&mut self, place: usize, node: Node<'d>) {
        let mut hint = XmlNode {
            name: self.hints.nodes[place].name.take(),
            ..XmlNode::default()
        };
        self.part(&mut hint, node, &mut { MOST_PARTS });
        self.hints.nodes[place] = hint;
    }

    /// Adds what one schema says, and the parts of its `allOf`.
    fn part(&mut self, hint: &mut XmlNode, node: Node<'d>, parts: &mut usize) {
        let Some(left) = parts.checked_sub(1) else {
            return;
        };
        *parts = left;
        if let Some(xml) = node.get("xml") {
            let text = |key| xml.str(key).map(str::to_owned);
            hint.name = text("name").or(hint.name.take());
            hint.namespace = text("namespace").or(hint.namespace.take());
            hint.prefix = text("prefix").or(hint.prefix.take());
            hint.wrapped |= xml.is_true("wrapped");
            hint.kind = kind(xml).unwrap_or(hint.kind);
        }
        if let Some(items) = node.get("items") {
            hint.items = self.place(items);
        }
        for (name, property) in node.get("properties").into_iter().flat_map(Node::members) {
            if let Some(place) = self.place(property) {
                hint.properties.push((name.to_owned(), place));
            }
        }
        for part in node.list("allOf") {
            if let Ok(part) = self.document.follow(part) {
                self.part(hint, part, parts);
            }
        }
    }
}

fn kind(xml: Node<'_>) -> Option<XmlKind> {
    match xml.str("nodeType") {
        Some("attribute") => Some(XmlKind::Attribute),
        Some("text" | "cdata") => Some(XmlKind::Text),
        Some(_) => Some(XmlKind::Element),
        None => xml.is_true("attribute").then_some(XmlKind::Attribute),
    }
}

/// The name of the component that a schema is, or refers to.
fn component_name(document: &Document, schema: Node<'_>) -> Option<String> {
    let pointer = document.follow(schema).ok()?.pointer();
    let name = pointer
        .strip_prefix("/components/schemas/")
        .or_else(|| pointer.strip_prefix("/definitions/"))?;
    (!name.contains('/')).then(|| name.replace("~1", "/").replace("~0", "~"))
}
