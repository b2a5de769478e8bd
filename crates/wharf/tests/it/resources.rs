//! Resources and templates.

use expect_test::expect;
use serde_json::json;
use wharf::protocol::revision::Revision;
use wharf::testing::Client;
use wharf::{Error, Result, Server};

/// All there is.
#[wharf::resource("notes://all", mime = "text/markdown")]
fn all() -> &'static str {
    "# Notes"
}

async fn numbers(typed: String) -> Vec<String> {
    (1..=12)
        .map(|n: u32| n.to_string())
        .filter(|n| n.starts_with(&typed))
        .collect()
}

/// One note.
#[wharf::resource("notes://{id}/text")]
async fn note(#[arg(complete = numbers)] id: u32) -> Result<String> {
    if id > 12 {
        return Err(Error::new("there are 12 notes"));
    }
    Ok(format!("Note {id}"))
}

/// Any file.
#[wharf::resource("file:///{+path}")]
fn file(path: String) -> Vec<u8> {
    path.into_bytes()
}

#[derive(serde::Serialize)]
struct Facts {
    count: u32,
}

/// How many there are.
#[wharf::resource("notes://facts")]
fn facts() -> Facts {
    Facts { count: 12 }
}

async fn client() -> Client {
    let server = Server::new("notes").resource(all).resource(note);
    Client::new(server.resource(file).resource(facts)).await
}

#[tokio::test]
async fn resources_are_read_by_uri() {
    let client = client().await;
    assert_eq!(
        client.read("notes://all").await.expect("it is there"),
        "# Notes"
    );
    assert_eq!(
        client.read("notes://7/text").await.expect("it is there"),
        "Note 7"
    );
    assert_eq!(
        client.read("file:///a/b").await.expect("it is there"),
        "YS9i"
    );
    let facts = client
        .request("resources/read", json!({ "uri": "notes://facts" }))
        .await;
    expect![[r#"{"contents":[{"uri":"notes://facts","mimeType":"application/json","text":"{\"count\":12}"}]}"#]].assert_eq(&facts.expect("it is there").to_string());
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_in_the_words_of_the_era() {
    let client = client().await;
    for (uri, expected) in [
        ("notes://13/text", expect!["there are 12 notes (-32602)"]),
        (
            "notes://x/text",
            expect!["Invalid params: `id`: invalid digit found in string (-32602)"],
        ),
        ("notes://none", expect!["Resource not found (-32602)"]),
        (
            "file:///../etc/passwd",
            expect!["`path` climbs out of its place (-32602)"],
        ),
        (
            "file:///%2e%2e%2fetc",
            expect!["`path` has an encoded slash in it (-32602)"],
        ),
    ] {
        let error = client.read(uri).await.expect_err("it is refused");
        expected.assert_eq(&error.to_string());
    }
    let client = client.speaking(Revision::V2025_11_25);
    let error = client
        .read("notes://none")
        .await
        .expect_err("it is not there");
    expect!["Resource not found (-32002)"].assert_eq(&error.to_string());
}

#[tokio::test]
async fn lists_tell_resources_from_templates() {
    let client = client().await;
    let resources = client
        .request("resources/list", json!({}))
        .await
        .expect("a list");
    expect![[r#"{"resources":[{"uri":"notes://all","name":"all","description":"All there is.","mimeType":"text/markdown"},{"uri":"notes://facts","name":"facts","description":"How many there are."}],"ttlMs":60000,"cacheScope":"public"}"#]].assert_eq(&resources.to_string());
    let templates = client
        .request("resources/templates/list", json!({}))
        .await
        .expect("a list");
    expect![[r#"{"resourceTemplates":[{"uriTemplate":"notes://{id}/text","name":"note","description":"One note."},{"uriTemplate":"file:///{+path}","name":"file","description":"Any file."}],"ttlMs":60000,"cacheScope":"public"}"#]].assert_eq(&templates.to_string());
}

#[tokio::test]
async fn a_variable_is_completed() {
    let params = json!({
        "ref": { "type": "ref/resource", "uri": "notes://{id}/text" },
        "argument": { "name": "id", "value": "1" }
    });
    let answer = client().await.request("completion/complete", params).await;
    expect![[r#"{"completion":{"values":["1","10","11","12"],"total":4,"hasMore":false}}"#]]
        .assert_eq(&answer.expect("values").to_string());
}
