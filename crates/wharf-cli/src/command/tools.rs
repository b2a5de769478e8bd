//! `wharf tools`: what may be used, one line a tool.

use std::io::{self, IsTerminal as _, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use wharf_gateway::audit::Store;
use wharf_gateway::catalog::{Tool, View};
use wharf_gateway::gateway::{Gateway, Report};
use wharf_policy::facts::Effect;
use wharf_policy::principal::Principal;

use crate::cli::ToolsArguments;
use crate::paint;
use crate::report::{self, Failure};
use crate::source::Source;

pub(super) async fn run(arguments: ToolsArguments) -> Result<ExitCode, Failure> {
    let (file, filter) = file_and_filter(&arguments)?;
    let mut settings = Source::new(file, arguments.document)?
        .load()
        .await?
        .settings;
    // Nothing is called, so there is nothing to write down.
    settings.store = Store::Memory;
    let policy = settings.policy.clone();
    let (gateway, report) = Gateway::start(settings).await?;
    let catalog = gateway.catalog();
    let principal = Principal::local();
    let view = View::new(&catalog, &policy, &principal);
    let tools: Vec<&Tool> = view
        .after(None)
        .filter(|tool| matches(tool, filter.as_deref()))
        .collect();
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    if arguments.json {
        for definition in tools.iter().filter_map(|tool| tool.definition()) {
            writeln!(out, "{definition}")?;
        }
    } else if io::stdout().is_terminal() {
        write_table(&mut out, &tools)?;
    } else {
        for tool in &tools {
            writeln!(
                out,
                "{}\t{}\t{}",
                tool.name, tool.facts.effect, tool.summary
            )?;
        }
    }
    out.flush()?;
    drop(out);
    Ok(complain(&report))
}

/// The first word is a config if it ends like one; what is left is looked for.
fn file_and_filter(arguments: &ToolsArguments) -> Result<(PathBuf, Option<String>), Failure> {
    let is_config = |word: &&String| {
        Path::new(word)
            .extension()
            .is_some_and(|ending| ending == "toml")
    };
    let named = arguments.words.first().filter(is_config);
    let filter = arguments
        .words
        .get(usize::from(named.is_some()))
        .map(|word| word.to_lowercase());
    if arguments.words.len() > usize::from(named.is_some()) + usize::from(filter.is_some()) {
        return Err(Failure::usage(
            "give one config that ends in `.toml`, and one filter",
        ));
    }
    if named.is_some() && (arguments.config.is_some() || arguments.document.openapi.is_some()) {
        return Err(Failure::usage("give one config or one document"));
    }
    let named = named
        .map(PathBuf::from)
        .or_else(|| arguments.config.clone());
    Ok((named.unwrap_or_else(|| "wharf.toml".into()), filter))
}

fn matches(tool: &Tool, filter: Option<&str>) -> bool {
    filter.is_none_or(|filter| {
        tool.name.to_lowercase().contains(filter) || tool.summary.to_lowercase().contains(filter)
    })
}

fn write_table(out: &mut impl Write, tools: &[&Tool]) -> io::Result<()> {
    let width = tools
        .iter()
        .map(|tool| tool.name.len())
        .max()
        .unwrap_or_default();
    for tool in tools {
        let (name, effect) = (paint::NAME, paint_of(tool.facts.effect));
        let label = tool.facts.effect.as_str();
        writeln!(
            out,
            "{name}{:<width$}{name:#}  {effect}{label:<11}{effect:#}  {}",
            tool.name, tool.summary
        )?;
    }
    Ok(())
}

fn paint_of(effect: Effect) -> anstyle::Style {
    match effect {
        Effect::Read => paint::GOOD,
        Effect::Write => paint::WARNING,
        Effect::Destructive => paint::ERROR,
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
