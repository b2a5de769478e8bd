//! Documents and answers of other servers: fetched under egress rules, bounded in size and time.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, Method, Request};
use serde::de::DeserializeOwned;
use url::form_urlencoded::byte_serialize;

use super::endpoint::{BadEndpoint, Endpoint};
use super::secret::Secret;
use crate::outbound::{Cause, Connection, Egress, Forbidden, Received, receive};

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// Largest document or answer, in bytes. Key sets of large providers have some ten kilobytes.
const LARGEST: usize = 512 * 1024;

pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
pub(crate) const JSON: &str = "application/json";

/// The way out. Redirects are not followed: no document that we read may send us elsewhere.
#[derive(Clone, Debug)]
pub(crate) struct Fetch {
    connection: Connection,
}

/// A server could not be asked, or said nothing that can be read.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error("`{named}` is no address to be called")]
    Address {
        named: String,
        #[source]
        source: BadEndpoint,
    },
    #[error("`{endpoint}` leads to an address that is neither public nor trusted")]
    Forbidden { endpoint: String },
    #[error("`{endpoint}` cannot be reached")]
    Unreachable {
        endpoint: String,
        #[source]
        source: Cause,
    },
    #[error("`{endpoint}` did not answer in time")]
    Silent { endpoint: String },
    #[error("`{endpoint}` answered more than {LARGEST} bytes")]
    TooLong { endpoint: String },
    #[error("`{endpoint}` answered {status}")]
    Status { endpoint: String, status: u16 },
    #[error("the answer of `{endpoint}` is not the JSON that it should be")]
    Malformed {
        endpoint: String,
        #[source]
        source: serde_json::Error,
    },
}

impl Fetch {
    pub(crate) fn new(egress: Egress) -> Self {
        Self {
            connection: Connection::new(egress),
        }
    }

    /// The JSON document at `endpoint`.
    ///
    /// # Errors
    ///
    /// [`FetchError`]; any status but 200 is one.
    pub(crate) async fn document<T: DeserializeOwned>(
        &self,
        endpoint: &Endpoint,
    ) -> Result<T, FetchError> {
        let answer = self
            .send(Method::GET, endpoint, Vec::new(), Bytes::new())
            .await?;
        if answer.status != 200 {
            return Err(FetchError::Status {
                endpoint: endpoint.to_string(),
                status: answer.status,
            });
        }
        read(endpoint, &answer)
    }

    /// What `endpoint` says to `body`, whatever its status.
    ///
    /// # Errors
    ///
    /// [`FetchError`] where there is no whole answer.
    pub(crate) async fn post(
        &self,
        endpoint: &Endpoint,
        content_type: &'static str,
        mut headers: Vec<(HeaderName, HeaderValue)>,
        body: Bytes,
    ) -> Result<Received, FetchError> {
        headers.push((CONTENT_TYPE, HeaderValue::from_static(content_type)));
        self.send(Method::POST, endpoint, headers, body).await
    }

    /// The answer to a plain GET, whatever its status; for a browser without windows.
    pub(crate) async fn visit(&self, endpoint: &Endpoint) -> Result<Received, FetchError> {
        self.send(Method::GET, endpoint, Vec::new(), Bytes::new())
            .await
    }

    async fn send(
        &self,
        method: Method,
        endpoint: &Endpoint,
        headers: Vec<(HeaderName, HeaderValue)>,
        body: Bytes,
    ) -> Result<Received, FetchError> {
        let whole = async {
            let mut request = Request::builder()
                .method(method)
                .uri(endpoint.url().as_str())
                .header(ACCEPT, "application/json")
                .body(body)?;
            request.headers_mut().extend(headers);
            let response = self.connection.send(request).await?;
            Ok(receive(response, LARGEST).await?)
        };
        let answer = tokio::time::timeout(PATIENCE, whole)
            .await
            .map_err(|_| FetchError::Silent {
                endpoint: endpoint.to_string(),
            })?
            .map_err(|cause| failure(endpoint, cause))?;
        if answer.cut {
            return Err(FetchError::TooLong {
                endpoint: endpoint.to_string(),
            });
        }
        Ok(answer)
    }
}

/// A JSON answer as `T`.
pub(crate) fn read<T: DeserializeOwned>(
    endpoint: &Endpoint,
    answer: &Received,
) -> Result<T, FetchError> {
    serde_json::from_slice(&answer.body).map_err(|source| FetchError::Malformed {
        endpoint: endpoint.to_string(),
        source,
    })
}

/// The first value of a header of `answer`; `name` in lower case.
pub(crate) fn header<'a>(answer: &'a Received, name: &str) -> Option<&'a str> {
    let (_, value) = answer.headers.iter().find(|(own, _)| own == name)?;
    Some(value)
}

/// HTTP Basic, both halves form-encoded before they are joined (RFC 6749, section 2.3.1).
pub(crate) fn basic(client_id: &str, secret: &Secret) -> (HeaderName, HeaderValue) {
    let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encoded(client_id), encoded(secret.expose()));
    let mut value = HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(pair)))
        .expect("base64 stands in any header");
    value.set_sensitive(true);
    (AUTHORIZATION, value)
}

/// An address that somebody else named.
pub(crate) fn endpoint(named: &str) -> Result<Endpoint, FetchError> {
    Endpoint::parse(named).map_err(|source| FetchError::Address {
        named: named
            .chars()
            .filter(|one| !one.is_control())
            .take(200)
            .collect(),
        source,
    })
}

/// Tells an address that may not be called from one that does not answer.
fn failure(endpoint: &Endpoint, source: Cause) -> FetchError {
    let endpoint = endpoint.to_string();
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(source.as_ref());
    while let Some(error) = cause {
        if error.is::<Forbidden>() {
            return FetchError::Forbidden { endpoint };
        }
        cause = error.source();
    }
    FetchError::Unreachable { endpoint, source }
}
