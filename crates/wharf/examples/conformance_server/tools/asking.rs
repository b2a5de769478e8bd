//! Tools that ask the client something before they answer.
//!
//! Each is written once: [`Inquiry`] asks a legacy client at once, and ends the call of a modern one
//! with `input_required`.

use serde::de::DeserializeOwned;
use serde_json::value::to_raw_value;
use serde_json::{Value, json};
use wharf_protocol::elicitation::{Elicited, FormElicitation};
use wharf_protocol::error::ErrorObject;
use wharf_protocol::input_required::InputRequest;
use wharf_protocol::inquiry::{Asked, Inquiry};
use wharf_protocol::port::{Answer, Exchange, Reply, Request};
use wharf_protocol::root::ListedRoots;
use wharf_protocol::sampling::{Sampled, SamplingParams};
use wharf_protocol::tool::CallToolResult;

use super::forms;
use crate::text;

pub(crate) async fn call(
    name: &str,
    arguments: &Value,
    request: &Request,
    exchange: &Exchange,
) -> Reply {
    let inquiry = Inquiry::begin(request, exchange).await?;
    match name {
        "test_sampling" => sample(&inquiry, "prompt", text(arguments, "prompt"), 100).await,
        "test_input_required_result_sampling" => {
            let question = "What is the capital of France?";
            sample(&inquiry, "capital_question", question, 100).await
        }
        "test_elicitation" => {
            let (message, schema) = (text(arguments, "message"), forms::user());
            elicit(&inquiry, "user", message, &schema, "User response").await
        }
        "test_elicitation_sep1034_defaults" => {
            let schema = forms::with_defaults();
            elicit(&inquiry, "defaults", "Please confirm", &schema, COMPLETED).await
        }
        "test_elicitation_sep1330_enums" => {
            let schema = forms::choices();
            elicit(&inquiry, "choices", "Please choose", &schema, COMPLETED).await
        }
        "test_streaming_elicitation" => {
            let schema = forms::user();
            elicit(&inquiry, "answer", "Please answer", &schema, COMPLETED).await
        }
        "test_input_required_result_elicitation" => greet(&inquiry).await,
        "test_input_required_result_list_roots" => roots(&inquiry).await,
        "test_input_required_result_request_state"
        | "test_input_required_result_tampered_state" => confirm(&inquiry).await,
        "test_input_required_result_multiple_inputs" => several(&inquiry).await,
        "test_input_required_result_multi_round" => rounds(&inquiry).await,
        "test_input_required_result_capabilities" => capable(&inquiry, exchange).await,
        _ => Err(ErrorObject::invalid_params("there is no such tool")),
    }
}

const COMPLETED: &str = "Elicitation completed";

pub(crate) fn told(text: String) -> Reply {
    Answer::complete(&CallToolResult::text(text))
}

/// A form of `schema`.
pub(crate) fn form(message: &str, schema: &Value) -> Result<InputRequest, ErrorObject> {
    InputRequest::form(&FormElicitation {
        message: message.to_owned(),
        requested_schema: to_raw_value(schema).map_err(|_| ErrorObject::internal())?,
    })
}

/// The member `name` of a form that was filled.
pub(crate) fn filled(elicited: &Elicited, name: &str) -> String {
    let content = elicited.content.as_deref().map_or("{}", |raw| raw.get());
    let content: Value = serde_json::from_str(content).unwrap_or_default();
    text(&content, name).to_owned()
}

async fn heard<T: DeserializeOwned>(
    inquiry: &Inquiry,
    key: &str,
    question: InputRequest,
) -> Result<Option<T>, ErrorObject> {
    inquiry.ask(key, question).await?.read()
}

async fn sample(inquiry: &Inquiry, key: &str, prompt: &str, max_tokens: u64) -> Reply {
    let question = InputRequest::sample(&SamplingParams::question(prompt, max_tokens))?;
    match heard::<Sampled>(inquiry, key, question).await? {
        Some(sampled) => told(format!(
            "LLM response: {}",
            sampled.text().unwrap_or_default()
        )),
        None => inquiry.pause(),
    }
}

async fn elicit(
    inquiry: &Inquiry,
    key: &str,
    message: &str,
    schema: &Value,
    heading: &str,
) -> Reply {
    match inquiry.ask(key, form(message, schema)?).await? {
        Asked::Pending => inquiry.pause(),
        Asked::Answered(answer) => {
            let answer: Value =
                serde_json::from_str(answer.get()).map_err(|_| ErrorObject::internal())?;
            told(format!(
                "{heading}: action={}, content={}",
                text(&answer, "action"),
                answer["content"]
            ))
        }
    }
}

async fn greet(inquiry: &Inquiry) -> Reply {
    let question = form("What is your name?", &forms::required("name", "string"))?;
    match heard::<Elicited>(inquiry, "user_name", question).await? {
        Some(answer) => told(format!("Hello, {}!", filled(&answer, "name"))),
        None => inquiry.pause(),
    }
}

async fn roots(inquiry: &Inquiry) -> Reply {
    let listed = heard::<ListedRoots>(inquiry, "client_roots", InputRequest::roots()?).await?;
    let Some(listed) = listed else {
        return inquiry.pause();
    };
    let uris: Vec<_> = listed.roots.into_iter().map(|root| root.uri).collect();
    told(format!("The roots are {}", uris.join(", ")))
}

async fn confirm(inquiry: &Inquiry) -> Reply {
    let question = form("Please confirm", &forms::required("ok", "boolean"))?;
    inquiry.keep("state", &"state-ok")?;
    match inquiry.ask("confirm", question).await? {
        Asked::Answered(_) => told(inquiry.kept("state").unwrap_or_default()),
        Asked::Pending => inquiry.pause(),
    }
}

async fn several(inquiry: &Inquiry) -> Reply {
    let name = form("What is your name?", &forms::required("name", "string"))?;
    let greeting = InputRequest::sample(&SamplingParams::question("Generate a greeting", 50))?;
    let answers = [
        inquiry.ask("user_name", name).await?,
        inquiry.ask("greeting", greeting).await?,
        inquiry.ask("client_roots", InputRequest::roots()?).await?,
    ];
    if answers.iter().any(|asked| matches!(asked, Asked::Pending)) {
        return inquiry.pause();
    }
    told("Everything was answered".to_owned())
}

async fn rounds(inquiry: &Inquiry) -> Reply {
    let name = form(
        "Step 1: What is your name?",
        &forms::required("name", "string"),
    )?;
    let Some(name) = heard::<Elicited>(inquiry, "step1", name).await? else {
        return inquiry.pause();
    };
    let color = forms::required("color", "string");
    let color = form("Step 2: What is your favorite color?", &color)?;
    let Some(color) = heard::<Elicited>(inquiry, "step2", color).await? else {
        return inquiry.pause();
    };
    let (name, color) = (filled(&name, "name"), filled(&color, "color"));
    told(format!("{name} likes {color}"))
}

/// Asks whatever this client can be asked.
async fn capable(inquiry: &Inquiry, exchange: &Exchange) -> Reply {
    let questions = [
        (
            "greeting",
            InputRequest::sample(&SamplingParams::question("Greet me", 50))?,
        ),
        (
            "user_name",
            form("What is your name?", &forms::required("name", "string"))?,
        ),
    ];
    let mut pending = false;
    for (key, question) in questions {
        if question.need().check(&exchange.capabilities).is_ok() {
            pending |= matches!(inquiry.ask(key, question).await?, Asked::Pending);
        }
    }
    if pending {
        return inquiry.pause();
    }
    told(json!({ "asked": true }).to_string())
}
