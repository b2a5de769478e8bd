//! Method names, in one table: who sends them, in which revisions, and what names their object.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::revision::Revision;

/// The name of a request or notification. Any name is a method; the table says which are known.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Method(Cow<'static, str>);

/// Who sends a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    Client,
    Server,
    Both,
}

/// Whether an answer is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Request,
    Notification,
}

/// What the specification says of one method.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    pub name: &'static str,
    pub kind: Kind,
    pub sender: Sender,
    /// The first and the last revision that has it.
    pub since: Revision,
    pub until: Revision,
    /// The parameter that `Mcp-Name` mirrors (2026-07-28, Streamable HTTP, request metadata).
    pub named_by: Option<&'static str>,
}

impl Method {
    /// A method of our own choosing.
    pub const fn known(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the specification says of this method; `None` for one it does not have.
    pub fn facts(&self) -> Option<&'static Facts> {
        METHODS.iter().find(|facts| facts.name == self.0)
    }
}

impl From<String> for Method {
    fn from(name: String) -> Self {
        // Known names cost no allocation once parsed.
        match METHODS.iter().find(|facts| facts.name == name) {
            Some(facts) => Self(Cow::Borrowed(facts.name)),
            None => Self(Cow::Owned(name)),
        }
    }
}

impl From<&str> for Method {
    fn from(name: &str) -> Self {
        match METHODS.iter().find(|facts| facts.name == name) {
            Some(facts) => Self(Cow::Borrowed(facts.name)),
            None => Self(Cow::Owned(name.to_owned())),
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Facts {
    pub fn exists_in(&self, revision: Revision) -> bool {
        (self.since..=self.until).contains(&revision)
    }
}

macro_rules! methods {
    ($($constant:ident $name:literal $kind:ident $sender:ident $since:ident $until:ident $named_by:expr;)*) => {
        impl Method {
            $(#[doc = concat!("`", $name, "`")] pub const $constant: Self = Self::known($name);)*
        }

        /// Every method of every revision.
        pub const METHODS: &[Facts] = &[
            $(Facts {
                name: $name,
                kind: Kind::$kind,
                sender: Sender::$sender,
                since: Revision::$since,
                until: Revision::$until,
                named_by: $named_by,
            },)*
        ];
    };
}

methods! {
    // The tools come first: they are what is asked for most.
    TOOLS_CALL "tools/call" Request Client V2024_11_05 V2026_07_28 Some("name");
    TOOLS_LIST "tools/list" Request Client V2024_11_05 V2026_07_28 None;
    DISCOVER "server/discover" Request Client V2026_07_28 V2026_07_28 None;
    INITIALIZE "initialize" Request Client V2024_11_05 V2025_11_25 None;
    PING "ping" Request Both V2024_11_05 V2025_11_25 None;
    RESOURCES_LIST "resources/list" Request Client V2024_11_05 V2026_07_28 None;
    RESOURCES_TEMPLATES_LIST "resources/templates/list" Request Client V2024_11_05 V2026_07_28 None;
    RESOURCES_READ "resources/read" Request Client V2024_11_05 V2026_07_28 Some("uri");
    RESOURCES_SUBSCRIBE "resources/subscribe" Request Client V2024_11_05 V2025_11_25 None;
    RESOURCES_UNSUBSCRIBE "resources/unsubscribe" Request Client V2024_11_05 V2025_11_25 None;
    SUBSCRIPTIONS_LISTEN "subscriptions/listen" Request Client V2026_07_28 V2026_07_28 None;
    PROMPTS_LIST "prompts/list" Request Client V2024_11_05 V2026_07_28 None;
    PROMPTS_GET "prompts/get" Request Client V2024_11_05 V2026_07_28 Some("name");
    COMPLETE "completion/complete" Request Client V2024_11_05 V2026_07_28 None;
    SET_LOG_LEVEL "logging/setLevel" Request Client V2024_11_05 V2025_11_25 None;
    CREATE_MESSAGE "sampling/createMessage" Request Server V2024_11_05 V2026_07_28 None;
    ELICIT "elicitation/create" Request Server V2025_06_18 V2026_07_28 None;
    LIST_ROOTS "roots/list" Request Server V2024_11_05 V2026_07_28 None;
    INITIALIZED "notifications/initialized" Notification Client V2024_11_05 V2025_11_25 None;
    CANCELLED "notifications/cancelled" Notification Both V2024_11_05 V2026_07_28 None;
    PROGRESS "notifications/progress" Notification Both V2024_11_05 V2026_07_28 None;
    MESSAGE "notifications/message" Notification Server V2024_11_05 V2026_07_28 None;
    TOOLS_CHANGED "notifications/tools/list_changed" Notification Server V2024_11_05 V2026_07_28 None;
    PROMPTS_CHANGED "notifications/prompts/list_changed" Notification Server V2024_11_05 V2026_07_28 None;
    RESOURCES_CHANGED "notifications/resources/list_changed" Notification Server V2024_11_05 V2026_07_28 None;
    RESOURCE_UPDATED "notifications/resources/updated" Notification Server V2024_11_05 V2026_07_28 None;
    ROOTS_CHANGED "notifications/roots/list_changed" Notification Client V2024_11_05 V2025_11_25 None;
    SUBSCRIPTIONS_ACKNOWLEDGED "notifications/subscriptions/acknowledged" Notification Server V2026_07_28 V2026_07_28 None;
}
