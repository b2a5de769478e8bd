//! Arguments become the request that would be sent: pure, so a dry run shows exactly what a call does.

mod body;
mod error;
mod file;
mod form;
mod header;
mod multipart;
mod path;
mod percent;
mod query;
mod scalar;
mod style;
mod xml;

use serde_json::{Map, Value};

use crate::operation::Operation;

pub use self::error::PlanError;

/// A request, complete but for credentials and for what the connection itself adds (`Host`,
/// `Content-Length`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedRequest {
    /// The HTTP method in upper case.
    pub method: String,
    /// Absolute when the operation's server is; ASCII, encoded, without fragment.
    ///
    /// Send it as it stands: a library that normalises paths may undo an encoding that matters.
    pub url: String,
    /// In sending order, each name once. Values are UTF-8 and free of control characters.
    pub headers: Vec<(String, String)>,
    /// `None` sends no body at all, which is not the same as an empty one.
    pub body: Option<Vec<u8>>,
    /// Arguments that were given and not sent, because the connection decides what they would say
    /// (`Content-Length`, `Transfer-Encoding`, …).
    pub ignored: Vec<String>,
}

/// Plans one call of `operation`. The arguments have been checked against the tool's schema; what a
/// schema cannot say is checked here.
///
/// - `null` and empty arrays and objects outside the body are left out, as RFC 6570 has it.
/// - A number without fraction is written without one: `1.0` is sent as `1`.
/// - An argument never adds a path segment or a header that the document does not declare, and a query
///   parameter only where an exploded object is made of them. `.` and `..` as a whole segment are refused and not encoded, because `%2E%2E` *is*
///   `..` to URL libraries (WHATWG) and to servers that decode before they route.
///
/// # Errors
///
/// [`PlanError`], naming the argument, what was expected and what to do.
pub fn plan(
    operation: &Operation,
    arguments: &Map<String, Value>,
) -> Result<PlannedRequest, PlanError> {
    let path = path::expand(operation, arguments)?;
    let query = query::write(operation, arguments, &path)?;
    let body = body::write(operation, arguments)?;
    let sent = header::write(operation, arguments, body.as_ref())?;
    Ok(PlannedRequest {
        method: operation.method.clone(),
        url: url(operation, &path.text, &query),
        headers: sent.headers,
        body: body.map(|body| body.bytes),
        ignored: sent.ignored,
    })
}

/// Joins server, path and query. A server that has a query of its own keeps it in front.
fn url(operation: &Operation, path: &str, query: &str) -> String {
    let server = operation.server.split('#').next().unwrap_or_default();
    let (base, fixed) = server.split_once('?').unwrap_or((server, ""));
    let mut url = percent::repair(base.trim_end_matches('/'));
    url.push_str(path);
    let queries = [percent::repair(fixed), query.to_owned()];
    let queries: Vec<_> = queries.iter().filter(|part| !part.is_empty()).collect();
    for (at, part) in queries.into_iter().enumerate() {
        url.push(if at == 0 { '?' } else { '&' });
        url.push_str(part);
    }
    url
}

#[cfg(test)]
mod tests;
