//! The server that the official conformance suite expects, on the bare [`Handler`] port: what it
//! takes to answer MCP with nothing but this crate.
//!
//! ```text
//! cargo run --release -p wharf --example conformance_server -- --listen 127.0.0.1:3001
//! ```
//!
//! Then run the suite's `server` command against `http://127.0.0.1:3001/mcp`, with the baseline of the
//! revision from `tests/conformance`.

mod changes;
mod prompts;
mod resources;
mod tools;

use std::error::Error;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::broadcast;
use wharf_protocol::capability::{
    Empty, Implementation, ListCapability, ResourceCapability, ServerCapabilities,
};
use wharf_protocol::error::ErrorObject;
use wharf_protocol::mirrored::MirroredParameter;
use wharf_protocol::port::{
    Answer, BoxFuture, Change, Changes, Description, Exchange, Handler, Reply, Request,
};
use wharf_wire::http::{Service, Settings, serve};
use wharf_wire::tasks::{self, Tasks, TasksHere};

/// Announcements that a slow subscriber may miss before it is told that it missed some.
const ANNOUNCEMENTS: usize = 64;

/// Tasks kept at one time.
const MAX_TASKS: usize = 1000;

struct Conformance {
    identity: Implementation,
    announce: broadcast::Sender<Change>,
}

impl Conformance {
    async fn answer(&self, request: Request, exchange: &Exchange) -> Reply {
        match request.method.as_str() {
            "tools/list" => list("tools", &tools::all()),
            "tools/call" => tools::call(&request, exchange, &self.announce).await,
            "resources/list" => list("resources", &resources::all()),
            "resources/templates/list" => list("resourceTemplates", &resources::templates()),
            "resources/read" => resources::read(&request, exchange.revision),
            "prompts/list" => list("prompts", &prompts::all()),
            "prompts/get" => prompts::get(&request, exchange).await,
            "completion/complete" => Answer::complete(&json!({
                "completion": { "values": ["paris", "park", "party"], "total": 3, "hasMore": false }
            })),
            "resources/subscribe" | "resources/unsubscribe" | "logging/setLevel" => {
                Answer::complete(&json!({}))
            }
            other => Err(ErrorObject::method_not_found(other)),
        }
    }
}

/// A whole list, which never changes and is the same for everybody.
fn list(name: &str, items: &impl Serialize) -> Reply {
    Answer::complete(&json!({ name: items, "ttlMs": 60_000, "cacheScope": "public" }))
}

impl Handler for Conformance {
    fn identity(&self) -> &Implementation {
        &self.identity
    }

    fn describe<'a>(&'a self, _: &'a Exchange) -> BoxFuture<'a, Result<Description, ErrorObject>> {
        let changing = ListCapability { list_changed: true };
        let capabilities = ServerCapabilities {
            tools: Some(changing),
            prompts: Some(changing),
            resources: Some(ResourceCapability {
                subscribe: true,
                list_changed: false,
            }),
            completions: Some(Empty {}),
            logging: Some(Empty {}),
            extensions: None,
        };
        Box::pin(std::future::ready(Ok(Description {
            capabilities,
            instructions: None,
        })))
    }

    fn handle<'a>(&'a self, request: Request, exchange: &'a Exchange) -> BoxFuture<'a, Reply> {
        Box::pin(self.answer(request, exchange))
    }

    fn mirrored(&self, tool: &str, _: &Exchange) -> Option<Arc<[MirroredParameter]>> {
        (tool == tools::mirrored::NAME).then(tools::mirrored::parameters)
    }

    fn changes(&self) -> Option<Box<dyn Changes>> {
        Some(Box::new(changes::Announcements(self.announce.subscribe())))
    }
}

/// The member `name` of an object, as text; empty where it is not there.
fn text<'a>(object: &'a Value, name: &str) -> &'a str {
    object[name].as_str().unwrap_or_default()
}

#[tokio::main]
#[expect(clippy::print_stdout, reason = "the address is this program's output")]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(address()?).await?;
    let address = listener.local_addr()?;
    // Whoever asked for port 0 reads here which one it is.
    println!("http://{address}/mcp");
    let settings = Settings::local(address);
    let limits = settings.limits;
    let store = TasksHere::new(MAX_TASKS, MAX_TASKS);
    let handler = Conformance {
        identity: Implementation::new("wharf-conformance", env!("CARGO_PKG_VERSION")),
        announce: broadcast::Sender::new(ANNOUNCEMENTS),
    };
    let tasks = Tasks::new(
        Arc::new(handler),
        Arc::new(store),
        tasks::Settings::STANDARD,
    );
    let service = Service::new(Arc::new(tasks), settings);
    serve(listener, service, limits, std::future::pending()).await?;
    Ok(())
}

/// What stands after `--listen`.
fn address() -> Result<String, &'static str> {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--listen");
    arguments
        .nth(1)
        .ok_or("usage: conformance_server --listen ADDRESS:PORT")
}
