//! The least of an MCP client over HTTP: one request a connection.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use serde_json::{Value, json};

/// What every modern request carries.
pub(crate) fn meta() -> Value {
    json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {}
    })
}

/// A modern request as JSON-RPC.
pub(crate) fn request(method: &str, mut params: Value) -> Value {
    let mut all = meta();
    if let (Some(all), Some(own)) = (all.as_object_mut(), params["_meta"].as_object()) {
        all.extend(own.clone());
    }
    params["_meta"] = all;
    json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
}

/// Asks over HTTP and reads the answer.
pub(crate) fn ask(address: SocketAddr, method: &str, params: Value) -> io::Result<Value> {
    let name = params["name"].as_str().unwrap_or_default();
    let named = if name.is_empty() {
        String::new()
    } else {
        format!("mcp-name: {name}\r\n")
    };
    let body = request(method, params).to_string();
    let head = format!(
        "POST /mcp HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
         accept: application/json, text/event-stream\r\nmcp-protocol-version: 2026-07-28\r\n\
         mcp-method: {method}\r\ncontent-length: {}\r\nconnection: close\r\n",
        body.len()
    );
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(format!("{head}{named}\r\n{body}").as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let start = answer.find('{').ok_or(io::ErrorKind::UnexpectedEof)?;
    let end = answer.rfind('}').ok_or(io::ErrorKind::UnexpectedEof)?;
    Ok(serde_json::from_str(&answer[start..=end])?)
}

/// Calls a tool and returns the whole JSON-RPC answer.
pub(crate) fn call(address: SocketAddr, name: &str, arguments: Value) -> io::Result<Value> {
    ask(
        address,
        "tools/call",
        json!({"name": name, "arguments": arguments}),
    )
}

/// The names of all listed tools.
pub(crate) fn tool_names(address: SocketAddr) -> Vec<String> {
    let answer = ask(address, "tools/list", json!({})).unwrap();
    let tools = answer["result"]["tools"]
        .as_array()
        .unwrap_or_else(|| panic!("{answer}"));
    tools
        .iter()
        .map(|tool| tool["name"].as_str().unwrap().to_owned())
        .collect()
}
