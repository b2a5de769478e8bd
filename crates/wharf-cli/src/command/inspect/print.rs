//! What was learnt of a server, for people and for programs.

use std::io::{self, Write};

use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use wharf_protocol::capability::ServerCapabilities;
use wharf_protocol::revision::Era;
use wharf_wire::client::Learnt;

use super::Counts;
use crate::client::Named;
use crate::paint;
use crate::printable::{first_line, printable};

/// Lines of a server's instructions that a person is shown, so that all fits one screen.
const GUIDANCE_LINES: usize = 8;

/// One line a fact.
pub(super) fn for_people(named: &Named, learnt: &Learnt, counts: &Counts) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    let server = learnt.server.as_ref().map_or_else(
        || "does not say who it is".to_owned(),
        |it| match &it.title {
            Some(title) => format!("{} {} ({title})", it.name, it.version),
            None => format!("{} {}", it.name, it.version),
        },
    );
    line(&mut out, "server", &first_line(&server))?;
    line(&mut out, "at", &named.to_string())?;
    line(
        &mut out,
        "revision",
        &format!("{} ({})", learnt.revision, era(learnt)),
    )?;
    line(&mut out, "offers", &offers(&learnt.capabilities).join(", "))?;
    for (name, count) in [
        ("tools", counts.tools),
        ("resources", counts.resources),
        ("templates", counts.resource_templates),
        ("prompts", counts.prompts),
    ] {
        if let Some(count) = count {
            line(&mut out, name, &count.to_string())?;
        }
    }
    match &learnt.instructions {
        Some(instructions) => guidance(&mut out, instructions.trim()),
        None => Ok(()),
    }
}

/// The beginning of what a server tells its model.
fn guidance(out: &mut impl Write, instructions: &str) -> io::Result<()> {
    let lines: Vec<&str> = instructions.lines().collect();
    for (at, text) in lines.iter().take(GUIDANCE_LINES).enumerate() {
        let name = if at == 0 { "instructions" } else { "" };
        line(out, name, &printable(text))?;
    }
    match lines.len().saturating_sub(GUIDANCE_LINES) {
        0 => Ok(()),
        more => line(out, "", &format!("… {more} more lines, which --json shows")),
    }
}

/// All of it as one line of JSON. Capabilities stand there as the server wrote them, those that
/// nobody here has heard of included.
pub(super) fn for_programs(named: &Named, learnt: &Learnt, counts: &Counts) -> io::Result<()> {
    let described: Map<String, Value> =
        serde_json::from_str(learnt.described.get()).unwrap_or_default();
    let place = match named {
        Named::Url(_) => "url",
        Named::Command { .. } => "command",
    };
    let line = json!({
        place: named.to_string(),
        "revision": learnt.revision.as_str(),
        "era": era(learnt),
        "server": learnt.server,
        "capabilities": described.get("capabilities"),
        "instructions": learnt.instructions,
        "counts": counts,
    });
    writeln!(io::stdout(), "{line}")
}

fn line(out: &mut impl Write, name: &str, text: &str) -> io::Result<()> {
    let faint = paint::FAINT;
    let line = format!("{faint}{name:<13}{faint:#} {text}");
    writeln!(out, "{}", line.trim_end())
}

fn era(learnt: &Learnt) -> &'static str {
    match learnt.era() {
        Era::Modern => "modern",
        Era::Legacy => "legacy",
    }
}

/// What the server says it can do, and whether it tells of changes.
fn offers(capabilities: &ServerCapabilities) -> Vec<String> {
    let mut offers = Vec::new();
    let mut offer = |name: &str, extras: &[(bool, &str)]| {
        let extras: Vec<&str> = extras
            .iter()
            .filter(|(is_there, _)| *is_there)
            .map(|(_, extra)| *extra)
            .collect();
        offers.push(match extras.as_slice() {
            [] => name.to_owned(),
            extras => format!("{name} ({})", extras.join(", ")),
        });
    };
    if let Some(tools) = capabilities.tools {
        offer("tools", &[(tools.list_changed, "tells of changes")]);
    }
    if let Some(resources) = capabilities.resources {
        let extras = [
            (resources.subscribe, "subscriptions"),
            (resources.list_changed, "tells of changes"),
        ];
        offer("resources", &extras);
    }
    if let Some(prompts) = capabilities.prompts {
        offer("prompts", &[(prompts.list_changed, "tells of changes")]);
    }
    if capabilities.completions.is_some() {
        offer("completions", &[]);
    }
    if capabilities.logging.is_some() {
        offer("logging", &[]);
    }
    for name in extensions(capabilities.extensions.as_deref()) {
        offer(&first_line(&name), &[]);
    }
    offers
}

fn extensions(raw: Option<&RawValue>) -> Vec<String> {
    let named: Map<String, Value> = raw
        .and_then(|raw| serde_json::from_str(raw.get()).ok())
        .unwrap_or_default();
    named.into_iter().map(|(name, _)| name).collect()
}
