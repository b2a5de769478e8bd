use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::{allow_reserved, check, operation, parameter, with_content};
use crate::operation::{Location, Parameter, Style};

#[track_caller]
fn check_query(parameter: Parameter, value: Value, expected: Expect) {
    let argument = parameter.argument.clone();
    check(
        &operation("GET", "/x").with(parameter),
        &json!({ argument: value }),
        expected,
    );
}

fn query(name: &str, style: Style, explode: bool) -> Parameter {
    parameter(name, Location::Query, style, explode)
}

#[test]
fn form_is_the_usual_query() {
    let form = |explode| query("c", Style::Form, explode);
    check_query(form(true), json!(["a", "b"]), expect!["GET /x?c=a&c=b"]);
    check_query(
        form(false),
        json!(["a", "b,c"]),
        expect!["GET /x?c=a,b%2Cc"],
    );
    check_query(
        form(true),
        json!({ "R": 1, "G": 2 }),
        expect!["GET /x?R=1&G=2"],
    );
    check_query(
        form(false),
        json!({ "R": 1, "G": 2 }),
        expect!["GET /x?c=R,1,G,2"],
    );
    check_query(form(true), json!(true), expect!["GET /x?c=true"]);
    check_query(
        form(true),
        json!([true, false]),
        expect!["GET /x?c=true&c=false"],
    );
    check_query(form(true), json!(1.0), expect!["GET /x?c=1"]);
    check_query(form(true), json!([1.0, 2.5]), expect!["GET /x?c=1&c=2.5"]);
    check_query(form(true), json!(""), expect!["GET /x?c="]);
    check_query(
        form(true),
        json!("a&b=c d+e"),
        expect!["GET /x?c=a%26b%3Dc%20d%2Be"],
    );
}

#[test]
fn other_separators_are_encoded() {
    check_query(
        query("c", Style::SpaceDelimited, false),
        json!(["a", "b c"]),
        expect!["GET /x?c=a%20b%20c"],
    );
    check_query(
        query("c", Style::PipeDelimited, false),
        json!(["a", "b"]),
        expect!["GET /x?c=a%7Cb"],
    );
    check_query(
        query("c", Style::TabDelimited, false),
        json!(["a", "b"]),
        expect!["GET /x?c=a%09b"],
    );
    check_query(
        query("c", Style::PipeDelimited, true),
        json!(["a", "b"]),
        expect!["GET /x?c=a&c=b"],
    );
    check_query(
        query("c", Style::PipeDelimited, false),
        json!({ "R": 1 }),
        expect!["GET /x?c=R%7C1"],
    );
}

#[test]
fn deep_objects_go_as_deep_as_the_value() {
    let deep = || query("f", Style::DeepObject, true);
    check_query(
        deep(),
        json!({ "R": 1, "G": 2 }),
        expect!["GET /x?f%5BR%5D=1&f%5BG%5D=2"],
    );
    check_query(
        deep(),
        json!({ "a": { "gte": 5 } }),
        expect!["GET /x?f%5Ba%5D%5Bgte%5D=5"],
    );
    check_query(
        deep(),
        json!({ "a": ["x", "y"] }),
        expect!["GET /x?f%5Ba%5D%5B%5D=x&f%5Ba%5D%5B%5D=y"],
    );
    check_query(
        deep(),
        json!({ "a": [{ "x": 1, "y": 2 }, { "x": 3 }] }),
        expect![
            "GET /x?f%5Ba%5D%5B0%5D%5Bx%5D=1&f%5Ba%5D%5B0%5D%5By%5D=2&f%5Ba%5D%5B1%5D%5Bx%5D=3"
        ],
    );
    check_query(deep(), json!(["x"]), expect!["GET /x?f%5B%5D=x"]);
    check_query(deep(), json!(5), expect!["GET /x?f=5"]);
    check_query(
        deep(),
        json!({ "a": null, "b": [], "c": {} }),
        expect!["GET /x"],
    );
    check_query(
        query("f", Style::DeepObject, false),
        json!({ "R": 1 }),
        expect!["GET /x?f%5BR%5D=1"],
    );
}

#[test]
fn what_is_undefined_is_left_out() {
    for value in [
        json!(null),
        json!([]),
        json!({}),
        json!([null]),
        json!({ "a": null }),
    ] {
        check_query(query("c", Style::Form, true), value, expect!["GET /x"]);
    }
}

#[test]
fn parts_of_parts_travel_as_json() {
    let form = |explode| query("c", Style::Form, explode);
    check_query(
        form(true),
        json!([{ "a": 1 }]),
        expect!["GET /x?c=%7B%22a%22%3A1%7D"],
    );
    check_query(
        form(true),
        json!({ "tag": ["a", "b"] }),
        expect!["GET /x?tag=a&tag=b"],
    );
    check_query(
        form(false),
        json!({ "tag": ["a"] }),
        expect!["GET /x?c=tag,%5B%22a%22%5D"],
    );
}

#[test]
fn names_are_encoded_where_servers_need_it() {
    check_query(
        query("$filter", Style::Form, true),
        json!("x eq 1"),
        expect!["GET /x?$filter=x%20eq%201"],
    );
    check_query(
        query("page[number]", Style::Form, true),
        json!(2),
        expect!["GET /x?page%5Bnumber%5D=2"],
    );
    check_query(
        query("a&b=c#d", Style::Form, true),
        json!(1),
        expect!["GET /x?a%26b%3Dc%23d=1"],
    );
    check_query(
        query("q", Style::Form, true),
        json!({ "a&b": 1 }),
        expect!["GET /x?a%26b=1"],
    );
}

#[test]
fn reserved_characters_pass_unless_they_would_end_the_value() {
    let reserved = || allow_reserved(query("q", Style::Form, true));
    check_query(
        reserved(),
        json!("a/b:c?d,e;f=g@h"),
        expect!["GET /x?q=a/b:c?d,e;f=g@h"],
    );
    check_query(
        reserved(),
        json!("a&b#c+d[e]"),
        expect!["GET /x?q=a%26b%23c%2Bd%5Be%5D"],
    );
    check_query(
        reserved(),
        json!("50%, a%2Fb"),
        expect!["GET /x?q=50%25,%20a%2Fb"],
    );
}

#[test]
fn content_parameters_are_small_documents() {
    let content = |media_type| with_content(query("f", Style::Form, true), media_type);
    check_query(
        content("application/json"),
        json!({ "R": 1 }),
        expect!["GET /x?f=%7B%22R%22%3A1%7D"],
    );
    check_query(
        content("application/json"),
        json!("a"),
        expect!["GET /x?f=%22a%22"],
    );
    check_query(
        content("application/json"),
        json!([]),
        expect!["GET /x?f=%5B%5D"],
    );
    check_query(
        content("text/plain"),
        json!("a b"),
        expect!["GET /x?f=a%20b"],
    );
}

#[test]
fn one_value_can_be_the_whole_query() {
    let whole = |media_type| {
        with_content(
            parameter("q", Location::QueryString, Style::Form, true),
            media_type,
        )
    };
    check_query(
        whole("application/x-www-form-urlencoded"),
        json!({ "a": [1, 2], "b c": "d&e" }),
        expect!["GET /x?a=1&a=2&b%20c=d%26e"],
    );
    check_query(
        whole("application/json"),
        json!({ "a": 1 }),
        expect!["GET /x?%7B%22a%22%3A1%7D"],
    );
    check_query(
        whole("application/x-www-form-urlencoded"),
        json!("a=1&b=x y#z"),
        expect!["GET /x?a=1&b=x%20y%23z"],
    );
}

#[test]
fn an_argument_that_nothing_declares_is_not_sent() {
    check(
        &operation("GET", "/x"),
        &json!({ "admin": true }),
        expect!["GET /x"],
    );
}
