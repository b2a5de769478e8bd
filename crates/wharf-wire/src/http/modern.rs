//! Requests of 2026-07-28 and newer: each says all there is to know.

use std::sync::Arc;

use http::{HeaderMap, Response, StatusCode};
use tokio::sync::OwnedSemaphorePermit;
use wharf_protocol::error::{ErrorObject, code};
use wharf_protocol::handshake::{Introduction, Presented, introduction};
use wharf_protocol::id::RequestId;
use wharf_protocol::meta::{Meta, key};
use wharf_protocol::method::Method;
use wharf_protocol::notification::LogLevel;
use wharf_protocol::port::{Exchange, Reply, Request};
use wharf_protocol::revision::{Era, Revision};

use super::body::Body;
use super::mirror;
use super::refusal::Refusal;
use super::respond::{Answered, respond};
use super::service::Endpoint;
use crate::caller::Caller;
use crate::mailbox::mailbox;
use crate::outline::Outline;
use crate::sender::Sender;

/// The era of a message whose header names `stated`: the one in which that text is a revision, or
/// which alone would refuse it.
pub(super) fn era(stated: Option<&str>, outline: &Outline<'_>) -> Era {
    if outline.meta.get(key::PROTOCOL_VERSION).is_some() {
        return Era::Modern;
    }
    match stated.map(str::parse::<Revision>) {
        None => Era::Legacy,
        Some(Ok(revision)) => revision.era(),
        Some(Err(_)) => Era::Modern,
    }
}

/// A modern request that is what its headers say it is.
pub(super) struct Introduced {
    who: Introduction,
    meta: Meta,
    logs: Option<LogLevel>,
}

impl Introduced {
    /// Checks the headers of a request for `method` against its body.
    ///
    /// # Errors
    ///
    /// `-32020` where they disagree, `-32022` for a revision that is not served, `-32602` for a
    /// field of `_meta` that is missing or malformed.
    pub(super) fn check(
        headers: &HeaderMap,
        stated: Option<&str>,
        method: &Method,
        outline: Outline<'_>,
    ) -> Result<Self, ErrorObject> {
        let stated = stated.ok_or_else(|| mirror::mismatch(mirror::VERSION, "is required"))?;
        let who = introduced(stated, &outline.meta)?;
        mirror::check(headers, method, &outline)?;
        Ok(Self {
            who,
            logs: outline.log_level()?,
            meta: outline.meta,
        })
    }
}

/// Answers a modern request.
pub(super) async fn request(
    endpoint: &Endpoint,
    id: RequestId,
    request: Request,
    Introduced { who, meta, logs }: Introduced,
    headers: &HeaderMap,
    Sender { origin, principal }: Sender,
    permit: OwnedSemaphorePermit,
) -> Result<Response<Body>, Refusal> {
    // A subscription stays for as long as its client likes, and requests must not wait for it.
    let permit = if request.method == Method::SUBSCRIPTIONS_LISTEN {
        endpoint.stream_permit()?
    } else {
        permit
    };
    let limits = &endpoint.settings.limits;
    let (outbox, inbox) = mailbox(limits.queued_frames);
    let exchange = Exchange {
        revision: who.revision,
        client: who.client,
        capabilities: who.capabilities,
        meta,
        origin,
        session: None,
        principal,
        peer: Caller::modern(outbox, logs),
        sealer: endpoint.dispatch.sealer(),
    };
    let dispatch = Arc::clone(&endpoint.dispatch);
    mirror::check_parameters(headers, &request, |tool| {
        dispatch.handler().mirrored(tool, &exchange)
    })
    .map_err(|error| Refusal::bad_request(Some(&id), error))?;
    let answering = Box::pin(async move {
        let reply = dispatch.reply(&id, request, &exchange).await;
        Some(Answered {
            status: status(&reply),
            frame: dispatch.response(&id, &reply, exchange.revision),
        })
    });
    Ok(respond(answering, inbox, limits.keep_alive, permit).await)
}

/// Who sent a request whose header names `stated`.
fn introduced(stated: &str, meta: &Meta) -> Result<Introduction, ErrorObject> {
    let said = meta.read::<String>(key::PROTOCOL_VERSION);
    if said.is_some_and(|said| said != stated) {
        return Err(mirror::mismatch(
            mirror::VERSION,
            "is not the protocol version of the body",
        ));
    }
    match introduction(meta)? {
        Presented::Modern(who) => Ok(who),
        Presented::Silent => Err(silent(stated)),
    }
}

/// What is wrong with a request that names its revision in the header alone.
fn silent(stated: &str) -> ErrorObject {
    match stated.parse::<Revision>() {
        Ok(_) => ErrorObject::invalid_params(format!(
            "`_meta` lacks the required `{}`",
            key::PROTOCOL_VERSION
        )),
        Err(_) => ErrorObject::unsupported_version(stated, &Revision::ALL),
    }
}

/// The status that the specification gives an error; every other answer is 200, for it is the
/// handler's and not the protocol's.
fn status(reply: &Reply) -> StatusCode {
    match reply {
        Ok(_) => StatusCode::OK,
        Err(error) => match error.code {
            code::METHOD_NOT_FOUND => StatusCode::NOT_FOUND,
            code::HEADER_MISMATCH
            | code::MISSING_CLIENT_CAPABILITY
            | code::UNSUPPORTED_PROTOCOL_VERSION => StatusCode::BAD_REQUEST,
            _ => StatusCode::OK,
        },
    }
}
