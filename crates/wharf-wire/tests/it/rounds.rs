//! Requests of more than one round, over HTTP.

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use crate::server::{Server, calling, matches};

/// Calls `tool` with `extra` parameters, as a client with `capabilities`.
async fn call(
    server: &Server,
    tool: &str,
    headers: &str,
    capabilities: Value,
    extra: Value,
) -> String {
    let mut params = json!({
        "name": tool,
        "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": capabilities,
        },
    });
    let members = extra.as_object().cloned().unwrap_or_default();
    params.as_object_mut().expect("an object").extend(members);
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
    server
        .post(&format!("{headers}\n{}", calling(tool)), &body.to_string())
        .await
}

/// The state that the first round of `inquire` yields for the bearer of `token`.
async fn state(server: &Server, token: &str) -> String {
    let headers = format!("Authorization: Bearer {token}");
    let asked = call(
        server,
        "inquire",
        &headers,
        json!({ "roots": {} }),
        json!({}),
    )
    .await;
    let (_, rest) = asked.split_once(r#""requestState":""#).expect("a state");
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// The second round, which brings `state`, by the bearer of `token`.
async fn retry(server: &Server, tool: &str, token: &str, state: &str) -> String {
    let extra = json!({
        "requestState": state,
        "inputResponses": { "roots": { "roots": [] } },
    });
    let headers = format!("Authorization: Bearer {token}");
    call(server, tool, &headers, json!({ "roots": {} }), extra).await
}

#[tokio::test]
async fn a_question_is_asked_and_answered_in_two_requests() {
    let server = Server::start().await;
    let state = state(&server, "alice").await;
    matches(
        &retry(&server, "inquire", "alice", &state).await,
        expect![[r#"
            200 OK
            {"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","heard":{"roots":[]},"_meta":{"io.modelcontextprotocol/serverInfo":{"name":"double","version":"1"}}}}"#]],
    );
}

async fn refused(server: &Server, tool: &str, token: &str, state: &str, expected: Expect) {
    matches(&retry(server, tool, token, state).await, expected);
}

/// RULES C1, C2 and C5.
#[tokio::test]
async fn a_state_of_somebody_else_or_of_nobody_is_refused() {
    let server = Server::start().await;
    let state = state(&server, "alice").await;
    for (token, state) in [("bob", state.as_str()), ("alice", "forged"), ("alice", "")] {
        refused(
            &server,
            "inquire",
            token,
            state,
            expect![[r#"
                200 OK
                {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Invalid params: the requestState is not valid for this request"}}"#]],
        )
        .await;
    }
    // Another server has other keys.
    let other = Server::start().await;
    assert!(
        retry(&other, "inquire", "alice", &state)
            .await
            .contains("-32602")
    );
}

/// RULES C4 and B9.
#[tokio::test]
async fn a_client_is_not_asked_for_what_it_did_not_declare() {
    let server = Server::start().await;
    matches(
        &call(&server, "inquire", "", json!({}), json!({})).await,
        expect![[r#"
            400 Bad Request
            {"jsonrpc":"2.0","id":1,"error":{"code":-32021,"message":"Missing required client capability","data":{"requiredCapabilities":{"roots":{}}}}}"#]],
    );
}
