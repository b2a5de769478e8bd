//! The official Rust SDK against the demo: lists and calls a tool over HTTP and over stdio, in both
//! eras. And the other way round: a `server` of that SDK, asked by us.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod server;

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rmcp::model::{CallToolRequestParams, ProtocolVersion};
use rmcp::service::{RunningService, serve_client_with_lifecycle};
use rmcp::transport::{StreamableHttpClientTransport, TokioChildProcess};
use rmcp::{ClientLifecycleMode, RoleClient};

const WHARF: &str = env!("CARGO_BIN_EXE_wharf");

/// A running `wharf demo`.
struct Demo {
    process: Child,
    folder: PathBuf,
    url: String,
}

impl Demo {
    fn start(name: &str) -> Self {
        let folder =
            std::env::temp_dir().join(format!("wharf-peers-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let mut process = Command::new(WHARF)
            .args(["demo", "--listen", "127.0.0.1:0"])
            .env("XDG_STATE_HOME", &folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let url = lines
            .find_map(|line| {
                line.unwrap()
                    .split_once("MCP at ")
                    .map(|(_, url)| url.to_owned())
            })
            .unwrap();
        // Whoever writes to a pipe that nobody reads stops; the rest is read and dropped.
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            process,
            folder,
            url,
        }
    }

    fn config(&self) -> PathBuf {
        fn find(folder: &Path) -> Option<PathBuf> {
            std::fs::read_dir(folder).unwrap().find_map(|entry| {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    find(&path)
                } else {
                    path.ends_with("demo.toml").then_some(path)
                }
            })
        }
        find(&self.folder).unwrap()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn eras() -> [ClientLifecycleMode; 2] {
    [
        ClientLifecycleMode::Initialize,
        ClientLifecycleMode::Discover {
            preferred_versions: vec![ProtocolVersion::V_2026_07_28],
        },
    ]
}

async fn lists_and_calls(client: RunningService<RoleClient, ()>) {
    let tools = client.list_all_tools().await.unwrap();
    assert!(
        tools
            .iter()
            .any(|tool| tool.name == "northwind_getCustomer")
    );
    let arguments = serde_json::json!({"customer_id": 42});
    let call = CallToolRequestParams::new("northwind_getCustomer")
        .with_arguments(arguments.as_object().unwrap().clone());
    let result = client.call_tool(call).await.unwrap();
    let shown = serde_json::to_string(&result).unwrap();
    assert!(shown.contains("Baltic Instruments"), "{shown}");
    client.cancel().await.unwrap();
}

#[tokio::test]
async fn the_rust_sdk_calls_over_http() {
    let demo = Demo::start("http");
    for era in eras() {
        let transport = StreamableHttpClientTransport::from_uri(demo.url.as_str());
        lists_and_calls(
            serve_client_with_lifecycle((), transport, era)
                .await
                .unwrap(),
        )
        .await;
    }
}

#[tokio::test]
async fn the_rust_sdk_calls_over_stdio() {
    let demo = Demo::start("stdio");
    for era in eras() {
        let mut command = tokio::process::Command::new(WHARF);
        command.arg("serve").arg(demo.config()).arg("--stdio");
        let transport = TokioChildProcess::new(command).unwrap();
        lists_and_calls(
            serve_client_with_lifecycle((), transport, era)
                .await
                .unwrap(),
        )
        .await;
    }
}
