//! A call to a tool of a config or of an API document, through the same pipeline as a client's.

use std::process::ExitCode;

use serde_json::value::{RawValue, to_raw_value};
use wharf_gateway::call::DRY_RUN;
use wharf_gateway::catalog::{Snapshot, View};
use wharf_gateway::gateway::Gateway;
use wharf_policy::decide::{Decision, Policy};
use wharf_policy::principal::Principal;
use wharf_protocol::error::ErrorObject;
use wharf_protocol::method::Method;
use wharf_protocol::port::{Answer, Exchange, Handler as _, Reply, Request};
use wharf_protocol::revision::Revision;
use wharf_protocol::tool::{CallToolParams, CallToolResult};

use super::{arguments as given, print};
use crate::cli::CallArguments;
use crate::nearest::nearest;
use crate::report::{self, Failure};
use crate::source::Source;

pub(super) async fn call(arguments: CallArguments) -> Result<ExitCode, Failure> {
    let file = arguments
        .config
        .clone()
        .unwrap_or_else(|| "wharf.toml".into());
    let source = Source::new(file, arguments.document.clone())?;
    let settings = source.load().await?.settings;
    let policy = settings.policy.clone();
    let (gateway, report) = Gateway::start(settings).await?;
    let reply = ask(&gateway, &policy, &arguments).await;
    let catalog = gateway.catalog();
    // Closed before anything is printed: what was called is on record, whoever reads of it.
    gateway.close().await;
    match reply? {
        Ok(answer) => {
            let result = result(answer)?;
            print::result(&result, arguments.json, arguments.dry_run)?;
            Ok(if result.is_error {
                ExitCode::FAILURE
            } else {
                ExitCode::SUCCESS
            })
        }
        Err(refusal) => {
            if arguments.json {
                print::refusal(&refusal)?;
            }
            report
                .failed
                .iter()
                .for_each(|(_, error)| report::print_error(error));
            Err(explained(refusal, &arguments.name, &catalog, &policy))
        }
    }
}

/// Reads the arguments as the tool's schema says, and makes the call.
async fn ask(
    gateway: &Gateway,
    policy: &Policy,
    arguments: &CallArguments,
) -> Result<Reply, Failure> {
    let schema = input_schema(gateway, policy, &arguments.name);
    let given = given::read(
        arguments.args.as_deref(),
        &arguments.pairs,
        schema.as_deref(),
    )
    .await?;
    let params = CallToolParams {
        name: arguments.name.clone(),
        arguments: Some(to_raw_value(&given)?),
        input_responses: None,
        request_state: None,
    };
    let request = Request::new(Method::TOOLS_CALL, &params).map_err(Failure::new)?;
    let exchange = exchange(arguments.dry_run)?;
    Ok(gateway.handle(request, &exchange).await)
}

fn exchange(dry_run: bool) -> Result<Exchange, Failure> {
    let mut exchange = Exchange::in_process(Revision::LATEST);
    if dry_run {
        exchange.meta.insert(DRY_RUN, to_raw_value(&true)?);
    }
    Ok(exchange)
}

/// The schema by which arguments are read; `None` for a tool that may not be used, which the
/// pipeline will say in its own words.
fn input_schema(gateway: &Gateway, policy: &Policy, name: &str) -> Option<Box<RawValue>> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Definition {
        input_schema: Box<RawValue>,
    }
    let catalog = gateway.catalog();
    let principal = Principal::local();
    let tool = View::new(&catalog, policy, &principal).find(name).ok()?;
    let definition: Definition = serde_json::from_str(tool.definition()?.get()).ok()?;
    Some(definition.input_schema)
}

fn result(answer: Answer) -> Result<CallToolResult, Failure> {
    let (Answer::Complete { fields, .. } | Answer::Verbatim(fields)) = answer else {
        let message = "the tool asks something back, and nobody here can answer";
        return Err(Failure::saying(message));
    };
    Ok(serde_json::from_str(fields.get())?)
}

/// A refusal tells a client no more than that there is no such tool. Whoever runs this command has
/// the config at hand and may know why.
fn explained(refusal: ErrorObject, name: &str, catalog: &Snapshot, policy: &Policy) -> Failure {
    let failure = Failure::saying(refusal.message);
    let Some(tool) = catalog.tools().iter().find(|tool| tool.name == name) else {
        let known = catalog.tools().iter().map(|tool| tool.name.as_str());
        return failure.with_hint(match nearest(name, known) {
            Some(name) => format!("did you mean `{name}`?"),
            None => "`wharf tools` lists what there is".to_owned(),
        });
    };
    match policy.decide(&Principal::local(), &tool.facts) {
        Decision::Denied(rule) => failure.with_hint(format!(
            "the tool is there, but not for you ({rule}); clients see neither"
        )),
        Decision::Allowed(_) => failure,
    }
}
