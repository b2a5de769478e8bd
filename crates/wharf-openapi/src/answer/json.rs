//! JSON: the server's own bytes, once they are known to be JSON that every reader can take.

mod checked;
mod shorten;

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::media_type::MediaType;
use super::reading::{self, Reading};
use super::{AnswerLimits, Response, charset};

/// What some servers put in front of JSON so that browsers do not run it (Angular, Gerrit).
const GUARDS: [&str; 3] = [")]}',", ")]}'", "while(1);"];

/// Reads a JSON body; one that is cut, broken, or deeper than 128 levels is text, and a note says
/// which.
pub(super) fn read(
    response: &Response<'_>,
    limits: &AnswerLimits,
    media_type: &MediaType,
) -> Reading {
    if response.cut.is_some() {
        return reading::text(response, limits, media_type);
    }
    let decoded = charset::decode(response.body, media_type, false);
    match parse(&decoded.text) {
        Ok(json) => {
            let mut reading = fit(json, limits.text_bytes);
            reading.notes.extend(decoded.note);
            reading
        }
        Err(reason) => reading::text(response, limits, media_type).note(format!(
            "The server calls this JSON, but it cannot be read as such: {reason}."
        )),
    }
}

/// Whether all of `body` is one JSON value of UTF-8.
pub(super) fn is_whole(body: &[u8]) -> bool {
    std::str::from_utf8(body).is_ok_and(|text| parse(text).is_ok())
}

/// The value as it was written, without what is around it.
pub(super) fn parse(text: &str) -> Result<Box<RawValue>, serde_json::Error> {
    let text = bare(text);
    checked::check(text)?;
    RawValue::from_string(text.to_owned())
}

/// Without white space, byte order mark and guard.
pub(super) fn bare(text: &str) -> &str {
    let text = text.trim_start_matches('\u{feff}').trim();
    let guard = GUARDS.iter().find_map(|guard| text.strip_prefix(guard));
    guard.map_or(text, str::trim_start)
}

/// All of it, or the longest list cut to its first items, or the beginning as text.
pub(super) fn fit(json: Box<RawValue>, limit: usize) -> Reading {
    if json.get().len() <= limit {
        return Reading::structured(json);
    }
    if let Some(short) = shorten::shorten(&json, limit) {
        return Reading::structured(short.json).note(short.note);
    }
    let (kept, cut) = reading::shorten(json.get(), limit);
    let mut reading = Reading::text(Cow::from(kept));
    reading.notes.extend(cut);
    reading
}
