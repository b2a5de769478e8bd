//! The tools of an MCP server.

use std::process::ExitCode;

use serde::Deserialize;
use serde_json::value::RawValue;
use wharf_protocol::method::Method;
use wharf_protocol::tool::ToolAnnotations;

use super::row::{Row, Rows};
use crate::cli::ServerArguments;
use crate::client::{Connected, Named, Occasion};
use crate::paint;
use crate::printable::first_line;
use crate::report::Failure;

/// Lists whatever the server lists.
pub(super) async fn list(
    named: Named,
    arguments: &ServerArguments,
    rows: &Rows,
) -> Result<ExitCode, Failure> {
    let listed = Connected::with(named, arguments, Occasion::OnDemand, async |server| {
        server.list(Method::TOOLS_LIST).await
    })
    .await?;
    let shown: Vec<Row<'_>> = listed
        .iter()
        .filter_map(|definition| row(definition))
        .filter(|row| rows.takes(&row.name, &row.summary))
        .collect();
    rows.print(&shown)?;
    Ok(ExitCode::SUCCESS)
}

/// As much of a definition as a line shows.
#[derive(Deserialize)]
struct Defined {
    name: String,
    title: Option<String>,
    description: Option<String>,
    annotations: Option<ToolAnnotations>,
}

/// A definition without a name is no tool that anybody could call.
fn row(definition: &RawValue) -> Option<Row<'_>> {
    let defined: Defined = serde_json::from_str(definition.get()).ok()?;
    let annotations = defined.annotations.unwrap_or_default();
    let (effect, style) = effect(&annotations);
    let summary = defined.description.filter(|text| !text.trim().is_empty());
    let summary = summary.or(defined.title).or(annotations.title);
    Some(Row {
        name: first_line(&defined.name).into(),
        effect,
        style,
        summary: first_line(&summary.unwrap_or_default()).into(),
        definition: Some(definition),
    })
}

/// What the tool does, in its server's own words: hints, which nobody has checked.
fn effect(annotations: &ToolAnnotations) -> (&'static str, anstyle::Style) {
    match (annotations.read_only_hint, annotations.destructive_hint) {
        (Some(true), _) => ("read", paint::GOOD),
        (_, Some(true)) => ("destructive", paint::ERROR),
        (_, Some(false)) => ("write", paint::WARNING),
        (_, None) => ("unknown", paint::FAINT),
    }
}
