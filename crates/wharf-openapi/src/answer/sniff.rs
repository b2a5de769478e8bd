//! What a body really is. Content types lie: the bytes have the last word.

use super::json;
use super::media_type::MediaType;

/// The forms that have a reader of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Nothing, or nothing but white space.
    Empty,
    Json,
    JsonLines,
    Xml,
    /// Rows, by the byte between their cells.
    Table(u8),
    Html,
    Text,
    /// Bytes of this type.
    Binary(String),
}

/// Decides by the declared type, corrected by the first bytes.
pub(super) fn recognise(media_type: &MediaType, body: &[u8]) -> Form {
    let start = beginning(body);
    if start.is_empty() && (body.is_empty() || !media_type.is_binary()) {
        return Form::Empty;
    }
    if let Some(actual) = magic(body) {
        return Form::Binary(actual.to_owned());
    }
    if is_html(start) {
        return Form::Html;
    }
    // UTF-16 is full of zeros. Without a mark only JSON and XML are known to begin in ASCII.
    let wide_start = matches!(body, [0, 1..=0x7f, ..] | [1..=0x7f, 0, ..]);
    let wide_document = wide_start && (media_type.is_json() || media_type.is_xml());
    let named = media_type.is_binary() || media_type.parameter("charset").is_some();
    if !named && !wide_document && body.contains(&0) && !is_utf8(body) && !wide(body) {
        return Form::Binary(known_bytes(media_type));
    }
    declared(media_type, body, start).unwrap_or_else(|| guess(media_type, body, start))
}

/// The declared form, where the bytes do not contradict it.
fn declared(media_type: &MediaType, body: &[u8], start: &[u8]) -> Option<Form> {
    let json_inside = || matches!(start, [b'{' | b'[', ..]) && json::is_whole(body);
    if media_type.is_json_lines() {
        return Some(Form::JsonLines);
    }
    if media_type.is_json() {
        return (start[0] != b'<').then_some(Form::Json);
    }
    if media_type.is_xml() {
        return (start[0] == b'<' || wide(body)).then_some(Form::Xml);
    }
    if let Some(separator) = media_type.table_separator() {
        return (!json_inside()).then_some(Form::Table(separator));
    }
    if media_type.is_html() {
        return Some(if json_inside() {
            Form::Json
        } else {
            Form::Html
        });
    }
    if media_type.is_text() || media_type.is_form() {
        return Some(if json_inside() {
            Form::Json
        } else {
            Form::Text
        });
    }
    None
}

/// For bytes of an unknown, absent or contradicted type.
fn guess(media_type: &MediaType, body: &[u8], start: &[u8]) -> Form {
    if json::is_whole(body) && matches!(start, [b'{' | b'[', ..]) {
        return Form::Json;
    }
    if start.starts_with(b"<?xml") {
        return Form::Xml;
    }
    let families = ["image/", "audio/", "video/", "font/"];
    let family = families
        .iter()
        .any(|each| media_type.essence.starts_with(each));
    let readable = wide(body) || (is_utf8(body) && !body.contains(&0));
    if readable && !family {
        return Form::Text;
    }
    Form::Binary(known_bytes(media_type))
}

/// The declared type of bytes, unless it is one that bytes cannot have.
fn known_bytes(media_type: &MediaType) -> String {
    let other = media_type.is_json() || media_type.is_xml() || media_type.is_text();
    match media_type.essence.as_str() {
        essence if !other && essence.contains('/') => essence.to_owned(),
        _ => "application/octet-stream".to_owned(),
    }
}

/// The body behind its byte order mark and white space.
fn beginning(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(body)
        .trim_ascii_start()
}

/// Valid but for a character cut in two at the end.
fn is_utf8(body: &[u8]) -> bool {
    std::str::from_utf8(body).map_or_else(|error| error.error_len().is_none(), |_| true)
}

/// UTF-16 with its mark.
fn wide(body: &[u8]) -> bool {
    matches!(body, [0xff, 0xfe, ..] | [0xfe, 0xff, ..])
}

fn is_html(start: &[u8]) -> bool {
    let head = &start[..start.len().min(256)];
    let head = head.to_ascii_lowercase();
    head.starts_with(b"<!doctype html") || head.starts_with(b"<html") || head.starts_with(b"<head")
}

/// Types that are known by their first bytes alone.
pub(super) fn magic(body: &[u8]) -> Option<&'static str> {
    Some(match body {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => "image/gif",
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => "image/webp",
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'A',
            b'V',
            b'E',
            ..,
        ] => "audio/wav",
        [b'I', b'D', b'3', 2..=4, ..] => "audio/mpeg",
        [b'O', b'g', b'g', b'S', 0, ..] => "audio/ogg",
        [b'f', b'L', b'a', b'C', 0, ..] => "audio/flac",
        [b'%', b'P', b'D', b'F', b'-', ..] => "application/pdf",
        // Office documents are archives too; their declared type says more.
        [0x1f, 0x8b, 8, ..] => "application/gzip",
        [0, 0, 0, _, b'f', b't', b'y', b'p', ..] => "video/mp4",
        _ => return None,
    })
}
