//! Streams of JSON, one value a line: read as one array.

use serde_json::value::RawValue;

use super::media_type::MediaType;
use super::reading::{self, Reading};
use super::{AnswerLimits, Response, charset, json};

/// As many lines as the limits allow; text when one of them is no JSON. The last line of a body that
/// was cut is half a value and left out.
pub(super) fn read(
    response: &Response<'_>,
    limits: &AnswerLimits,
    media_type: &MediaType,
) -> Reading {
    let decoded = charset::decode(response.body, media_type, response.cut.is_some());
    let whole = if response.cut.is_some() {
        decoded
            .text
            .rsplit_once('\n')
            .map_or("", |(whole, _)| whole)
    } else {
        &decoded.text
    };
    // RFC 7464 begins each value with a record separator.
    let lines = whole
        .split(['\n', '\u{1e}'])
        .map(str::trim)
        .filter(|line| !line.is_empty());
    let total = lines.clone().count();
    let mut list = String::from("[");
    let mut kept = 0;
    for line in lines {
        let Ok(value) = json::parse(line) else {
            return reading::text(response, limits, media_type);
        };
        if kept == limits.rows || list.len() + value.get().len() + 2 > limits.text_bytes {
            break;
        }
        if kept > 0 {
            list.push(',');
        }
        list.push_str(value.get());
        kept += 1;
    }
    list.push(']');
    let Ok(list) = RawValue::from_string(list) else {
        return reading::text(response, limits, media_type);
    };
    let mut reading = Reading::structured(list);
    if kept < total {
        reading.notes.push(format!(
            "The stream was cut: its first {kept} of {total} values are shown."
        ));
    }
    reading.notes.extend(decoded.note);
    reading.notes.extend(reading::cut_in_transfer(response));
    reading
}
