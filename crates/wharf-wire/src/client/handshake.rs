//! Getting to know a server: which era it is of, and what it says of itself (2026-07-28, versioning,
//! backward compatibility).

use std::pin::pin;

use http::StatusCode;
use serde::Deserialize;
use wharf_protocol::error::code;
use wharf_protocol::handshake::InitializeParams;
use wharf_protocol::method::Method;
use wharf_protocol::port::Notification;
use wharf_protocol::revision::{Era, Revision};

use super::error::{AskError, ConnectError};
use super::learnt::{Learnt, Offer, newest};
use super::line_out::LineOut;
use super::params;
use super::settings::Speaks;
use super::transport::Speech;

/// What an attempt at the modern era came to.
#[derive(Debug)]
pub(super) enum Probe {
    Modern(Learnt),
    /// Only the legacy era is left to try.
    Legacy(AskError),
    /// The server is modern, and of no revision of ours in any era.
    Strange(Vec<String>),
}

/// Tries the modern era.
///
/// # Errors
///
/// What says nothing about the era: no connection, no permission, no time.
pub(super) async fn probe(line: &LineOut) -> Result<Probe, AskError> {
    let mut revision = Revision::LATEST;
    for _ in 0..2 {
        let attempt = line.plain(Method::DISCOVER, Speech::Modern(revision));
        let error = match line.put(attempt).await {
            Ok(described) => return Ok(taken(Learnt::discovered(described)?)),
            Err(error) => error,
        };
        if error.code() == Some(code::UNSUPPORTED_PROTOCOL_VERSION) {
            let offered = offered_by(&error);
            match newest(&offered, Era::Modern) {
                Some(ours) => revision = ours,
                None => return Ok(taken(Offer::Others(offered))),
            }
        } else if is_legacy(&error) {
            return Ok(Probe::Legacy(error));
        } else {
            return Err(error);
        }
    }
    Err(AskError::malformed(
        "it refuses the very revision that it says it supports",
    ))
}

fn taken(offer: Offer) -> Probe {
    match offer {
        Offer::Ours(learnt) => Probe::Modern(learnt),
        Offer::Others(offered) if newest(&offered, Era::Legacy).is_some() => {
            Probe::Legacy(AskError::malformed("it speaks legacy revisions only"))
        }
        Offer::Others(offered) => Probe::Strange(offered),
    }
}

/// Whether `error` is what a server gives that has never heard of the modern era. It may be any
/// error, but for those that only modern servers give and those that are not the server's at all.
fn is_legacy(error: &AskError) -> bool {
    let refuses = |status: StatusCode| match status {
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => false,
        StatusCode::INTERNAL_SERVER_ERROR | StatusCode::NOT_IMPLEMENTED => true,
        status => status.is_client_error() || status.is_success(),
    };
    match error {
        AskError::Refused { status, .. } => !error.is_modern() && status.is_none_or(refuses),
        AskError::Status { status, .. } => refuses(*status),
        _ => false,
    }
}

fn offered_by(error: &AskError) -> Vec<String> {
    #[derive(Deserialize)]
    struct Data {
        supported: Vec<String>,
    }
    let AskError::Refused { error, .. } = error else {
        return Vec::new();
    };
    let data = error.data.as_deref();
    data.and_then(|data| serde_json::from_str(data.get()).ok())
        .map_or_else(Vec::new, |Data { supported }| supported)
}

/// Opens a session of the legacy era.
pub(super) async fn initialize(line: &LineOut) -> Result<Learnt, ConnectError> {
    let asked = InitializeParams {
        protocol_version: Revision::LATEST_LEGACY.to_string(),
        capabilities: line.settings.capabilities.clone(),
        client_info: Some(line.settings.identity.clone()),
    };
    let raw = params::raw(&asked).map_err(AskError::Invalid)?;
    let mut attempt = line.plain(Method::INITIALIZE, Speech::Greeting);
    attempt.params = params::members(Some(&raw)).map_err(AskError::Invalid)?;
    let learnt = match Learnt::initialized(line.put(attempt).await?)? {
        Offer::Ours(learnt) => learnt,
        Offer::Others(offered) => return Err(ConnectError::NoCommonRevision { offered }),
    };
    line.transport.greeted(learnt.revision);
    let ready = Notification {
        method: Method::INITIALIZED,
        params: None,
    };
    line.transport.tell(ready, Speech::Legacy).await?;
    Ok(learnt)
}

/// Gets to know a server over HTTP, where a refusal is told by its status.
pub(super) async fn over_http(line: &LineOut) -> Result<Learnt, ConnectError> {
    if line.settings.speaks == Speaks::LegacyOnly {
        return initialize(line).await;
    }
    go_on(line, probe(line).await?).await
}

/// Gets to know a server on a pipe, where one of the legacy era may not answer at all. One that is
/// merely slow to start may still answer in the modern era, so that is waited for as well.
pub(super) async fn on_pipe(line: &LineOut) -> Result<Learnt, ConnectError> {
    match line.settings.speaks {
        Speaks::LegacyOnly => return initialize(line).await,
        Speaks::ModernOnly => return go_on(line, probe(line).await?).await,
        Speaks::BothEras => {}
    }
    let mut probing = pin!(probe(line));
    let patience = line.settings.limits.probe_timeout;
    if let Ok(probed) = tokio::time::timeout(patience, probing.as_mut()).await {
        return go_on(line, probed?).await;
    }
    let mut greeting = pin!(initialize(line));
    tokio::select! {
        greeted = greeting.as_mut() => greeted,
        probed = probing => match probed {
            Ok(Probe::Modern(learnt)) => Ok(learnt),
            _ => greeting.await,
        },
    }
}

/// Goes on in the era that was found.
async fn go_on(line: &LineOut, probed: Probe) -> Result<Learnt, ConnectError> {
    match probed {
        Probe::Modern(learnt) => Ok(learnt),
        Probe::Legacy(error) if line.settings.speaks == Speaks::ModernOnly => Err(error.into()),
        Probe::Legacy(_) => initialize(line).await,
        Probe::Strange(offered) => Err(ConnectError::NoCommonRevision { offered }),
    }
}
