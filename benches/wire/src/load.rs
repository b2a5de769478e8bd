//! A client that sends one prebuilt request again and again, and times each answer.

use std::io;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::contest::Shape;
use crate::tool;

pub struct Load {
    port: u16,
    shape: Shape,
    connections: usize,
}

pub struct Measured {
    pub requests: usize,
    pub elapsed: Duration,
    /// Sorted, in microseconds.
    latencies: Vec<f32>,
}

impl Measured {
    pub fn percentile(&self, share: f64) -> f32 {
        let at = (self.latencies.len() as f64 * share) as usize;
        self.latencies.get(at.min(self.latencies.len().saturating_sub(1))).copied().unwrap_or(0.0)
    }
}

impl Load {
    pub fn new(port: u16, shape: Shape, connections: usize) -> Self {
        Self { port, shape, connections }
    }

    pub async fn run(&self, duration: Duration) -> io::Result<Measured> {
        let start = Instant::now();
        let mut tasks = Vec::new();
        for _ in 0..self.connections {
            let (port, shape) = (self.port, self.shape);
            tasks.push(tokio::spawn(converse(port, shape, start + duration)));
        }
        let mut latencies = Vec::new();
        for task in tasks {
            latencies.extend(task.await.map_err(io::Error::other)??);
        }
        let elapsed = start.elapsed();
        latencies.sort_unstable_by(f32::total_cmp);
        Ok(Measured { requests: latencies.len(), elapsed, latencies })
    }
}

async fn converse(port: u16, shape: Shape, until: Instant) -> io::Result<Vec<f32>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let mut buffer = Vec::with_capacity(64 * 1024);
    let session = match shape {
        Shape::Session => open_session(&mut stream, port, &mut buffer).await?,
        _ => String::new(),
    };
    let body = tool::call(shape.is_modern(), shape == Shape::Stream);
    let headers = if shape.is_modern() {
        "mcp-protocol-version: 2026-07-28\r\nmcp-method: tools/call\r\nmcp-name: add\r\n".to_owned()
    } else {
        format!("mcp-protocol-version: 2025-11-25\r\nmcp-session-id: {session}\r\n")
    };
    let request = post(port, &headers, &body);
    let mut latencies = Vec::new();
    while Instant::now() < until {
        let start = Instant::now();
        stream.write_all(request.as_bytes()).await?;
        let answer = answer(&mut stream, &mut buffer).await?;
        latencies.push(start.elapsed().as_secs_f32() * 1e6);
        if latencies.len() == 1 && !contains(&answer, b"42") {
            return Err(io::Error::other(String::from_utf8_lossy(&answer).into_owned()));
        }
    }
    Ok(latencies)
}

async fn open_session(stream: &mut TcpStream, port: u16, buffer: &mut Vec<u8>) -> io::Result<String> {
    let initialize = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"load","version":"1"}}}"#;
    stream.write_all(post(port, "", initialize).as_bytes()).await?;
    let head = String::from_utf8_lossy(&answer(stream, buffer).await?).to_ascii_lowercase();
    let session = head
        .lines()
        .find_map(|line| line.strip_prefix("mcp-session-id: "))
        .ok_or_else(|| io::Error::other(head.clone()))?
        .trim()
        .to_owned();
    // The id keeps its case on the wire; take it from there again.
    let session = String::from_utf8_lossy(buffer)
        .split("\r\n")
        .find_map(|line| line.split_once(": ").filter(|(_, value)| value.eq_ignore_ascii_case(&session)))
        .map_or(session.clone(), |(_, value)| value.to_owned());
    let initialized = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
    let headers = format!("mcp-protocol-version: 2025-11-25\r\nmcp-session-id: {session}\r\n");
    stream.write_all(post(port, &headers, initialized).as_bytes()).await?;
    answer(stream, buffer).await?;
    Ok(session)
}

fn post(port: u16, headers: &str, body: &str) -> String {
    format!(
        "POST /mcp HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\naccept: application/json, text/event-stream\r\ncontent-type: application/json\r\n{headers}content-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Reads one answer, head and body as they came. `buffer` holds it until the next call.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<Vec<u8>> {
    buffer.clear();
    loop {
        if let Some(end) = end_of(buffer) {
            return Ok(buffer[..end].to_vec());
        }
        if stream.read_buf(buffer).await? == 0 {
            return Err(io::Error::other("the server hung up"));
        }
    }
}

/// Where the answer ends, if all of it is there.
fn end_of(bytes: &[u8]) -> Option<usize> {
    let head = find(bytes, b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&bytes[..head]).ok()?.to_ascii_lowercase();
    if let Some((_, rest)) = text.split_once("content-length: ") {
        let length: usize = rest.split("\r\n").next()?.trim().parse().ok()?;
        return (bytes.len() >= head + length).then_some(head + length);
    }
    if text.contains("transfer-encoding: chunked") {
        return find(&bytes[head..], b"0\r\n\r\n").map(|at| head + at + 5);
    }
    Some(head)
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    find(bytes, wanted).is_some()
}
