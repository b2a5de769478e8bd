//! Getting to know the other side: `initialize` of the legacy era, `_meta` of the modern one.

use serde::{Deserialize, Serialize};

use crate::cache::CacheHint;
use crate::capability::{ClientCapabilities, Implementation, ServerCapabilities};
use crate::error::ErrorObject;
use crate::meta::{Meta, key};
use crate::revision::{Era, Revision};

/// Parameters of `initialize`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InitializeParams {
    pub protocol_version: String,
    #[serde(default)]
    pub capabilities: ClientCapabilities,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_info: Option<Implementation>,
}

/// The answer to `initialize`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InitializeResult {
    pub protocol_version: String,
    pub capabilities: ServerCapabilities,
    pub server_info: Implementation,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instructions: Option<String>,
}

/// Fields of the answer to `server/discover`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DiscoverResult {
    pub supported_versions: Vec<String>,
    pub capabilities: ServerCapabilities,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instructions: Option<String>,
    #[serde(flatten)]
    pub cache: Option<CacheHint>,
}

/// The revision a session will speak when the client asks for `requested` (2025-11-25, lifecycle,
/// version negotiation): that one if it has a handshake and is known, else our newest that has.
pub fn negotiate(requested: &str) -> Revision {
    match requested.parse::<Revision>() {
        Ok(revision) if revision.era() == Era::Legacy => revision,
        _ => Revision::LATEST_LEGACY,
    }
}

/// What a modern request says of its sender.
#[derive(Clone, Debug)]
pub struct Introduction {
    pub revision: Revision,
    pub client: Option<Implementation>,
    pub capabilities: ClientCapabilities,
}

/// How a request presents itself.
#[derive(Clone, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "made and taken apart once a request; a box would be one more allocation"
)]
pub enum Presented {
    /// By the `_meta` of the modern era.
    Modern(Introduction),
    /// With no protocol version in `_meta`: a legacy request, or a modern one that is malformed.
    Silent,
}

/// Reads the per-request fields of the modern era.
///
/// # Errors
///
/// `-32022` for a revision that is unknown or has no such fields, `-32602` for a required field that
/// is missing or malformed (2026-07-28, basic, per-request protocol fields).
pub fn introduction(meta: &Meta) -> Result<Presented, ErrorObject> {
    let Some(raw) = meta.get(key::PROTOCOL_VERSION) else {
        return Ok(Presented::Silent);
    };
    let Ok(requested) = serde_json::from_str::<String>(raw.get()) else {
        return Err(malformed(key::PROTOCOL_VERSION));
    };
    let revision = requested
        .parse::<Revision>()
        .ok()
        .filter(|revision| revision.era() == Era::Modern)
        .ok_or_else(|| ErrorObject::unsupported_version(&requested, &Revision::ALL))?;
    let capabilities = match meta.get(key::CLIENT_CAPABILITIES) {
        Some(_) => meta
            .read(key::CLIENT_CAPABILITIES)
            .ok_or_else(|| malformed(key::CLIENT_CAPABILITIES))?,
        None => {
            return Err(ErrorObject::invalid_params(format!(
                "`_meta` lacks the required `{}`",
                key::CLIENT_CAPABILITIES
            )));
        }
    };
    Ok(Presented::Modern(Introduction {
        revision,
        client: meta.read(key::CLIENT_INFO),
        capabilities,
    }))
}

fn malformed(key: &str) -> ErrorObject {
    ErrorObject::invalid_params(format!("`_meta` has a malformed `{key}`"))
}

#[cfg(test)]
mod tests;
