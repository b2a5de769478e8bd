//! The one place where a failed call becomes a reply, and where it is decided what the caller reads
//! and what only the operator does.

use serde_json::value::to_raw_value;
use tracing::{error, warn};
use wharf_policy::decide::Refusal;
use wharf_policy::record::Outcome;
use wharf_protocol::content::Content;
use wharf_protocol::error::ErrorObject;
use wharf_protocol::tool::CallToolResult;

use crate::audit::AuditError;
use crate::call::Passage;
use crate::catalog::Unseen;
use crate::upstream::{PlanError, SendError};

/// Why a call did not come through.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    #[error("unknown tool: {name}")]
    Unseen { name: String, why: Unseen },
    #[error("`arguments` must be an object")]
    NotAnObject,
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(transparent)]
    Send(#[from] SendError),
    #[error(transparent)]
    Audit(#[from] AuditError),
}

impl CallError {
    pub(crate) fn unseen(name: &str, why: Unseen) -> Self {
        Self::Unseen {
            why,
            name: name
                .chars()
                .take(128)
                .flat_map(char::escape_debug)
                .collect(),
        }
    }

    /// The label under which it is recorded.
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Unseen {
                why: Unseen::Missing,
                ..
            } => Outcome::UnknownTool,
            Self::Unseen { .. } | Self::Refused(Refusal::Denied { .. }) => Outcome::Denied,
            Self::NotAnObject | Self::Refused(Refusal::Arguments { .. }) | Self::Plan(_) => {
                Outcome::InvalidArguments
            }
            Self::Send(_) => Outcome::UpstreamFailed,
            Self::Audit(_) => Outcome::Internal,
        }
    }
}

/// A failure that the model can do something about is a result it reads; one that is about the
/// request itself is a JSON-RPC error.
pub(crate) fn rescue(passage: Result<Passage, CallError>) -> Result<CallToolResult, ErrorObject> {
    let failure = match passage {
        Ok(Passage::Through(result)) => return Ok(result),
        Ok(Passage::Shown(preview)) => {
            let shown = to_raw_value(&preview).map_err(|_| ErrorObject::internal())?;
            return Ok(CallToolResult {
                content: vec![Content::text(shown.get())],
                structured_content: Some(shown),
                is_error: false,
            });
        }
        Err(failure) => failure,
    };
    match failure {
        // Whether it is hidden or missing, only the audit log says.
        CallError::Unseen { name, .. } => {
            Err(ErrorObject::invalid_params(format!("Unknown tool: {name}")))
        }
        CallError::NotAnObject => Err(ErrorObject::invalid_params(failure.to_string())),
        // The view hides what a rule denies, so this is a rule that changed between the two
        // stages. It looks the same all the same.
        CallError::Refused(Refusal::Denied { .. }) => {
            Err(ErrorObject::invalid_params("Unknown tool"))
        }
        CallError::Refused(Refusal::Arguments { problems }) => {
            let lines: Vec<String> = problems
                .iter()
                .map(|problem| format!("- {problem}"))
                .collect();
            Ok(CallToolResult::error(format!(
                "The call was not made, because its arguments do not fit:\n{}",
                lines.join("\n")
            )))
        }
        CallError::Plan(PlanError { message, hint }) => Ok(CallToolResult::error(match hint {
            Some(hint) => format!("The call was not made: {message}. Hint: {hint}."),
            None => format!("The call was not made: {message}."),
        })),
        CallError::Send(failure) => {
            let cause: &(dyn std::error::Error + 'static) = &failure;
            warn!(error = cause, "upstream failed");
            Ok(CallToolResult::error(format!(
                "The call failed: {failure}.{}",
                advice(&failure)
            )))
        }
        CallError::Audit(_) => {
            error!("call refused: it could not be recorded");
            Err(ErrorObject::internal())
        }
    }
}

/// What the model, or the person behind it, can do next.
fn advice(failure: &SendError) -> &'static str {
    match failure {
        SendError::Connect(_) => " Nothing was sent. Try again later, or tell the operator.",
        SendError::Forbidden(_) => " The operator can allow it with `base_url` in the config.",
        SendError::Timeout(_) | SendError::Broken(_) => {
            " Whether it took effect is not known: read the state before you try again."
        }
        SendError::Unreadable(_) => " It may have taken effect.",
        SendError::Credential(_) => {
            " The operator has to look at the credentials of this upstream."
        }
    }
}
