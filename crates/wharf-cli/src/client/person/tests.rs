use std::collections::VecDeque;
use std::fmt::Write as _;
use std::io;

use expect_test::{Expect, expect};
use serde_json::{Value, json};
use wharf_protocol::elicitation::{FormElicitation, UrlElicitation};

use super::terminal::Terminal;
use super::{consent, form};

/// Types these lines, and remembers what was shown.
struct Script {
    lines: VecDeque<&'static str>,
    shown: String,
}

impl Script {
    fn new(lines: &[&'static str]) -> Self {
        Self {
            lines: lines.iter().copied().collect(),
            shown: String::new(),
        }
    }

    fn plain(&self) -> String {
        anstream::adapter::strip_str(&self.shown).to_string()
    }
}

impl Terminal for Script {
    fn say(&mut self, text: &str) -> io::Result<()> {
        self.shown.push_str(text);
        Ok(())
    }

    fn read(&mut self) -> io::Result<Option<String>> {
        let line = self.lines.pop_front();
        self.shown.push_str(line.unwrap_or("^D"));
        self.shown.push('\n');
        Ok(line.map(ToOwned::to_owned))
    }
}

#[track_caller]
fn check(schema: Value, lines: &[&'static str], expected: Expect) {
    let question = FormElicitation {
        message: "Who are you?\u{1b}[2J".to_owned(),
        requested_schema: serde_json::value::to_raw_value(&schema).unwrap(),
    };
    let mut script = Script::new(lines);
    let answer = form::ask(&question, &mut script).unwrap();
    let answer = serde_json::to_string(&answer).unwrap();
    expected.assert_eq(&format!("{}{answer}\n", script.plain()));
}

fn every_kind() -> Value {
    json!({"type": "object", "required": ["name", "age"], "properties": {
        "name": {"type": "string", "title": "Name", "minLength": 2},
        "age": {"type": "integer", "minimum": 0, "maximum": 150, "description": "in years"},
        "tall": {"type": "boolean", "default": false},
        "size": {"type": "string", "enum": ["s", "m"], "enumNames": ["Small", "Medium"]},
        "pets": {"type": "array", "items": {"anyOf": [
            {"const": "cat", "title": "A cat"}, {"const": "dog", "title": "A dog"}
        ]}},
        "note": {"type": "string"}
    }})
}

#[test]
fn fields_are_asked_one_by_one_until_each_fits() {
    check(
        every_kind(),
        &["y", "X", "Xu", "", "200", "30", "", "medium", "1,dog", ""],
        expect![[r#"
            The server asks: Who are you?�[2J
            Answer? [Y/n] y
            Name [a text of 2 letters or more]: X
              that is not a text of 2 letters or more
            Name [a text of 2 letters or more]: Xu
            age (in years) [a whole number from 0 to 150]: 
              this one cannot be left out
            age (in years) [a whole number from 0 to 150]: 200
              that is not a whole number from 0 to 150
            age (in years) [a whole number from 0 to 150]: 30
            tall [yes or no; empty: false]: 
               1 Small
               2 Medium
            size [one of them, by number or name; may be empty]: medium
               1 A cat
               2 A dog
            pets [any of them, by number or name, with commas; may be empty]: 1,dog
            note [a text; may be empty]: 
            {"action":"accept","content":{"name":"Xu","age":30,"tall":false,"size":"m","pets":["cat","dog"]}}
        "#]],
    );
}

#[test]
fn a_form_is_declined_with_a_word_and_cancelled_without() {
    check(
        every_kind(),
        &["n"],
        expect![[r#"
            The server asks: Who are you?�[2J
            Answer? [Y/n] n
            {"action":"decline"}
        "#]],
    );
    check(
        every_kind(),
        &[""],
        expect![[r#"
            The server asks: Who are you?�[2J
            Answer? [Y/n] 
            Name [a text of 2 letters or more]: ^D
            {"action":"cancel"}
        "#]],
    );
}

#[test]
fn a_page_is_visited_by_consent_only() {
    let mut all = String::new();
    for (url, lines) in [
        ("https://bank.example/pay?id=1", &["y"][..]),
        ("https://bank.example/pay?id=1", &[""][..]),
        ("https://bаnk.example/", &[][..]),
        ("file:///etc/passwd", &[][..]),
    ] {
        let page = UrlElicitation {
            message: "Pay here".to_owned(),
            url: url.to_owned(),
            elicitation_id: None,
        };
        let mut script = Script::new(lines);
        let choice = consent::ask(&page, true, &mut script).unwrap();
        writeln!(all, "{}{choice:?}", script.plain()).unwrap();
    }
    expect![[r#"
        The server sends you to a page of bank.example: Pay here
          https://bank.example/pay?id=1
        Open it in your browser? [y/N] y
        Accept
        The server sends you to a page of bank.example: Pay here
          https://bank.example/pay?id=1
        Open it in your browser? [y/N] 
        Decline
        The server sends you to a page of xn--bnk-6cd.example: Pay here
          https://xn--bnk-6cd.example/
        Open it in your browser? [y/N] ^D
        Cancel
        The server sends you to something that is no web page, which is declined: Pay here
        Decline
    "#]]
    .assert_eq(&all);
}
