//! Tools that ask something back: answered at a terminal, told of anywhere else.

use std::io::Write as _;
use std::process::{Command, Stdio};

use expect_test::expect;
use serde_json::{Value, json};

use crate::sandbox::{Sandbox, ended};
use crate::scripted::{Reply, Scripted, Seen};

/// A server of the modern era, with a tool that wants a name and one that wants a page visited.
fn answer(seen: &Seen) -> Reply {
    let message = seen.message();
    let params = &message["params"];
    let result = match message["method"].as_str() {
        Some("server/discover") => json!({
            "supportedVersions": ["2026-07-28"], "capabilities": {"tools": {}},
        }),
        Some("tools/list") => json!({"tools": [
            {"name": "greet", "inputSchema": {"type": "object"}},
            {"name": "pay", "inputSchema": {"type": "object"}},
        ]}),
        Some("tools/call") => match params.get("inputResponses") {
            Some(answers) => json!({"content": [{"type": "text", "text": answers.to_string()}]}),
            None => question(params["name"].as_str().unwrap_or_default()),
        },
        _ => return Reply::status(404),
    };
    let mut result = result;
    let kind = if result.get("inputRequests").is_some() {
        "input_required"
    } else {
        "complete"
    };
    result["resultType"] = kind.into();
    result["ttlMs"] = 0.into();
    result["cacheScope"] = "private".into();
    Reply::json(&json!({"jsonrpc": "2.0", "id": message["id"], "result": result}))
}

fn question(tool: &str) -> Value {
    let params = if tool == "pay" {
        json!({"mode": "url", "message": "Pay", "url": "https://bank.example/pay?id=1"})
    } else {
        json!({"mode": "form", "message": "Who is there?", "requestedSchema": {
            "type": "object", "required": ["name"],
            "properties": {"name": {"type": "string"}, "age": {"type": "integer"}}
        }})
    };
    json!({"inputRequests": {"q": {"method": "elicitation/create", "params": params}}, "requestState": "s"})
}

#[test]
fn where_nobody_is_there_the_question_is_told() {
    let sandbox = Sandbox::new();
    let server = Scripted::start(|_| answer);
    let url = format!("{}/mcp", server.base);
    expect![[r#"
        error: the tool asked something, and nobody was there to answer: “Who is there?” (name, age)
        hint: run the command in a terminal, where you can answer
        exit 1
    "#]]
    .assert_eq(&sandbox.run(&["call", "greet", "--url", &url]).transcript());
    expect![[r#"
        error: the tool asked something, and nobody was there to answer: “Pay” at https://bank.example/pay?id=1
        hint: run the command in a terminal, where you can answer
        exit 1
    "#]].assert_eq(&sandbox.run(&["call", "pay", "--url", &url]).transcript());
}

/// Runs `wharf` at a terminal where `lines` are typed; what it printed, `None` where there is no
/// program that makes terminals.
#[cfg(target_os = "linux")]
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
fn at_a_terminal(arguments: &str, lines: &str) -> Option<String> {
    let sandbox = Sandbox::new();
    let outer = sandbox.command(&[]);
    let line = format!("{} {arguments}", env!("CARGO_BIN_EXE_wharf"));
    let mut command = Command::new("script");
    command
        .args([
            "--quiet",
            "--echo",
            "never",
            "--return",
            "--command",
            &line,
            "/dev/null",
        ])
        .envs(
            outer
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .env("NO_COLOR", "1")
        .current_dir(sandbox.path(""))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let Ok(mut child) = command.spawn() else {
        println!("skipped: there is no `script` that makes a terminal");
        return None;
    };
    child
        .stdin
        .as_mut()
        .unwrap()
        .write_all(lines.as_bytes())
        .unwrap();
    let ended = ended(child.wait_with_output().unwrap());
    Some(ended.transcript().replace("\r\n", "\n"))
}

#[cfg(target_os = "linux")]
#[test]
fn at_a_terminal_the_person_is_asked() {
    let server = Scripted::start(|_| answer);
    let url = format!("{}/mcp", server.base);
    if let Some(told) = at_a_terminal(&format!("call greet --url {url}"), "y\nXu\n\n") {
        expect![[r#"
            The server asks: Who is there?
            Answer? [Y/n] name [a text]: age [a whole number; may be empty]: {
              "q": {
                "action": "accept",
                "content": {
                  "name": "Xu"
                }
              }
            }
            exit 0
        "#]]
        .assert_eq(&told);
    }
    let paying = format!("call pay --no-browser --url {url}");
    if let Some(told) = at_a_terminal(&paying, "n\n") {
        expect![[r#"
            The server sends you to a page of bank.example: Pay
              https://bank.example/pay?id=1
            Will you open it yourself? [y/N] {
              "q": {
                "action": "decline"
              }
            }
            exit 0
        "#]]
        .assert_eq(&told);
    }
}
