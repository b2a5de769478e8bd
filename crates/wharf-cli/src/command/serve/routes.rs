//! What the port answers: MCP at `/mcp`, a sign of life, and a word for people who come by.

use axum::Router;
use axum::routing::get;
use wharf_wire::http::Service;

const SIGN: &str = "This is Wharf. MCP is at /mcp.\n";

pub(super) fn routes(service: Service) -> Router {
    Router::new()
        .route_service("/mcp", service)
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/", get(|| async { SIGN }))
}
