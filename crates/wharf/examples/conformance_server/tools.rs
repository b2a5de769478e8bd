//! The suite's tools.

pub(crate) mod asking;
pub(crate) mod forms;
mod jobs;
pub(crate) mod mirrored;

use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::broadcast;
use tokio::time::sleep;
use wharf_protocol::content::{Content, ResourceBody, ResourceContents};
use wharf_protocol::error::ErrorObject;
use wharf_protocol::meta::Meta;
use wharf_protocol::method::Method;
use wharf_protocol::port::{Answer, Change, Exchange, Notification, Reply, Request};
use wharf_protocol::tool::CallToolResult;

use crate::text;

/// One red pixel, as a PNG.
pub(crate) const RED_PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
/// No sound at all, as a WAV.
const SILENCE: &str = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=";
/// How long the slow tools rest between two steps.
const REST: Duration = Duration::from_millis(50);

/// Names and descriptions of the tools that take no arguments.
const PLAIN: &[(&str, &str)] = &[
    ("test_simple_text", "Answers with a text"),
    ("test_image_content", "Answers with an image"),
    ("test_audio_content", "Answers with a sound"),
    ("test_embedded_resource", "Answers with a resource"),
    (
        "test_multiple_content_types",
        "Answers with a text, an image and a resource",
    ),
    ("test_error_handling", "Fails"),
    ("test_tool_with_progress", "Reports its progress"),
    ("test_tool_with_logging", "Logs what it does"),
    ("test_logging_tool", "Logs what it does"),
    (
        "test_reconnection",
        "Hangs up, and answers whoever comes back",
    ),
    (
        "test_elicitation_sep1034_defaults",
        "Asks the user, with defaults",
    ),
    ("test_elicitation_sep1330_enums", "Asks the user to choose"),
    ("test_streaming_elicitation", "Needs a user's answer"),
    ("test_input_required_result_elicitation", "Asks for a name"),
    ("test_input_required_result_sampling", "Asks a model"),
    ("test_input_required_result_list_roots", "Asks for roots"),
    (
        "test_input_required_result_request_state",
        "Asks, and remembers something meanwhile",
    ),
    (
        "test_input_required_result_tampered_state",
        "Asks, and remembers something meanwhile",
    ),
    (
        "test_input_required_result_multiple_inputs",
        "Asks three things at once",
    ),
    (
        "test_input_required_result_multi_round",
        "Asks two things, one after the other",
    ),
    (
        "test_input_required_result_capabilities",
        "Asks what the client can be asked",
    ),
    ("test_missing_capability", "Needs a model of the client's"),
    (
        "test_trigger_tool_change",
        "Announces that the tools have changed",
    ),
    (
        "test_trigger_prompt_change",
        "Announces that the prompts have changed",
    ),
];

pub(crate) fn all() -> Vec<Value> {
    let plain = PLAIN.iter().map(|(name, description)| {
        tool(
            name,
            description,
            json!({ "type": "object", "properties": {} }),
        )
    });
    let asking = [("test_sampling", "prompt"), ("test_elicitation", "message")];
    let asking = asking.map(|(name, argument)| {
        let schema = json!({
            "type": "object",
            "properties": { argument: { "type": "string" } },
            "required": [argument]
        });
        tool(name, "Asks the client", schema)
    });
    let everything = tool(
        "json_schema_2020_12_tool",
        "Tool with JSON Schema 2020-12 features",
        json_schema_2020_12(),
    );
    let jobs = jobs::all().map(|(name, schema)| tool(name, "May take its time", schema));
    let mirrored = tool(
        mirrored::NAME,
        "Repeats arguments as headers",
        mirrored::schema(),
    );
    plain
        .chain(asking)
        .chain(jobs)
        .chain([everything, mirrored])
        .collect()
}

fn tool(name: &str, description: &str, input_schema: Value) -> Value {
    json!({ "name": name, "description": description, "inputSchema": input_schema })
}

fn json_schema_2020_12() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "$defs": {
            "address": {
                "$anchor": "addressDef",
                "type": "object",
                "properties": { "street": { "type": "string" }, "city": { "type": "string" } }
            }
        },
        "properties": {
            "name": { "type": "string" },
            "address": { "$ref": "#/$defs/address" },
            "contactMethod": { "type": "string", "enum": ["phone", "email"] },
            "phone": { "type": "string" },
            "email": { "type": "string" }
        },
        "allOf": [{ "anyOf": [{ "required": ["phone"] }, { "required": ["email"] }] }],
        "if": {
            "properties": { "contactMethod": { "const": "phone" } },
            "required": ["contactMethod"]
        },
        "then": { "required": ["phone"] },
        "else": { "required": ["email"] },
        "additionalProperties": false
    })
}

pub(crate) async fn call(
    request: &Request,
    exchange: &Exchange,
    announce: &broadcast::Sender<Change>,
) -> Reply {
    let params: Value = request.params()?;
    let result = match text(&params, "name") {
        "test_simple_text" => said("This is a simple text response for testing."),
        "test_image_content" => showing([Content::image(RED_PIXEL, "image/png")]),
        "test_audio_content" => showing([Content::audio(SILENCE, "audio/wav")]),
        "test_embedded_resource" => showing([embedded(
            "test://embedded-resource",
            "text/plain",
            "This is an embedded resource content.",
        )]),
        "test_multiple_content_types" => showing([
            Content::text("Multiple content types test:"),
            Content::image(RED_PIXEL, "image/png"),
            embedded(
                "test://mixed-content-resource",
                "application/json",
                r#"{"test":"data","value":123}"#,
            ),
        ]),
        "test_error_handling" => {
            CallToolResult::error("This tool intentionally returns an error for testing")
        }
        "test_tool_with_progress" => progressing(exchange).await,
        "test_tool_with_logging" | "test_logging_tool" => logging(exchange).await,
        "test_missing_capability" => return Err(missing_sampling()),
        "test_trigger_tool_change" => announced(announce, Change::Tools),
        "test_trigger_prompt_change" => announced(announce, Change::Prompts),
        "test_reconnection" => reconnecting(exchange).await,
        name if jobs::all().iter().any(|(job, _)| *job == name) => {
            return jobs::call(name, &params["arguments"], request, exchange).await;
        }
        mirrored::NAME => said("The headers agree with the arguments"),
        "json_schema_2020_12_tool" => said(&params["arguments"].to_string()),
        name => return asking::call(name, &params["arguments"], request, exchange).await,
    };
    Answer::complete(&result)
}

fn said(text: &str) -> CallToolResult {
    CallToolResult::text(text)
}

fn showing<const N: usize>(content: [Content; N]) -> CallToolResult {
    CallToolResult {
        content: content.into(),
        ..CallToolResult::default()
    }
}

fn embedded(uri: &str, mime_type: &str, text: &str) -> Content {
    Content::resource(ResourceContents {
        uri: uri.to_owned(),
        mime_type: Some(mime_type.to_owned()),
        body: ResourceBody::Text(text.to_owned()),
        meta: Meta::default(),
    })
}

async fn progressing(exchange: &Exchange) -> CallToolResult {
    exchange.progress(0.0, Some(100.0), None).await;
    sleep(REST).await;
    exchange.progress(50.0, Some(100.0), None).await;
    sleep(REST).await;
    exchange.progress(100.0, Some(100.0), None).await;
    said("The tool has come to its end")
}

/// Makes its caller come back for the answer (SEP-1699).
async fn reconnecting(exchange: &Exchange) -> CallToolResult {
    exchange.peer.hang_up();
    sleep(REST).await;
    said("Reconnection test completed successfully")
}

async fn logging(exchange: &Exchange) -> CallToolResult {
    log(exchange, "Tool execution started").await;
    sleep(REST).await;
    log(exchange, "Tool processing data").await;
    sleep(REST).await;
    log(exchange, "Tool execution completed").await;
    said("The tool has logged what it did")
}

async fn log(exchange: &Exchange, message: &str) {
    let params = json!({ "level": "info", "data": message });
    if let Ok(notification) = Notification::new(Method::MESSAGE, &params) {
        exchange.peer.notify(notification).await;
    }
}

fn announced(announce: &broadcast::Sender<Change>, change: Change) -> CallToolResult {
    // An error only says that nobody listens.
    let _ = announce.send(change);
    said("Announced")
}

/// No caller of this tool is ever found worthy: that is what it tests.
fn missing_sampling() -> ErrorObject {
    ErrorObject::missing_capability(&json!({ "sampling": {} }))
}
