//! A server made with the official Rust SDK, asked by `wharf tools` and `wharf call`.

use std::process::Command;
use std::sync::Arc;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ListToolsResult,
    PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use rmcp::{ErrorData, RoleServer, ServerHandler};

use crate::WHARF;

/// Adds two numbers.
#[derive(Clone)]
struct Adder;

impl ServerHandler for Adder {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let schema = serde_json::json!({
            "type": "object",
            "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}
        });
        let schema = Arc::new(schema.as_object().unwrap().clone());
        let tool = Tool::new("add", "Adds two numbers", schema);
        Ok(ListToolsResult::with_all_items(vec![tool]))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let arguments = request.arguments.unwrap_or_default();
        let number = |name: &str| arguments[name].as_i64().unwrap();
        let sum = number("a") + number("b");
        let sum = ContentBlock::text(sum.to_string());
        Ok(CallToolResult::success(vec![sum]).into())
    }
}

/// Its address; it runs as long as the test's runtime.
async fn start() -> String {
    let config = StreamableHttpServerConfig::default();
    let sessions = Arc::new(LocalSessionManager::default());
    let service = StreamableHttpService::new(|| Ok(Adder), sessions, config);
    let router = axum::Router::new().nest_service("/mcp", service);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/mcp", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    url
}

fn wharf(arguments: &[&str]) -> String {
    let output = Command::new(WHARF)
        .args(arguments)
        .env("XDG_STATE_HOME", env!("CARGO_TARGET_TMPDIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_of_the_rust_sdk_is_listed_and_called_in_both_eras() {
    let url = start().await;
    for (era, revision) in [("legacy", "2025-11-25"), ("modern", "2026-07-28")] {
        let era = ["--era", era, "--url", &url];
        let run = |arguments: &[&str]| wharf(&[arguments, &era].concat());
        assert!(run(&["inspect"]).contains(revision));
        assert_eq!(run(&["tools"]), "add\tunknown\tAdds two numbers\n");
        assert_eq!(run(&["call", "add", "a=2", "b=40"]), "42\n");
    }
}
