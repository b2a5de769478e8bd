//! Text of somebody else's, made harmless for a terminal.

use std::borrow::Cow;

/// `text` without what a terminal obeys: control characters other than line breaks and tabs, and
/// marks that turn the direction of writing, become a visible stand-in.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_harmless) {
        return Cow::Borrowed(text);
    }
    let harmless = |letter| {
        if is_harmless(letter) {
            letter
        } else {
            '\u{fffd}'
        }
    };
    Cow::Owned(text.replace("\r\n", "\n").chars().map(harmless).collect())
}

/// The first line of `text`, made harmless.
pub(crate) fn first_line(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default();
    printable(line).replace('\t', " ")
}

fn is_harmless(letter: char) -> bool {
    let turns = matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    (!letter.is_control() || matches!(letter, '\n' | '\t')) && !turns
}

#[cfg(test)]
mod tests {
    use super::{first_line, printable};

    #[test]
    fn a_terminal_is_told_nothing() {
        assert_eq!(
            printable("a\x1b[2Jb\r\nc\td\u{202e}e"),
            "a\u{fffd}[2Jb\nc\td\u{fffd}e"
        );
        assert_eq!(first_line("\n one\ttwo\nthree"), "one two");
    }
}
