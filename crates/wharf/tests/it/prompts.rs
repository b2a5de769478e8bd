//! Prompts.

use expect_test::expect;
use serde_json::json;
use wharf::testing::Client;
use wharf::{Image, Messages, Server};

/// Asks for a review.
#[wharf::prompt(title = "Review")]
fn review(
    /// The code to look at.
    code: String,
    /// How many remarks at most.
    #[arg(default = 3)]
    remarks: u8,
    language: Option<String>,
) -> String {
    format!("Review {code} in {language:?}, {remarks} remarks")
}

/// Starts a conversation.
#[wharf::prompt]
async fn conversation() -> wharf::Result<Messages> {
    Ok(Messages::user("What is this?")
        .then_user(Image::png([1]))
        .assistant("A dot."))
}

async fn client() -> Client {
    Client::new(Server::new("prompts").prompt(review).prompt(conversation)).await
}

#[tokio::test]
async fn arguments_are_typed_and_may_be_left_out() {
    let client = client().await;
    let all = json!({ "code": "x", "remarks": "5", "language": "Rust" });
    let text = client.prompt("review", all).await.expect("a prompt");
    expect![[r#"Review x in Some("Rust"), 5 remarks"#]].assert_eq(&text);
    let text = client
        .prompt("review", json!({ "code": "x" }))
        .await
        .expect("a prompt");
    expect!["Review x in None, 3 remarks"].assert_eq(&text);
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let client = client().await;
    for (arguments, expected) in [
        (
            json!({}),
            expect!["Invalid params: `code` is required and missing (-32602)"],
        ),
        (
            json!({ "code": "x", "remarks": "many" }),
            expect!["Invalid params: `remarks`: invalid digit found in string (-32602)"],
        ),
        (
            json!({ "code": "x", "lang": "Rust" }),
            expect!["Invalid params: `lang` is no argument of this prompt (-32602)"],
        ),
    ] {
        let error = client
            .prompt("review", arguments)
            .await
            .expect_err("it is refused");
        expected.assert_eq(&error.to_string());
    }
}

#[tokio::test]
async fn a_list_says_what_is_required() {
    let list = client()
        .await
        .request("prompts/list", json!({}))
        .await
        .expect("a list");
    expect![[r#"{"prompts":[{"name":"review","title":"Review","description":"Asks for a review.","arguments":[{"name":"code","description":"The code to look at.","required":true},{"name":"remarks","description":"How many remarks at most."},{"name":"language"}]},{"name":"conversation","description":"Starts a conversation."}],"ttlMs":60000,"cacheScope":"public"}"#]].assert_eq(&list.to_string());
    let messages = client()
        .await
        .request("prompts/get", json!({ "name": "conversation" }))
        .await;
    expect![[r#"{"description":"Starts a conversation.","messages":[{"role":"user","content":{"type":"text","text":"What is this?"}},{"role":"user","content":{"type":"image","data":"AQ==","mimeType":"image/png"}},{"role":"assistant","content":{"type":"text","text":"A dot."}}]}"#]].assert_eq(&messages.expect("messages").to_string());
}
