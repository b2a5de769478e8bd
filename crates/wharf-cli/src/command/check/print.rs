//! A verdict for people: the document, then what was found, the worst first.

use std::io::{self, Write};

use wharf_openapi::Severity;

use super::verdict::{Finding, Verdict};
use crate::paint;

/// Places that are shown of findings of one kind.
const SHOWN: usize = 5;

pub(super) fn verdict(out: &mut impl Write, verdict: &Verdict) -> io::Result<()> {
    let strong = paint::STRONG;
    let (paint, mark) = if verdict.is_good() {
        (paint::GOOD, "ok")
    } else {
        (paint::ERROR, "not good")
    };
    write!(
        out,
        "{strong}{}{strong:#}: {paint}{mark}{paint:#}",
        verdict.file
    )?;
    if let Some(dialect) = verdict.dialect {
        write!(
            out,
            ", OpenAPI {dialect}, {} of {} operations are tools",
            verdict.tools, verdict.operations
        )?;
    }
    writeln!(out, " ({:.2} s)", verdict.seconds)?;
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        for group in grouped(verdict, severity) {
            write_group(out, &verdict.file, &group)?;
        }
    }
    Ok(())
}

/// Findings of one severity, those of one code together, in the order in which they were found.
fn grouped(verdict: &Verdict, severity: Severity) -> Vec<Vec<&Finding>> {
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    for finding in verdict
        .diagnostics
        .iter()
        .filter(|finding| finding.severity == severity)
    {
        match groups
            .iter_mut()
            .find(|group| group[0].code == finding.code)
        {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups
}

fn write_group(out: &mut impl Write, file: &str, group: &[&Finding]) -> io::Result<()> {
    let faint = paint::FAINT;
    for finding in group.iter().take(SHOWN) {
        let paint = match finding.severity {
            Severity::Error => paint::ERROR,
            Severity::Warning => paint::WARNING,
            Severity::Note => paint::FAINT,
        };
        let Finding {
            severity,
            code,
            message,
            ..
        } = finding;
        let place = match (finding.line, finding.column) {
            (Some(line), Some(column)) => format!("{file}:{line}:{column}"),
            _ => file.to_owned(),
        };
        writeln!(
            out,
            "  {paint}{severity}{paint:#}: {message} {faint}[{code}] {place}{faint:#}"
        )?;
    }
    if group.len() > SHOWN {
        writeln!(
            out,
            "    {faint}and {} more like this; --json lists all{faint:#}",
            group.len() - SHOWN
        )?;
    }
    match group.iter().find_map(|finding| finding.help.as_ref()) {
        Some(help) => writeln!(out, "    help: {help}"),
        None => Ok(()),
    }
}
