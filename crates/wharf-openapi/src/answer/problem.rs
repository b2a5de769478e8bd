//! A failed call: one error with what the server said, in the fields that every caller looks for.

mod fields;
mod shape;

use serde::Serialize;
use wharf_protocol::content::Content;
use wharf_protocol::tool::CallToolResult;

use self::fields::FieldError;
use self::shape::Said;
use super::media_type::MediaType;
use super::sniff::Form;
use super::{Response, charset, control, header, html, json, reading, status, trace, xml};

/// Longest message, in bytes.
const MESSAGE_BYTES: usize = 500;

/// The structured content of a failed call.
#[derive(Debug, Serialize)]
struct Problem {
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<FieldError>,
    /// Seconds, or a date, as the server wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<String>,
    /// The version of the resource as it is now, after a failed precondition.
    #[serde(skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
    /// What to quote to whoever runs the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

/// Reads an answer of status 400 or more.
pub(super) fn translate(
    response: &Response<'_>,
    media_type: &MediaType,
    form: &Form,
) -> CallToolResult {
    let said = said(response, media_type, form);
    let header = |name: &str| header::value(response.headers, name);
    let retry_after = header("retry-after");
    let problem = Problem {
        status: response.status,
        reason: status::reason(response.status),
        code: said.code.map(|code| clean(&code)),
        message: said
            .message
            .map(|message| clean(&message))
            .filter(|message| !message.is_empty()),
        fields: said.fields,
        hint: hint(response.status, retry_after.as_deref()),
        retry_after,
        location: header("location"),
        etag: header("etag"),
        request_id: header("x-request-id").or_else(|| header("request-id")),
    };
    CallToolResult {
        content: vec![Content::text(problem.text())],
        structured_content: serde_json::value::to_raw_value(&problem).ok(),
        is_error: true,
    }
}

impl Problem {
    fn text(&self) -> String {
        let mut lines = vec![format!("HTTP {}", status::named(self.status))];
        if let Some(message) = &self.message {
            lines[0].extend([": ", message]);
        }
        let named = [
            ("code", &self.code),
            ("retry after", &self.retry_after),
            ("location", &self.location),
            ("etag", &self.etag),
            ("request id", &self.request_id),
        ];
        for (name, value) in named {
            lines.extend(value.as_ref().map(|value| format!("{name}: {value}")));
        }
        lines.extend(self.fields.iter().map(FieldError::line));
        lines.extend(self.hint.as_ref().map(|hint| format!("hint: {hint}")));
        lines.join("\n")
    }
}

/// What the body says, by its form. A body that was cut is read as text.
fn said(response: &Response<'_>, media_type: &MediaType, form: &Form) -> Said {
    let decoded = charset::decode(response.body, media_type, response.cut.is_some());
    let plain = || Said::message(trace::without(&decoded.text));
    match form {
        Form::Empty => Said::default(),
        Form::Html => Said::message(html::summary(&decoded.text)),
        Form::Binary(actual) => Said::message(format!(
            "the server explained itself in {} bytes of {actual}",
            response.body.len()
        )),
        Form::Json => match serde_json::from_str(json::bare(&decoded.text)) {
            Ok(value) => shape::read(&value),
            Err(_) => plain(),
        },
        Form::Xml => {
            xml::value(&decoded.text).map_or_else(|_| plain(), |value| shape::read(&value))
        }
        Form::JsonLines | Form::Table(_) | Form::Text => plain(),
    }
}

/// A message fit to be shown: no trace, no control characters, no more than its beginning.
fn clean(text: &str) -> String {
    let text = trace::without(text);
    let (text, _) = control::strip(text.trim());
    match reading::shorten(&text, MESSAGE_BYTES) {
        (kept, None) => kept.to_owned(),
        (kept, Some(_)) => format!("{}…", kept.trim_end()),
    }
}

/// What a caller can do, which is often nothing: then whose turn it is.
fn hint(status: u16, retry_after: Option<&str>) -> Option<String> {
    let wait = || match retry_after {
        Some(when) if when.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("wait {when} seconds")
        }
        Some(when) => format!("wait until {when}"),
        None => "wait a little".to_owned(),
    };
    Some(match status {
        400 => "check the arguments against the message".to_owned(),
        401 => "the gateway's credential for this API is missing, wrong or expired; its operator has to \
                renew it, other arguments will not help"
            .to_owned(),
        403 => "the gateway's credential for this API may not do this; ask its operator for the permission"
            .to_owned(),
        404 | 410 => "check the identifiers; what they name does not exist, or is hidden from this credential"
            .to_owned(),
        409 => "read the current state of the resource, and decide again".to_owned(),
        412 | 428 => "read the resource again, and repeat the call with its current ETag".to_owned(),
        405 | 406 | 415 | 501 => "the server does not do what its API document says; tell the gateway's operator".to_owned(),
        413 => "send less at once".to_owned(),
        422 => "correct the fields that the server names".to_owned(),
        425 | 429 => format!("too many calls: {}, then repeat the same call", wait()),
        502..=504 => format!("the server is not available: {}, then repeat the call if it is safe to", wait()),
        500.. => "the server failed; repeating the call may change something twice".to_owned(),
        _ => return None,
    })
}
