//! A document as nodes in one arena: about 30 bytes a node, every node located, no recursion to build
//! or to drop.
//!
//! `serde_json::Value` takes 112 bytes for each member of an object, forgets where it stood, and
//! drops recursively. Here a YAML alias is a second link to the same node, so an alias bomb stays as
//! small as it is written.

use std::collections::HashMap;

use serde_json::{Map, Number, Value};

pub(crate) mod builder;
pub(crate) mod scalar;

/// A whole document. Nodes are only reached through [`Node`].
#[derive(Debug)]
pub(crate) struct Tree {
    /// The text as it was read; strings without escapes are slices of it.
    source: Box<str>,
    /// Strings that differ from how they are written: escapes, folded lines.
    unescaped: String,
    slots: Vec<Slot>,
    members: Vec<Member>,
    items: Vec<u32>,
    /// Members in the order of their keys, for objects too large to search one by one.
    sorted: HashMap<u32, Box<[u32]>>,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    /// Byte offset of the node's key, or of the node itself where it has none.
    offset: u32,
    parent: u32,
    content: Content,
}

#[derive(Clone, Copy, Debug)]
enum Content {
    Null,
    Bool(bool),
    Number(Text),
    String(Text),
    Array { first: u32, count: u32 },
    Object { first: u32, count: u32 },
}

#[derive(Clone, Copy, Debug)]
struct Member {
    key: Text,
    value: u32,
}

/// A slice of the source, or of the unescaped text if the highest bit of `start` is set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text {
    start: u32,
    bytes: u32,
}

const UNESCAPED: u32 = 1 << 31;
/// Objects with more members than this are searched through an index.
const LINEAR_SEARCH: usize = 16;

impl Tree {
    pub(crate) fn root(&self) -> Node<'_> {
        Node { tree: self, id: 0 }
    }

    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// A node by the number that [`Node::id`] gave.
    pub(crate) fn node(&self, id: NodeId) -> Node<'_> {
        Node {
            tree: self,
            id: id.0,
        }
    }

    fn text(&self, text: Text) -> &str {
        let (from, start) = match text.start & UNESCAPED {
            0 => (&*self.source, text.start),
            _ => (&*self.unescaped, text.start & !UNESCAPED),
        };
        from.get(start as usize..(start + text.bytes) as usize)
            .unwrap_or("")
    }

    fn content(&self, id: u32) -> Content {
        self.slots
            .get(id as usize)
            .map_or(Content::Null, |slot| slot.content)
    }
}

/// The number of a node within its tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct NodeId(u32);

/// One value of a document. Every question has an answer: what is absent or of another type is `None`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<'t> {
    tree: &'t Tree,
    id: u32,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind<'t> {
    Null,
    Bool(bool),
    /// As written: `1.10` stays `1.10`.
    Number(&'t str),
    String(&'t str),
    Array,
    Object,
}

impl<'t> Node<'t> {
    pub(crate) fn id(self) -> NodeId {
        NodeId(self.id)
    }

    /// Byte offset in the source of the node's key, or of the node where it has none.
    pub(crate) fn offset(self) -> usize {
        self.tree
            .slots
            .get(self.id as usize)
            .map_or(0, |slot| slot.offset as usize)
    }

    pub(crate) fn kind(self) -> Kind<'t> {
        match self.tree.content(self.id) {
            Content::Null => Kind::Null,
            Content::Bool(value) => Kind::Bool(value),
            Content::Number(text) => Kind::Number(self.tree.text(text)),
            Content::String(text) => Kind::String(self.tree.text(text)),
            Content::Array { .. } => Kind::Array,
            Content::Object { .. } => Kind::Object,
        }
    }

    pub(crate) fn is_object(self) -> bool {
        self.kind() == Kind::Object
    }

    pub(crate) fn is_array(self) -> bool {
        self.kind() == Kind::Array
    }

    pub(crate) fn as_str(self) -> Option<&'t str> {
        match self.kind() {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// A string or a number as it is written: versions are often written as numbers.
    pub(crate) fn as_text(self) -> Option<&'t str> {
        match self.kind() {
            Kind::String(text) | Kind::Number(text) => Some(text),
            _ => None,
        }
    }

    /// A boolean, also where somebody put it in quotes.
    pub(crate) fn as_bool(self) -> Option<bool> {
        match self.kind() {
            Kind::Bool(value) => Some(value),
            Kind::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Kind::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }

    /// A number, also where somebody put it in quotes.
    pub(crate) fn as_number(self) -> Option<Number> {
        self.as_text().and_then(scalar::number)
    }

    /// The members of an object in document order; nothing for any other node.
    pub(crate) fn members(
        self,
    ) -> impl DoubleEndedIterator<Item = (&'t str, Node<'t>)> + ExactSizeIterator {
        let tree = self.tree;
        self.member_slots().iter().map(move |member| {
            (
                tree.text(member.key),
                Node {
                    tree,
                    id: member.value,
                },
            )
        })
    }

    /// The items of an array; nothing for any other node.
    pub(crate) fn items(
        self,
    ) -> impl DoubleEndedIterator<Item = Node<'t>> + ExactSizeIterator + Clone {
        let tree = self.tree;
        let slots = match tree.content(self.id) {
            Content::Array { first, count } => tree
                .items
                .get(first as usize..(first + count) as usize)
                .unwrap_or_default(),
            _ => &[],
        };
        slots.iter().map(move |&id| Node { tree, id })
    }

    /// The member `key` of an object.
    pub(crate) fn get(self, key: &str) -> Option<Node<'t>> {
        let members = self.member_slots();
        let found = match self.tree.sorted.get(&self.id) {
            None => members
                .iter()
                .find(|member| self.tree.text(member.key) == key)?,
            Some(order) => {
                let key_at = |index: u32| self.tree.text(members[index as usize].key);
                let place = order
                    .binary_search_by(|&index| key_at(index).cmp(key))
                    .ok()?;
                &members[order[place] as usize]
            }
        };
        Some(Node {
            tree: self.tree,
            id: found.value,
        })
    }

    /// The member `key`, if it is a string.
    pub(crate) fn str(self, key: &str) -> Option<&'t str> {
        self.get(key).and_then(Node::as_str)
    }

    /// The text under `key`, trimmed, if it says anything.
    pub(crate) fn text(self, key: &str) -> Option<&'t str> {
        let text = self.get(key)?.as_text()?.trim();
        (!text.is_empty()).then_some(text)
    }

    /// Whether the member `key` is true.
    pub(crate) fn is_true(self, key: &str) -> bool {
        self.get(key).and_then(Node::as_bool) == Some(true)
    }

    /// The items of the array under `key`.
    pub(crate) fn list(self, key: &str) -> impl Iterator<Item = Node<'t>> {
        self.get(key).into_iter().flat_map(Node::items)
    }

    /// The JSON pointer of this node: an aliased node's is where its anchor stands.
    pub(crate) fn pointer(self) -> String {
        let mut segments = Vec::new();
        let mut id = self.id;
        while id != 0 {
            let parent = self
                .tree
                .slots
                .get(id as usize)
                .map_or(0, |slot| slot.parent);
            let parent = Node {
                tree: self.tree,
                id: parent,
            };
            let key = parent.key_of(id).map(crate::pointer::escape);
            let place = || {
                parent
                    .items()
                    .position(|node| node.id == id)
                    .map(|place| place.to_string())
            };
            segments.push(key.or_else(place).unwrap_or_default());
            id = parent.id;
        }
        segments
            .iter()
            .rev()
            .flat_map(|segment| ["/", segment])
            .collect()
    }

    /// The key that a child stands under. Children are numbered as they are read, so a search by halves
    /// finds all but those that an alias or a merge brought in.
    fn key_of(self, child: u32) -> Option<&'t str> {
        let members = self.member_slots();
        let place = members
            .binary_search_by_key(&child, |member| member.value)
            .ok();
        let place = place.or_else(|| members.iter().position(|member| member.value == child))?;
        Some(self.tree.text(members[place].key))
    }

    /// The node as an owned value, or `None` where it is nested deeper or is larger than a value in a
    /// schema has any reason to be.
    pub(crate) fn value(self) -> Option<Value> {
        const DEPTH: usize = 32;
        const NODES: usize = 10_000;
        self.bounded_value(DEPTH, &mut { NODES })
    }

    fn bounded_value(self, depth: usize, nodes: &mut usize) -> Option<Value> {
        *nodes = nodes.checked_sub(1)?;
        let deeper = || depth.checked_sub(1);
        Some(match self.kind() {
            Kind::Null => Value::Null,
            Kind::Bool(value) => Value::Bool(value),
            Kind::Number(text) => scalar::number(text).map_or_else(|| text.into(), Value::Number),
            Kind::String(text) => text.into(),
            Kind::Array => {
                let depth = deeper()?;
                let items: Option<Vec<_>> = self
                    .items()
                    .map(|item| item.bounded_value(depth, nodes))
                    .collect();
                Value::Array(items?)
            }
            Kind::Object => {
                let depth = deeper()?;
                let members: Option<Map<_, _>> = self
                    .members()
                    .map(|(key, node)| Some((key.to_owned(), node.bounded_value(depth, nodes)?)))
                    .collect();
                Value::Object(members?)
            }
        })
    }

    fn member_slots(self) -> &'t [Member] {
        match self.tree.content(self.id) {
            Content::Object { first, count } => self
                .tree
                .members
                .get(first as usize..(first + count) as usize)
                .unwrap_or_default(),
            _ => &[],
        }
    }
}
