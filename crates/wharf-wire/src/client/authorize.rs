//! The port through which a client is let in: headers for each request, and an answer to each refusal.

use http::{HeaderName, HeaderValue, Method, StatusCode};
use url::Url;
use wharf_protocol::port::BoxFuture;

/// Lets requests in at a server that asks who we are. Implemented by OAuth, by a fixed key, by a test
/// double; one value may serve many clients.
pub trait Authorizer: Send + Sync {
    /// The headers that let `request` in; none where nothing has been asked for yet. Called once for
    /// every HTTP request, repeated ones included, so that each can carry a proof of its own.
    fn headers<'a>(
        &'a self,
        request: &'a OutgoingFacts<'a>,
    ) -> BoxFuture<'a, Result<Vec<(HeaderName, HeaderValue)>, AuthorizeError>>;

    /// What to do about a refusal. May take as long as a person takes to sign in: the timeout of the
    /// refused request stands still meanwhile.
    fn challenged<'a>(
        &'a self,
        challenge: &'a Challenge<'a>,
    ) -> BoxFuture<'a, Result<Verdict, AuthorizeError>>;
}

/// What there is to know of a request before it is sent.
#[derive(Clone, Copy, Debug)]
pub struct OutgoingFacts<'a> {
    pub method: &'a Method,
    /// The whole address, as the server knows it.
    pub url: &'a Url,
}

/// A `401 Unauthorized`, or a `403 Forbidden` that has a `WWW-Authenticate` header.
#[derive(Clone, Copy, Debug)]
pub struct Challenge<'a> {
    pub request: OutgoingFacts<'a>,
    pub status: StatusCode,
    /// Every `WWW-Authenticate` header, as it came.
    pub www_authenticate: &'a [String],
    /// The `DPoP-Nonce` header.
    pub dpop_nonce: Option<&'a str>,
    /// How often this request was refused before: 0 at first. A client asks at most
    /// [`Challenge::MOST`] times for one request, whatever the verdicts.
    pub refusals: usize,
}

impl Challenge<'_> {
    /// Refusals of one request after which nothing more is tried.
    pub const MOST: usize = 3;
}

/// What an [`Authorizer`] makes of a [`Challenge`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// New headers are there; the request is sent again.
    Retry,
    /// The refusal stands.
    GiveUp,
}

/// The server cannot be asked to let us in.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct AuthorizeError {
    /// What was attempted and what to do next. The caller reads it, so it names no secret.
    pub message: String,
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}
