//! From what a model sends to what a function takes.

use expect_test::{Expect, expect};
use serde_json::json;
use wharf::testing::Client;

#[derive(serde::Deserialize, wharf::JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Unit {
    Celsius,
    Fahrenheit,
}

/// Says what the weather will be like.
///
/// Looks seven days ahead.
#[wharf::tool(title = "Forecast", read_only, tags("weather", "public"))]
async fn get_forecast(
    /// The city to look at.
    city: String,
    #[arg(default = 1, range = 1..=7)] days: u8,
    /// Celsius unless said otherwise.
    unit: Option<Unit>,
    #[arg(length = 1..=3, default = vec!["sky".to_owned()])] topics: Vec<String>,
) -> String {
    let unit = match unit {
        None | Some(Unit::Celsius) => "C",
        Some(Unit::Fahrenheit) => "F",
    };
    format!("{city}: {days} days in {unit}, {}", topics.join("+"))
}

#[track_caller]
fn check(arguments: &str, expected: Expect) {
    let arguments = serde_json::from_str(arguments).expect("the test's own JSON");
    let answer = block_on(async {
        Client::of(get_forecast)
            .await
            .call("get_forecast", arguments)
            .await
    });
    let mark = if answer.is_error() { "error: " } else { "" };
    expected.assert_eq(&format!("{mark}{}", answer.text()));
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(work)
}

#[tokio::test]
async fn a_definition_is_made_of_the_function_and_its_comments() {
    let client = Client::of(get_forecast).await;
    let tools = client.tools().await;
    expect![[r#"
        {
          "name": "get_forecast",
          "title": "Forecast",
          "description": "Says what the weather will be like.\n\nLooks seven days ahead.",
          "inputSchema": {
            "type": "object",
            "additionalProperties": false,
            "properties": {
              "city": {
                "type": "string",
                "description": "The city to look at."
              },
              "days": {
                "type": "integer",
                "minimum": 1,
                "maximum": 7,
                "default": 1
              },
              "unit": {
                "type": [
                  "string",
                  "null"
                ],
                "enum": [
                  "celsius",
                  "fahrenheit",
                  null
                ],
                "description": "Celsius unless said otherwise."
              },
              "topics": {
                "type": "array",
                "items": {
                  "type": "string"
                },
                "minItems": 1,
                "maxItems": 3,
                "default": [
                  "sky"
                ]
              }
            },
            "required": [
              "city"
            ]
          },
          "annotations": {
            "readOnlyHint": true
          },
          "_meta": {
            "wharf/tags": [
              "weather",
              "public"
            ]
          }
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&tools[0]).expect("JSON"));
}

#[test]
fn what_may_be_left_out_is_filled_in() {
    check(r#"{"city":"Oslo"}"#, expect!["Oslo: 1 days in C, sky"]);
    check(
        r#"{"city":"Oslo","days":7,"unit":"fahrenheit","topics":["a","b"]}"#,
        expect!["Oslo: 7 days in F, a+b"],
    );
}

#[test]
fn everything_that_is_wrong_is_told_at_once_and_the_function_does_not_run() {
    check(
        r#"{"citty":"Oslo","days":"three"}"#,
        expect![[r#"
        error: The arguments are not valid, so nothing was done:
        - `citty`: there is no such field; did you mean `city`?
        - `days`: expected an integer from 1 to 7, got the string "three"
        - `city`: required and missing; expected a string (The city to look at)"#]],
    );
    check(
        r#"{"city":"Oslo","days":8}"#,
        expect![[r#"
        error: The arguments are not valid, so nothing was done:
        - `days`: expected an integer from 1 to 7, got 8"#]],
    );
    check(
        r#"{"city":"Oslo","unit":"kelvin"}"#,
        expect![[r#"
        error: The arguments are not valid, so nothing was done:
        - `unit`: expected one of "celsius", "fahrenheit", null, got "kelvin""#]],
    );
    check(
        r#"{"city":["Oslo"],"topics":[]}"#,
        expect![[r#"
        error: The arguments are not valid, so nothing was done:
        - `city`: expected a string, got an array of 1
        - `topics`: expected an array of 1 to 3 items, got an array of 0"#]],
    );
    check(
        r#"{"city":null}"#,
        expect![[r#"
        error: The arguments are not valid, so nothing was done:
        - `city`: expected a string, got null"#]],
    );
    check(
        r#"[]"#,
        expect![[r#"
        error: The arguments are not valid, so nothing was done:
        - expected an object, got an array of 0"#]],
    );
}

/// Adds two numbers.
#[wharf::tool]
fn add(left: i64, right: i64) -> i64 {
    left + right
}

#[tokio::test]
async fn the_function_itself_is_beside_the_tool() {
    // A local variable may be called like a tool.
    let add = add::call(1, 2);
    assert_eq!(add, 3);
    let forecast = get_forecast::call("Oslo".to_owned(), 2, None, Vec::new());
    assert_eq!(forecast.await, "Oslo: 2 days in C, ");
}

#[tokio::test]
async fn a_plain_function_serves_as_well() {
    let answer = Client::of(add)
        .await
        .call("add", json!({ "left": 1, "right": 2 }))
        .await;
    assert_eq!(answer.structured::<i64>(), 3);
}

/// Takes nothing.
#[wharf::tool(name = "no-arguments")]
fn nothing() {}

#[tokio::test]
async fn a_tool_without_arguments_takes_an_empty_object_or_none() {
    let client = Client::of(nothing).await;
    for arguments in [json!({}), json!(null)] {
        assert!(!client.call("no-arguments", arguments).await.is_error());
    }
    let answer = client.call("no-arguments", json!({ "x": 1 })).await;
    expect![[r#"
        The arguments are not valid, so nothing was done:
        - `x`: there is no such field"#]]
    .assert_eq(&answer.text());
}
