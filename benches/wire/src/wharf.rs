//! A trivial handler behind `wharf_wire::http`.

use std::sync::Arc;

use tokio::net::TcpListener;
use wharf_protocol::capability::{Implementation, ListCapability, ServerCapabilities};
use wharf_protocol::error::ErrorObject;
use wharf_protocol::method::Method;
use wharf_protocol::port::{Answer, BoxFuture, Description, Exchange, Handler, Reply, Request};
use wharf_protocol::tool::{CallToolParams, CallToolResult};
use wharf_wire::http::{Limits, Service, Settings, serve as serve_http};

use crate::contest::Shape;
use crate::tool::Arguments;

struct Adder {
    identity: Implementation,
    progress: bool,
}

impl Handler for Adder {
    fn identity(&self) -> &Implementation {
        &self.identity
    }

    fn describe<'a>(&'a self, _: &'a Exchange) -> BoxFuture<'a, Result<Description, ErrorObject>> {
        Box::pin(std::future::ready(Ok(Description {
            capabilities: ServerCapabilities {
                tools: Some(ListCapability::default()),
                ..ServerCapabilities::default()
            },
            instructions: None,
        })))
    }

    fn handle<'a>(&'a self, request: Request, exchange: &'a Exchange) -> BoxFuture<'a, Reply> {
        Box::pin(async move {
            if request.method != Method::TOOLS_CALL {
                return Err(ErrorObject::method_not_found(request.method.as_str()));
            }
            let params: CallToolParams = request.params()?;
            let arguments = params.arguments.as_deref().map_or("{}", |raw| raw.get());
            let Ok(Arguments { a, b }) = serde_json::from_str(arguments) else {
                return Answer::complete(&CallToolResult::error("a and b are integers"));
            };
            if self.progress {
                exchange.progress(1.0, None, None).await;
            }
            Answer::complete(&CallToolResult::text((a + b).to_string()))
        })
    }
}

pub async fn serve(listener: TcpListener, shape: Shape) -> Result<(), Box<dyn std::error::Error>> {
    let handler = Arc::new(Adder {
        identity: Implementation::new("bench", "1"),
        progress: shape == Shape::Stream,
    });
    let service = Service::new(handler, Settings::local(listener.local_addr()?));
    serve_http(listener, service, Limits::STANDARD, std::future::pending()).await?;
    Ok(())
}
