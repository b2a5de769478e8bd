//! What one principal sees of the catalog. Lists and calls ask the same view, so they never differ,
//! and a tool that is hidden looks like one that is missing.

use wharf_policy::decide::{Decision, Policy};
use wharf_policy::principal::Principal;
use wharf_policy::rule::RuleId;

use super::snapshot::Snapshot;
use super::tool::Tool;

/// Why a tool is not in a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unseen {
    /// There is none, or none that could be called.
    Missing,
    /// A rule hides it.
    Hidden(RuleId),
}

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
    ///
    /// # Errors
    ///
    /// [`Unseen`], which only the audit log may tell apart: to the caller, both look the same.
    pub fn find(&self, name: &str) -> Result<&'a Tool, Unseen> {
        let tool = self.snapshot.get(name).ok_or(Unseen::Missing)?;
        match self.policy.decide(self.principal, &tool.facts) {
            Decision::Denied(rule) => Err(Unseen::Hidden(rule)),
            Decision::Allowed(_) if tool.definition().is_none() => Err(Unseen::Missing),
            Decision::Allowed(_) => Ok(tool),
        }
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
