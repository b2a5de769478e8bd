use expect_test::expect;
use serde_json::{Value, json};

use super::{allow_reserved, check, operation, parameter, planned, with_content};
use crate::operation::{Location, Parameter, Style};

fn id(style: Style, explode: bool) -> Parameter {
    parameter("id", Location::Path, style, explode)
}

#[track_caller]
fn check_id(style: Style, explode: bool, value: Value, expected: expect_test::Expect) {
    check(
        &operation("GET", "/x/{id}").with(id(style, explode)),
        &json!({ "id": value }),
        expected,
    );
}

#[track_caller]
fn check_delete(path: &str, value: &str, expected: expect_test::Expect) {
    let operation = operation("DELETE", path).with(id(Style::Simple, false));
    check(&operation, &json!({ "id": value }), expected);
}

#[test]
fn simple_values_keep_only_unreserved_characters() {
    check_id(
        Style::Simple,
        false,
        json!("a b/c"),
        expect!["GET /x/a%20b%2Fc"],
    );
    check_id(
        Style::Simple,
        false,
        json!("1.2.3-rc_1~x"),
        expect!["GET /x/1.2.3-rc_1~x"],
    );
    check_id(
        Style::Simple,
        false,
        json!("?#%&=+:@;,"),
        expect!["GET /x/%3F%23%25%26%3D%2B%3A%40%3B%2C"],
    );
    check_id(
        Style::Simple,
        false,
        json!("größe"),
        expect!["GET /x/gr%C3%B6%C3%9Fe"],
    );
}

#[test]
fn numbers_are_exact_and_lose_an_empty_fraction() {
    check_id(
        Style::Simple,
        false,
        json!(9_007_199_254_740_993_i64),
        expect!["GET /x/9007199254740993"],
    );
    check_id(
        Style::Simple,
        false,
        json!(u64::MAX),
        expect!["GET /x/18446744073709551615"],
    );
    check_id(
        Style::Simple,
        false,
        json!(i64::MIN),
        expect!["GET /x/-9223372036854775808"],
    );
    check_id(Style::Simple, false, json!(1.0), expect!["GET /x/1"]);
    check_id(Style::Simple, false, json!(-0.0), expect!["GET /x/0"]);
    check_id(Style::Simple, false, json!(1.25), expect!["GET /x/1.25"]);
    check_id(Style::Simple, false, json!(1e21), expect!["GET /x/1e%2B21"]);
    check_id(Style::Simple, false, json!(true), expect!["GET /x/true"]);
}

#[test]
fn arrays_and_objects_follow_their_style() {
    let array = || json!(["a", "b,c"]);
    let object = || json!({ "R": 1, "G": 2 });
    check_id(Style::Simple, false, array(), expect!["GET /x/a,b%2Cc"]);
    check_id(Style::Simple, false, object(), expect!["GET /x/R,1,G,2"]);
    check_id(Style::Simple, true, object(), expect!["GET /x/R=1,G=2"]);
    check_id(Style::Label, false, json!("blue"), expect!["GET /x/.blue"]);
    check_id(Style::Label, false, array(), expect!["GET /x/.a,b%2Cc"]);
    check_id(Style::Label, true, array(), expect!["GET /x/.a.b%2Cc"]);
    check_id(Style::Label, false, object(), expect!["GET /x/.R,1,G,2"]);
    check_id(Style::Label, true, object(), expect!["GET /x/.R=1.G=2"]);
    check_id(
        Style::Matrix,
        false,
        json!("blue"),
        expect!["GET /x/;id=blue"],
    );
    check_id(Style::Matrix, false, array(), expect!["GET /x/;id=a,b%2Cc"]);
    check_id(
        Style::Matrix,
        true,
        array(),
        expect!["GET /x/;id=a;id=b%2Cc"],
    );
    check_id(
        Style::Matrix,
        false,
        object(),
        expect!["GET /x/;id=R,1,G,2"],
    );
    check_id(Style::Matrix, true, object(), expect!["GET /x/;R=1;G=2"]);
    check_id(Style::Matrix, false, json!(""), expect!["GET /x/;id"]);
}

#[test]
fn a_style_that_paths_do_not_know_is_simple() {
    check_id(Style::Form, true, json!(["a", "b"]), expect!["GET /x/a,b"]);
    check_id(
        Style::DeepObject,
        true,
        json!({ "R": 1 }),
        expect!["GET /x/R=1"],
    );
}

#[test]
fn no_value_climbs_out_of_its_segment() {
    check_delete(
        "/x/{id}",
        "..",
        expect![[r#"
        error: the argument `id` would put `..` into the path, which climbs out of it
        hint: give `id` without `.` or `..` between slashes"#]],
    );
    for climbing in [
        ".",
        "..",
        "../admin",
        "a/../../b",
        "..\\admin",
        "a\\..\\b",
        "%2e%2e",
        "%2E%2E%2Fadmin",
        "..;x=1",
        "a/..;/b",
        "x/.",
    ] {
        let operation = operation("GET", "/x/{id}").with(id(Style::Simple, false));
        let planned = planned(&operation, &json!({ "id": climbing }));
        assert!(
            planned.contains("climbs out of it"),
            "{climbing:?} gave {planned}"
        );
    }
    check_id(
        Style::Label,
        false,
        json!("."),
        expect![[r#"
        error: the argument `id` would put `..` into the path, which climbs out of it
        hint: give `id` without `.` or `..` between slashes"#]],
    );
}

#[test]
fn dots_inside_a_segment_are_data() {
    check_delete("/x/{id}", "main..dev", expect!["DELETE /x/main..dev"]);
    check_delete("/x/{id}", "...", expect!["DELETE /x/..."]);
    check_delete("/x/v{id}", "..", expect!["DELETE /x/v.."]);
    check_delete("/x/{id}.json", "..", expect!["DELETE /x/...json"]);
    check_delete("/x/{id}", "a/b", expect!["DELETE /x/a%2Fb"]);
}

#[test]
fn two_arguments_together_do_not_climb_either() {
    let operation = operation("GET", "/x/{a}{b}")
        .with(parameter("a", Location::Path, Style::Simple, false))
        .with(parameter("b", Location::Path, Style::Simple, false));
    check(
        &operation,
        &json!({ "a": ".", "b": "." }),
        expect![[r#"
        error: the argument `b` would put `..` into the path, which climbs out of it
        hint: give `b` without `.` or `..` between slashes"#]],
    );
}

#[test]
fn an_empty_segment_is_harmless_only_to_readers() {
    check_delete(
        "/users/{id}",
        "",
        expect![[r#"
        error: the argument `id` would leave an empty segment in the path
        hint: give `id` a value; without one the call would reach the whole collection"#]],
    );
    check_id(Style::Simple, false, json!(""), expect!["GET /x/"]);
}

#[test]
fn a_path_argument_must_be_there() {
    let operation = operation("GET", "/x/{id}").with(id(Style::Simple, false));
    for nothing in [
        json!({}),
        json!({ "id": null }),
        json!({ "id": [] }),
        json!({ "id": {} }),
    ] {
        let planned = planned(&operation, &nothing);
        assert_eq!(
            planned,
            "error: the argument `id` is required and was not given\nhint: give `id`"
        );
    }
}

#[test]
fn a_placeholder_must_have_a_parameter() {
    check(
        &operation("GET", "/x/{who}"),
        &json!({}),
        expect![[r#"
        error: the path has a placeholder `{who}` that no parameter fills
        hint: declare a path parameter `who` in the API document"#]],
    );
}

#[test]
fn placeholders_are_found_as_routers_write_them() {
    let plan = |path: &str, value: &str| {
        let operation = operation("GET", path).with(id(Style::Simple, false));
        planned(&operation, &json!({ "id": value }))
    };
    expect!["GET /x/7"].assert_eq(&plan("/x/{id:[0-9]+}", "7"));
    expect!["GET /x/7"].assert_eq(&plan("/x/{ID}", "7"));
    expect!["GET /x/a/b%20c"].assert_eq(&plan("/x/{id+}", "a/b c"));
    expect!["GET /x/a/b"].assert_eq(&plan("/x/{+id}", "a/b"));
    expect![[r#"
        error: the argument `id` would put `..` into the path, which climbs out of it
        hint: give `id` without `.` or `..` between slashes"#]]
    .assert_eq(&plan("/x/{id+}", "a/../b"));
    expect!["GET /x/7"].assert_eq(&plan("/x/{id}{?page,size}", "7"));
}

#[test]
fn two_parameters_of_one_name_have_arguments_of_their_own() {
    let mut query = parameter("id", Location::Query, Style::Form, true);
    query.argument = "query_id".to_owned();
    let operation = operation("GET", "/x/{id}")
        .with(id(Style::Simple, false))
        .with(query);
    check(
        &operation,
        &json!({ "id": "p", "query_id": "q" }),
        expect!["GET /x/p?id=q"],
    );
}

#[test]
fn reserved_characters_stay_inside_their_segment() {
    let operation = operation("GET", "/x/{id}").with(allow_reserved(id(Style::Simple, false)));
    check(
        &operation,
        &json!({ "id": "a:b/c?d#e&f=g+h%2Fi%" }),
        expect!["GET /x/a:b%2Fc%3Fd%23e&f=g+h%2Fi%25"],
    );
}

#[test]
fn a_content_parameter_is_json_in_the_path_too() {
    let operation = operation("GET", "/x/{id}")
        .with(with_content(id(Style::Simple, false), "application/json"));
    check(
        &operation,
        &json!({ "id": { "a": 1.0 } }),
        expect!["GET /x/%7B%22a%22%3A1%7D"],
    );
}

#[test]
fn the_documents_own_text_is_repaired_and_not_encoded_twice() {
    let operation = operation("GET", "/a b/%7Bc%7D/ü:run/{id}").with(id(Style::Simple, false));
    check(
        &operation,
        &json!({ "id": "x" }),
        expect!["GET /a%20b/%7Bc%7D/%C3%BC:run/x"],
    );
}

#[test]
fn a_fixed_query_stays_and_a_fragment_goes() {
    let operation = operation("GET", "/q?action=list#ListThings").with(parameter(
        "x",
        Location::Query,
        Style::Form,
        true,
    ));
    check(
        &operation,
        &json!({ "x": "1" }),
        expect!["GET /q?action=list&x=1"],
    );
    check(&operation, &json!({}), expect!["GET /q?action=list"]);
}

#[test]
fn placeholders_in_the_fixed_query_are_filled_once() {
    let operation = operation("GET", "/q?id={id}&lang={lang}")
        .with(id(Style::Simple, false))
        .with(parameter("lang", Location::Query, Style::Form, true));
    check(
        &operation,
        &json!({ "id": "a&b", "lang": "de" }),
        expect!["GET /q?id=a%26b&lang=de"],
    );
    check(&operation, &json!({ "id": "a" }), expect!["GET /q?id=a"]);
}

#[test]
fn servers_are_joined_as_they_come() {
    let mut operation = operation("GET", "x");
    operation.server = "/v1/".to_owned();
    check(&operation, &json!({}), expect!["GET /v1/x"]);
    operation.server = "https://api.test/v1?key=a b#top".to_owned();
    check(&operation, &json!({}), expect!["GET /v1/x?key=a%20b"]);
    operation.server = String::new();
    check(&operation, &json!({}), expect!["GET /x"]);
}
