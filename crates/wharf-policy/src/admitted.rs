//! The proof that a rule let something through.

use crate::rule::RuleId;

/// A value that policy has admitted. Only [`Policy::admit`](crate::decide::Policy::admit) makes the
/// first one; what is derived from it carries the proof on. Upstreams take nothing else, so a call
/// that was not judged does not compile.
#[derive(Debug)]
pub struct Admitted<T> {
    inner: T,
    rule: RuleId,
}

impl<T> Admitted<T> {
    pub(crate) fn new(inner: T, rule: RuleId) -> Self {
        Self { inner, rule }
    }

    pub fn get(&self) -> &T {
        &self.inner
    }

    /// The rule that let it through.
    pub fn rule(&self) -> &RuleId {
        &self.rule
    }

    /// Goes one step further with what was admitted, keeping the proof.
    ///
    /// # Errors
    ///
    /// Whatever `step` fails with; the proof is gone then.
    pub fn try_map<U, E>(self, step: impl FnOnce(T) -> Result<U, E>) -> Result<Admitted<U>, E> {
        Ok(Admitted {
            inner: step(self.inner)?,
            rule: self.rule,
        })
    }
}
