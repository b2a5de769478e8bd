//! From an HTTP request to a WebSocket (RFC 6455, section 4.2).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{
    CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL,
    SEC_WEBSOCKET_VERSION, UPGRADE,
};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::super::body::Body;
use super::super::refusal::Refusal;

const SUBPROTOCOL: &str = "mcp";
const VERSION: &str = "13";
const KEY_BYTES: usize = 16;

/// The answer that opens the socket which `parts` ask for.
pub(super) fn accept(parts: &Parts) -> Result<Response<Body>, Refusal> {
    if parts.method != Method::GET {
        return Err(Refusal::Method);
    }
    let headers = &parts.headers;
    let asks = lists(headers, CONNECTION, "upgrade")
        && lists(headers, UPGRADE, "websocket")
        && lists(headers, SEC_WEBSOCKET_VERSION, VERSION)
        && lists(headers, SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL);
    let key = headers.get(SEC_WEBSOCKET_KEY).filter(|key| is_key(key));
    let key = key.filter(|_| asks).ok_or(Refusal::NoWebSocket)?;
    let accepted = derive_accept_key(key.as_bytes());
    let accepted = HeaderValue::from_str(&accepted).map_err(|_| Refusal::NoWebSocket)?;
    let mut response = Body::empty(StatusCode::SWITCHING_PROTOCOLS);
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(SEC_WEBSOCKET_ACCEPT, accepted);
    let subprotocol = HeaderValue::from_static(SUBPROTOCOL);
    headers.insert(SEC_WEBSOCKET_PROTOCOL, subprotocol);
    Ok(response)
}

/// Whether one of the headers called `name` has `token` in its list.
fn lists(headers: &HeaderMap, name: HeaderName, token: &str) -> bool {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|listed| listed.trim().eq_ignore_ascii_case(token))
}

fn is_key(key: &HeaderValue) -> bool {
    STANDARD
        .decode(key.as_bytes())
        .is_ok_and(|key| key.len() == KEY_BYTES)
}
