//! What a function is handed beside its arguments.

use std::sync::Mutex;

use expect_test::expect;
use serde_json::{Value, json};
use wharf::testing::Client;
use wharf::{Call, Caller, Cancellation, Extract, Log, Metadata, Progress, Result, Server, State};

struct Counter(Mutex<u32>);

/// Counts calls.
#[wharf::tool]
fn count(counter: State<Counter>) -> u32 {
    let mut count = counter.0.lock().expect("nobody panicked");
    *count += 1;
    *count
}

#[tokio::test]
async fn state_is_shared_by_calls() {
    let client = Client::new(
        Server::new("test")
            .state(Counter(Mutex::new(0)))
            .tool(count),
    )
    .await;
    client.call("count", json!({})).await;
    assert_eq!(client.call("count", json!({})).await.structured::<u32>(), 2);
}

/// Takes everything, in any order.
#[wharf::tool]
async fn everything(
    progress: Progress,
    first: String,
    log: Log,
    caller: Caller,
    second: u8,
    metadata: Metadata,
    cancellation: Cancellation,
) -> String {
    progress.say(1, 2, "half").await;
    log.warning("careful").await;
    let (over, token) = (
        cancellation.is_over(),
        metadata.read::<Value>("progressToken"),
    );
    format!("{first} {second} {:?} {over} {token:?}", caller.principal())
}

#[tokio::test]
async fn extractors_are_not_arguments() {
    let client = Client::of(everything).await;
    let answer = client
        .call("everything", json!({ "first": "a", "second": 2 }))
        .await;
    expect!["a 2 None false Some(Number(1))"].assert_eq(&answer.text());
    expect![[r#"[{"progressToken":1,"progress":1.0,"total":2.0,"message":"half"},{"level":"warning","data":"careful"}]"#]].assert_eq(&Value::from(client.heard()).to_string());
    expect![[r#"{"type":"object","additionalProperties":false,"properties":{"first":{"type":"string"},"second":{"type":"integer","minimum":0,"maximum":255}},"required":["first","second"]}"#]].assert_eq(&client.tools().await[0]["inputSchema"].to_string());
}

struct Tenant(String);

impl Extract for Tenant {
    async fn extract(call: &Call<'_>) -> Result<Self> {
        Ok(Self(format!("{:?}", call.exchange().revision)))
    }
}

/// Uses a type of the user's own.
#[wharf::tool]
fn tenant(#[extract] tenant: Tenant) -> String {
    tenant.0
}

#[tokio::test]
async fn a_type_of_ones_own_can_be_handed_in() {
    let answer = Client::of(tenant).await.call("tenant", json!({})).await;
    assert_eq!(answer.text(), "V2026_07_28");
}
