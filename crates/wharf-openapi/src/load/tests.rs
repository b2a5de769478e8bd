use expect_test::{Expect, expect};

use super::{Limits, Loaded, load};
use crate::position::Lines;

fn small() -> Limits {
    Limits {
        document_bytes: 10_000,
        depth: 8,
        nodes: 200,
    }
}

#[track_caller]
fn check(text: impl AsRef<[u8]>, expected: Expect) {
    let read = match load(text.as_ref(), &small()) {
        Ok(Loaded { tree, oddities }) => {
            let mut lines = vec![tree.root().value().unwrap_or_default().to_string()];
            let not_json = oddities.not_json;
            lines.extend(not_json.map(|why| format!("{} {}", why.offset, why.message)));
            lines.extend(oddities.decoded_from.map(|from| format!("from {from}")));
            let twice = oddities.duplicates.into_iter();
            lines.extend(twice.map(|id| format!("twice {}", tree.node(id).pointer())));
            lines.join("\n")
        }
        Err(unreadable) => {
            let offset = unreadable.malformed.offset;
            let (line, column) = Lines::of(&unreadable.text).position(&unreadable.text, offset);
            format!("{line}:{column}: {}", unreadable.malformed.message)
        }
    };
    expected.assert_eq(&read);
}

#[test]
fn json_is_read_as_it_is() {
    check(
        r#"{"a": [1, 1.5, -2e3, true, null, "x\n\u00e4"], "b": {}}"#,
        expect![[r#"{"a":[1,1.5,-2000.0,true,null,"x\nä"],"b":{}}"#]],
    );
}

#[test]
fn marks_and_other_encodings_are_understood() {
    check("\u{feff}{\"a\": 1}", expect![[r#"{"a":1}"#]]);
    check(
        [0xff, 0xfe, b'{', 0, b'}', 0],
        expect![[r#"
        {}
        from UTF-16LE"#]],
    );
    check(
        b"{\"a\": \"caf\xe9\"}",
        expect![[r#"
            {"a":"café"}
            from windows-1252"#]],
    );
}

#[test]
fn mistakes_in_json_are_located() {
    check(
        "{\"a\": 1,\n \"b\": tru}",
        expect![[r#"
            {"a":1,"b":"tru"}
            15 not JSON: expected a value, found 't'"#]],
    );
    check(
        "{\"a\": \"never closed}",
        expect![[r#"1:7: not JSON: this string does not end, found '"'"#]],
    );
    check(
        "[1, 2] 3",
        expect![[r#"
        [1,2]
        7 not JSON: expected nothing after the document's end, found '3'"#]],
    );
}

#[test]
fn almost_json_is_read_as_yaml() {
    check(
        "{a: 1, 'b': [x, y,], # why not\n}",
        expect![[r#"
            {"a":1,"b":["x","y"]}
            1 not JSON: expected a key in double quotes, found 'a'"#]],
    );
}

#[test]
fn raw_control_characters_lose_no_document() {
    check(
        "{\"a\": \"one\ttwo \\n\"}",
        expect![[r#"{"a":"one two \n"}"#]],
    );
}

#[test]
fn the_later_of_two_equal_keys_counts() {
    check(
        r#"{"a": 1, "b": 2, "a": 3}"#,
        expect![[r#"
            {"b":2,"a":3}
            twice /a"#]],
    );
    let many: Vec<String> = (0..20).map(|number| format!("\"k{number}\": 0")).collect();
    let many = format!("{{{}, \"k7\": 1}}", many.join(", "));
    let loaded = load(many.as_bytes(), &small()).expect("the document is JSON");
    let k7 = loaded
        .tree
        .root()
        .get("k7")
        .and_then(|node| node.as_text().map(str::to_owned));
    assert_eq!(k7.as_deref(), Some("1"));
    assert_eq!(loaded.tree.root().members().len(), 20);
}

#[test]
fn yaml_scalars_follow_the_core_schema() {
    check(
        "a: no\nb: 2020-01-01\nc: 1.10\nd: 0x1f\ne: ~\nf: True\ng: '7'\nh: !!str 7\n200: ok",
        expect![[
            r#"{"a":"no","b":"2020-01-01","c":1.1,"d":31,"e":null,"f":true,"g":"7","h":"7","200":"ok"}"#
        ]],
    );
}

#[test]
fn yaml_blocks_are_folded() {
    check(
        "a: |\n  one\n  two\nb: >\n  one\n  two\n",
        expect![[r#"{"a":"one\ntwo\n","b":"one two\n"}"#]],
    );
}

#[test]
fn merge_keys_bring_what_is_missing() {
    check(
        "base: &base {a: 1, b: 2}\nown: {<<: *base, b: 3}\nboth:\n  <<: [*base, {c: 4}]",
        expect![[r#"{"base":{"a":1,"b":2},"own":{"b":3,"a":1},"both":{"a":1,"b":2,"c":4}}"#]],
    );
}

#[test]
fn an_alias_is_the_same_node() {
    check("a: &a [1]\nb: *a", expect![[r#"{"a":[1],"b":[1]}"#]]);
}

#[test]
fn an_alias_into_itself_is_refused() {
    check(
        "a: &a [*a]",
        expect!["1:8: this alias names no anchor before it"],
    );
}

#[test]
fn what_is_too_deep_or_too_much_is_refused() {
    check(
        "[".repeat(20),
        expect!["1:9: the document is nested deeper than 8 levels"],
    );
    check(
        "[".repeat(20) + &"]".repeat(20),
        expect!["1:9: the document is nested deeper than 8 levels"],
    );
    check(
        format!("[{}1]", "1,".repeat(300)),
        expect!["1:400: the document has more than 200 values"],
    );
    check(
        " ".repeat(10_001),
        expect!["1:1: the document has 10001 bytes; the limit is 10000"],
    );
    let merges: Vec<String> = (0..40)
        .map(|number| format!("m{number}: {{<<: *base}}"))
        .collect();
    check(
        format!(
            "base: &base {{a: 1, b: 2, c: 3, d: 4}}\n{}",
            merges.join("\n")
        ),
        expect!["40:1: the document has more than 200 values"],
    );
}

#[test]
fn nothing_is_not_a_document() {
    check("", expect!["1:1: the document is empty"]);
    check("# only a comment", expect!["1:1: the document is empty"]);
}
