//! HTML: a page where one was asked for, a summary where it stands in for something else.

use super::media_type::MediaType;
use super::reading::{self, Reading};
use super::{AnswerLimits, Response, charset, control, trace};

/// Longest summary, in bytes.
const SUMMARY_BYTES: usize = 500;

/// Elements whose text is no text.
const SILENT: [&str; 6] = ["script", "style", "noscript", "template", "svg", "title"];

/// Reads a successful answer. A page that was announced is passed on as it is; one in place of JSON
/// is most likely a login or a maintenance page, and its first words tell which.
pub(super) fn read(
    response: &Response<'_>,
    limits: &AnswerLimits,
    media_type: &MediaType,
) -> Reading {
    if media_type.is_html()
        || matches!(
            media_type.essence.as_str(),
            "" | "text/plain" | "text/markdown"
        )
    {
        return reading::text(response, limits, media_type);
    }
    let decoded = charset::decode(response.body, media_type, response.cut.is_some());
    let announced = &media_type.essence;
    Reading::text(summary(&decoded.text)).note(format!(
        "The server announced {announced} and sent a page of HTML ({} bytes); only its title and \
         first words are shown. It may be asking for a login.",
        response.body.len()
    ))
}

/// The title and the first words that a reader would see, without scripts and traces.
pub(super) fn summary(page: &str) -> String {
    // Nobody's first words are beyond this, and a page may be as long as any body.
    let page = &page[..page.floor_char_boundary(200_000)];
    let title = title(page).map(|title| collapse(&decode_entities(title)));
    let words = trace::without(&decode_entities(&visible(page)));
    let words = collapse(&words);
    let summary = match title {
        Some(title) if !title.is_empty() && !words.starts_with(&title) => {
            format!("{title}: {words}")
        }
        _ => words,
    };
    let summary = summary.trim_end_matches([' ', ':']);
    let (clean, _) = control::strip(summary);
    reading::shorten(&clean, SUMMARY_BYTES).0.to_owned()
}

fn title(page: &str) -> Option<&str> {
    let lower = page.to_ascii_lowercase();
    let open = lower.find("<title")?;
    let start = open + lower[open..].find('>')? + 1;
    let end = start + lower[start..].find("</title")?;
    Some(&page[start..end])
}

/// The text outside of tags. It stops looking once there is plenty.
fn visible(page: &str) -> String {
    let lower = page.to_ascii_lowercase();
    let mut text = String::new();
    let mut at = 0;
    while let Some(open) = page[at..].find('<').map(|found| at + found) {
        text.push_str(&page[at..open]);
        if text.len() > 20 * SUMMARY_BYTES {
            return text;
        }
        let (end, breaks) = tag_end(&lower, open);
        text.push_str(if breaks { "\n" } else { "" });
        at = end;
    }
    text.push_str(&page[at..]);
    text
}

/// Where the tag at `open` ends, with everything inside if the element is silent; and whether it
/// parts words.
fn tag_end(lower: &str, open: usize) -> (usize, bool) {
    let rest = &lower[open..];
    if rest.starts_with("<!--") {
        return (
            rest.find("-->").map_or(lower.len(), |end| open + end + 3),
            false,
        );
    }
    let name_end = rest[1..]
        .find(|each: char| !each.is_ascii_alphanumeric())
        .map_or(rest.len(), |end| end + 1);
    let name = &rest[1..name_end];
    let past = rest.find('>').map_or(lower.len(), |end| open + end + 1);
    if SILENT.contains(&name) {
        let closing = format!("</{name}");
        let close = lower[past..]
            .find(&closing)
            .map_or(lower.len(), |end| past + end);
        return (
            lower[close..]
                .find('>')
                .map_or(lower.len(), |end| close + end + 1),
            true,
        );
    }
    let inline = matches!(
        name,
        "a" | "b" | "i" | "em" | "strong" | "code" | "span" | "u" | "small"
    );
    (past, !inline)
}

/// The entities that prose is full of; the others stay as they are.
fn decode_entities(text: &str) -> String {
    let text = text
        .replace("&nbsp;", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">");
    text.replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&amp;", "&")
}

fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
