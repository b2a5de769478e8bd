//! The endpoint over HTTP, and the guard at its door: who may come in at all.

use std::convert::Infallible;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderValue, Request, Response};
use http_body_util::{Either, Full};
use tower_service::Service;
use tracing::debug;
use url::Url;
use wharf_protocol::port::BoxFuture;
use wharf_wire::http::{Body, Principal};
use wharf_wire::oauth::resource::{Presented, Rejection, ResourceServer, Verifier};

use crate::auth::SCOPES;

/// What an endpoint answers with.
pub type Answered = Response<Either<Body, Full<Bytes>>>;

/// A server as a `tower` service, to be mounted in a router.
#[derive(Clone, Debug)]
pub struct Endpoint {
    pub(crate) service: wharf_wire::http::Service,
    pub(crate) guard: Option<Arc<Guard>>,
}

/// Checks the credential of every request.
pub(crate) struct Guard {
    verifier: Arc<dyn Verifier>,
    /// The address by which clients know the server.
    address: Url,
    /// Where the server tells whose tokens it takes, and what it says there.
    announcement: Option<(String, String)>,
}

impl Guard {
    pub(crate) fn new(address: Url, verifier: Arc<dyn Verifier>) -> Self {
        Self {
            verifier,
            address,
            announcement: None,
        }
    }

    pub(crate) fn of(resource: Arc<ResourceServer>) -> Self {
        let announcement = resource.announcement();
        Self {
            address: announcement.url().clone(),
            announcement: Some((announcement.path().to_owned(), announcement.body())),
            verifier: resource,
        }
    }

    /// Lets a request through under its sender's name, or says how to answer instead.
    async fn admit(&self, parts: &mut Parts) -> Result<(), Answered> {
        if let Some((path, document)) = &self.announcement
            && path == parts.uri.path()
        {
            return Err(json(document.clone()));
        }
        let mut url = self.address.clone();
        url.set_path(parts.uri.path());
        let presented = Presented {
            method: &parts.method,
            url: &url,
            headers: &parts.headers,
        };
        let caller = self.verifier.verify(presented).await.map_err(|rejection| {
            debug!(reason = %rejection.reason, "turned a request away");
            refused(&rejection)
        })?;
        let name = format!("{}\n{}", caller.issuer, caller.subject);
        parts.extensions.insert(Principal(name.into()));
        if let Ok(scopes) = HeaderValue::from_str(&caller.scopes.to_string()) {
            parts.headers.insert(SCOPES, scopes);
        }
        Ok(())
    }
}

impl<B> Service<Request<B>> for Endpoint
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    type Response = Answered;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Answered, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let Self { mut service, guard } = self.clone();
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            // Only the guard says what a caller may do.
            parts.headers.remove(SCOPES);
            if let Some(guard) = guard
                && let Err(answer) = guard.admit(&mut parts).await
            {
                return Ok(answer);
            }
            let answered = service.call(Request::from_parts(parts, body)).await?;
            Ok(answered.map(Either::Left))
        })
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Guard")
            .field("address", &self.address.as_str())
            .finish_non_exhaustive()
    }
}

fn json(document: String) -> Answered {
    let mut answer = Response::new(Either::Right(Full::from(document)));
    let kind = HeaderValue::from_static("application/json");
    answer.headers_mut().insert(CONTENT_TYPE, kind);
    answer
}

fn refused(rejection: &Rejection) -> Answered {
    let mut answer = Response::new(Either::Right(Full::default()));
    *answer.status_mut() = rejection.status;
    answer.headers_mut().extend(rejection.headers());
    answer
}
