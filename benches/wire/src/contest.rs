//! Who is measured on what, and the table.

use std::time::Duration;

use crate::load;
use crate::process::Server;

/// How the tool is called and answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// 2026-07-28, a plain JSON answer.
    Json,
    /// 2026-07-28, one progress notification before the answer, so an event stream.
    Stream,
    /// 2025-11-25 in a session, whatever the server answers with.
    Session,
}

impl Shape {
    pub const ALL: [Self; 3] = [Self::Json, Self::Stream, Self::Session];

    pub fn parse(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|shape| shape.name() == text)
            .ok_or_else(|| format!("no shape `{text}`"))
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Stream => "stream",
            Self::Session => "session",
        }
    }

    pub fn is_modern(self) -> bool {
        self != Self::Session
    }
}

const CONTESTANTS: [&str; 3] = ["hand", "wharf", "rmcp"];
const CONNECTIONS: [usize; 2] = [1, 16];

pub async fn run(seconds: u64) -> Result<(), Box<dyn std::error::Error>> {
    println!("shape    connections  contestant  CPU µs/request  requests/s    p50 µs    p99 µs    RSS KiB");
    for shape in Shape::ALL {
        for connections in CONNECTIONS {
            for contestant in CONTESTANTS {
                let server = Server::start(contestant, shape)?;
                let load = load::Load::new(server.port, shape, connections);
                load.run(Duration::from_millis(500)).await?;
                let before = server.cpu()?;
                let measured = load.run(Duration::from_secs(seconds)).await?;
                let cpu = server.cpu()? - before;
                println!(
                    "{:8} {connections:11}  {contestant:10}  {:14.1}  {:10.0}  {:8.1}  {:8.1}  {:9}",
                    shape.name(),
                    cpu.as_secs_f64() * 1e6 / measured.requests as f64,
                    measured.requests as f64 / measured.elapsed.as_secs_f64(),
                    measured.percentile(0.5),
                    measured.percentile(0.99),
                    server.resident_kib()?,
                );
            }
        }
    }
    Ok(())
}
