//! An HTTP answer becomes content that a model can read: structured where it can be, plain where it
//! cannot, and honest about what was left out.

mod binary;
mod charset;
mod control;
mod header;
mod html;
mod json;
mod lines;
pub(crate) mod media_type;
mod problem;
mod reading;
mod sniff;
mod status;
mod table;
mod trace;
mod xml;

use wharf_protocol::tool::CallToolResult;

use self::media_type::MediaType;
use self::reading::Reading;
use self::sniff::Form;

/// An answer as it came over the wire, its transfer and content encodings undone.
#[derive(Clone, Copy, Debug)]
pub struct Response<'a> {
    pub status: u16,
    pub headers: &'a [(String, String)],
    pub body: &'a [u8],
    /// Set when the body was longer than what was kept of it: the whole length in bytes, or 0 where
    /// nobody knows.
    pub cut: Option<u64>,
}

/// How much of an answer a model is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerLimits {
    /// Longest text, in bytes. A list that is longer loses its last items, other text its end.
    pub text_bytes: usize,
    /// Largest image, sound or file, in bytes before base64; a larger one is described in a sentence.
    pub binary_bytes: usize,
    /// Most rows of a table and most values of a JSON stream.
    pub rows: usize,
}

/// Translates `response`. It never fails: what cannot be understood is passed on as text, or
/// described.
///
/// - JSON, JSON lines, XML and tables are structured content, and text as well. JSON keeps the bytes
///   that the server wrote, so no number loses digits. The root may be any JSON value; whoever
///   speaks a revision that wants an object there wraps it.
/// - A status of 400 or more is an error with `status`, `reason`, `message`, `hint` and, where the
///   body names them, `code` and `fields`; stack traces and pages of HTML do not get through.
/// - What the content type claims is believed only as far as the bytes agree.
/// - Terminal sequences and control characters are taken out of text, and a note says so.
/// - A last text block holds the notes: a status other than 200, the headers that lead further
///   (`Location`, `Link`, `Retry-After`, `ETag`, paging), and every cut. Cookies are never shown.
pub fn translate(response: &Response<'_>, limits: &AnswerLimits) -> CallToolResult {
    let declared = header::first(response.headers, "content-type").unwrap_or_default();
    let media_type = MediaType::parse(declared);
    let form = sniff::recognise(&media_type, response.body);
    match response.status {
        400.. => problem::translate(response, &media_type, &form),
        300..=399 => CallToolResult::text(status::redirection(response)),
        _ => success(response, limits, &media_type, form),
    }
}

fn success(
    response: &Response<'_>,
    limits: &AnswerLimits,
    media_type: &MediaType,
    form: Form,
) -> CallToolResult {
    let mut reading = match form {
        Form::Empty => Reading::text(status::empty(response.status)),
        Form::Json => json::read(response, limits, media_type),
        Form::JsonLines => lines::read(response, limits, media_type),
        Form::Xml => xml::read(response, limits, media_type),
        Form::Table(separator) => table::read(response, limits, media_type, separator),
        Form::Html => html::read(response, limits, media_type),
        Form::Text => reading::text(response, limits, media_type),
        Form::Binary(actual) => binary::read(response, limits, &actual),
    };
    reading.notes.splice(0..0, header::notes(response));
    reading.into_result()
}

#[cfg(test)]
mod tests;
