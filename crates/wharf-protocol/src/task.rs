//! Tasks: results that come later (extension `io.modelcontextprotocol/tasks`, SEP-2663).

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::capability::ClientCapabilities;
use crate::error::ErrorObject;
use crate::input_required::InputRequests;
use crate::meta::Meta;

/// The name of the extension.
pub const EXTENSION: &str = "io.modelcontextprotocol/tasks";

/// The methods of the extension. Every other one that begins with `tasks/` is gone or reserved.
pub const GET: &str = "tasks/get";
pub const UPDATE: &str = "tasks/update";
pub const CANCEL: &str = "tasks/cancel";
pub const PREFIX: &str = "tasks/";
/// Tells of a task as it now is.
pub const NOTIFICATION: &str = "notifications/tasks";

/// What there is to know of a task, whatever it came to (`Task`).
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Task {
    pub task_id: Box<str>,
    pub status: TaskStatus,
    /// In plain words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_message: Option<String>,
    /// RFC 3339, as is the next.
    pub created_at: String,
    pub last_updated_at: String,
    /// Milliseconds from its creation for which it is kept; `null` for ever.
    pub ttl_ms: Option<u64>,
    /// Milliseconds that a client should wait between two looks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub poll_interval_ms: Option<u64>,
}

/// Where a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskStatus {
    Working,
    InputRequired,
    Completed,
    Failed,
    Cancelled,
}

impl TaskStatus {
    /// Whether it stays as it is.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }
}

/// A task and what it came to (`DetailedTask`): the answer to `tasks/get`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DetailedTask {
    #[serde(flatten)]
    pub task: Task,
    /// What the client has to find out before the task goes on.
    #[serde(skip_serializing_if = "InputRequests::is_empty")]
    pub input_requests: InputRequests,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorObject>,
}

/// Parameters of `tasks/get` and `tasks/cancel`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskParams {
    pub task_id: String,
}

/// Parameters of `tasks/update`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateTaskParams {
    pub task_id: String,
    /// Answers by the keys of their questions, each as the client wrote it.
    pub input_responses: Meta,
}

/// # Errors
///
/// `-32021` for a client that did not declare the extension.
pub fn check_declared(capabilities: &ClientCapabilities) -> Result<(), ErrorObject> {
    match capabilities.extension(EXTENSION) {
        Some(_) => Ok(()),
        None => Err(ErrorObject::missing_capability(&serde_json::json!({
            "extensions": { EXTENSION: {} }
        }))),
    }
}
