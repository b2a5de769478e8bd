//! What a client needs of a way to its server.

use std::convert::Infallible;

use http::{HeaderName, HeaderValue};
use serde_json::value::RawValue;
use tokio::sync::oneshot;
use wharf_protocol::port::{BoxFuture, Notification, Request};
use wharf_protocol::revision::Revision;

use super::error::AskError;
use super::hearing::Hearing;

/// A way to a server.
pub(super) trait Transport: Send + Sync {
    /// Puts one request through and waits for its result. Dropping the future cancels it.
    fn ask<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Result<Box<RawValue>, AskError>>;

    /// Says something that nobody answers.
    fn tell(
        &self,
        notification: Notification,
        speech: Speech,
    ) -> BoxFuture<'_, Result<(), AskError>>;

    /// The session of the legacy era speaks `revision` from now on.
    fn greeted(&self, _revision: Revision) {}

    /// Listens, in a session of the legacy era, to what the server says of its own accord. Comes back
    /// when it says no more. `opened` is dropped once whatever is said from then on is heard.
    fn listen(&self, _opened: Opened) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }

    /// Whether parameters of tools are mirrored in headers.
    fn mirrors_parameters(&self) -> bool {
        false
    }

    /// Leaves as a good guest does.
    fn close(&self) -> BoxFuture<'_, ()>;
}

/// Whoever waits for its drop knows that a server is listened to.
pub(super) type Opened = Option<oneshot::Sender<Infallible>>;

/// One request on its way.
pub(super) struct Call {
    /// New for every attempt.
    pub id: i64,
    /// As it will be sent.
    pub request: Request,
    pub speech: Speech,
    /// Headers of the parameters that the tool wants mirrored.
    pub mirrored: Vec<(HeaderName, HeaderValue)>,
    pub hearing: Hearing,
}

/// The manner in which something is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speech {
    Modern(Revision),
    /// `initialize`, before there is a session.
    Greeting,
    /// In the session.
    Legacy,
}

/// Where the frames go that are not requests of ours.
pub(super) trait Way: Send + Sync {
    fn send(&self, frame: Vec<u8>) -> BoxFuture<'_, Result<(), AskError>>;

    /// Sends `frame` when there is time; drops it where too much waits already.
    fn send_soon(&self, frame: Vec<u8>);
}
