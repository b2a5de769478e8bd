//! The definitions of one tool: which there are, how they are called, which are still to convert.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::tree::{Node, NodeId};

/// Definitions in the order in which they were first referred to.
#[derive(Debug, Default)]
pub(super) struct Definitions<'d> {
    names: HashMap<NodeId, String>,
    taken: HashSet<String>,
    waiting: VecDeque<Node<'d>>,
    /// The definition that is being converted.
    current: Option<NodeId>,
    /// Which definitions judge the very value that another one judges.
    in_place: HashMap<NodeId, Vec<NodeId>>,
}

impl<'d> Definitions<'d> {
    /// The name of a schema's definition, which will be converted if it has not been.
    pub(super) fn name(&mut self, node: Node<'d>) -> &str {
        let Self {
            names,
            taken,
            waiting,
            ..
        } = self;
        names.entry(node.id()).or_insert_with(|| {
            waiting.push_back(node);
            let wanted = readable_name(&node.pointer());
            let numbered = (2_u32..).map(|number| format!("{wanted}_{number}"));
            let free = std::iter::once(wanted.clone())
                .chain(numbered)
                .find(|name| !taken.contains(name));
            let name = free.unwrap_or(wanted);
            taken.insert(name.clone());
            name
        })
    }

    /// The next definition to convert.
    pub(super) fn next(&mut self) -> Option<(String, Node<'d>)> {
        let node = self.waiting.pop_front()?;
        self.current = Some(node.id());
        Some((self.names[&node.id()].clone(), node))
    }

    /// Records that the current definition applies `target` to its own value. False, and nothing is
    /// recorded, if `target` applies the current one in turn: a validator would never come to an end.
    pub(super) fn may_apply_in_place(&mut self, target: Node<'d>) -> bool {
        let Some(current) = self.current else {
            return true;
        };
        let mut seen = HashSet::new();
        let mut to_see = vec![target.id()];
        while let Some(id) = to_see.pop() {
            if id == current {
                return false;
            }
            if seen.insert(id) {
                to_see.extend(self.in_place.get(&id).into_iter().flatten());
            }
        }
        self.in_place.entry(current).or_default().push(target.id());
        true
    }
}

/// The component's own name, or for a schema somewhere else the last words of its pointer.
fn readable_name(pointer: &str) -> String {
    const LONGEST: usize = 64;
    let component = pointer
        .strip_prefix("/components/schemas/")
        .or_else(|| pointer.strip_prefix("/definitions/"));
    let name = component.unwrap_or(pointer);
    let name = name.replace("~1", "_").replace("~0", "_");
    let legal = |found: char| found.is_ascii_alphanumeric() || matches!(found, '_' | '-' | '.');
    let words: Vec<&str> = name
        .split(|found| !legal(found))
        .filter(|word| !word.is_empty())
        .collect();
    let joined = words.join("_");
    let start = joined.len().saturating_sub(LONGEST);
    match joined[start..].trim_start_matches(['_', '-', '.']) {
        "" => "schema".to_owned(),
        name => name.to_owned(),
    }
}
