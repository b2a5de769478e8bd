//! Who a side says it is and what it says it can do.

use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use crate::icon::Icon;
use crate::meta::Meta;

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
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub icons: Vec<Icon>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website_url: Option<String>,
}

impl Implementation {
    pub fn new(name: impl Into<String>, version: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            version: version.into(),
            title: None,
            description: None,
            icons: Vec::new(),
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

impl ClientCapabilities {
    /// The settings of `extension`, where the client declared it; an object, often an empty one.
    pub fn extension(&self, extension: &str) -> Option<Box<RawValue>> {
        member(self.extensions.as_deref()?, extension)
    }

    /// Whether the client shows forms: what `elicitation` without a mode means (2025-11-25,
    /// elicitation, capabilities).
    pub fn elicits_forms(&self) -> bool {
        self.elicitation
            .as_deref()
            .is_some_and(|modes| member(modes, "form").is_some() || member(modes, "url").is_none())
    }

    /// Whether the client opens URLs for the person behind it.
    pub fn elicits_urls(&self) -> bool {
        self.elicitation
            .as_deref()
            .is_some_and(|modes| member(modes, "url").is_some())
    }

    /// Whether the client's model may ask for tools of ours.
    pub fn samples_with_tools(&self) -> bool {
        self.sampling
            .as_deref()
            .is_some_and(|parts| member(parts, "tools").is_some())
    }
}

impl ServerCapabilities {
    /// Adds `extension`, with settings of its own or an empty object.
    pub fn add_extension(&mut self, extension: &str, settings: &impl Serialize) {
        let declared = self.extensions.as_deref().map_or("{}", RawValue::get);
        let mut extensions: Meta = serde_json::from_str(declared).unwrap_or_default();
        if let Ok(settings) = to_raw_value(settings) {
            extensions.insert(extension, settings);
        }
        self.extensions = to_raw_value(&extensions).ok();
    }
}

/// A member of a raw object that is not `null`.
fn member(object: &RawValue, name: &str) -> Option<Box<RawValue>> {
    let members: Meta = serde_json::from_str(object.get()).ok()?;
    let value = members.get(name)?;
    (value.get() != "null").then(|| value.to_owned())
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
