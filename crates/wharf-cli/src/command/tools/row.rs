//! Tools as lines: a table for people, tabs for scripts, JSON for programs.

use std::borrow::Cow;
use std::io::{self, IsTerminal as _, Write};

use anstyle::Style;
use serde_json::value::RawValue;

use crate::command::one_line::on_one_line;
use crate::paint;

/// One tool. Its texts are printable, on one line each.
pub(super) struct Row<'a> {
    pub name: Cow<'a, str>,
    pub effect: &'static str,
    pub style: Style,
    pub summary: Cow<'a, str>,
    pub definition: Option<&'a RawValue>,
}

/// Which lines, and how.
pub(super) struct Rows {
    /// In lower case.
    pub filter: Option<String>,
    pub json: bool,
}

impl Rows {
    pub(super) fn takes(&self, name: &str, summary: &str) -> bool {
        self.filter.as_deref().is_none_or(|filter| {
            name.to_lowercase().contains(filter) || summary.to_lowercase().contains(filter)
        })
    }

    pub(super) fn print(&self, rows: &[Row<'_>]) -> io::Result<()> {
        let mut out = io::BufWriter::new(anstream::stdout().lock());
        if self.json {
            for definition in rows.iter().filter_map(|row| row.definition) {
                writeln!(out, "{}", on_one_line(definition))?;
            }
        } else if io::stdout().is_terminal() {
            write_table(&mut out, rows)?;
        } else {
            for Row {
                name,
                effect,
                summary,
                ..
            } in rows
            {
                writeln!(out, "{name}\t{effect}\t{summary}")?;
            }
        }
        out.flush()
    }
}

fn write_table(out: &mut impl Write, rows: &[Row<'_>]) -> io::Result<()> {
    let name_width = rows.iter().map(|row| row.name.chars().count()).max();
    let width = name_width.unwrap_or_default();
    for Row {
        name,
        effect,
        style,
        summary,
        ..
    } in rows
    {
        let paint = paint::NAME;
        writeln!(
            out,
            "{paint}{name:<width$}{paint:#}  {style}{effect:<11}{style:#}  {summary}"
        )?;
    }
    Ok(())
}
