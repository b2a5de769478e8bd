use expect_test::{Expect, expect};
use serde_json::value::RawValue;

use super::read;

const SCHEMA: &str = r##"{
    "type": "object",
    "properties": {
        "limit": {"type": "integer"},
        "name": {"type": "string"},
        "nothing": {"type": ["string", "null"]},
        "ratio": {"anyOf": [{"type": "number"}, {"type": "null"}]},
        "paid": {"type": "boolean"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "address": {"$ref": "#/$defs/address"},
        "either": {"type": ["integer", "string"]},
        "any": {},
        "with.dot": {"type": "integer"}
    },
    "additionalProperties": false,
    "$defs": {"address": {"type": "object", "properties": {"city": {"type": "string"}}, "additionalProperties": false}}
}"##;

#[track_caller]
fn check(pairs: &[&str], expected: Expect) {
    check_with(None, pairs, expected);
}

#[track_caller]
fn check_with(whole: Option<&str>, pairs: &[&str], expected: Expect) {
    let schema: Box<RawValue> = serde_json::from_str(SCHEMA).unwrap();
    let pairs: Vec<String> = pairs.iter().map(ToString::to_string).collect();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let read = runtime.block_on(read(whole, &pairs, Some(&schema)));
    expected.assert_eq(&match read {
        Ok(arguments) => serde_json::Value::Object(arguments).to_string(),
        Err(failure) => failure.to_string(),
    });
}

#[test]
fn values_are_read_as_the_schema_says() {
    check(
        &["limit=5", "name=5", "paid=true", "ratio=0.5"],
        expect![[r#"{"limit":5,"name":"5","paid":true,"ratio":0.5}"#]],
    );
    check(
        &["nothing=null", "ratio=null"],
        expect![[r#"{"nothing":"null","ratio":null}"#]],
    );
    check(&["either=5"], expect![[r#"{"either":5}"#]]);
    check(
        &["either=five", "any=five"],
        expect![[r#"{"either":"five","any":"five"}"#]],
    );
    check(&[r#"tags=["a","b"]"#], expect![[r#"{"tags":["a","b"]}"#]]);
    check(&["tags=a,b"], expect![[r#"{"tags":["a","b"]}"#]]);
}

#[test]
fn a_dot_leads_into_an_object_unless_it_is_part_of_a_name() {
    check(
        &["address.city=Oslo", "with.dot=1"],
        expect![[r#"{"address":{"city":"Oslo"},"with.dot":1}"#]],
    );
}

#[test]
fn a_value_that_does_not_fit_is_refused() {
    check(
        &["limit=many"],
        expect!["`limit` is an integer, and `many` is not"],
    );
    check(
        &["ratio=big"],
        expect!["`ratio` is null or a number, and `big` is not"],
    );
    check(
        &["address=Oslo"],
        expect!["`address` is an object, and `Oslo` is not"],
    );
}

#[test]
fn an_unknown_argument_is_refused_with_the_nearest_name() {
    check(
        &["limits=5"],
        expect!["the tool has no argument `limits` (hint: did you mean `limit`?)"],
    );
    check(
        &["address.town=Oslo"],
        expect!["the tool has no argument `address.town` (hint: it takes city)"],
    );
    check(
        &["limit"],
        expect!["`limit` is no argument (hint: write `key=value`, or `--args '{…}'`)"],
    );
}

#[test]
fn a_pair_wins_over_the_whole() {
    check_with(
        Some(r#"{"limit":1,"name":"x"}"#),
        &["limit=2"],
        expect![[r#"{"limit":2,"name":"x"}"#]],
    );
}
