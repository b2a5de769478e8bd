//! The client of the official conformance suite: it uses everything that a server offers, and the
//! suite watches how.
//!
//! `conformance client --command target/debug/examples/conformance_client --requirements 2026-07-28`
//!
//! The suite appends the server's URL and says more in `MCP_CONFORMANCE_PROTOCOL_VERSION` (the
//! revision to speak) and `MCP_CONFORMANCE_CONTEXT` (JSON, such as calls to make).

use std::env;
use std::error::Error;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value, json};
use url::Url;
use wharf_protocol::capability::{ClientCapabilities, Implementation};
use wharf_protocol::error::ErrorObject;
use wharf_protocol::method::Method;
use wharf_protocol::port::{BoxFuture, Notification, Peer, Request};
use wharf_protocol::revision::{Era, Revision};
use wharf_wire::client::{AskError, Asking, Client, ClientSettings, Speaks, Target, connect};
use wharf_wire::outbound::{Connection, Egress};

mod sign_in;

type Failure = Box<dyn Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let url = env::args()
        .next_back()
        .ok_or("the suite gives the URL of a server")?;
    let url = Url::parse(&url)?;
    let context = Context::read()?;
    let settings = settings(&url)?;
    let client = connect(Target::Url(url), settings).await?;
    use_everything(&client, &context).await?;
    client.close().await;
    Ok(())
}

/// What the suite says beside the URL.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Context {
    tool_calls: Vec<ToolCall>,
}

#[derive(Deserialize)]
struct ToolCall {
    name: String,
    arguments: Value,
}

impl Context {
    fn read() -> Result<Self, Failure> {
        match env::var("MCP_CONFORMANCE_CONTEXT") {
            Ok(text) => Ok(serde_json::from_str(&text)?),
            Err(_) => Ok(Self::default()),
        }
    }
}

fn settings(url: &Url) -> Result<ClientSettings, Failure> {
    let egress = Egress::new(&[url], true);
    let identity = Implementation::new("wharf-conformance-client", env!("CARGO_PKG_VERSION"));
    Ok(ClientSettings {
        capabilities: ClientCapabilities {
            elicitation: Some(to_raw_value(&json!({ "form": {} }))?),
            sampling: Some(to_raw_value(&json!({}))?),
            roots: Some(to_raw_value(&json!({}))?),
            extensions: None,
        },
        speaks: speaks()?,
        listener: Arc::new(Obliging),
        authorizer: sign_in::authorizer(url)?,
        ..ClientSettings::quiet(identity, Connection::new(egress))
    })
}

/// Each run of the suite is about one revision, and so about one era.
fn speaks() -> Result<Speaks, Failure> {
    let Ok(revision) = env::var("MCP_CONFORMANCE_PROTOCOL_VERSION") else {
        return Ok(Speaks::BothEras);
    };
    Ok(match revision.parse::<Revision>()?.era() {
        Era::Legacy => Speaks::LegacyOnly,
        Era::Modern => Speaks::BothEras,
    })
}

/// Lists, reads and calls whatever there is.
async fn use_everything(client: &Client, context: &Context) -> Result<(), Failure> {
    let offered = client.learnt().capabilities.clone();
    let tools = list(client, Method::TOOLS_LIST).await?;
    if context.tool_calls.is_empty() {
        for tool in &tools {
            let arguments = arguments_for(tool, &tools);
            call(client, &tool["name"], &arguments).await?;
        }
    }
    for wanted in &context.tool_calls {
        call(client, &json!(wanted.name), &wanted.arguments).await?;
    }
    if offered.resources.is_some() {
        for resource in list(client, Method::RESOURCES_LIST).await? {
            let params = json!({ "uri": resource["uri"] });
            ask(client, Method::RESOURCES_READ, &params).await?;
        }
    }
    if offered.prompts.is_some() {
        for prompt in list(client, Method::PROMPTS_LIST).await? {
            let params = json!({ "name": prompt["name"] });
            ask(client, Method::PROMPTS_GET, &params).await?;
        }
    }
    Ok(())
}

async fn list(client: &Client, method: Method) -> Result<Vec<Value>, Failure> {
    let items = client.list_all(method, &Asking::default()).await?;
    let values = items.iter().map(|item| serde_json::from_str(item.get()));
    Ok(values.collect::<Result<_, _>>()?)
}

async fn call(client: &Client, name: &Value, arguments: &Value) -> Result<(), Failure> {
    let params = json!({ "name": name, "arguments": arguments });
    ask(client, Method::TOOLS_CALL, &params).await
}

/// Asks; an error of the server's own is an answer too.
async fn ask(client: &Client, method: Method, params: &Value) -> Result<(), Failure> {
    let request = Request::new(method, params)?;
    match client.ask(request, &Asking::default()).await {
        Ok(_) | Err(AskError::Refused { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Arguments that `tool` takes: a value of the right type for each that it requires. A parameter
/// called `schema` gets the schema of the first tool, as it came.
fn arguments_for(tool: &Value, tools: &[Value]) -> Value {
    let schema = &tool["inputSchema"];
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let mut arguments = Map::new();
    for name in required.iter().filter_map(Value::as_str) {
        let property = &schema["properties"][name];
        let value = match property["type"].as_str() {
            Some("object") if name == "schema" => tools[0]["inputSchema"].clone(),
            _ => sample(property),
        };
        arguments.insert(name.to_owned(), value);
    }
    Value::Object(arguments)
}

/// The value that `schema` proposes, or one of its type.
fn sample(schema: &Value) -> Value {
    if let Some(proposed) = schema.get("default") {
        return proposed.clone();
    }
    if let Some(first) = schema["enum"].get(0) {
        return first.clone();
    }
    match schema["type"].as_str() {
        Some("integer" | "number") => json!(5),
        Some("boolean") => json!(true),
        Some("array") => json!([]),
        Some("object") => json!({}),
        _ => json!("sample"),
    }
}

/// Agrees to whatever it is asked.
struct Obliging;

impl Obliging {
    fn answer(request: &Request) -> Result<Value, ErrorObject> {
        let params: Value = request.params()?;
        match request.method.as_str() {
            "elicitation/create" => {
                let properties = params["requestedSchema"]["properties"].as_object();
                let filled = properties.into_iter().flatten();
                let content: Map<_, _> = filled
                    .map(|(name, schema)| (name.clone(), sample(schema)))
                    .collect();
                Ok(json!({ "action": "accept", "content": content }))
            }
            "sampling/createMessage" => Ok(json!({
                "role": "assistant",
                "content": { "type": "text", "text": "sample" },
                "model": "none",
            })),
            "roots/list" => Ok(json!({ "roots": [] })),
            other => Err(ErrorObject::method_not_found(other)),
        }
    }
}

impl Peer for Obliging {
    fn request(&self, request: Request) -> BoxFuture<'_, Result<Box<RawValue>, ErrorObject>> {
        let answer = Self::answer(&request);
        let raw =
            answer.and_then(|answer| to_raw_value(&answer).map_err(|_| ErrorObject::internal()));
        Box::pin(std::future::ready(raw))
    }

    fn notify(&self, _: Notification) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}
