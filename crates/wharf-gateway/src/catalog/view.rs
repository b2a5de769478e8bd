//! What one principal sees of the catalog. Lists and calls ask the same view, so they never differ,
//! and a tool that is hidden looks like one that is missing.

use wharf_policy::decide::{Decision, Policy};
use wharf_policy::principal::Principal;

use super::snapshot::Snapshot;
use super::tool::Tool;

/// A principal's view.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    snapshot: &'a Snapshot,
    policy: &'a Policy,
    principal: &'a Principal,
}

impl<'a> View<'a> {
    pub fn new(snapshot: &'a Snapshot, policy: &'a Policy, principal: &'a Principal) -> Self {
        Self {
            snapshot,
            policy,
            principal,
        }
    }

    /// The tool of this name, if this principal may use it.
    pub fn find(&self, name: &str) -> Option<&'a Tool> {
        self.snapshot.get(name).filter(|tool| self.shows(tool))
    }

    /// Every tool that this principal may use and whose name comes after `after`, by name.
    pub fn after(&self, after: Option<&str>) -> impl Iterator<Item = &'a Tool> {
        let tools = self.snapshot.tools();
        let start = after.map_or(0, |name| {
            tools.partition_point(|tool| tool.name.as_str() <= name)
        });
        let view = *self;
        tools[start..].iter().filter(move |tool| view.shows(tool))
    }

    /// Permission first: it is cheap, and what is hidden need not be rendered.
    fn shows(&self, tool: &Tool) -> bool {
        matches!(
            self.policy.decide(self.principal, &tool.facts),
            Decision::Allowed(_)
        ) && tool.definition().is_some()
    }
}
