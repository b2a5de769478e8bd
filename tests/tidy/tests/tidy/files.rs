//! What every file of ours keeps to.

use crate::source;

#[test]
fn every_file_says_what_it_is_for() {
    for source in source::all().iter().filter(|source| source.is_library()) {
        assert!(
            source.text.starts_with("//!"),
            "{} does not begin with a sentence on what it is for",
            source.path
        );
    }
}

#[test]
fn no_file_is_called_after_nothing() {
    for source in source::all() {
        let name = source.path.rsplit('/').next().unwrap_or_default();
        let empty = [
            "utils.rs",
            "util.rs",
            "common.rs",
            "helpers.rs",
            "types.rs",
            "misc.rs",
        ];
        assert!(
            !empty.contains(&name),
            "{}: which concept is this?",
            source.path
        );
    }
}

#[test]
fn nothing_on_a_library_path_unwraps() {
    for source in source::all().iter().filter(|source| source.is_library()) {
        for (number, line) in source.library_lines() {
            let code = line.split("//").next().unwrap_or_default();
            for forbidden in [
                ".unwrap()",
                ".unwrap_err()",
                ".expect(\"\")",
                "todo!(",
                "unimplemented!(",
                "dbg!(",
            ] {
                assert!(
                    !code.contains(forbidden),
                    "{}:{number}: `{forbidden}` on a library path",
                    source.path
                );
            }
        }
    }
}

#[test]
fn an_exception_from_a_lint_gives_its_reason() {
    for source in source::all() {
        let lines: Vec<&str> = source.text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let line = line.trim_start();
            let excepts = ["#[allow(", "#![allow(", "#[expect(", "#![expect("]
                .iter()
                .any(|attribute| line.starts_with(attribute));
            let given = lines[at..]
                .iter()
                .take(4)
                .any(|line| line.contains("reason = \""));
            assert!(
                !excepts || given,
                "{}:{}: give the exception a `reason`",
                source.path,
                at + 1
            );
        }
    }
}

#[test]
fn nothing_names_a_place_on_one_machine() {
    for source in source::all() {
        for (number, line) in source.text.lines().enumerate() {
            // In pieces, so that this file does not name one itself.
            for place in [
                concat!("/wo", "rk/"),
                concat!("/ro", "ot/"),
                concat!("/ho", "me/"),
            ] {
                assert!(
                    !line.contains(place),
                    "{}:{}: names `{place}`",
                    source.path,
                    number + 1
                );
            }
        }
    }
}
