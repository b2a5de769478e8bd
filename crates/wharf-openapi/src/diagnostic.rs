//! What is odd about a document, where, and what to do about it.

use std::collections::HashMap;
use std::fmt;

use serde::Serialize;

use crate::document::Document;
use crate::tree::{Node, NodeId};

/// One finding. Reports sort and deduplicate them by `code` and `pointer`: a schema that many
/// operations share is found again by each of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Diagnostic {
    pub severity: Severity,
    /// A stable name in kebab case, for filters and for searching the manual.
    pub code: &'static str,
    /// JSON pointer of the place; empty for the document as a whole.
    pub pointer: String,
    /// From 1, where the place is known.
    pub line: Option<u32>,
    /// From 1, counted in characters.
    pub column: Option<u32>,
    /// What was found.
    pub message: String,
    /// What the reader can do, where we know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

/// How much a finding takes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something that could have been a tool, or the whole document, is not one.
    Error,
    /// The tool works, but a part of what the document says was left out or guessed.
    Warning,
    /// Worth knowing; nothing is lost.
    Note,
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        })
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (Some(line), Some(column)) = (self.line, self.column) {
            write!(formatter, "{line}:{column}: ")?;
        }
        write!(
            formatter,
            "{}[{}]: {}",
            self.severity, self.code, self.message
        )?;
        match &self.help {
            None => Ok(()),
            Some(help) => write!(formatter, " ({help})"),
        }
    }
}

/// Findings of one pass beyond this many say nothing new.
const MOST_FINDINGS: usize = 10_000;

/// Collects the findings of one pass over a document.
#[derive(Debug)]
pub(crate) struct Findings<'d> {
    document: &'d Document,
    found: Vec<Diagnostic>,
    /// Where each finding is: one operation meets the same shared schema many times.
    known: HashMap<(&'static str, NodeId, String), usize>,
}

impl<'d> Findings<'d> {
    pub(crate) fn new(document: &'d Document) -> Self {
        Self {
            document,
            found: Vec::new(),
            known: HashMap::new(),
        }
    }

    pub(crate) fn error(
        &mut self,
        at: Node<'_>,
        code: &'static str,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.add(Severity::Error, at, code, message.into())
    }

    pub(crate) fn warning(
        &mut self,
        at: Node<'_>,
        code: &'static str,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.add(Severity::Warning, at, code, message.into())
    }

    pub(crate) fn note(
        &mut self,
        at: Node<'_>,
        code: &'static str,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.add(Severity::Note, at, code, message.into())
    }

    pub(crate) fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.found
    }

    fn add(
        &mut self,
        severity: Severity,
        at: Node<'_>,
        code: &'static str,
        message: String,
    ) -> &mut Diagnostic {
        let identity = (code, at.id(), message.clone());
        if let Some(&place) = self.known.get(&identity) {
            return &mut self.found[place];
        }
        let (line, column) = self.document.position(at.offset());
        let found = Diagnostic {
            severity,
            code,
            pointer: at.pointer(),
            line: Some(line),
            column: Some(column),
            message,
            help: None,
        };
        if self.found.len() < MOST_FINDINGS {
            self.known.insert(identity, self.found.len());
            self.found.push(found);
        } else if let Some(last) = self.found.last_mut() {
            // The last one gives way, so that what was found last is seen as well.
            *last = found;
        }
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
