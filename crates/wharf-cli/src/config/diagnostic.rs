//! What is wrong with a config file, where, and what to do about it.

use std::fmt;
use std::ops::Range;

use serde::Serialize;

/// One finding. Never quotes a line of the file: there may be a secret in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    pub severity: Severity,
    /// From 1.
    pub line: usize,
    /// From 1, counted in characters.
    pub column: usize,
    pub message: String,
    /// What the reader can do, where we know it.
    pub help: Option<String>,
}

/// Whether the file can be used all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// Collects findings about one text.
#[derive(Debug)]
pub(crate) struct Findings<'a> {
    text: &'a str,
    found: Vec<Diagnostic>,
}

impl<'a> Findings<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            text,
            found: Vec::new(),
        }
    }

    pub(crate) fn error(
        &mut self,
        at: &Range<usize>,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.add(Severity::Error, at, message.into())
    }

    pub(crate) fn warning(
        &mut self,
        at: &Range<usize>,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.add(Severity::Warning, at, message.into())
    }

    /// The place of `part` in the text at `at`, or `at` where it is spelled in another way there.
    pub(crate) fn within(&self, at: &Range<usize>, part: &str) -> Range<usize> {
        let found = self.text.get(at.clone()).and_then(|text| text.find(part));
        found.map_or_else(
            || at.clone(),
            |start| at.start + start..at.start + start + part.len(),
        )
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.found
            .iter()
            .any(|found| found.severity == Severity::Error)
    }

    /// All of them, from the top of the file.
    pub(crate) fn into_diagnostics(mut self) -> Vec<Diagnostic> {
        self.found.sort_by_key(|found| (found.line, found.column));
        self.found
    }

    fn add(&mut self, severity: Severity, at: &Range<usize>, message: String) -> &mut Diagnostic {
        let (line, column) = position(self.text, at.start);
        self.found.push(Diagnostic {
            severity,
            line,
            column,
            message,
            help: None,
        });
        let last = self.found.len() - 1;
        &mut self.found[last]
    }
}

impl Diagnostic {
    /// Adds what the reader can do.
    pub(crate) fn help(&mut self, help: impl Into<String>) {
        self.help = Some(help.into());
    }
}

fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..text.floor_char_boundary(offset)];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.matches('\n').count() + 1;
    (line, before[line_start..].chars().count() + 1)
}
