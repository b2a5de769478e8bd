//! A call to a tool of an MCP server.

use std::process::ExitCode;

use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value};
use wharf_gateway::call::DRY_RUN;
use wharf_protocol::handshake::DiscoverResult;
use wharf_protocol::meta::{Meta, key};
use wharf_protocol::method::Method;
use wharf_protocol::notification::LogLevel;
use wharf_protocol::revision::Era;
use wharf_protocol::tool::CallToolResult;
use wharf_wire::client::AskError;

use super::{arguments as given, print};
use crate::cli::CallArguments;
use crate::client::{Connected, Named, Occasion, request};
use crate::nearest::nearest;
use crate::printable::first_line;
use crate::report::Failure;

pub(super) async fn call(named: Named, arguments: CallArguments) -> Result<ExitCode, Failure> {
    let how = &arguments.server;
    let (answered, unanswered) = Connected::with(named, how, Occasion::OnDemand, async |server| {
        let answered = ask(server, &arguments).await?;
        Ok((answered, server.unanswered()))
    })
    .await?;
    match answered {
        Ok(raw) => printed(&raw, &arguments, unanswered),
        Err(error) => {
            if let (AskError::Refused { error, .. }, true) = (&error, arguments.json) {
                print::refusal(error)?;
            }
            Err(unanswered.map_or_else(|| Failure::new(error), nobody_answered))
        }
    }
}

/// Reads the arguments as the tool's schema says, and makes the call.
async fn ask(
    server: &Connected,
    arguments: &CallArguments,
) -> Result<Result<Box<RawValue>, AskError>, Failure> {
    if arguments.dry_run {
        check_dry_run(server).await?;
    }
    let tools = server.list(Method::TOOLS_LIST).await?;
    let schema = input_schema(&tools, &arguments.name)?;
    let whole = arguments.args.as_deref();
    let given = given::read(whole, &arguments.pairs, schema.as_deref()).await?;
    let params = Params {
        name: &arguments.name,
        arguments: &given,
        meta: meta(server, arguments.dry_run)?,
    };
    let request = request(Method::TOOLS_CALL, &params)?;
    Ok(server.ask(request).await)
}

#[derive(Serialize)]
struct Params<'a> {
    name: &'a str,
    arguments: &'a Map<String, Value>,
    #[serde(rename = "_meta")]
    meta: Meta,
}

/// Progress is always asked for, for it shows that the server is still at work. A server of the modern
/// era sends log lines to those who say which.
fn meta(server: &Connected, dry_run: bool) -> Result<Meta, Failure> {
    let mut meta = Meta::default();
    meta.insert(key::PROGRESS_TOKEN, to_raw_value(&1)?);
    if server.learnt().era() == Era::Modern && server.learnt().capabilities.logging.is_some() {
        meta.insert(key::LOG_LEVEL, to_raw_value(&LogLevel::Info)?);
    }
    if dry_run {
        meta.insert(DRY_RUN, to_raw_value(&true)?);
    }
    Ok(meta)
}

/// A server that has never heard of dry runs would just make the call, so it has to say that it has.
async fn check_dry_run(server: &Connected) -> Result<(), Failure> {
    if server.learnt().era() == Era::Modern {
        let described = server.ask(request(Method::DISCOVER, &Map::new())?).await;
        let described: DiscoverResult =
            serde_json::from_str(described.map_err(Failure::new)?.get())?;
        let declared: Map<String, Value> = described
            .capabilities
            .extensions
            .and_then(|extensions| serde_json::from_str(extensions.get()).ok())
            .unwrap_or_default();
        if declared.contains_key(DRY_RUN) {
            return Ok(());
        }
    }
    Err(Failure::usage(format!(
        "`{}` does not declare that it can show a request without sending it (`{DRY_RUN}`)",
        server.named()
    ))
    .with_hint("without `--dry-run` the call is made"))
}

/// The schema by which arguments are read.
fn input_schema(tools: &[Box<RawValue>], name: &str) -> Result<Option<Box<RawValue>>, Failure> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Definition {
        name: String,
        input_schema: Option<Box<RawValue>>,
    }
    let definitions: Vec<Definition> = tools
        .iter()
        .filter_map(|tool| serde_json::from_str(tool.get()).ok())
        .collect();
    let names: Vec<String> = definitions
        .iter()
        .map(|tool| first_line(&tool.name))
        .collect();
    if let Some(tool) = definitions.into_iter().find(|tool| tool.name == name) {
        return Ok(tool.input_schema);
    }
    let hint = match nearest(name, names.iter().map(String::as_str)) {
        Some(name) => format!("did you mean `{name}`?"),
        None => "`wharf tools` lists what the server has".to_owned(),
    };
    Err(Failure::saying(format!("the server has no tool `{name}`")).with_hint(hint))
}

fn printed(
    raw: &RawValue,
    arguments: &CallArguments,
    unanswered: Option<String>,
) -> Result<ExitCode, Failure> {
    let result: CallToolResult = serde_json::from_str(raw.get()).map_err(|error| {
        Failure::new(
            anyhow::Error::new(error).context("the server's answer is no result of a tool"),
        )
    })?;
    if arguments.json && !arguments.dry_run {
        print::raw(raw)?;
    } else {
        print::result(&result, arguments.json, arguments.dry_run)?;
    }
    match (result.is_error, unanswered) {
        (false, _) => Ok(ExitCode::SUCCESS),
        (true, None) => Ok(ExitCode::FAILURE),
        (true, Some(question)) => Err(nobody_answered(question)),
    }
}

fn nobody_answered(question: String) -> Failure {
    Failure::saying(format!(
        "the tool asked something, and nobody was there to answer: {question}"
    ))
    .with_hint("run the command in a terminal, where you can answer")
}
