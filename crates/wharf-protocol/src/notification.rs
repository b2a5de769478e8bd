//! Parameters of the notifications that this side sends or acts on.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::capability::ServerCapabilities;
use crate::id::RequestId;
use crate::port::Change;

/// `notifications/progress`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProgressParams {
    /// The token of the request, as its sender wrote it: a string or an integer.
    pub progress_token: Box<RawValue>,
    /// Grows with every notification.
    pub progress: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// `notifications/cancelled`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CancelledParams {
    pub request_id: RequestId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// How grave a log message is (RFC 5424, section 6.2.1), least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    Debug,
    Info,
    Notice,
    Warning,
    Error,
    Critical,
    Alert,
    Emergency,
}

/// `notifications/message`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LogParams {
    pub level: LogLevel,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logger: Option<String>,
    pub data: Box<RawValue>,
}

/// What a client wants to hear of (2026-07-28, `subscriptions/listen`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SubscriptionFilter {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub tools_list_changed: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub prompts_list_changed: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub resources_list_changed: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resource_subscriptions: Vec<String>,
    /// Ids of tasks (SEP-2663, task status notifications).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub task_ids: Vec<String>,
}

impl SubscriptionFilter {
    /// What of these is `offered` at all. Tasks are nobody's to offer but those who keep them.
    #[must_use]
    pub fn offered_by(self, offered: &ServerCapabilities) -> Self {
        let resources = offered.resources.unwrap_or_default();
        Self {
            tools_list_changed: self.tools_list_changed
                && offered.tools.is_some_and(|tools| tools.list_changed),
            prompts_list_changed: self.prompts_list_changed
                && offered.prompts.is_some_and(|prompts| prompts.list_changed),
            resources_list_changed: self.resources_list_changed && resources.list_changed,
            resource_subscriptions: if resources.subscribe {
                self.resource_subscriptions
            } else {
                Vec::new()
            },
            task_ids: Vec::new(),
        }
    }

    /// Whether `change` is one of these.
    pub fn covers(&self, change: &Change) -> bool {
        match change {
            Change::Tools => self.tools_list_changed,
            Change::Prompts => self.prompts_list_changed,
            Change::Resources => self.resources_list_changed,
            Change::Resource(uri) => self.resource_subscriptions.contains(uri),
            Change::Task { id, .. } => self.task_ids.iter().any(|own| **own == **id),
        }
    }
}
