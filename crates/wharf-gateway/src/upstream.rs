//! What stands behind the tools. Every kind of upstream answers the same few questions, so the
//! spine of a call does not know which kind it is talking to.

pub mod http;

use std::fmt;
use std::time::Duration;

use serde_json::value::RawValue;
use wharf_policy::admitted::Admitted;
use wharf_policy::arguments::{Arguments, Validator};
use wharf_policy::facts::Effect;
use wharf_policy::secret::Secret;
use wharf_protocol::port::BoxFuture;
use wharf_protocol::tool::CallToolResult;
use wharf_wire::outbound::Cause;

/// A system that has been berthed: its tools, and how to call them.
pub trait Upstream: Send + Sync + fmt::Debug {
    /// The name it has in the config.
    fn name(&self) -> &str;

    /// Its tools, in an order of their own that does not change.
    fn tools(&self) -> &[Listing];

    /// Everything about one tool that is needed once somebody looks at it. Costly; the catalog
    /// keeps what it gets.
    fn render(&self, tool: usize) -> Rendered;

    /// Arguments → the request that would be sent. Pure.
    ///
    /// # Errors
    ///
    /// [`PlanError`]: arguments that the schema takes and the request cannot carry.
    fn plan(&self, tool: usize, arguments: Arguments) -> Result<Planned, PlanError>;

    /// Sends it and waits for the answer. The only way out of the process. Dropping the future
    /// closes the connection.
    fn send(&self, planned: Admitted<Planned>) -> BoxFuture<'_, Result<Answered, SendError>>;

    /// The answer → what the model reads. Pure.
    fn translate(&self, tool: usize, answer: Answered) -> CallToolResult;

    /// Credentials that must not appear in any answer.
    fn secrets(&self) -> Vec<Secret>;
}

/// One tool in a list of all of an upstream's tools.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The name without any namespace; it leaves room for the one the gateway puts before it.
    pub name: String,
    pub effect: Effect,
    /// One line for people who look through lists.
    pub summary: String,
}

/// One tool, ready to be shown and called.
#[derive(Debug)]
pub struct Rendered {
    pub title: Option<String>,
    pub description: Option<String>,
    pub input_schema: Box<RawValue>,
    pub output_schema: Option<Box<RawValue>>,
    pub annotations: wharf_protocol::tool::ToolAnnotations,
    /// `Err` for a schema that cannot be checked: the tool is not shown and cannot be called.
    pub validator: Result<Validator, wharf_policy::arguments::BadSchema>,
}

/// A request that is ready to leave.
#[derive(Debug)]
pub enum Planned {
    Http(http::Plan),
}

/// What came back.
#[derive(Debug)]
pub enum Answered {
    Http(http::Answer),
}

impl Planned {
    /// What a person may see of it: secrets masked.
    pub fn preview(&self) -> Preview {
        match self {
            Self::Http(plan) => plan.preview(),
        }
    }
}

impl Answered {
    /// The status of the answer, where its protocol has one.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Http(answer) => Some(answer.status),
        }
    }
}

/// A request as `--dry-run` shows it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Preview {
    pub method: String,
    pub url: String,
    pub headers: serde_json::Map<String, serde_json::Value>,
    /// The body as text; `None` where there is none, or where it is not text.
    pub body: Option<String>,
    /// The body in base64, where it is not text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_base64: Option<String>,
}

/// Arguments that fit the schema and still make no request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PlanError {
    /// For the model: which argument, what was expected.
    pub message: String,
    pub hint: Option<String>,
}

/// No useful answer came. `Display` is for the caller and names no address; the cause is for logs.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    #[error("the upstream cannot be reached")]
    Connect(#[source] Cause),
    #[error("the address of the upstream is not one that this gateway may call")]
    Forbidden(#[source] Cause),
    #[error("the upstream closed the connection before it had answered")]
    Broken(#[source] Cause),
    #[error("the upstream did not answer within {} s", .0.as_secs())]
    Timeout(Duration),
    #[error("the answer of the upstream cannot be read")]
    Unreadable(#[source] Cause),
    #[error("no access token for the upstream could be had")]
    Credential(#[source] Cause),
}
