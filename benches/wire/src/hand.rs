//! The practical limit: hyper, the whole envelope parsed, the specification's header checks, and the
//! same bytes as everybody else's.

use std::convert::Infallible;

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use serde_json::Value;
use tokio::net::TcpListener;

use crate::contest::Shape;
use crate::tool::{Arguments, SERVER_INFO};

#[derive(Deserialize)]
struct Call<'a> {
    jsonrpc: &'a str,
    id: Option<Value>,
    method: &'a str,
    #[serde(borrow)]
    params: Option<Params<'a>>,
}

#[derive(Deserialize)]
struct Params<'a> {
    name: Option<&'a str>,
    arguments: Option<Arguments>,
    #[serde(rename = "_meta")]
    meta: Option<Meta<'a>>,
}

#[derive(Deserialize)]
struct Meta<'a> {
    #[serde(rename = "io.modelcontextprotocol/protocolVersion", borrow)]
    version: Option<&'a str>,
    #[serde(rename = "io.modelcontextprotocol/clientCapabilities")]
    capabilities: Option<Value>,
}

pub async fn serve(listener: TcpListener, shape: Shape) -> Result<(), Box<dyn std::error::Error>> {
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(request, shape));
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(request: Request<Incoming>, shape: Shape) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let Ok(body) = body.collect().await else { return Ok(refusal()) };
    let bytes = body.to_bytes();
    let Ok(call) = serde_json::from_slice::<Call<'_>>(&bytes) else { return Ok(refusal()) };
    if call.jsonrpc != "2.0" {
        return Ok(refusal());
    }
    let response = match (call.method, call.params) {
        ("initialize", _) => Response::builder()
            .header("content-type", "application/json")
            .header("mcp-session-id", "c2Vzc2lvbi1vZi10aGUtaGFuZA")
            .body(Full::from(format!(
                r#"{{"jsonrpc":"2.0","id":1,"result":{{"protocolVersion":"2025-11-25","capabilities":{{"tools":{{}}}},"serverInfo":{SERVER_INFO}}}}}"#
            ))),
        ("notifications/initialized", _) => Response::builder().status(202).body(Full::default()),
        ("tools/call", Some(params)) => return Ok(call_tool(&head.headers, call.id, &params, shape)),
        _ => return Ok(refusal()),
    };
    Ok(response.unwrap_or_else(|_| refusal()))
}

fn call_tool(headers: &HeaderMap, id: Option<Value>, params: &Params<'_>, shape: Shape) -> Response<Full<Bytes>> {
    let Some(arguments) = &params.arguments else { return refusal() };
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let (body, content_type) = match shape {
        Shape::Session => {
            if header("mcp-session-id").is_none() {
                return refusal();
            }
            (result(id, arguments, ""), "application/json")
        }
        Shape::Json | Shape::Stream => {
            let Some(meta) = &params.meta else { return refusal() };
            if header("mcp-protocol-version") != meta.version
                || header("mcp-method") != Some("tools/call")
                || header("mcp-name") != params.name
                || meta.capabilities.is_none()
            {
                return refusal();
            }
            let modern = format!(
                r#""resultType":"complete","_meta":{{"io.modelcontextprotocol/serverInfo":{SERVER_INFO}}},"#
            );
            let result = result(id, arguments, &modern);
            if shape == Shape::Json {
                (result, "application/json")
            } else {
                let progress = r#"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1.0}}"#;
                (
                    format!("event: message\ndata: {progress}\n\nevent: message\ndata: {result}\n\n"),
                    "text/event-stream",
                )
            }
        }
    };
    Response::builder()
        .header("content-type", content_type)
        .body(Full::from(body))
        .unwrap_or_else(|_| refusal())
}

fn result(id: Option<Value>, arguments: &Arguments, modern: &str) -> String {
    let id = id.unwrap_or_default();
    let sum = arguments.a + arguments.b;
    format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{{{modern}"content":[{{"type":"text","text":"{sum}"}}]}}}}"#)
}

fn refusal() -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = http::StatusCode::BAD_REQUEST;
    response
}
