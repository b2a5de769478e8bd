//! What an authorization remembers from one request to the next, and what it makes of a refusal.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::StatusCode;

use super::store::Granted;
use crate::client::Challenge as Refusal;
use crate::oauth::challenge::Challenge;
use crate::oauth::scope::Scopes;

/// Tokens in a row that let nothing in, after which no more are asked for.
const MOST_FRUITLESS: usize = 3;
/// Times that one set of scopes is asked for because a server wants to see it.
const MOST_STEP_UPS: usize = 2;
/// Sets of scopes that are counted; a server that invents new ones each time runs out of them.
const MOST_SCOPE_SETS: usize = 32;

/// The token in use.
#[derive(Debug)]
pub(super) struct Current {
    pub granted: Granted,
    served: AtomicUsize,
    refused: AtomicUsize,
}

impl Current {
    pub(super) fn new(granted: Granted) -> Self {
        Self {
            granted,
            served: AtomicUsize::new(0),
            refused: AtomicUsize::new(0),
        }
    }

    /// Counts one more request that carries it.
    pub(super) fn serve(&self) {
        self.served.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether no request has carried it yet, so that none can have been refused because of it.
    pub(super) fn is_unused(&self) -> bool {
        self.served.load(Ordering::Relaxed) == 0
    }

    /// Counts a refusal: the first of a token that never let anything in, another one of such a
    /// token, or one of a token that did.
    fn refuse(&self) -> Worth {
        let before = self.refused.fetch_add(1, Ordering::Relaxed);
        if before + 1 < self.served.load(Ordering::Relaxed) {
            Worth::Spent
        } else if before == 0 {
            Worth::NothingYet
        } else {
            Worth::Nothing
        }
    }
}

/// What a refused token was good for.
enum Worth {
    Spent,
    NothingYet,
    Nothing,
}

/// What only whoever gets tokens touches.
#[derive(Debug, Default)]
pub(super) struct Flight {
    /// Whether kept tokens were looked for.
    pub loaded: bool,
    blocked: Option<Blocked>,
    fruitless: usize,
    step_ups: HashMap<String, usize>,
}

/// Nothing more is tried.
#[derive(Clone, Debug)]
struct Blocked {
    why: String,
    /// Until then, on the running clock; `None` until somebody says so.
    until: Option<Duration>,
}

impl Flight {
    /// Why nothing is tried at `now`, if nothing is.
    pub(super) fn blocked(&self, now: Duration) -> Option<&str> {
        let blocked = self.blocked.as_ref()?;
        let over = blocked.until.is_some_and(|until| until <= now);
        (!over).then_some(&blocked.why)
    }

    pub(super) fn block(&mut self, why: String, until: Option<Duration>) {
        self.blocked = Some(Blocked { why, until });
    }

    /// Starts anew.
    pub(super) fn unblock(&mut self) {
        self.blocked = None;
        self.fruitless = 0;
        self.step_ups.clear();
    }

    /// Takes note that `current` was refused. Whether another token is worth a try.
    pub(super) fn refused(&mut self, current: &Current) -> bool {
        match current.refuse() {
            Worth::Spent => self.fruitless = 0,
            Worth::NothingYet => self.fruitless += 1,
            // Counted before; nothing came in its place since.
            Worth::Nothing => {}
        }
        self.fruitless < MOST_FRUITLESS
    }

    /// Whether a refresh may help: not when what came of it was refused as well.
    pub(super) fn may_refresh(&self) -> bool {
        self.fruitless < 2
    }

    /// Takes note that a server wants to see `needed`. Whether to ask for it once more.
    pub(super) fn may_step_up(&mut self, needed: &Scopes) -> bool {
        let key = needed.to_string();
        if self.step_ups.len() >= MOST_SCOPE_SETS && !self.step_ups.contains_key(&key) {
            return false;
        }
        let tries = self.step_ups.entry(key).or_default();
        *tries += 1;
        *tries <= MOST_STEP_UPS
    }
}

/// What a server asks for when it refuses.
#[derive(Debug, Default)]
pub(super) struct Demand {
    pub resource_metadata: Option<String>,
    pub scopes: Option<Scopes>,
    error: Option<String>,
    /// Whether only a bound token will do.
    pub bound: bool,
}

impl Demand {
    /// The challenges that are about tokens, read together.
    pub(super) fn read(refusal: &Refusal<'_>) -> Self {
        let mut demand = Self::default();
        let (mut bearer, mut bound) = (false, false);
        let headers = refusal.www_authenticate.iter();
        for challenge in headers.flat_map(|header| Challenge::parse_all(header)) {
            if challenge.is("Bearer") {
                bearer = true;
            } else if challenge.is("DPoP") {
                bound = true;
            } else {
                continue;
            }
            demand.take(&challenge);
        }
        demand.bound = bound && !bearer;
        demand
    }

    fn take(&mut self, challenge: &Challenge) {
        let text = |name| challenge.parameter(name).map(ToOwned::to_owned);
        self.resource_metadata = self
            .resource_metadata
            .take()
            .or_else(|| text("resource_metadata"));
        self.error = self.error.take().or_else(|| text("error"));
        let scopes = challenge.parameter("scope").map(Scopes::parse);
        self.scopes = self
            .scopes
            .take()
            .or(scopes)
            .filter(|scopes| !scopes.is_empty());
    }

    /// Whether the proof lacks a nonce, and nothing else is wrong (RFC 9449, section 9).
    pub(super) fn wants_nonce(&self) -> bool {
        self.error.as_deref() == Some("use_dpop_nonce")
    }

    /// Whether the token is good but does not reach this far.
    pub(super) fn wants_scope(&self, status: StatusCode) -> bool {
        status == StatusCode::FORBIDDEN && self.error.as_deref() == Some("insufficient_scope")
    }
}
