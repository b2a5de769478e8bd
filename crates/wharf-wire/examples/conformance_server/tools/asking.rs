//! Tools that ask the client something before they answer.
//!
//! Only the legacy era can ask while a call runs. The modern one ends the call with
//! `input_required` and waits for the next, which one tool here shows.

use serde_json::value::to_raw_value;
use serde_json::{Value, json};
use wharf_protocol::error::ErrorObject;
use wharf_protocol::method::Method;
use wharf_protocol::port::{Answer, Exchange, Reply, Request};
use wharf_protocol::revision::Era;
use wharf_protocol::tool::CallToolResult;

use crate::text;

pub(crate) async fn call(name: &str, arguments: &Value, exchange: &Exchange) -> Reply {
    match name {
        "test_sampling" => sample(text(arguments, "prompt"), exchange).await,
        "test_elicitation" => {
            let answer = elicit(text(arguments, "message"), user_schema(), exchange).await?;
            told(format!("User response: {}", described(&answer)))
        }
        "test_elicitation_sep1034_defaults" => {
            let answer = elicit("Please confirm", default_schema(), exchange).await?;
            told(format!("Elicitation completed: {}", described(&answer)))
        }
        "test_elicitation_sep1330_enums" => {
            let answer = elicit("Please choose", choice_schema(), exchange).await?;
            told(format!("Elicitation completed: {}", described(&answer)))
        }
        "test_streaming_elicitation" if exchange.revision.era() == Era::Modern => input_required(),
        _ => Err(ErrorObject::invalid_params("there is no such tool")),
    }
}

fn told(text: String) -> Reply {
    Answer::complete(&CallToolResult::text(text))
}

async fn sample(prompt: &str, exchange: &Exchange) -> Reply {
    let params = json!({
        "messages": [{ "role": "user", "content": { "type": "text", "text": prompt } }],
        "maxTokens": 100
    });
    let answer = ask(Method::CREATE_MESSAGE, &params, exchange).await?;
    told(format!(
        "LLM response: {}",
        text(&answer["content"], "text")
    ))
}

async fn elicit(message: &str, schema: Value, exchange: &Exchange) -> Result<Value, ErrorObject> {
    let params = json!({ "message": message, "requestedSchema": schema });
    ask(Method::ELICIT, &params, exchange).await
}

async fn ask(method: Method, params: &Value, exchange: &Exchange) -> Result<Value, ErrorObject> {
    let answer = exchange.peer.request(Request::new(method, params)?).await?;
    serde_json::from_str(answer.get()).map_err(|_| ErrorObject::internal())
}

fn described(answer: &Value) -> String {
    format!(
        "action={}, content={}",
        text(answer, "action"),
        answer["content"]
    )
}

fn user_schema() -> Value {
    json!({
        "type": "object",
        "properties": {
            "username": { "type": "string", "description": "User's response" },
            "email": { "type": "string", "description": "User's email address" }
        },
        "required": ["username", "email"]
    })
}

fn default_schema() -> Value {
    json!({
        "type": "object",
        "properties": {
            "name": { "type": "string", "default": "John Doe" },
            "age": { "type": "integer", "default": 30 },
            "score": { "type": "number", "default": 95.5 },
            "status": {
                "type": "string",
                "enum": ["active", "inactive", "pending"],
                "default": "active"
            },
            "verified": { "type": "boolean", "default": true }
        }
    })
}

fn choice_schema() -> Value {
    let options = json!(["option1", "option2", "option3"]);
    let titled = json!([
        { "const": "value1", "title": "First Option" },
        { "const": "value2", "title": "Second Option" },
        { "const": "value3", "title": "Third Option" }
    ]);
    json!({
        "type": "object",
        "properties": {
            "untitledSingle": { "type": "string", "enum": options },
            "titledSingle": { "type": "string", "oneOf": titled },
            "legacyEnum": {
                "type": "string",
                "enum": ["opt1", "opt2", "opt3"],
                "enumNames": ["Option One", "Option Two", "Option Three"]
            },
            "untitledMulti": { "type": "array", "items": { "type": "string", "enum": options } },
            "titledMulti": { "type": "array", "items": { "anyOf": titled } }
        }
    })
}

/// A result that is not complete is written whole: the wire adds nothing to it.
fn input_required() -> Reply {
    let result = json!({
        "resultType": "input_required",
        "inputRequests": {
            "answer": {
                "method": "elicitation/create",
                "params": { "mode": "form", "message": "Please answer", "requestedSchema": user_schema() }
            }
        }
    });
    to_raw_value(&result)
        .map(Answer::Verbatim)
        .map_err(|_| ErrorObject::internal())
}
