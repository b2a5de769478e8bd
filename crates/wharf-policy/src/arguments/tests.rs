use expect_test::{Expect, expect};
use serde_json::json;

use super::{BadSchema, Validator};

#[track_caller]
fn check(schema: &str, arguments: &str, expected: Expect) {
    let validator = Validator::compile(schema).unwrap();
    let judged = validator.judge(serde_json::from_str(arguments).unwrap());
    let lines: Vec<String> = match judged {
        Ok(_) => vec!["fine".to_owned()],
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    };
    expected.assert_eq(&lines.join("\n"));
}

const ORDER: &str = r#"{
    "type": "object",
    "required": ["customer_id"],
    "additionalProperties": false,
    "properties": {
        "customer_id": {"type": "integer", "minimum": 1},
        "status": {"enum": ["open", "shipped"]},
        "note": {"type": ["string", "null"], "maxLength": 5},
        "lines": {"type": "array", "maxItems": 2, "items": {
            "type": "object", "properties": {"quantity": {"type": "integer"}}}}
    }}"#;

#[test]
fn sound_arguments_have_no_problems() {
    check(
        ORDER,
        r#"{"customer_id":1,"status":"open","note":null,"lines":[{"quantity":2}]}"#,
        expect!["fine"],
    );
}

#[test]
fn every_complaint_names_field_expectation_and_value() {
    check(
        ORDER,
        r#"{"status":"lost","note":"longer","lines":[{"quantity":"two"}],"custmer_id":1}"#,
        expect![[r#"
            `status`: expected one of "open", "shipped", came "lost"
            `note`: expected at most 5 characters, came "longer"
            `lines[0].quantity`: expected an integer, came "two"
            `custmer_id`: no such field, did you mean `customer_id`?
            `customer_id`: required, but missing"#]],
    );
}

#[test]
fn the_nearest_alternative_explains_a_failed_choice() {
    check(
        r#"{"properties":{"pet":{"anyOf":[
            {"type":"string"},
            {"type":"object","required":["name"]}]}}}"#,
        r#"{"pet":{"kind":"cat"}}"#,
        expect!["`pet.name`: required, but missing"],
    );
}

/// Rule C6.
#[test]
fn a_reference_to_elsewhere_is_refused_and_not_fetched() {
    for reference in ["https://example.com/s.json", "file:///etc/passwd"] {
        let schema = json!({"properties": {"a": {"$ref": reference}}}).to_string();
        let refused = Validator::compile(&schema).unwrap_err();
        assert!(matches!(refused, BadSchema::Schema(_)), "{refused}");
    }
}

/// Rule C7.
#[test]
fn alternatives_that_double_are_refused_before_they_are_tried() {
    let mut defs = serde_json::Map::new();
    for level in 0..30 {
        let next = json!({"$ref": format!("#/$defs/l{}", level + 1)});
        defs.insert(format!("l{level}"), json!({"anyOf": [next, next]}));
    }
    defs.insert("l30".to_owned(), json!({"type": "integer"}));
    let schema = json!({"$ref": "#/$defs/l0", "$defs": defs}).to_string();
    assert!(matches!(
        Validator::compile(&schema),
        Err(BadSchema::Budget(_))
    ));
}

#[test]
fn a_schema_that_recurses_through_properties_is_fine() {
    let schema = r##"{"type":"object","properties":{"root":{"$ref":"#/$defs/node"}},
        "$defs":{"node":{"type":"object","properties":{
            "value":{"type":"integer"},
            "children":{"type":"array","items":{"$ref":"#/$defs/node"}}}}}}"##;
    check(
        schema,
        r#"{"root":{"children":[{"children":[{"value":"x"}]}]}}"#,
        expect![[r#"`root.children[0].children[0].value`: expected an integer, came "x""#]],
    );
}

#[test]
fn a_reference_loop_in_place_ends() {
    let schema =
        r##"{"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}}}"##;
    // Either answer is fine, as long as there is one.
    let _ = Validator::compile(schema).map(|validator| validator.judge(serde_json::Map::new()));
}

#[test]
fn a_million_items_are_refused_without_being_checked() {
    let many = json!({"lines": vec![0; 1_000_000]});
    let validator = Validator::compile(ORDER).unwrap();
    let problems = validator
        .judge(many.as_object().unwrap().clone())
        .unwrap_err();
    expect!["the arguments: expected at most 100000 values in all, came more"]
        .assert_eq(&problems[0].to_string());
}

#[test]
fn a_pattern_of_exponential_cost_is_harmless_or_refused() {
    let schema = r#"{"properties":{"a":{"type":"string","pattern":"^(a+)+$"}}}"#;
    let validator = Validator::compile(schema).unwrap();
    let arguments = json!({"a": format!("{}!", "a".repeat(50_000))});
    assert_eq!(
        validator
            .judge(arguments.as_object().unwrap().clone())
            .unwrap_err()
            .len(),
        1
    );
    let nested = r#"{"properties":{"a":{"pattern":"(a{1,1000}){1,1000}"}}}"#;
    assert!(matches!(
        Validator::compile(nested),
        Err(BadSchema::Schema(_))
    ));
}
