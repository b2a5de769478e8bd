//! Who a side says it is and what it says it can do.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// Name and version of a program (`Implementation`). Self-reported: for display and logs, never for
/// a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Implementation {
    pub name: String,
    pub version: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website_url: Option<String>,
}

impl Implementation {
    pub fn new(name: impl Into<String>, version: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            version: version.into(),
            title: None,
            website_url: None,
        }
    }
}

/// What a client declared it can do. Kept raw beside the few questions that are asked of it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ClientCapabilities {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elicitation: Option<Box<RawValue>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sampling: Option<Box<RawValue>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roots: Option<Box<RawValue>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extensions: Option<Box<RawValue>>,
}

/// What a server offers. Absent means that it does not.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ServerCapabilities {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tools: Option<ListCapability>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<ResourceCapability>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompts: Option<ListCapability>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completions: Option<Empty>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logging: Option<Empty>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extensions: Option<Box<RawValue>>,
}

/// An object without members, which means "yes".
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Empty {}

/// A capability whose list may change under a client.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListCapability {
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub list_changed: bool,
}

/// The capability of resources.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceCapability {
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub subscribe: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub list_changed: bool,
}
