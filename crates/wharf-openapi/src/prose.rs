//! Cuts text for models: at the end of a sentence, in whole characters, visibly.

const MARK: &str = " …";

/// The text in at most `most` bytes. What is cut ends with ` …`, after a whole sentence where one
/// ends in the second half, else after a whole word.
pub(crate) fn cut(text: &str, most: usize) -> String {
    let text = text.trim();
    if text.len() <= most {
        return text.to_owned();
    }
    let mut end = most.saturating_sub(MARK.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let kept = &text[..end];
    let sentence = [". ", ".\n", "! ", "? ", "\n\n"]
        .iter()
        .filter_map(|stop| kept.rfind(stop))
        .max();
    let end = match sentence {
        Some(stop) if stop >= end / 2 => stop + 1,
        _ => kept.rfind(char::is_whitespace).unwrap_or(end),
    };
    format!("{}{MARK}", kept[..end].trim_end())
}

/// The first line that says something, without markup for headings, in at most `most` bytes.
pub(crate) fn one_line(text: &str, most: usize) -> String {
    let line = text
        .lines()
        .map(|line| line.trim_start_matches('#').trim())
        .find(|line| !line.is_empty());
    cut(line.unwrap_or_default(), most)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::{cut, one_line};

    #[track_caller]
    fn check(text: &str, most: usize, expected: Expect) {
        let cut = cut(text, most);
        assert!(cut.len() <= most, "{} bytes", cut.len());
        expected.assert_eq(&cut);
    }

    #[test]
    fn what_fits_stays() {
        check("  Lists pets.  ", 20, expect!["Lists pets."]);
    }

    #[test]
    fn a_cut_keeps_whole_sentences() {
        check(
            "Lists pets. Sorted by name. Or by age if you ask for it.",
            40,
            expect!["Lists pets. Sorted by name. …"],
        );
    }

    #[test]
    fn a_long_sentence_is_cut_after_a_word() {
        check(
            "Lists every single one of the pets",
            24,
            expect!["Lists every single …"],
        );
    }

    #[test]
    fn characters_stay_whole() {
        check("äöüäöüäöüäöü", 12, expect!["äöüä …"]);
    }

    #[test]
    fn a_line_is_the_first_that_says_something() {
        expect!["Pets"].assert_eq(&one_line("\n## Pets\nLists them.", 40));
    }
}
