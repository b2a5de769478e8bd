//! Rules: which tools, for whom, with what effect, and the verdict.

use std::fmt;

use wildmatch::WildMatch;

use crate::facts::{Effect, ToolFacts};
use crate::principal::Principal;

/// One rule, as its author meant it.
#[derive(Clone, Debug)]
pub struct Rule {
    pub id: RuleId,
    pub verdict: Verdict,
    pub tools: ToolPattern,
    /// The effects it speaks of; empty means all.
    pub effects: Vec<Effect>,
    /// Whom it speaks of; empty means everybody.
    pub to: Vec<Subject>,
}

/// How a rule is named in answers and audit entries: its place in the file, from 1, or the default
/// that applied where no rule did.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RuleId {
    Numbered(usize),
    Default(&'static str),
}

/// What a rule says of the calls it matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Allow,
    Deny,
}

/// A glob over `upstream.tool`: `*` is any run of characters, `?` any one.
#[derive(Clone, Debug)]
pub struct ToolPattern(WildMatch);

/// Somebody a rule speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    Anybody,
    User(String),
    Group(String),
}

/// The text names nobody.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` names nobody: write `*`, `user:NAME` or `group:NAME`")]
pub struct BadSubject(pub String);

impl Rule {
    pub fn matches(&self, principal: &Principal, tool: &ToolFacts) -> bool {
        self.tools.matches(&tool.path)
            && (self.effects.is_empty() || self.effects.contains(&tool.effect))
            && (self.to.is_empty() || self.to.iter().any(|subject| subject.is(principal)))
    }
}

impl ToolPattern {
    pub fn new(glob: &str) -> Self {
        Self(WildMatch::new(glob))
    }

    pub fn matches(&self, path: &str) -> bool {
        self.0.matches(path)
    }
}

impl Subject {
    /// Reads `*`, `user:NAME` or `group:NAME`.
    ///
    /// # Errors
    ///
    /// [`BadSubject`] for anything else, an empty name included.
    pub fn parse(text: &str) -> Result<Self, BadSubject> {
        match text.split_once(':') {
            None if text == "*" => Ok(Self::Anybody),
            Some(("user", name)) if !name.is_empty() => Ok(Self::User(name.to_owned())),
            Some(("group", name)) if !name.is_empty() => Ok(Self::Group(name.to_owned())),
            _ => Err(BadSubject(text.to_owned())),
        }
    }

    fn is(&self, principal: &Principal) -> bool {
        match self {
            Self::Anybody => true,
            Self::User(name) => principal.name() == name,
            Self::Group(group) => principal.is_in(group),
        }
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Numbered(number) => write!(formatter, "rule {number}"),
            Self::Default(name) => formatter.write_str(name),
        }
    }
}
