//! Two ways to read a long list: by cursor and by page number.

use axum::Json;
use axum::http::header::LINK;
use axum::http::{HeaderValue, Uri};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Serialize;

use crate::parameters::Parameters;
use crate::problem::Problem;
use crate::store::{Document, Entry};

/// Where a list by cursor continues, and how much of it is asked for.
#[derive(Debug)]
pub(crate) struct Window {
    /// The last key that the caller has seen.
    pub(crate) after: i64,
    limit: i64,
}

impl Window {
    /// Reads `limit` and `cursor`.
    pub(crate) fn read(parameters: &mut Parameters) -> Result<Self, Problem> {
        let limit = parameters.integer("limit", 1..=100).unwrap_or(20);
        let after = match parameters.text("cursor") {
            None => 0,
            Some(cursor) => parse_cursor(&cursor).ok_or_else(|| {
                Problem::malformed("The cursor is not one that this list has answered.")
            })?,
        };
        Ok(Self { after, limit })
    }

    /// One more than asked for: the extra entry tells that there is a next page.
    pub(crate) fn rows(&self) -> i64 {
        self.limit + 1
    }

    /// The answer to the request of `uri`, with where to continue in the body and in `Link`.
    pub(crate) fn answer(&self, uri: &Uri, mut entries: Vec<Entry>) -> Response {
        let limit = usize::try_from(self.limit).expect("read as 1 to 100");
        let more = entries.len() > limit;
        entries.truncate(limit);
        let next_cursor = entries
            .last()
            .filter(|_| more)
            .map(|entry| format_cursor(entry.key));
        let link = next_cursor
            .as_ref()
            .and_then(|cursor| HeaderValue::try_from(link(uri, cursor)).ok());
        let items = entries.into_iter().map(|entry| entry.document).collect();
        let mut response = Json(CursorPage { items, next_cursor }).into_response();
        if let Some(link) = link {
            response.headers_mut().insert(LINK, link);
        }
        response
    }
}

#[derive(Serialize)]
struct CursorPage {
    items: Vec<Document>,
    next_cursor: Option<String>,
}

/// Opaque, so that nobody counts on what is inside.
fn format_cursor(key: i64) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(format!("after:{key}"))
}

fn parse_cursor(cursor: &str) -> Option<i64> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?;
    std::str::from_utf8(&bytes)
        .ok()?
        .strip_prefix("after:")?
        .parse()
        .ok()
}

/// The same request with the next cursor, RFC 8288.
fn link(uri: &Uri, cursor: &str) -> String {
    let kept = uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="));
    let query: Vec<&str> = kept.collect();
    let separator = if query.is_empty() { "" } else { "&" };
    format!(
        "<{}?{}{separator}cursor={cursor}>; rel=\"next\"",
        uri.path(),
        query.join("&")
    )
}

/// Which numbered page of a list is asked for.
#[derive(Debug)]
pub(crate) struct Page {
    number: i64,
    pub(crate) size: i64,
}

impl Page {
    /// Reads `page` and `per_page`.
    pub(crate) fn read(parameters: &mut Parameters) -> Self {
        Self {
            number: parameters.integer("page", 1..=100_000).unwrap_or(1),
            size: parameters.integer("per_page", 1..=100).unwrap_or(25),
        }
    }

    pub(crate) fn offset(&self) -> i64 {
        (self.number - 1) * self.size
    }

    pub(crate) fn answer(&self, (items, total): (Vec<Document>, i64)) -> Response {
        let total_pages = (total + self.size - 1) / self.size;
        Json(NumberedPage {
            items,
            page: self.number,
            per_page: self.size,
            total,
            total_pages,
        })
        .into_response()
    }
}

#[derive(Serialize)]
struct NumberedPage {
    items: Vec<Document>,
    page: i64,
    per_page: i64,
    total: i64,
    total_pages: i64,
}
