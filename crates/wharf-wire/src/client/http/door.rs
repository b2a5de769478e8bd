//! One HTTP request: let in where the server asks who we are, and never sent to another place than
//! the one that was named.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, LOCATION, WWW_AUTHENTICATE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use url::Url;

use crate::client::authorize::{AuthorizeError, Authorizer, Challenge, OutgoingFacts, Verdict};
use crate::client::clock::Clock;
use crate::client::error::AskError;
use crate::client::settings::ClientSettings;
use crate::outbound::{Connection, same_origin};

/// Most redirects that are followed within one origin.
const REDIRECTS: usize = 3;

/// The way into one server.
#[derive(Clone)]
pub(super) struct Door {
    pub url: Url,
    connection: Connection,
    headers: HeaderMap,
    authorizer: Option<Arc<dyn Authorizer>>,
}

/// A request that can be sent more than once.
#[derive(Clone)]
pub(super) struct Outgoing {
    pub method: Method,
    pub url: Url,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Door {
    pub(super) fn new(url: Url, settings: &ClientSettings) -> Self {
        Self {
            url,
            connection: settings.connection.clone(),
            headers: settings.headers.clone(),
            authorizer: settings.authorizer.clone(),
        }
    }

    /// The same keys for another address of the same origin.
    pub(super) fn at(&self, url: Url) -> Self {
        Self {
            url,
            ..self.clone()
        }
    }

    /// An empty request to this server.
    pub(super) fn outgoing(&self, method: Method) -> Outgoing {
        let mut headers = self.headers.clone();
        let accepted = if method == Method::POST {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            "application/json, text/event-stream"
        } else {
            "text/event-stream"
        };
        headers.insert(ACCEPT, HeaderValue::from_static(accepted));
        Outgoing {
            method,
            url: self.url.clone(),
            headers,
            body: Bytes::new(),
        }
    }

    /// Sends `outgoing` and waits for the head of the answer, whatever it says.
    pub(super) async fn send(
        &self,
        mut outgoing: Outgoing,
        clock: &Arc<Clock>,
    ) -> Result<Response<Incoming>, AskError> {
        let mut redirects = 0;
        let mut refusals = 0;
        loop {
            let response = self.attempt(&outgoing).await?;
            let status = response.status();
            if status.is_redirection() {
                redirects += 1;
                outgoing.url = elsewhere(&outgoing, &response, redirects)?;
            } else if is_challenge(&response) {
                self.challenged(&outgoing, &response, refusals, clock)
                    .await?;
                refusals += 1;
            } else {
                return Ok(response);
            }
        }
    }

    async fn attempt(&self, outgoing: &Outgoing) -> Result<Response<Incoming>, AskError> {
        let mut request = Request::new(outgoing.body.clone());
        *request.method_mut() = outgoing.method.clone();
        *request.uri_mut() = outgoing
            .url
            .as_str()
            .parse()
            .map_err(|error| AskError::Unreachable(Box::new(error)))?;
        *request.headers_mut() = outgoing.headers.clone();
        if let Some(authorizer) = &self.authorizer {
            let headers = authorizer.headers(&outgoing.facts()).await;
            for (name, value) in headers.map_err(AskError::Authorize)? {
                request.headers_mut().insert(name, value);
            }
        }
        let sent = self.connection.send(request).await;
        sent.map_err(AskError::Unreachable)
    }

    /// Asks the authorizer what to do about a refusal; an error where nothing can be done.
    async fn challenged(
        &self,
        outgoing: &Outgoing,
        response: &Response<Incoming>,
        refusals: usize,
        clock: &Arc<Clock>,
    ) -> Result<(), AskError> {
        let challenges = values(response, WWW_AUTHENTICATE.as_str());
        let nonces = values(response, "dpop-nonce");
        let challenge = Challenge {
            request: outgoing.facts(),
            status: response.status(),
            www_authenticate: &challenges,
            dpop_nonce: nonces.first().map(String::as_str),
            refusals,
        };
        let verdict = match &self.authorizer {
            Some(authorizer) if refusals < Challenge::MOST => {
                let _stopped = clock.stop();
                let verdict: Result<_, AuthorizeError> = authorizer.challenged(&challenge).await;
                verdict.map_err(AskError::Authorize)?
            }
            _ => Verdict::GiveUp,
        };
        match verdict {
            Verdict::Retry => Ok(()),
            Verdict::GiveUp => Err(AskError::Unauthorized {
                status: response.status(),
                challenges,
            }),
        }
    }
}

impl Outgoing {
    fn facts(&self) -> OutgoingFacts<'_> {
        OutgoingFacts {
            method: &self.method,
            url: &self.url,
        }
    }
}

fn is_challenge(response: &Response<Incoming>) -> bool {
    match response.status() {
        StatusCode::UNAUTHORIZED => true,
        StatusCode::FORBIDDEN => response.headers().contains_key(WWW_AUTHENTICATE),
        _ => false,
    }
}

fn values(response: &Response<Incoming>, name: &str) -> Vec<String> {
    let values = response.headers().get_all(name).iter();
    let texts = values.filter_map(|value| value.to_str().ok());
    texts.map(ToOwned::to_owned).collect()
}

/// Where a redirect leads. Only those are followed that repeat the request as it is, within the
/// origin: elsewhere somebody else would read it, and the credentials with it.
fn elsewhere(
    outgoing: &Outgoing,
    response: &Response<Incoming>,
    redirects: usize,
) -> Result<Url, AskError> {
    let location = values(response, LOCATION.as_str())
        .pop()
        .unwrap_or_default();
    let repeats = matches!(
        response.status(),
        StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT
    );
    match outgoing.url.join(&location) {
        Ok(to) if repeats && redirects <= REDIRECTS && same_origin(&to, &outgoing.url) => Ok(to),
        _ => Err(AskError::Redirected { to: location }),
    }
}
