//! Headers of a request that say what stands in its body (2026-07-28, Streamable HTTP, request
//! metadata).

use std::borrow::Cow;

use http::header::HeaderMap;
use http::{HeaderName, HeaderValue};
use wharf_protocol::method::Method;
use wharf_protocol::port::Request;
use wharf_protocol::revision::Revision;

use crate::client::sentinel;
use crate::outline::Outline;

pub(super) const SESSION: HeaderName = HeaderName::from_static("mcp-session-id");
pub(super) const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
const VERSION: HeaderName = HeaderName::from_static("mcp-protocol-version");
const METHOD: HeaderName = HeaderName::from_static("mcp-method");
const NAME: HeaderName = HeaderName::from_static("mcp-name");

pub(super) fn version(headers: &mut HeaderMap, revision: Revision) {
    headers.insert(VERSION, HeaderValue::from_static(revision.as_str()));
}

pub(super) fn method(headers: &mut HeaderMap, method: &Method) {
    headers.insert(METHOD, sentinel::encode(method.as_str()));
}

/// What `request` asks, and of what.
pub(super) fn describe(headers: &mut HeaderMap, request: &Request) {
    method(headers, &request.method);
    let Ok(outline) = Outline::read(request.params.as_deref()) else {
        return;
    };
    let named = outline.named_by(&request.method);
    let name = named
        .and_then(|(_, value)| value)
        .and_then(|value| serde_json::from_str::<Cow<'_, str>>(value.get()).ok());
    if let Some(name) = name {
        headers.insert(NAME, sentinel::encode(&name));
    }
}
