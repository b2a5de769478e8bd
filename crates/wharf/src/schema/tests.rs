use expect_test::{Expect, expect};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::Schema;

/// How warm it is.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Unit {
    Celsius,
    Fahrenheit,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is of interest")]
struct Wanted {
    /// The city's name.
    city: String,
    #[schemars(range(min = 1, max = 7))]
    days: u8,
    unit: Option<Unit>,
    #[serde(default)]
    near: Vec<Place>,
}

#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only its schema is of interest")]
struct Place {
    latitude: f64,
    longitude: f64,
}

#[track_caller]
fn check(value: &str, expected: Expect) {
    let value: &RawValue = serde_json::from_str(value).expect("the test's own JSON");
    expected.assert_eq(&Schema::input::<Wanted>().check(value).to_string());
}

#[test]
fn a_schema_says_what_a_model_needs_and_no_more() {
    expect![[r#"{"type":"object","additionalProperties":false,"properties":{"city":{"type":"string","description":"The city's name."},"days":{"type":"integer","minimum":1,"maximum":7},"unit":{"type":["string","null"],"enum":["celsius","fahrenheit",null],"description":"How warm it is."},"near":{"type":"array","items":{"type":"object","properties":{"latitude":{"type":"number"},"longitude":{"type":"number"}},"required":["latitude","longitude"]}}},"required":["city","days"]}"#]]
        .assert_eq(Schema::input::<Wanted>().text.get());
}

#[test]
fn a_value_that_fits_has_no_problems() {
    check(r#"{"city":"Oslo","days":3}"#, expect![""]);
    check(r#"{"city":"Oslo","days":3,"unit":null}"#, expect![""]);
    check(
        r#"{"city":"Oslo","days":7,"unit":"celsius","near":[{"latitude":1,"longitude":2.5}]}"#,
        expect![""],
    );
}

#[test]
fn every_problem_names_its_field_and_what_was_expected_and_what_came() {
    check(
        r#"{"citi":"Oslo","days":"three","unit":"kelvin","near":[{"latitude":true}]}"#,
        expect![[r#"
            - `citi`: there is no such field; did you mean `city`?
            - `days`: expected an integer from 1 to 7, got the string "three"
            - `unit`: expected one of "celsius", "fahrenheit", null, got "kelvin"
            - `near[0].latitude`: expected a number, got true
            - `near[0].longitude`: required and missing; expected a number
            - `city`: required and missing; expected a string (The city's name)"#]],
    );
    check(
        r#"{"city":null,"days":0}"#,
        expect![[r#"
        - `city`: expected a string, got null
        - `days`: expected an integer from 1 to 7, got 0"#]],
    );
    check("[1,2]", expect!["- expected an object, got an array of 2"]);
}

#[test]
fn long_values_are_shortened() {
    let long = format!(r#"{{"city":7,"days":"{}"}}"#, "x".repeat(500));
    check(
        &long,
        expect![[r#"
        - `city`: expected a string, got 7
        - `days`: expected an integer from 1 to 7, got the string "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…""#]],
    );
}
