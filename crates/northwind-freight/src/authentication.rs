//! Three front doors, three styles of credential.

use axum::extract::Request;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::problem::Problem;

/// What opens which door. Fixed and public: a demo guards nothing, it shows how guarding works.
#[derive(Debug)]
pub struct Credentials {
    /// Sent as `X-Api-Key`, for customers, tickets, orders, exports, the partner feed and the flaky carrier.
    pub api_key: &'static str,
    /// User and password of HTTP basic authentication, for warehouses and stock.
    pub basic: (&'static str, &'static str),
    /// Sent as `Authorization: Bearer …`, for shipments, invoices and reports.
    pub bearer: &'static str,
}

pub(crate) const CREDENTIALS: Credentials = Credentials {
    api_key: "nwf-demo-key-4f1c9a",
    basic: ("stockroom", "forklift-7"),
    bearer: "nwf-demo-token-b2e81d",
};

/// Lets a request through that carries the key of the sales desk.
pub(crate) async fn api_key(request: Request, next: Next) -> Result<Response, Problem> {
    let found = request
        .headers()
        .get("x-api-key")
        .map(HeaderValue::as_bytes);
    if found == Some(CREDENTIALS.api_key.as_bytes()) {
        return Ok(next.run(request).await);
    }
    Err(Problem::unauthenticated(
        r#"ApiKey realm="sales", header="X-Api-Key""#,
    ))
}

/// Lets a request through that carries the name and password of the stockroom.
pub(crate) async fn basic(request: Request, next: Next) -> Result<Response, Problem> {
    let (user, password) = CREDENTIALS.basic;
    let decoded = credential(request.headers(), "basic")
        .and_then(|encoded| BASE64_STANDARD.decode(encoded).ok());
    if decoded.as_deref() == Some(format!("{user}:{password}").as_bytes()) {
        return Ok(next.run(request).await);
    }
    Err(Problem::unauthenticated(
        r#"Basic realm="stockroom", charset="UTF-8""#,
    ))
}

/// Lets a request through that carries the token of the billing office.
pub(crate) async fn bearer(request: Request, next: Next) -> Result<Response, Problem> {
    if credential(request.headers(), "bearer") == Some(CREDENTIALS.bearer) {
        return Ok(next.run(request).await);
    }
    Err(Problem::unauthenticated(r#"Bearer realm="billing""#))
}

/// What follows the scheme, whose name is the same in any case (RFC 9110, 11.1).
fn credential<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a str> {
    let (found, credential) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    found
        .eq_ignore_ascii_case(scheme)
        .then(|| credential.trim())
}
