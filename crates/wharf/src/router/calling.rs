//! A call of a tool, from its parameters to its result.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;
use tracing::error;
use wharf_protocol::error::ErrorObject;
use wharf_protocol::port::{Answer, Exchange, Reply as Answered, Request};
use wharf_protocol::tool::CallToolResult;

use super::Router;
use crate::call::{Call, Input};
use crate::error::Error;
use crate::reply::{Reply, written};
use crate::survive::{Ended, survive};
use crate::tool::Tool;

/// What is read of the parameters; the rest is the wire's.
#[derive(Deserialize)]
struct Params<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow, default)]
    arguments: Option<&'a RawValue>,
}

pub(super) async fn call(router: &Router, request: &Request, exchange: &Exchange) -> Answered {
    let params = params(request)?;
    // Which tool.
    let entry = router
        .tools
        .get(&params.name)
        .ok_or_else(|| unknown(router, &params.name))?;
    let tool = &entry.item;
    // Whether this caller may.
    crate::auth::admit(&tool.scopes, exchange)?;
    // With what. Nothing of the tool has run so far.
    let arguments = match params.arguments {
        Some(arguments) if arguments.get() != "null" => arguments,
        _ => none(),
    };
    let problems = tool.input.check(arguments);
    if !problems.is_empty() {
        let refusal = format!("The arguments are not valid, so nothing was done:\n{problems}");
        return Answer::complete(&CallToolResult::error(refusal));
    }
    // Whoever knows tasks need not wait.
    if tool.task {
        exchange.peer.detach().await;
    }
    // The author's own code, which may do anything.
    let call = Call::new(request, exchange, &entry.home, Input::Json(arguments));
    match survive(&call, tool.timeout, tool.run.run(&call)).await {
        Ended::Returned(outcome) => finish(tool, &entry.name, outcome, exchange),
        Ended::Asked => call.pause(),
        Ended::Panicked(message) => {
            error!(tool = entry.name, message, "a tool panicked");
            failed("The tool failed; the reason is in the server's log.")
        }
        Ended::TimedOut(limit) => failed(&format!(
            "The tool was stopped, since it took longer than {limit:?}. Ask for less, or try again \
             later."
        )),
    }
}

/// Turns what the tool came to into what the caller's revision can hold.
fn finish(tool: &Tool, name: &str, outcome: Result<Reply, Error>, exchange: &Exchange) -> Answered {
    let reply = match outcome {
        Ok(reply) => reply,
        Err(error) => {
            if error.cause().is_some() {
                error!(tool = name, error = ?error, "a tool failed");
            }
            match error.into_protocol() {
                Ok(error) => return Err(error),
                Err(error) => Reply::from(error),
            }
        }
    };
    if let (Some(schema), Some(value)) = (&tool.output, &reply.result.structured_content) {
        let problems = schema.check(value);
        if !problems.is_empty() {
            error!(tool = name, %problems, "a tool returned what its own output schema refuses");
            return failed("The tool's answer was not what it promised; see the server's log.");
        }
    }
    let meta = reply.meta;
    match written(&reply.result.fit(exchange.revision)) {
        Ok(fields) => Ok(Answer::Complete { fields, meta }),
        Err(error) => {
            error!(tool = name, error = ?error, "an answer could not be written");
            failed(&error.to_string())
        }
    }
}

fn failed(message: &str) -> Answered {
    Answer::complete(&CallToolResult::error(message))
}

fn params(request: &Request) -> Result<Params<'_>, ErrorObject> {
    let raw = request.params.as_deref().map_or("{}", RawValue::get);
    serde_json::from_str(raw)
        .map_err(|error| ErrorObject::invalid_params(format!("Invalid params: {error}")))
}

fn none() -> &'static RawValue {
    serde_json::from_str("{}").expect("an empty object is JSON")
}

fn unknown(router: &Router, name: &str) -> ErrorObject {
    let known = router.tools.iter().map(|entry| entry.name.as_str());
    let shown: String = name.chars().take(64).flat_map(char::escape_debug).collect();
    let message = match crate::schema::nearest(name, known) {
        Some(nearest) => format!("Unknown tool: `{shown}`; did you mean `{nearest}`?"),
        None => format!("Unknown tool: `{shown}`"),
    };
    ErrorObject::invalid_params(message)
}
