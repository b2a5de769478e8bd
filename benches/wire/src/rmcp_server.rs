//! The official Rust SDK.

use std::sync::Arc;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ProgressNotificationParam,
    ServerCapabilities, ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use rmcp::{ErrorData, RoleServer, ServerHandler};
use tokio::net::TcpListener;

use crate::contest::Shape;
use crate::tool::Arguments;

#[derive(Clone)]
struct Adder {
    progress: bool,
}

impl ServerHandler for Adder {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let arguments = serde_json::Value::Object(request.arguments.unwrap_or_default());
        let Arguments { a, b } = serde_json::from_value(arguments)
            .map_err(|error| ErrorData::invalid_params(error.to_string(), None))?;
        if self.progress {
            if let Some(token) = context.meta.get_progress_token() {
                let _ = context.peer.notify_progress(ProgressNotificationParam::new(token, 1.0)).await;
            }
        }
        Ok(CallToolResult::success(vec![ContentBlock::text((a + b).to_string())]).into())
    }
}

pub async fn serve(listener: TcpListener, shape: Shape) -> Result<(), Box<dyn std::error::Error>> {
    let mut config = StreamableHttpServerConfig::default();
    config.legacy_session_mode = shape == Shape::Session;
    config.json_response = shape != Shape::Session;
    let progress = shape == Shape::Stream;
    let service = StreamableHttpService::new(
        move || Ok(Adder { progress }),
        Arc::new(LocalSessionManager::default()),
        config,
    );
    let router = axum::Router::new().nest_service("/mcp", service);
    axum::serve(axum::serve::ListenerExt::tap_io(listener, |stream| {
        let _ = stream.set_nodelay(true);
    }), router)
    .await?;
    Ok(())
}
