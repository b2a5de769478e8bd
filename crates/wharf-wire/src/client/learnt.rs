//! What a server said of itself.

use serde::Deserialize;
use serde_json::value::RawValue;
use wharf_protocol::capability::{Implementation, ServerCapabilities};
use wharf_protocol::meta::{Meta, key};
use wharf_protocol::revision::{Era, Revision};

use super::error::AskError;
use super::transport::Speech;

/// A server, as it presented itself when the connection was made.
#[derive(Clone, Debug)]
pub struct Learnt {
    /// The revision that is spoken.
    pub revision: Revision,
    /// Self-reported: for display and logs, never for a decision.
    pub server: Option<Implementation>,
    pub capabilities: ServerCapabilities,
    /// Guidance for the model, in the server's words.
    pub instructions: Option<String>,
    /// All of it, as the server wrote it.
    pub described: Box<RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Discovered {
    #[serde(default)]
    supported_versions: Vec<String>,
    #[serde(default)]
    capabilities: ServerCapabilities,
    #[serde(default)]
    instructions: Option<String>,
    #[serde(default, rename = "_meta")]
    meta: Meta,
    /// Some servers put their name where `initialize` has it.
    #[serde(default)]
    server_info: Option<Implementation>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Initialized {
    protocol_version: String,
    #[serde(default)]
    capabilities: ServerCapabilities,
    #[serde(default)]
    server_info: Option<Implementation>,
    #[serde(default)]
    instructions: Option<String>,
}

impl Learnt {
    pub fn era(&self) -> Era {
        self.revision.era()
    }

    /// Reads the answer to `server/discover`; the revisions on offer where none is ours.
    pub(super) fn discovered(described: Box<RawValue>) -> Result<Offer, AskError> {
        let found: Discovered = read(&described)?;
        let Some(revision) = newest(&found.supported_versions, Era::Modern) else {
            return Ok(Offer::Others(found.supported_versions));
        };
        Ok(Offer::Ours(Self {
            revision,
            server: found.meta.read(key::SERVER_INFO).or(found.server_info),
            capabilities: found.capabilities,
            instructions: found.instructions,
            described,
        }))
    }

    /// Reads the answer to `initialize`.
    pub(super) fn initialized(described: Box<RawValue>) -> Result<Offer, AskError> {
        let found: Initialized = read(&described)?;
        let offered = vec![found.protocol_version];
        let Some(revision) = newest(&offered, Era::Legacy) else {
            return Ok(Offer::Others(offered));
        };
        Ok(Offer::Ours(Self {
            revision,
            server: found.server_info,
            capabilities: found.capabilities,
            instructions: found.instructions,
            described,
        }))
    }

    pub(super) fn speech(&self) -> Speech {
        match self.era() {
            Era::Modern => Speech::Modern(self.revision),
            Era::Legacy => Speech::Legacy,
        }
    }
}

/// What a server offers to speak.
#[derive(Debug)]
pub(super) enum Offer {
    Ours(Learnt),
    /// Revisions that we do not speak, or not in this era.
    Others(Vec<String>),
}

/// The newest of `offered` that we speak in `era`.
pub(super) fn newest(offered: &[String], era: Era) -> Option<Revision> {
    let known = offered.iter().filter_map(|name| name.parse().ok());
    known
        .filter(|revision: &Revision| revision.era() == era)
        .max()
}

fn read<'a, T: Deserialize<'a>>(described: &'a RawValue) -> Result<T, AskError> {
    serde_json::from_str(described.get()).map_err(|error| AskError::malformed(error.to_string()))
}
