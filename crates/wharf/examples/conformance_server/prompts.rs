//! The suite's prompts.

use serde_json::{Value, json};
use wharf_protocol::error::ErrorObject;
use wharf_protocol::inquiry::Inquiry;
use wharf_protocol::port::{Answer, Exchange, Reply, Request};

use crate::text;
use crate::tools::RED_PIXEL;
use crate::tools::asking::{filled, form};
use crate::tools::forms::required;

pub(crate) fn all() -> Value {
    json!([
        {
            "name": "test_simple_prompt",
            "description": "One message",
            "arguments": []
        },
        {
            "name": "test_prompt_with_arguments",
            "description": "One message that repeats its arguments",
            "arguments": [
                { "name": "arg1", "description": "First test argument", "required": true },
                { "name": "arg2", "description": "Second test argument", "required": true }
            ]
        },
        {
            "name": "test_prompt_with_embedded_resource",
            "description": "A resource and what to do with it",
            "arguments": [
                { "name": "resourceUri", "description": "The resource to embed", "required": true }
            ]
        },
        {
            "name": "test_prompt_with_image",
            "description": "An image and what to do with it",
            "arguments": []
        },
        {
            "name": "test_input_required_result_prompt",
            "description": "Asks for a context first",
            "arguments": []
        }
    ])
}

pub(crate) async fn get(request: &Request, exchange: &Exchange) -> Reply {
    let params: Value = request.params()?;
    let arguments = &params["arguments"];
    let contents = match text(&params, "name") {
        "test_simple_prompt" => vec![said("This is a simple prompt for testing.")],
        "test_prompt_with_arguments" => vec![said(&format!(
            "Prompt with arguments: arg1='{}', arg2='{}'",
            text(arguments, "arg1"),
            text(arguments, "arg2")
        ))],
        "test_prompt_with_embedded_resource" => vec![
            json!({
                "type": "resource",
                "resource": {
                    "uri": text(arguments, "resourceUri"),
                    "mimeType": "text/plain",
                    "text": "Embedded resource content for testing."
                }
            }),
            said("Please process the embedded resource above."),
        ],
        "test_prompt_with_image" => vec![
            json!({ "type": "image", "data": RED_PIXEL, "mimeType": "image/png" }),
            said("Please analyze the image above."),
        ],
        "test_input_required_result_prompt" => {
            let inquiry = Inquiry::begin(request, exchange).await?;
            let question = form(
                "What context should the prompt use?",
                &required("context", "string"),
            )?;
            match inquiry.ask("user_context", question).await?.read()? {
                Some(answer) => vec![said(&filled(&answer, "context"))],
                None => return inquiry.pause(),
            }
        }
        _ => return Err(ErrorObject::invalid_params("there is no such prompt")),
    };
    let messages: Vec<_> = contents
        .into_iter()
        .map(|content| json!({ "role": "user", "content": content }))
        .collect();
    Answer::complete(&json!({ "messages": messages }))
}

fn said(text: &str) -> Value {
    json!({ "type": "text", "text": text })
}
