//! The audit record: what is written down of one call.

use std::time::{Duration, SystemTime};

use crate::facts::Effect;

/// One entry of the audit log. Holds no credential: arguments are masked before they come here.
#[derive(Clone, Debug)]
pub struct Record {
    pub stage: Stage,
    /// The call this entry belongs to; an attempt and its outcome share it.
    pub call: String,
    pub at: SystemTime,
    pub principal: String,
    /// What the caller asked for, whether it exists or not.
    pub tool: String,
    pub upstream: Option<String>,
    pub effect: Option<Effect>,
    pub rule: Option<String>,
    /// Masked arguments as JSON, cut at a limit.
    pub arguments: String,
    pub outcome: Outcome,
    /// Status of the upstream's answer, where there was one.
    pub status: Option<u16>,
    pub duration: Duration,
}

/// Which of a call's moments an entry stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// A call that changes something is about to leave. Written before it does.
    Attempt,
    /// A call has come to its end. Written before the caller hears of it.
    Outcome,
}

impl Stage {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Attempt => "attempt",
            Self::Outcome => "outcome",
        }
    }
}

/// How a call ended. A closed set: these are labels, free text goes nowhere near them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Not ended yet.
    Pending,
    Ok,
    /// Planned and shown, not sent.
    DryRun,
    /// The upstream answered that it would not or could not.
    UpstreamError,
    /// The upstream did not answer usefully: unreachable, reset, too late, too large.
    UpstreamFailed,
    UnknownTool,
    Denied,
    InvalidArguments,
    /// The caller went away before the end.
    Abandoned,
    /// A fault of our own.
    Internal,
}

impl Outcome {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Ok => "ok",
            Self::DryRun => "dry_run",
            Self::UpstreamError => "upstream_error",
            Self::UpstreamFailed => "upstream_failed",
            Self::UnknownTool => "unknown_tool",
            Self::Denied => "denied",
            Self::InvalidArguments => "invalid_arguments",
            Self::Abandoned => "abandoned",
            Self::Internal => "internal",
        }
    }
}
