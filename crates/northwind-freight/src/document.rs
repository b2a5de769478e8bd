//! The API document that the company publishes.

use axum::http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

const DOCUMENT: &str = include_str!("openapi.json");
/// The server URL that stands in the file.
const PLACEHOLDER: &str = "\"https://api.northwind.example\"";

/// The OpenAPI 3.1 document of the company as JSON text, with `base_url` as its only server.
pub fn openapi_document(base_url: &str) -> String {
    DOCUMENT.replace(PLACEHOLDER, &serde_json::Value::from(base_url).to_string())
}

/// The document as it is served: made once, with an entity tag that changes with its text.
#[derive(Clone, Debug)]
pub(crate) struct Published {
    text: String,
    tag: String,
}

impl Published {
    pub(crate) fn new(base_url: &str) -> Self {
        let text = openapi_document(base_url);
        // FNV-1a: the hasher of the standard library may change from release to release.
        let hash = text.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
        });
        Self {
            text,
            tag: format!("\"{hash:016x}\""),
        }
    }

    /// The document, or 304 for a caller who has it.
    pub(crate) fn answer(&self, headers: &HeaderMap) -> Response {
        let tag = [(ETAG, self.tag.clone())];
        let seen = headers
            .get(IF_NONE_MATCH)
            .and_then(|value| value.to_str().ok());
        if seen.is_some_and(|tags| {
            tags.split(',')
                .any(|seen| seen.trim().trim_start_matches("W/") == self.tag)
        }) {
            return (StatusCode::NOT_MODIFIED, tag).into_response();
        }
        (tag, [(CONTENT_TYPE, "application/json")], self.text.clone()).into_response()
    }
}
