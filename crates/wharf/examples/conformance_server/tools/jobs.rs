//! Tools that become tasks: each lets its caller go and works on.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::sleep;
use wharf_protocol::elicitation::Elicited;
use wharf_protocol::error::ErrorObject;
use wharf_protocol::inquiry::Inquiry;
use wharf_protocol::port::{Answer, Exchange, Reply, Request};
use wharf_protocol::tool::CallToolResult;

use super::asking::{filled, form, told};
use super::forms;
use crate::text;

/// Names and input schemas of the tools here.
pub(crate) fn all() -> [(&'static str, Value); 7] {
    let nothing = || json!({ "type": "object", "properties": {} });
    [
        ("greet", forms::required("name", "string")),
        (
            "slow_compute",
            json!({
                "type": "object",
                "properties": {
                    "seconds": { "type": "number", "minimum": 0 },
                    "label": { "type": "string" }
                },
                "required": ["seconds"]
            }),
        ),
        ("failing_job", nothing()),
        ("protocol_error_job", nothing()),
        ("confirm_delete", forms::required("filename", "string")),
        ("multi_input", nothing()),
        ("test_tool_with_task", nothing()),
    ]
}

pub(crate) async fn call(
    name: &str,
    arguments: &Value,
    request: &Request,
    exchange: &Exchange,
) -> Reply {
    match name {
        "greet" => told(format!("Hello, {}!", text(arguments, "name"))),
        "slow_compute" => compute(arguments, exchange).await,
        "failing_job" => {
            exchange.detach_or_refuse().await?;
            sleep(Duration::from_secs(1)).await;
            Answer::complete(&CallToolResult::error("This job always fails"))
        }
        "protocol_error_job" => {
            exchange.peer.detach().await;
            Err(ErrorObject::internal())
        }
        "confirm_delete" => {
            exchange.peer.detach().await;
            confirm(text(arguments, "filename"), request, exchange).await
        }
        "multi_input" => {
            exchange.peer.detach().await;
            two(request, exchange).await
        }
        _ => greet_later(request, exchange).await,
    }
}

async fn compute(arguments: &Value, exchange: &Exchange) -> Reply {
    let seconds = arguments["seconds"].as_f64().unwrap_or_default();
    let time = Duration::try_from_secs_f64(seconds)
        .map_err(|_| ErrorObject::invalid_params("`seconds` is out of range"))?;
    if !time.is_zero() {
        exchange.peer.detach().await;
        sleep(time).await;
    }
    told(format!("Computed {}", text(arguments, "label")))
}

async fn confirm(filename: &str, request: &Request, exchange: &Exchange) -> Reply {
    let inquiry = Inquiry::begin(request, exchange).await?;
    let question = form(
        &format!("Delete {filename}?"),
        &forms::required("confirm", "boolean"),
    )?;
    match inquiry.ask("confirm", question).await?.read::<Elicited>()? {
        Some(answer) => told(format!("{:?}: {filename}", answer.action)),
        None => inquiry.pause(),
    }
}

async fn two(request: &Request, exchange: &Exchange) -> Reply {
    let inquiry = Inquiry::begin(request, exchange).await?;
    let schema = forms::required("name", "string");
    let (first, second) = (
        form("The first name?", &schema)?,
        form("The second?", &schema)?,
    );
    let (first, second) = tokio::join!(inquiry.ask("first", first), inquiry.ask("second", second));
    match (first?.read::<Elicited>()?, second?.read::<Elicited>()?) {
        (Some(first), Some(second)) => told(format!(
            "{} and {}",
            filled(&first, "name"),
            filled(&second, "name")
        )),
        _ => inquiry.pause(),
    }
}

/// Asks while its caller waits, and works once it has gone.
async fn greet_later(request: &Request, exchange: &Exchange) -> Reply {
    let inquiry = Inquiry::begin(request, exchange).await?;
    let question = form("What is your name?", &forms::required("name", "string"))?;
    let answer = inquiry
        .ask("user_name", question)
        .await?
        .read::<Elicited>()?;
    let Some(answer) = answer else {
        return inquiry.pause();
    };
    exchange.detach_or_refuse().await?;
    told(format!("Hello, {}!", filled(&answer, "name")))
}
