use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::{check, operation, parameter, with_content};
use crate::operation::{Location, Parameter, Style};

#[track_caller]
fn check_parameter(parameter: Parameter, value: Value, expected: Expect) {
    let argument = parameter.argument.clone();
    check(
        &operation("GET", "/x").with(parameter),
        &json!({ argument: value }),
        expected,
    );
}

fn header(name: &str, explode: bool) -> Parameter {
    parameter(name, Location::Header, Style::Simple, explode)
}

fn cookie(name: &str, style: Style, explode: bool) -> Parameter {
    parameter(name, Location::Cookie, style, explode)
}

#[test]
fn every_type_becomes_header_text() {
    check_parameter(
        header("X-Flag", false),
        json!(true),
        expect![[r#"
        GET /x
        X-Flag: true"#]],
    );
    check_parameter(
        header("X-N", false),
        json!(5.0),
        expect![[r#"
        GET /x
        X-N: 5"#]],
    );
    check_parameter(
        header("X-L", false),
        json!(["a", "b c"]),
        expect![[r#"
        GET /x
        X-L: a,b c"#]],
    );
    check_parameter(
        header("X-O", false),
        json!({ "R": 1, "G": 2 }),
        expect![[r#"
        GET /x
        X-O: R,1,G,2"#]],
    );
    check_parameter(
        header("X-O", true),
        json!({ "R": 1, "G": 2 }),
        expect![[r#"
        GET /x
        X-O: R=1,G=2"#]],
    );
    check_parameter(
        header("If-Match", false),
        json!("\"v1/%2F\""),
        expect![[r#"
        GET /x
        If-Match: "v1/%2F""#]],
    );
    check_parameter(header("X-L", false), json!([]), expect!["GET /x"]);
    check_parameter(header("X-L", false), json!(null), expect!["GET /x"]);
}

#[test]
fn a_header_in_json_is_ascii() {
    check_parameter(
        with_content(header("Dropbox-API-Arg", false), "application/json"),
        json!({ "path": "/ü\u{1f600}\u{7f}" }),
        expect![[r#"
            GET /x
            Dropbox-API-Arg: {"path":"/\u00fc\ud83d\ude00\u007f"}"#]],
    );
}

#[test]
fn text_beyond_ascii_is_utf_8() {
    check_parameter(
        header("X-Name", false),
        json!("Jürgen"),
        expect![[r#"
        GET /x
        X-Name: Jürgen"#]],
    );
}

#[test]
fn a_value_cannot_end_its_header() {
    check_parameter(
        header("X-N", false),
        json!("a\r\nHost: evil"),
        expect![[r#"
        error: the argument `X-N` has the character '\r', which a header cannot carry
        hint: remove line breaks and control characters from `X-N`"#]],
    );
    check_parameter(
        header("X-N", false),
        json!(["a", "b\n"]),
        expect![[r#"
        error: the argument `X-N` has the character '\n', which a header cannot carry
        hint: remove line breaks and control characters from `X-N`"#]],
    );
    check_parameter(
        header("X-N", false),
        json!("\0"),
        expect![[r#"
        error: the argument `X-N` has the character '\0', which a header cannot carry
        hint: remove line breaks and control characters from `X-N`"#]],
    );
    check_parameter(
        header("X N", false),
        json!("a"),
        expect![[r#"
        error: the document names a header `X N`, which is no legal header name
        hint: correct the name in the API document"#]],
    );
}

#[test]
fn arguments_that_are_not_declared_are_no_headers() {
    let arguments =
        json!({ "Authorization": "Bearer x", "Cookie": "a=b", "Host": "evil", "X-N": "1" });
    check(
        &operation("GET", "/x").with(header("X-N", false)),
        &arguments,
        expect![[r#"
        GET /x
        X-N: 1"#]],
    );
}

#[test]
fn the_connection_frames_the_message() {
    let operation = operation("GET", "/x")
        .with(header("Content-Length", false))
        .with(header("transfer-encoding", false))
        .with(header("Content-Type", false));
    let arguments =
        json!({ "Content-Length": 5, "transfer-encoding": "chunked", "Content-Type": "text/html" });
    check(
        &operation,
        &arguments,
        expect![[r#"
        GET /x
        ignored: Content-Length, transfer-encoding, Content-Type"#]],
    );
}

#[test]
fn accept_tells_the_documents_order() {
    let mut operation = operation("GET", "/x");
    operation.accepts = vec![
        "application/json".to_owned(),
        "text/csv".to_owned(),
        "application/pdf".to_owned(),
    ];
    check(
        &operation,
        &json!({}),
        expect![[r#"
        GET /x
        Accept: application/json, text/csv;q=0.9, application/pdf;q=0.8"#]],
    );
    operation.accepts = vec!["application/vnd.acme+json".to_owned()];
    check(
        &operation,
        &json!({}),
        expect![[r#"
        GET /x
        Accept: application/vnd.acme+json"#]],
    );
    operation.accepts = Vec::new();
    check(
        &operation,
        &json!({}),
        expect![[r#"
        GET /x
        Accept: application/json, */*;q=0.8"#]],
    );
    check(
        &operation.with(header("accept", false)),
        &json!({ "accept": "text/csv" }),
        expect![[r#"
        GET /x
        Accept: text/csv"#]],
    );
}

#[test]
fn cookies_share_one_header() {
    let operation = operation("GET", "/x")
        .with(cookie("sid", Style::Form, true))
        .with(cookie("l", Style::Form, false))
        .with(cookie("m", Style::Form, true));
    check(
        &operation,
        &json!({ "sid": "abc", "l": ["a", "b"], "m": ["c", "d"] }),
        expect![[r#"
        GET /x
        Cookie: sid=abc; l=a,b; m=c; m=d"#]],
    );
    check(&operation, &json!({}), expect!["GET /x"]);
}

#[test]
fn a_cookie_keeps_what_cookies_may_hold() {
    check_parameter(
        cookie("t", Style::Form, true),
        json!("eyJ.a/b=="),
        expect![[r#"
        GET /x
        Cookie: t=eyJ.a/b=="#]],
    );
    check_parameter(
        cookie("t", Style::Form, true),
        json!("a; admin=1\r\n\"é"),
        expect![[r#"
        GET /x
        Cookie: t=a%3B%20admin=1%0D%0A%22%C3%A9"#]],
    );
}

#[test]
fn the_cookie_style_is_verbatim_and_refuses_what_would_break_out() {
    check_parameter(
        cookie("t", Style::Cookie, true),
        json!({ "a": "x y%", "b": 2 }),
        expect![[r#"
        GET /x
        Cookie: a=x y%; b=2"#]],
    );
    check_parameter(
        cookie("t", Style::Cookie, true),
        json!("a; admin=1"),
        expect![[r#"
        error: the argument `t` has the character ';', which a cookie cannot carry
        hint: remove line breaks and control characters from `t`"#]],
    );
}
