//! From what a function returns to what a model reads.

use std::time::Duration;

use expect_test::{Expect, expect};
use serde_json::json;
use wharf::protocol::revision::Revision;
use wharf::testing::Client;
use wharf::{Context, Error, Image, Reply, Server};

#[derive(serde::Serialize, wharf::JsonSchema)]
struct Weather {
    /// In degrees Celsius.
    temperature: f64,
    sky: &'static str,
}

/// Measures.
#[wharf::tool]
fn structured() -> Weather {
    Weather {
        temperature: 21.5,
        sky: "clear",
    }
}

/// Lists.
#[wharf::tool]
fn list() -> Vec<u8> {
    vec![1, 2]
}

/// Draws.
#[wharf::tool]
fn picture() -> Image {
    Image::png([1, 2, 3])
}

/// Draws and tells.
#[wharf::tool]
fn several() -> Reply {
    Reply::text("Look:")
        .and(Image::png([1]))
        .link("notes://1", "note")
}

/// Fails with a word for the model.
#[wharf::tool]
fn told() -> wharf::Result<Weather> {
    Err(Error::new("there is no station there: try a larger town"))
}

/// Fails with somebody else's error.
#[wharf::tool]
fn hidden() -> wharf::Result<u8> {
    Ok("secret-host:5432".parse::<u8>()?)
}

/// Fails with a word for the model and a cause for the log.
#[wharf::tool]
fn both() -> wharf::Result<u8> {
    "secret".parse::<u8>().context("the station sent nonsense")
}

#[derive(Debug)]
struct Own;

impl std::fmt::Display for Own {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("my own words")
    }
}

impl wharf::ToolError for Own {}

/// Fails with an error of its own.
#[wharf::tool]
fn own() -> Result<String, Own> {
    Err(Own)
}

/// Panics.
#[wharf::tool]
async fn panics() -> String {
    panic!("secret")
}

/// Never ends.
#[wharf::tool(timeout = "20ms")]
async fn late() -> String {
    tokio::time::sleep(Duration::from_hours(1)).await;
    String::new()
}

/// Returns far too much.
#[wharf::tool]
fn huge() -> String {
    "x".repeat(16 << 20)
}

#[derive(serde::Serialize, wharf::JsonSchema)]
struct Promise {
    #[schemars(range(max = 10))]
    small: u32,
}

/// Breaks its own schema.
#[wharf::tool]
fn liar() -> Promise {
    Promise { small: 11 }
}

async fn client() -> Client {
    let server = Server::new("replies");
    let server = server
        .tool(structured)
        .tool(list)
        .tool(picture)
        .tool(several)
        .tool(told);
    let server = server
        .tool(hidden)
        .tool(both)
        .tool(own)
        .tool(panics)
        .tool(late);
    Client::new(server.tool(huge).tool(liar)).await
}

async fn check(tool: &str, expected: Expect) {
    let answer = client().await.call(tool, json!({})).await;
    expected.assert_eq(&answer.json().to_string());
}

#[tokio::test]
async fn a_value_is_structured_content_and_text() {
    check("structured", expect![[r#"{"content":[{"type":"text","text":"{\"temperature\":21.5,\"sky\":\"clear\"}"}],"structuredContent":{"temperature":21.5,"sky":"clear"}}"#]]).await;
    check(
        "list",
        expect![[r#"{"content":[{"type":"text","text":"[1,2]"}],"structuredContent":[1,2]}"#]],
    )
    .await;
}

#[tokio::test]
async fn pictures_and_links_are_what_they_are() {
    check(
        "picture",
        expect![[r#"{"content":[{"type":"image","data":"AQID","mimeType":"image/png"}]}"#]],
    )
    .await;
    check("several", expect![[r#"{"content":[{"type":"text","text":"Look:"},{"type":"image","data":"AQ==","mimeType":"image/png"},{"type":"resource_link","uri":"notes://1","name":"note"}]}"#]]).await;
}

#[tokio::test]
async fn the_model_reads_what_was_written_for_it_and_nothing_else() {
    check("told", expect![[r#"{"content":[{"type":"text","text":"there is no station there: try a larger town"}],"isError":true}"#]]).await;
    check("hidden", expect![[r#"{"content":[{"type":"text","text":"it failed; the reason is in the server's log"}],"isError":true}"#]]).await;
    check(
        "both",
        expect![[
            r#"{"content":[{"type":"text","text":"the station sent nonsense"}],"isError":true}"#
        ]],
    )
    .await;
    check(
        "own",
        expect![[r#"{"content":[{"type":"text","text":"my own words"}],"isError":true}"#]],
    )
    .await;
}

#[tokio::test]
async fn a_tool_that_misbehaves_fails_alone() {
    check("panics", expect![[r#"{"content":[{"type":"text","text":"The tool failed; the reason is in the server's log."}],"isError":true}"#]]).await;
    check("late", expect![[r#"{"content":[{"type":"text","text":"The tool was stopped, since it took longer than 20ms. Ask for less, or try again later."}],"isError":true}"#]]).await;
    check("huge", expect![[r#"{"content":[{"type":"text","text":"the answer has more than 4 MiB, which nobody could read: ask for less at a time"}],"isError":true}"#]]).await;
    check("liar", expect![[r#"{"content":[{"type":"text","text":"The tool's answer was not what it promised; see the server's log."}],"isError":true}"#]]).await;
}

#[tokio::test]
async fn older_clients_get_only_objects() {
    let client = client().await.speaking(Revision::V2025_11_25);
    let answer = client.call("list", json!({})).await;
    expect![[r#"{"content":[{"type":"text","text":"[1,2]"}]}"#]]
        .assert_eq(&answer.json().to_string());
    let tools = client.tools().await;
    let with_schema = tools.iter().filter(|tool| !tool["outputSchema"].is_null());
    let names: Vec<_> = with_schema
        .map(|tool| tool["name"].as_str().unwrap_or_default())
        .collect();
    assert_eq!(names, ["structured", "told", "liar"]);
}
