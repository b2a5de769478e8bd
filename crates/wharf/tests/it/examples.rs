//! The examples, as the programs they are: over standard input and output, and over HTTP.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// A program that ends with its test.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Program {
    fn start(name: &str, arguments: &[&str]) -> Self {
        let child = Command::new(example(name))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        Self(child.expect("cargo builds the examples before it runs this"))
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        let frame = modern(method, params).to_string();
        let input = self.0.stdin.as_mut().expect("a pipe");
        writeln!(input, "{frame}").expect("it reads");
        let mut line = String::new();
        let output = self.0.stdout.as_mut().expect("a pipe");
        BufReader::new(output)
            .read_line(&mut line)
            .expect("it answers");
        serde_json::from_str(&line).expect("JSON")
    }
}

/// Beside this very test, in the directory of the examples.
fn example(name: &str) -> PathBuf {
    let mut path = std::env::current_exe().expect("this test runs");
    path.pop();
    path.pop();
    path.join("examples").join(name)
}

fn modern(method: &str, mut params: Value) -> Value {
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": { "elicitation": {} }
    });
    json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params })
}

#[test]
fn the_weather_is_told() {
    let call = json!({ "name": "get_weather", "arguments": { "city": "Oslo" } });
    let answer = Program::start("weather", &[]).ask("tools/call", call);
    assert_eq!(
        answer["result"]["content"][0]["text"],
        "It is sunny in Oslo."
    );
}

#[test]
fn notes_are_read() {
    let answer =
        Program::start("notes", &[]).ask("resources/read", json!({ "uri": "notes://7/text" }));
    assert_eq!(answer["result"]["contents"][0]["text"], "# Note 7");
}

#[test]
fn a_review_is_asked_for() {
    let params = json!({ "name": "review", "arguments": { "code": "1", "language": "Rust" } });
    let answer = Program::start("review", &[]).ask("prompts/get", params);
    let text = &answer["result"]["messages"][0]["content"]["text"];
    assert_eq!(text, "Review this Rust code:\n1");
}

#[test]
fn tickets_are_booked_in_two_rounds() {
    let mut program = Program::start("tickets", &[]);
    let mut call = json!({ "name": "book", "arguments": { "show": "Lear" } });
    let asked = program.ask("tools/call", call.clone());
    let asked = &asked["result"];
    assert_eq!(asked["resultType"], "input_required", "{asked}");
    let questions = asked["inputRequests"].as_object().expect("questions");
    let (key, _) = questions.iter().next().expect("one question");
    let content = json!({ "count": 2, "row": "C" });
    call["inputResponses"] = json!({ key: { "action": "accept", "content": content } });
    call["requestState"] = asked["requestState"].clone();
    let answer = program.ask("tools/call", call);
    let text = &answer["result"]["content"][0]["text"];
    assert_eq!(text, "2 seats in row C for Lear, held as 4711", "{answer}");
}

#[test]
fn one_flag_serves_over_http() {
    let free =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let address = free.expect("a free port").to_string();
    let _program = Program::start("weather", &["--http", &address]);
    let call = json!({ "name": "get_weather", "arguments": { "city": "Oslo" } });
    let body = modern("tools/call", call).to_string();
    let mut stream = loop {
        // The test's own time limit ends this where nothing ever listens.
        match TcpStream::connect(&address) {
            Ok(stream) => break stream,
            Err(_) => std::thread::yield_now(),
        }
    };
    let request = format!(
        "POST /mcp HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nAccept: \
         application/json, text/event-stream\r\nMCP-Protocol-Version: 2026-07-28\r\nMcp-Method: \
         tools/call\r\nMcp-Name: get_weather\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut found = String::new();
    stream.read_to_string(&mut found).expect("it answers");
    assert!(found.contains("It is sunny in Oslo."), "{found}");
}
