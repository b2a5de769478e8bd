//! What both sides say of the form of their messages: `Content-Type`, `Accept`.

use http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};

use super::refusal::Refusal;

const JSON: &str = "application/json";
const EVENTS: &str = "text/event-stream";

/// Refuses a POST that brings something else than JSON, or cannot take both forms of an answer.
pub(super) fn check_post(headers: &HeaderMap) -> Result<(), Refusal> {
    check_content(headers)?;
    if accepts(headers, JSON) && accepts(headers, EVENTS) {
        Ok(())
    } else {
        Err(Refusal::NotAcceptable)
    }
}

/// Refuses a body that is something else than plain JSON.
pub(super) fn check_content(headers: &HeaderMap) -> Result<(), Refusal> {
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    if !content_type.is_some_and(|value| essence(value).eq_ignore_ascii_case(JSON)) {
        return Err(Refusal::ContentType);
    }
    // A compressed body may be a bomb, and what is sent here is seldom worth compressing.
    if headers
        .get(CONTENT_ENCODING)
        .is_some_and(|coding| coding != "identity")
    {
        return Err(Refusal::ContentEncoding);
    }
    Ok(())
}

/// Refuses a GET that cannot take a stream.
pub(super) fn check_get(headers: &HeaderMap) -> Result<(), Refusal> {
    if headers.contains_key(ACCEPT) && accepts(headers, EVENTS) {
        Ok(())
    } else {
        Err(Refusal::NoStreamAccepted)
    }
}

/// Whether `Accept` allows `media_type`; without the header, anything goes (RFC 9110, 12.5.1).
fn accepts(headers: &HeaderMap, media_type: &str) -> bool {
    let mut stated = headers.get_all(ACCEPT).iter().peekable();
    stated.peek().is_none()
        || stated
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|range| covers(range, media_type))
}

fn covers(range: &str, media_type: &str) -> bool {
    let refused = range.split(';').skip(1).any(|parameter| {
        let weight = parameter.trim().strip_prefix("q=");
        weight.and_then(|weight| weight.parse::<f32>().ok()) == Some(0.0)
    });
    let range = essence(range);
    let family = media_type.split('/').next().unwrap_or_default();
    let wild = range
        .strip_suffix("/*")
        .is_some_and(|own| own == "*" || own.eq_ignore_ascii_case(family));
    !refused && (wild || range.eq_ignore_ascii_case(media_type))
}

/// A media type without its parameters.
fn essence(value: &str) -> &str {
    value.split(';').next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::{EVENTS, JSON, covers};

    #[test]
    fn a_range_covers_what_it_names_unless_its_weight_is_nothing() {
        assert!(covers(" Text/Event-Stream ; q=0.5", EVENTS));
        assert!(covers("text/*", EVENTS));
        assert!(covers("*/*", JSON));
        assert!(!covers("text/*", JSON));
        assert!(!covers("*/*;q=0", JSON));
        assert!(!covers("application/jsonx", JSON));
    }
}
