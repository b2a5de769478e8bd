//! A question that is answered on a page of somebody else's: shown in full, visited only by consent.

use std::io;

use url::Url;
use wharf_protocol::elicitation::{Choice, UrlElicitation};

use super::terminal::Terminal;
use crate::paint;
use crate::printable::printable;

/// Asks whether to visit a page. What cannot be read as a web address is declined unasked.
pub(super) fn ask(
    page: &UrlElicitation,
    opens: bool,
    terminal: &mut dyn Terminal,
) -> io::Result<Choice> {
    let (strong, faint) = (paint::STRONG, paint::FAINT);
    let message = printable(&page.message);
    // As parsed: what is shown is what is opened, and letters that only look like others are spelt out.
    let url = Url::parse(&page.url)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"));
    let Some(url) = url else {
        terminal.say(&format!(
            "The server sends you to something that is no web page, which is declined: {message}\n"
        ))?;
        return Ok(Choice::Decline);
    };
    let host = url.host_str().unwrap_or_default();
    terminal.say(&format!(
        "{strong}The server sends you to a page{strong:#} of {strong}{host}{strong:#}: {message}\n  {url}\n"
    ))?;
    let prompt = if opens {
        "Open it in your browser? [y/N] "
    } else {
        "Will you open it yourself? [y/N] "
    };
    terminal.say(&format!("{faint}{prompt}{faint:#}"))?;
    Ok(match terminal.read()?.as_deref() {
        None => Choice::Cancel,
        Some(answer) if is_yes(answer) => Choice::Accept,
        Some(_) => Choice::Decline,
    })
}

pub(super) fn is_yes(answer: &str) -> bool {
    answer.eq_ignore_ascii_case("y") || answer.eq_ignore_ascii_case("yes")
}
