//! A server of the legacy era, as short as one can be: it greets, lists its tools and calls them.

use serde_json::{Value, json};

use crate::scripted::{Reply, Seen};

/// Answers one request of MCP 2025-11-25.
pub(crate) fn answer(seen: &Seen) -> Reply {
    let message = seen.message();
    match message["method"].as_str() {
        _ if seen.method != "POST" => Reply::status(405),
        Some("initialize") => result(
            &message,
            json!({
                "protocolVersion": "2025-11-25",
                "capabilities": {"tools": {}},
                "serverInfo": {"name": "scripted", "version": "1"},
                "instructions": "Be kind.\u{1b}[2J",
            }),
        ),
        Some("tools/list") => result(&message, json!({ "tools": tools() })),
        Some("tools/call") => called(&message),
        Some("server/discover") => Reply::status(400),
        _ => Reply::status(202),
    }
}

fn result(message: &Value, result: Value) -> Reply {
    Reply::json(&json!({"jsonrpc": "2.0", "id": message["id"], "result": result}))
}

fn refusal(message: &Value, error: Value) -> Reply {
    Reply::json(&json!({"jsonrpc": "2.0", "id": message["id"], "error": error}))
}

fn tools() -> Value {
    json!([
        {"name": "add", "description": "Adds\nand more", "annotations": {"readOnlyHint": true},
         "inputSchema": {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "string"}},
                         "additionalProperties": false}},
        {"name": "fail", "title": "Fails", "inputSchema": {"type": "object"}},
        {"name": "refuse", "annotations": {"destructiveHint": false}, "inputSchema": {"type": "object"}},
        {"name": "pay", "inputSchema": {"type": "object"}},
    ])
}

fn called(message: &Value) -> Reply {
    let params = &message["params"];
    match params["name"].as_str() {
        Some("add") => result(
            message,
            json!({"content": [{"type": "text", "text": params["arguments"].to_string()}], "unheardOf": 1}),
        ),
        Some("fail") => result(
            message,
            json!({"content": [{"type": "text", "text": "it broke\u{1b}[31m"}], "isError": true}),
        ),
        Some("pay") => refusal(
            message,
            json!({"code": -32042, "message": "pay first", "data": {"elicitations": [
                {"mode": "url", "elicitationId": "1", "url": "https://bank.example/pay", "message": "Pay"}
            ]}}),
        ),
        _ => refusal(message, json!({"code": -32050, "message": "not today"})),
    }
}
