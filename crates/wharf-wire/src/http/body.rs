//! The body of a response.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, Response, StatusCode};
use http_body::{Frame, SizeHint};

use super::events::Events;
use super::reading::Reading;

/// Nothing, one JSON text, or a stream of events. Dropping a modern stream cancels the request it
/// answers; a legacy one goes on for a while.
#[derive(Debug)]
pub struct Body(Kind);

#[derive(Debug)]
enum Kind {
    Whole(Bytes),
    Events(Box<Events>),
    Reading(Box<Reading>),
}

impl Body {
    /// A response without a body.
    pub(super) fn empty(status: StatusCode) -> Response<Self> {
        let mut response = Response::new(Self(Kind::Whole(Bytes::new())));
        *response.status_mut() = status;
        response
    }

    /// A response of one JSON text.
    pub(super) fn json(status: StatusCode, frame: Vec<u8>) -> Response<Self> {
        let mut response = Response::new(Self(Kind::Whole(Bytes::from(frame))));
        *response.status_mut() = status;
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(CONTENT_TYPE, json);
        response
    }

    /// A response that goes on.
    pub(super) fn events(events: Events) -> Response<Self> {
        Self::stream(Kind::Events(Box::new(events)))
    }

    /// A response that goes on, here or elsewhere.
    pub(super) fn reading(reading: Reading) -> Response<Self> {
        Self::stream(Kind::Reading(Box::new(reading)))
    }

    fn stream(kind: Kind) -> Response<Self> {
        let mut response = Response::new(Self(kind));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        // Some proxies collect a response before they pass it on, unless they are told.
        let name = HeaderName::from_static("x-accel-buffering");
        headers.insert(name, HeaderValue::from_static("no"));
        response
    }
}

fn data(event: Poll<Option<Bytes>>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
    event.map(|event| event.map(|event| Ok(Frame::data(event))))
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match &mut self.0 {
            Kind::Whole(bytes) if bytes.is_empty() => Poll::Ready(None),
            Kind::Whole(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Kind::Events(events) => data(events.poll_event(context)),
            Kind::Reading(reading) => data(reading.poll_event(context)),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(&self.0, Kind::Whole(bytes) if bytes.is_empty())
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Kind::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Kind::Events(_) | Kind::Reading(_) => SizeHint::default(),
        }
    }
}
