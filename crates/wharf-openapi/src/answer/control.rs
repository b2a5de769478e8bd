//! Control characters and terminal sequences, taken out of text that people and models will see.

use std::borrow::Cow;

/// `text` without terminal sequences (`ESC [ … m`, `ESC ] … BEL`) and without control characters but
/// tab and line ends, and how many characters that took. Everything else stays as it is.
pub(super) fn strip(text: &str) -> (Cow<'_, str>, usize) {
    if !text.chars().any(is_stripped) {
        return (Cow::Borrowed(text), 0);
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    let mut removed = 0;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\u{1b}' | '\u{9b}' => sequence_length(rest),
            first if is_stripped(first) => first.len_utf8(),
            first => {
                kept.push(first);
                rest = &rest[first.len_utf8()..];
                continue;
            }
        };
        removed += rest[..length].chars().count();
        rest = &rest[length..];
    }
    (Cow::Owned(kept), removed)
}

/// C0, DEL and C1.
fn is_stripped(character: char) -> bool {
    character.is_control() && !matches!(character, '\t' | '\n' | '\r')
}

/// The length in bytes of the terminal sequence that `text` begins with (ECMA-48). One that does not
/// end is only its introducer, so that nothing readable goes with it.
fn sequence_length(text: &str) -> usize {
    let mut characters = text.char_indices().skip(1).peekable();
    let introducer = text.chars().next().map_or(0, char::len_utf8);
    let command = if text.starts_with('\u{9b}') {
        Some('[')
    } else {
        characters.next().map(|(_, each)| each)
    };
    match command {
        Some('[') => characters
            .find(|(_, each)| !matches!(each, '\u{20}'..='\u{3f}'))
            .filter(|(_, last)| matches!(last, '\u{40}'..='\u{7e}'))
            .map_or(introducer, |(at, last)| at + last.len_utf8()),
        Some(']') => characters
            .take(4096)
            .find(|(_, each)| matches!(each, '\u{7}' | '\u{1b}' | '\u{9c}'))
            .map_or(introducer, |(at, last)| {
                at + if last == '\u{1b}' { 0 } else { last.len_utf8() }
            }),
        _ => introducer,
    }
}
