//! The decision on a tool, with its reason.

use crate::admitted::Admitted;
use crate::arguments::{Arguments, Problem, Validator};
use crate::facts::{Effect, ToolFacts};
use crate::principal::Principal;
use crate::rule::{Rule, RuleId, Verdict};

/// Where no rule is written: everything is allowed. A gateway in this state serves loopback only.
const OPEN: RuleId = RuleId::Default("no rules");
/// Where rules are written and none speaks of a read: it is allowed.
const READS: RuleId = RuleId::Default("reads are allowed by default");
/// Where rules are written and none speaks of a write: it is denied.
const WRITES: RuleId = RuleId::Default("writes are denied by default once a rule exists");

/// All rules of a gateway.
///
/// A matching `deny` wins over every `allow`, wherever the two stand, so that a ban never depends
/// on order. What no rule speaks of is allowed if it only reads, and denied if it writes; with no
/// rules at all everything is allowed.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    rules: Vec<Rule>,
}

/// What became of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    Allowed(RuleId),
    Denied(RuleId),
}

/// Why a call may not run now.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// The caller may not use the tool at all; to it the tool does not exist.
    #[error("denied by {rule}")]
    Denied { rule: RuleId },
    /// The tool does not take these arguments.
    #[error("the arguments do not fit the tool's schema")]
    Arguments { problems: Vec<Problem> },
}

impl Policy {
    pub fn new(rules: Vec<Rule>) -> Self {
        Self { rules }
    }

    /// Whether anything is ruled at all.
    pub fn is_open(&self) -> bool {
        self.rules.is_empty()
    }

    /// Whether `principal` may use the tool. A list shows exactly the tools for which this allows.
    pub fn decide(&self, principal: &Principal, tool: &ToolFacts) -> Decision {
        let matching = || {
            self.rules
                .iter()
                .filter(|rule| rule.matches(principal, tool))
        };
        if let Some(rule) = matching().find(|rule| rule.verdict == Verdict::Deny) {
            return Decision::Denied(rule.id.clone());
        }
        if let Some(rule) = matching().find(|rule| rule.verdict == Verdict::Allow) {
            return Decision::Allowed(rule.id.clone());
        }
        match tool.effect {
            _ if self.is_open() => Decision::Allowed(OPEN),
            Effect::Read => Decision::Allowed(READS),
            Effect::Write | Effect::Destructive => Decision::Denied(WRITES),
        }
    }

    /// Lets one call through, or says why not. The only way to an [`Admitted`].
    ///
    /// # Errors
    ///
    /// [`Refusal`]: denied by a rule, or arguments that the tool does not take. The rule is asked
    /// first, so that nobody learns a schema from its complaints.
    pub fn admit(
        &self,
        principal: &Principal,
        tool: &ToolFacts,
        validator: &Validator,
        arguments: Arguments,
    ) -> Result<Admitted<Arguments>, Refusal> {
        let rule = match self.decide(principal, tool) {
            Decision::Allowed(rule) => rule,
            Decision::Denied(rule) => return Err(Refusal::Denied { rule }),
        };
        match validator.judge(arguments) {
            Ok(arguments) => Ok(Admitted::new(arguments, rule)),
            Err(problems) => Err(Refusal::Arguments { problems }),
        }
    }
}

#[cfg(test)]
mod tests;
