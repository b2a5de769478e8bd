use expect_test::{Expect, expect};
use serde_json::{Value, json};

use crate::plan::file::read;

#[track_caller]
fn check(value: Value, expected: Expect) {
    let shown = match read("f", &value) {
        Ok(file) => format!(
            "{} {:?} {:?}",
            file.bytes.escape_ascii(),
            file.media_type,
            file.name
        ),
        Err(error) => error.to_string(),
    };
    expected.assert_eq(&shown);
}

#[test]
fn base64_is_read_in_all_its_spellings() {
    check(json!("aGk="), expect!["hi None None"]);
    check(json!("aGk"), expect!["hi None None"]);
    check(json!("aG\r\nk="), expect!["hi None None"]);
    check(json!("_-8"), expect![[r"\xff\xef None None"]]);
    check(json!("/+8="), expect![[r"\xff\xef None None"]]);
    check(json!(""), expect![" None None"]);
}

#[test]
fn data_uris_tell_type_and_name() {
    check(
        json!("data:image/png;base64,aGk="),
        expect![[r#"hi Some("image/png") None"#]],
    );
    check(
        json!("DATA:text/plain;charset=utf-8,a%20b"),
        expect![[r#"a b Some("text/plain; charset=utf-8") None"#]],
    );
    check(
        json!("data:image/png;name=my%20cat.png;base64,aGk="),
        expect![[r#"hi Some("image/png") Some("my cat.png")"#]],
    );
    check(json!("data:,hi"), expect!["hi None None"]);
    check(json!("data:;base64,aGk%3D"), expect!["hi None None"]);
}

#[test]
fn what_is_no_file_says_why() {
    check(
        json!("hello world"),
        expect![
            "the argument `f` is neither base64 nor a data URI: Invalid last symbol 100, offset 9."
        ],
    );
    check(
        json!("data:image/png;base64"),
        expect![
            "the argument `f` is neither base64 nor a data URI: a data URI has a comma before its data"
        ],
    );
    check(
        json!("data:;base64,@@"),
        expect!["the argument `f` is neither base64 nor a data URI: Invalid symbol 64, offset 0."],
    );
    check(
        json!(5),
        expect!["the argument `f` must be a file as base64 or as a data URI, not a number"],
    );
}
