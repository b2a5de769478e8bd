//! The tasks extension over HTTP.

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use crate::server::{Server, matches};

/// A client that knows tasks and has roots, called `token`.
struct Caller<'a> {
    server: &'a Server,
    token: &'a str,
}

impl Caller<'_> {
    async fn ask(&self, method: &str, name: &str, params: Value) -> Value {
        let body = body(
            method,
            params,
            json!({
                "roots": {},
                "extensions": { "io.modelcontextprotocol/tasks": {} },
            }),
        );
        let response = self.server.post(&self.headers(method, name), &body).await;
        let (_, body) = response.split_once('\n').expect("a body");
        serde_json::from_str(body).expect("JSON")
    }

    fn headers(&self, method: &str, name: &str) -> String {
        let token = self.token;
        format!(
            "MCP-Protocol-Version: 2026-07-28\nMcp-Method: {method}\nMcp-Name: {name}\nAuthorization: Bearer {token}"
        )
    }

    async fn call(&self, tool: &str) -> String {
        let created = self.ask("tools/call", tool, json!({ "name": tool })).await;
        let id = created["result"]["taskId"].as_str();
        id.unwrap_or_else(|| panic!("no task: {created}"))
            .to_owned()
    }

    async fn of(&self, method: &str, id: &str) -> Value {
        self.ask(method, id, json!({ "taskId": id })).await
    }

    /// Looks at a task until it has `status`.
    async fn until(&self, id: &str, status: &str) -> Value {
        loop {
            let seen = self.of("tasks/get", id).await["result"].take();
            if seen["status"] == status {
                return seen;
            }
            tokio::task::yield_now().await;
        }
    }
}

fn body(method: &str, mut params: Value, capabilities: Value) -> String {
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": capabilities,
    });
    json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }).to_string()
}

/// RULES C11.
#[tokio::test]
async fn a_task_is_found_as_soon_as_its_id_is_known_and_brings_its_result() {
    let server = Server::start().await;
    let alice = Caller {
        server: &server,
        token: "alice",
    };
    let id = alice.call("job").await;
    assert_eq!(
        alice.of("tasks/get", &id).await["result"]["status"],
        "working"
    );
    assert_eq!(id.len(), 32, "192 bits that nobody can guess");
    server.double.released.notify_one();
    let done = alice.until(&id, "completed").await;
    assert_eq!(done["result"], json!({ "content": [] }));
}

/// RULES C11 and C5.
#[tokio::test]
async fn a_task_of_somebody_else_looks_like_none() {
    let server = Server::start().await;
    let alice = Caller {
        server: &server,
        token: "alice",
    };
    let bob = Caller {
        server: &server,
        token: "bob",
    };
    let id = alice.call("job").await;
    for method in ["tasks/get", "tasks/update", "tasks/cancel"] {
        let params = json!({ "taskId": id, "inputResponses": {} });
        let stolen = bob.ask(method, &id, params).await;
        let guessed = json!({ "taskId": "guess", "inputResponses": {} });
        let guessed = bob.ask(method, "guess", guessed).await;
        assert_eq!(stolen["error"], guessed["error"], "{method}");
        assert_eq!(stolen["error"]["code"], -32602, "{method}");
    }
    assert_eq!(
        alice.of("tasks/get", &id).await["result"]["status"],
        "working"
    );
}

#[tokio::test]
async fn a_task_asks_and_goes_on_with_the_answer() {
    let server = Server::start().await;
    let alice = Caller {
        server: &server,
        token: "alice",
    };
    let id = alice.call("asking job").await;
    let asking = alice.until(&id, "input_required").await;
    assert_eq!(
        asking["inputRequests"],
        json!({ "input-1": { "method": "roots/list", "params": {} } })
    );
    let answer =
        |key: &str, roots: Value| json!({ "taskId": id, "inputResponses": { key: roots } });
    let ignored = answer("input-9", json!(1));
    assert!(alice.ask("tasks/update", &id, ignored).await["result"].is_object());
    let malformed = answer("input-1", json!(1));
    assert_eq!(
        alice.ask("tasks/update", &id, malformed).await["error"]["code"],
        -32602
    );
    let sound = answer("input-1", json!({ "roots": [] }));
    assert!(alice.ask("tasks/update", &id, sound).await["result"].is_object());
    let done = alice.until(&id, "completed").await;
    assert_eq!(done["result"], json!({ "heard": { "roots": [] } }));
}

#[tokio::test]
async fn a_cancelled_task_stays_cancelled() {
    let server = Server::start().await;
    let alice = Caller {
        server: &server,
        token: "alice",
    };
    let id = alice.call("job").await;
    for _ in 0..2 {
        assert_eq!(
            alice.of("tasks/cancel", &id).await["result"]["resultType"],
            "complete"
        );
        assert_eq!(
            alice.of("tasks/get", &id).await["result"]["status"],
            "cancelled"
        );
    }
    server.double.released.notify_one();
    assert_eq!(
        alice.of("tasks/get", &id).await["result"]["status"],
        "cancelled"
    );
}

/// One owner may have four tasks here: the fifth call is refused, as this tool cannot do without.
#[tokio::test]
async fn one_caller_cannot_take_all_the_room() {
    let server = Server::start().await;
    let alice = Caller {
        server: &server,
        token: "alice",
    };
    for _ in 0..4 {
        alice.call("job").await;
    }
    let fifth = alice
        .ask("tools/call", "job", json!({ "name": "job" }))
        .await;
    assert_eq!(fifth["error"]["code"], -32021);
    Caller {
        server: &server,
        token: "bob",
    }
    .call("job")
    .await;
}

async fn check(method: &str, name: &str, capabilities: Value, expected: Expect) {
    let server = Server::start().await;
    let caller = Caller {
        server: &server,
        token: "alice",
    };
    let params = json!({ "name": name, "taskId": name, "inputResponses": {} });
    let body = body(method, params, capabilities);
    matches(
        &server.post(&caller.headers(method, name), &body).await,
        expected,
    );
}

/// RULES F and B9.
#[tokio::test]
async fn a_client_that_does_not_know_tasks_gets_none() {
    for (method, name) in [
        ("tools/call", "job"),
        ("tasks/get", "x"),
        ("tasks/cancel", "x"),
    ] {
        check(method, name, json!({}), expect![[r#"
            400 Bad Request
            {"jsonrpc":"2.0","id":1,"error":{"code":-32021,"message":"Missing required client capability","data":{"requiredCapabilities":{"extensions":{"io.modelcontextprotocol/tasks":{}}}}}}"#]]).await;
    }
}

#[tokio::test]
async fn methods_that_are_gone_are_not_found() {
    let capabilities = json!({ "extensions": { "io.modelcontextprotocol/tasks": {} } });
    check("tasks/list", "x", capabilities, expect![[r#"
        404 Not Found
        {"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found: tasks/list"}}"#]])
    .await;
}

#[tokio::test]
async fn a_subscriber_hears_of_its_own_tasks_alone() {
    let server = Server::start().await;
    let alice = Caller {
        server: &server,
        token: "alice",
    };
    let bob = Caller {
        server: &server,
        token: "bob",
    };
    let (own, other) = (alice.call("job").await, bob.call("job").await);
    let listen = body(
        "subscriptions/listen",
        json!({ "notifications": { "taskIds": [own, other] } }),
        json!({ "extensions": { "io.modelcontextprotocol/tasks": {} } }),
    );
    let headers = "MCP-Protocol-Version: 2026-07-28\nMcp-Method: subscriptions/listen\nAuthorization: Bearer alice";
    let mut stream = server.connect().await;
    stream.write(&crate::server::posted(headers, &listen)).await;
    let agreed = stream.until("\n\n").await;
    assert!(
        agreed.contains(&own) && !agreed.contains(&other),
        "{agreed}"
    );
    bob.of("tasks/cancel", &other).await;
    alice.of("tasks/cancel", &own).await;
    let told = stream.until("cancelled").await;
    assert!(
        told.contains("notifications/tasks") && told.contains(&own),
        "{told}"
    );
    assert!(!told.contains(&other), "{told}");
}
