//! Builds a [`Tree`] from the events of a reader, one container at a time.

use std::collections::{HashMap, HashSet};

use super::{Content, LINEAR_SEARCH, Member, NodeId, Slot, Text, Tree, UNESCAPED};
use crate::load::{Limits, Malformed};

/// A tree under construction. Readers open, fill and close containers in document order.
#[derive(Debug)]
pub(crate) struct Builder<'l> {
    tree: Tree,
    open: Vec<Open>,
    /// Members and items of the containers that are still open, innermost last.
    members: Vec<Member>,
    items: Vec<u32>,
    limits: &'l Limits,
    /// Members that merge keys have looked at.
    merged: usize,
    /// Values that replaced an earlier one of the same key.
    duplicates: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Open {
    id: u32,
    container: Container,
    /// Where this container's members or items begin among the pending ones.
    first: usize,
    key: Option<(Text, u32)>,
    /// A number of the reader's own, given back when the container closes.
    anchor: usize,
}

/// What kind of container a reader stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Container {
    Array,
    Object,
}

/// A value without children.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Scalar {
    Null,
    Bool(bool),
    Number(Text),
    String(Text),
}

impl<'l> Builder<'l> {
    pub(crate) fn new(source: Box<str>, limits: &'l Limits) -> Self {
        let tree = Tree {
            source,
            unescaped: String::new(),
            slots: Vec::new(),
            members: Vec::new(),
            items: Vec::new(),
            sorted: HashMap::new(),
        };
        Self {
            tree,
            open: Vec::new(),
            members: Vec::new(),
            items: Vec::new(),
            limits,
            merged: 0,
            duplicates: Vec::new(),
        }
    }

    /// A string that stands in the source exactly as it is meant.
    pub(crate) fn slice(start: usize, end: usize) -> Text {
        Text {
            start: index(start),
            bytes: index(end - start),
        }
    }

    /// A string that does not.
    pub(crate) fn unescaped(&mut self, text: &str) -> Text {
        let start = index(self.tree.unescaped.len()) | UNESCAPED;
        self.tree.unescaped.push_str(text);
        Text {
            start,
            bytes: index(text.len()),
        }
    }

    /// The container that the next value goes into.
    pub(crate) fn inside(&self) -> Option<Container> {
        self.open.last().map(|open| open.container)
    }

    /// Whether a member's key has been read and its value has not.
    pub(crate) fn awaits_value(&self) -> bool {
        self.open.last().is_some_and(|open| open.key.is_some())
    }

    pub(crate) fn key(&mut self, key: Text, offset: usize) {
        if let Some(open) = self.open.last_mut() {
            open.key = Some((key, index(offset)));
        }
    }

    pub(crate) fn scalar(&mut self, scalar: Scalar, offset: usize) -> Result<u32, Malformed> {
        let content = match scalar {
            Scalar::Null => Content::Null,
            Scalar::Bool(value) => Content::Bool(value),
            Scalar::Number(text) => Content::Number(text),
            Scalar::String(text) => Content::String(text),
        };
        self.push(content, offset)
    }

    pub(crate) fn open(
        &mut self,
        container: Container,
        offset: usize,
        anchor: usize,
    ) -> Result<(), Malformed> {
        if self.open.len() >= self.limits.depth {
            let message = format!(
                "the document is nested deeper than {} levels",
                self.limits.depth
            );
            return Err(Malformed::new(offset, message));
        }
        let content = match container {
            Container::Array => Content::Array { first: 0, count: 0 },
            Container::Object => Content::Object { first: 0, count: 0 },
        };
        // The container is pending in its parent before its own children are.
        let id = self.push(content, offset)?;
        let first = match container {
            Container::Array => self.items.len(),
            Container::Object => self.members.len(),
        };
        self.open.push(Open {
            id,
            container,
            first,
            key: None,
            anchor,
        });
        Ok(())
    }

    /// Links a node that stands elsewhere into the open container.
    pub(crate) fn link(&mut self, id: u32) {
        if let Some(open) = self.open.last_mut() {
            match (open.container, open.key.take()) {
                (Container::Object, Some((key, _))) => self.members.push(Member { key, value: id }),
                (Container::Object, None) => {}
                (Container::Array, _) => self.items.push(id),
            }
        }
    }

    /// Closes the innermost container and tells its node and its anchor.
    pub(crate) fn close(&mut self) -> Option<(u32, usize)> {
        let open = self.open.pop()?;
        let content = match open.container {
            Container::Array => {
                let first = index(self.tree.items.len());
                self.tree.items.extend(self.items.drain(open.first..));
                Content::Array {
                    first,
                    count: index(self.tree.items.len()) - first,
                }
            }
            Container::Object => {
                let first = index(self.tree.members.len());
                self.settle_members(open.id, open.first);
                Content::Object {
                    first,
                    count: index(self.tree.members.len()) - first,
                }
            }
        };
        self.tree.slots[open.id as usize].content = content;
        Some((open.id, open.anchor))
    }

    /// Replaces the members called `<<` of the innermost object by those of the objects they name,
    /// where the object has no such member itself (YAML 1.1's merge keys, still in wide use).
    pub(crate) fn merge(&mut self) -> Result<(), Malformed> {
        let Some(open) = self
            .open
            .last()
            .filter(|open| open.container == Container::Object)
        else {
            return Ok(());
        };
        let first = open.first;
        let is_merge = |tree: &Tree, member: &Member| tree.text(member.key) == "<<";
        if !self.members[first..]
            .iter()
            .any(|member| is_merge(&self.tree, member))
        {
            return Ok(());
        }
        let offset = self.tree.slots[open.id as usize].offset as usize;
        let written = self.members.split_off(first);
        let (merges, own): (Vec<_>, Vec<_>) = written
            .into_iter()
            .partition(|member| is_merge(&self.tree, member));
        let mut known: HashSet<String> = own
            .iter()
            .map(|member| self.tree.text(member.key).to_owned())
            .collect();
        self.members.extend(own);
        for merge in merges {
            for source in self.merge_sources(merge.value) {
                for member in self.tree.node(NodeId(source)).member_slots() {
                    if known.insert(self.tree.text(member.key).to_owned()) {
                        self.members.push(*member);
                    }
                }
                self.merged += self.tree.node(NodeId(source)).members().len();
                self.check_size(offset)?;
            }
        }
        Ok(())
    }

    /// The finished tree, and the values that replaced an earlier one of the same key.
    pub(crate) fn finish(mut self) -> (Tree, Vec<NodeId>) {
        while self.close().is_some() {}
        self.tree.slots.shrink_to_fit();
        self.tree.members.shrink_to_fit();
        self.tree.items.shrink_to_fit();
        (self.tree, self.duplicates.into_iter().map(NodeId).collect())
    }

    fn merge_sources(&self, value: u32) -> Vec<u32> {
        let node = self.tree.node(NodeId(value));
        if node.is_array() {
            node.items().map(|item| item.id).collect()
        } else {
            vec![value]
        }
    }

    fn push(&mut self, content: Content, offset: usize) -> Result<u32, Malformed> {
        self.check_size(offset)?;
        let id = index(self.tree.slots.len());
        let (parent, offset) = match self.open.last() {
            Some(Open {
                id,
                key: Some((_, key_offset)),
                ..
            }) => (*id, *key_offset),
            Some(open) => (open.id, index(offset)),
            None => (0, index(offset)),
        };
        self.tree.slots.push(Slot {
            offset,
            parent,
            content,
        });
        self.link(id);
        Ok(id)
    }

    fn check_size(&self, offset: usize) -> Result<(), Malformed> {
        let nodes = self.tree.slots.len() + self.merged;
        if nodes < self.limits.nodes {
            return Ok(());
        }
        Err(Malformed::new(
            offset,
            format!("the document has more than {} values", self.limits.nodes),
        ))
    }

    /// Moves the pending members of an object into the tree: once each, and indexed if they are many.
    fn settle_members(&mut self, id: u32, first: usize) {
        if self.members.len() - first > LINEAR_SEARCH {
            return self.settle_many(id, first);
        }
        for place in first..self.members.len() {
            let member = self.members[place];
            let key = self.tree.text(member.key);
            let later = self.members[place + 1..].iter().rev();
            match later
                .into_iter()
                .find(|later| self.tree.text(later.key) == key)
            {
                Some(later) => self.duplicates.push(later.value),
                None => self.tree.members.push(member),
            }
        }
        self.members.truncate(first);
    }

    fn settle_many(&mut self, id: u32, first: usize) {
        let mut order: Vec<usize> = (first..self.members.len()).collect();
        let key_at = |place: &usize| self.tree.text(self.members[*place].key);
        order.sort_by(|a, b| key_at(a).cmp(key_at(b)).then(a.cmp(b)));
        let mut repeated = HashSet::new();
        let mut replacing = Vec::new();
        for pair in order.windows(2) {
            if key_at(&pair[0]) == key_at(&pair[1]) {
                repeated.insert(pair[0]);
                replacing.push(pair[1]);
            }
        }
        order.retain(|place| !repeated.contains(place));
        replacing.retain(|place| !repeated.contains(place));
        let replacing = replacing.iter().map(|&place| self.members[place].value);
        self.duplicates.extend(replacing);

        let mut settled = HashMap::with_capacity(order.len());
        for place in (first..self.members.len()).filter(|place| !repeated.contains(place)) {
            settled.insert(place, index(settled.len()));
            self.tree.members.push(self.members[place]);
        }
        self.tree
            .sorted
            .insert(id, order.iter().map(|place| settled[place]).collect());
        self.members.truncate(first);
    }
}

/// Arena indices are `u32`: [`Limits`] keeps documents far below 4 GiB and 4 billion values.
fn index(wide: usize) -> u32 {
    u32::try_from(wide).unwrap_or(u32::MAX)
}
