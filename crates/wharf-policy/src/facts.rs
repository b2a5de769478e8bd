//! What a rule may look at: the tool, where it comes from, and what calling it does.

use std::fmt;

/// What calling a tool does to the system behind it. Derived from the interface that was imported
/// (the HTTP method, say), never from what a peer claims in its annotations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Changes nothing.
    Read,
    /// Creates or changes something.
    Write,
    /// Removes or overwrites something.
    Destructive,
}

impl Effect {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Destructive => "destructive",
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// One tool as rules see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolFacts {
    /// `upstream.tool`: what the globs of rules are held against.
    pub path: String,
    pub effect: Effect,
}
