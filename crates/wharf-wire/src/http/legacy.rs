//! Messages of 2025-11-25 and older: a session opens with `initialize` and ends with DELETE.
//!
//! A client that leaves in the middle of an answer does not cancel its request: it may come back with
//! the id of the last event that it has read.

use std::sync::Arc;

use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use tokio::sync::OwnedSemaphorePermit;
use tracing::debug;
use wharf_protocol::error::ErrorObject;
use wharf_protocol::id::RequestId;
use wharf_protocol::meta::Meta;
use wharf_protocol::method::Method;
use wharf_protocol::port::{Nobody, Notification, Request};
use wharf_protocol::revision::{Era, Revision};

use super::body::Body;
use super::events::Last;
use super::mirror;
use super::reading::Reading;
use super::refusal::Refusal;
use super::resumable::{Resumable, Source};
use super::sender::{Head, owner, sender};
use super::service::Endpoint;
use super::sessions::{Seat, Visit, fresh_name};
use super::terms;
use crate::caller::Caller;
use crate::calls::Settlement;
use crate::mailbox::mailbox;
use crate::sender::Sender;
use crate::session::Session;
use crate::subscription;

pub(super) const SESSION: &str = "mcp-session-id";
const LAST_EVENT_ID: &str = "last-event-id";

/// Answers `initialize` and names the session.
pub(super) async fn initialize(
    endpoint: &Endpoint,
    id: &RequestId,
    request: &Request,
    parts: &Arc<Head>,
) -> Result<Response<Body>, Refusal> {
    let name = fresh_name()?;
    let Sender { origin, principal } = sender(parts);
    let session_id = Some(Arc::clone(&name));
    let opened = endpoint
        .dispatch
        .initialize(id, request, origin, principal, session_id);
    let (session, frame) = match opened.await {
        Ok(opened) => opened,
        Err(error) => {
            let reply = Err(error);
            let frame = endpoint
                .dispatch
                .response(id, &reply, Revision::LATEST_LEGACY);
            return Ok(Body::json(StatusCode::OK, frame));
        }
    };
    let header = HeaderValue::from_str(&name).map_err(|_| Refusal::NoRandomness)?;
    endpoint.sessions.open(name, session, owner(parts))?;
    let mut response = Body::json(StatusCode::OK, frame);
    let headers = response.headers_mut();
    headers.insert(HeaderName::from_static(SESSION), header);
    Ok(response)
}

/// Answers a request in its session.
pub(super) async fn request(
    endpoint: &Endpoint,
    id: RequestId,
    request: Request,
    meta: Meta,
    visit: Visit,
    Sender { origin, principal }: Sender,
    permit: OwnedSemaphorePermit,
) -> Result<Response<Body>, Refusal> {
    let run = visit.session.running.begin(&id).ok_or_else(|| {
        let error = "Invalid request: a request with this `id` is running";
        Refusal::bad_request(Some(&id), ErrorObject::invalid_request(error))
    })?;
    let limits = &endpoint.settings.limits;
    let seat = Arc::clone(&visit);
    let (outbox, inbox) = mailbox(limits.queued_frames);
    let caller = Caller::legacy(outbox, Arc::clone(&visit.session));
    let mut exchange = visit.session.exchange(meta, origin, caller);
    exchange.principal = principal;
    let dispatch = Arc::clone(&endpoint.dispatch);
    let answering = Box::pin(async move {
        let answered = run.unless_cancelled(async {
            let wish = Session::wish(&request);
            let reply = dispatch.reply(&id, request, &exchange).await;
            if let (Ok(_), Some(wish)) = (&reply, wish) {
                visit.session.grant(wish);
            }
            dispatch.response(&id, &reply, exchange.revision)
        });
        tokio::select! {
            answered = answered => answered,
            () = visit.ended() => None,
        }
    });
    let source = Source {
        inbox,
        last: Last::Awaited(answering),
        _permit: permit,
    };
    let reading = Reading::new(resumable(endpoint, &seat, source), limits.keep_alive);
    let primed = seat.session.comes_back();
    Ok(reading
        .respond(limits.patience, primed, &seat.streams)
        .await)
}

fn resumable(endpoint: &Endpoint, seat: &Seat, source: Source) -> Arc<Resumable> {
    let limits = &endpoint.settings.limits;
    Resumable::new(
        seat.streams.number(),
        source,
        limits.replay_bytes,
        limits.resume_grace,
        &endpoint.caretakers,
    )
}

/// Takes a notification in its session.
pub(super) async fn notification(
    endpoint: &Endpoint,
    notification: Notification,
    parts: &Arc<Head>,
) -> Result<Response<Body>, Refusal> {
    let visit = visit(endpoint, parts)?;
    if notification.method == Method::CANCELLED {
        visit.session.running.cancel_named(&notification);
    } else {
        let Sender { origin, principal } = sender(parts);
        let mut exchange = visit
            .session
            .exchange(Meta::default(), origin, Arc::new(Nobody));
        exchange.principal = principal;
        endpoint.dispatch.notice(notification, &exchange).await;
    }
    Ok(Body::empty(StatusCode::ACCEPTED))
}

/// Takes the client's answer to a request of ours. One that nobody waits for is dropped.
pub(super) fn response(
    endpoint: &Endpoint,
    id: &RequestId,
    settlement: Settlement,
    parts: &Parts,
) -> Result<Response<Body>, Refusal> {
    let visit = visit(endpoint, parts)?;
    if !visit.session.calls.settle(id, settlement) {
        debug!(%id, "dropped an answer that nobody waits for");
    }
    Ok(Body::empty(StatusCode::ACCEPTED))
}

/// Opens the stream on which a session hears of changes, or goes on with one that broke off.
pub(super) fn listen(endpoint: &Endpoint, parts: &Parts) -> Result<Response<Body>, Refusal> {
    terms::check_get(&parts.headers)?;
    let visit = visit(endpoint, parts)?;
    let permit = endpoint.stream_permit()?;
    let limits = &endpoint.settings.limits;
    if let Some(id) = parts.headers.get(LAST_EVENT_ID) {
        let found = id.to_str().ok().and_then(|id| visit.streams.find(id));
        let (stream, event) = found.ok_or(Refusal::Forgotten)?;
        let reading = Reading::resumed(stream, event, limits.keep_alive, permit);
        return Ok(Body::reading(reading));
    }
    let seat = Arc::clone(&visit);
    let (outbox, inbox) = mailbox(limits.queued_frames);
    let dispatch = Arc::clone(&endpoint.dispatch);
    let replaced = visit.listen();
    let hearing = Box::pin(async move {
        tokio::select! {
            () = subscription::broadcast(dispatch.handler(), &visit.session, &outbox) => {}
            () = replaced => {}
            () = visit.ended() => {}
            () = dispatch.closed() => {}
        }
        None
    });
    let source = Source {
        inbox,
        last: Last::Awaited(hearing),
        _permit: permit,
    };
    let stream = resumable(endpoint, &seat, source);
    seat.streams.enter(Arc::clone(&stream));
    let reading = Reading::new(stream, limits.keep_alive).primed(seat.session.comes_back());
    Ok(Body::reading(reading))
}

/// Ends a session.
pub(super) fn end(endpoint: &Endpoint, parts: &Parts) -> Result<Response<Body>, Refusal> {
    let name = session_name(&parts.headers)?;
    check_version(&parts.headers)?;
    endpoint.sessions.end(name, owner(parts))?;
    Ok(Body::empty(StatusCode::NO_CONTENT))
}

/// The session that the headers of a request name.
pub(super) fn visit(endpoint: &Endpoint, parts: &Parts) -> Result<Visit, Refusal> {
    let name = session_name(&parts.headers)?;
    check_version(&parts.headers)?;
    endpoint.sessions.visit(name, owner(parts))
}

fn session_name(headers: &HeaderMap) -> Result<&str, Refusal> {
    let mut names = headers.get_all(SESSION).iter();
    match (names.next(), names.next()) {
        (Some(name), None) => name.to_str().map_err(|_| Refusal::UnknownSession),
        _ => Err(Refusal::NoSession),
    }
}

/// The header is optional, for the session knows its revision; but it must not name another era
/// (2025-11-25, transports, protocol version header).
fn check_version(headers: &HeaderMap) -> Result<(), Refusal> {
    let stated = mirror::sole(headers, mirror::VERSION)
        .map_err(|error| Refusal::bad_request(None, error))?;
    let Some(stated) = stated else { return Ok(()) };
    match stated.parse::<Revision>() {
        Ok(revision) if revision.era() == Era::Legacy => Ok(()),
        _ => Err(Refusal::bad_request(
            None,
            ErrorObject::unsupported_version(stated, &Revision::ALL),
        )),
    }
}
