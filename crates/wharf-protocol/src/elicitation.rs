//! Elicitation: what a server wants to know from the person behind a client.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// Parameters of `elicitation/create` in form mode: the client shows a form of `requested_schema`.
///
/// A form must not ask for secrets (specification, elicitation, safety): that is what URLs are for.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FormElicitation {
    pub message: String,
    /// A flat object of primitive properties.
    pub requested_schema: Box<RawValue>,
}

/// Parameters of `elicitation/create` in URL mode: the client sends the person to `url`, and what is
/// entered there never passes through it (2025-11-25 and newer).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UrlElicitation {
    pub message: String,
    /// Opens nothing by itself: whoever opens it has to prove to be the one that was asked.
    pub url: String,
    /// Names this elicitation in `notifications/elicitation/complete`. 2025-11-25 requires it, newer
    /// revisions do not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elicitation_id: Option<String>,
}

/// The answer to `elicitation/create`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Elicited {
    pub action: Choice,
    /// What was entered, where a form was accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Box<RawValue>>,
}

/// What a person did with a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Choice {
    /// Answered it, or agreed to open the URL.
    Accept,
    /// Said no.
    Decline,
    /// Closed it without a word.
    Cancel,
}
