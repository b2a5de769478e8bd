//! The tools of a config or of an API document.

use std::process::ExitCode;

use wharf_gateway::audit::Store;
use wharf_gateway::catalog::{Tool, View};
use wharf_gateway::gateway::{Gateway, Report};
use wharf_policy::facts::Effect;
use wharf_policy::principal::Principal;

use super::row::{Row, Rows};
use crate::paint;
use crate::report::{self, Failure};
use crate::source::Source;

/// Lists whatever a client on this machine would see.
pub(super) async fn list(source: &Source, rows: &Rows) -> Result<ExitCode, Failure> {
    let mut settings = source.load().await?.settings;
    // Nothing is called, so there is nothing to write down.
    settings.store = Store::Memory;
    let policy = settings.policy.clone();
    let (gateway, report) = Gateway::start(settings).await?;
    let catalog = gateway.catalog();
    let principal = Principal::local();
    let view = View::new(&catalog, &policy, &principal);
    // Definitions are rendered when they are looked at, so only those that are printed.
    let shown: Vec<Row<'_>> = view
        .after(None)
        .filter(|tool| rows.takes(&tool.name, &tool.summary))
        .map(|tool| row(tool, rows.json))
        .collect();
    rows.print(&shown)?;
    Ok(complain(&report))
}

fn row(tool: &Tool, defined: bool) -> Row<'_> {
    Row {
        name: tool.name.as_str().into(),
        effect: tool.facts.effect.as_str(),
        style: match tool.facts.effect {
            Effect::Read => paint::GOOD,
            Effect::Write => paint::WARNING,
            Effect::Destructive => paint::ERROR,
        },
        summary: tool.summary.as_str().into(),
        definition: tool.definition().filter(|_| defined),
    }
}

/// A list that lacks an upstream's tools is not a good one.
fn complain(report: &Report) -> ExitCode {
    for (_, error) in &report.failed {
        report::print_error(error);
    }
    if report.failed.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
