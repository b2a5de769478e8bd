//! What is said of one document.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufWriter, Read as _, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use serde::Serialize;
use wharf_gateway::upstream::http::document::{self, DocumentError};
use wharf_gateway::upstream::http::{Settings as HttpSettings, settings::DocumentSource};
use wharf_openapi::{Compiled, Dialect, Limits, Settings, Severity, Source, compile};
use wharf_protocol::tool::Tool;

use super::memory;
use crate::report::Failure;
use crate::source::document_source;

/// One line of `wharf check --json`.
#[derive(Debug, Serialize)]
pub(super) struct Verdict {
    pub file: String,
    /// None for what is no API document that can be read.
    pub dialect: Option<Dialect>,
    pub operations: usize,
    pub tools: usize,
    pub diagnostics: Vec<Finding>,
    /// From the first byte read to the last tool rendered.
    pub seconds: f64,
    pub peak_bytes: Option<u64>,
}

/// A diagnostic, each of its fields always there.
#[derive(Debug, Serialize)]
pub(super) struct Finding {
    pub severity: Severity,
    pub code: &'static str,
    pub pointer: String,
    pub line: Option<u32>,
    pub column: Option<u32>,
    pub message: String,
    pub help: Option<String>,
}

/// A tool as it would be listed, and where it comes from.
#[derive(Serialize)]
struct ListedTool<'a> {
    #[serde(flatten)]
    definition: &'a Tool,
    file: &'a str,
    operation: String,
}

impl Verdict {
    /// Reads, compiles and renders a document. Whatever is wrong with it becomes a finding.
    ///
    /// # Errors
    ///
    /// Tools that cannot be written to `tools`.
    pub(super) async fn of(
        file: &str,
        tools: Option<&mut BufWriter<File>>,
    ) -> Result<Self, Failure> {
        memory::reset_peak();
        let started = Instant::now();
        let mut verdict = Self {
            file: file.to_owned(),
            dialect: None,
            operations: 0,
            tools: 0,
            diagnostics: Vec::new(),
            seconds: 0.0,
            peak_bytes: None,
        };
        match read(file).await {
            Ok(compiled) => verdict.judge(&compiled, tools)?,
            Err(finding) => verdict.diagnostics.push(finding),
        }
        verdict.seconds = started.elapsed().as_secs_f64();
        verdict.peak_bytes = memory::peak_bytes();
        Ok(verdict)
    }

    /// Whether there are tools, and nothing was lost.
    pub(super) fn is_good(&self) -> bool {
        self.tools > 0 && self.count(Severity::Error) == 0
    }

    pub(super) fn count(&self, severity: Severity) -> usize {
        self.diagnostics
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    }

    fn judge(
        &mut self,
        compiled: &Compiled,
        mut tools: Option<&mut BufWriter<File>>,
    ) -> Result<(), Failure> {
        self.dialect = compiled.dialect();
        self.operations = compiled.operations();
        let mut known = HashSet::new();
        self.add(compiled.diagnostics(), &mut known);
        for entry in compiled.entries() {
            let Ok(tool) = catch_unwind(AssertUnwindSafe(|| compiled.tool(entry))) else {
                self.diagnostics
                    .push(Finding::internal(entry.pointer.clone()));
                continue;
            };
            self.tools += 1;
            self.add(&tool.diagnostics, &mut known);
            if let Some(out) = tools.as_deref_mut() {
                let line = ListedTool {
                    definition: &tool.definition,
                    file: &self.file,
                    operation: format!("{} {}", entry.method, entry.path),
                };
                writeln!(out, "{}", serde_json::to_string(&line)?)?;
            }
        }
        Ok(())
    }

    /// Adds findings that are new: a schema that many operations share is found by each of them.
    fn add(
        &mut self,
        diagnostics: &[wharf_openapi::Diagnostic],
        known: &mut HashSet<(&'static str, String)>,
    ) {
        for found in diagnostics {
            if known.insert((found.code, found.pointer.clone())) {
                self.diagnostics.push(Finding {
                    severity: found.severity,
                    code: found.code,
                    pointer: found.pointer.clone(),
                    line: found.line,
                    column: found.column,
                    message: found.message.clone(),
                    help: found.help.clone(),
                });
            }
        }
    }
}

impl Finding {
    fn error(code: &'static str, message: String, help: Option<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            pointer: String::new(),
            line: None,
            column: None,
            message,
            help,
        }
    }

    /// A fault of ours, which must not keep the other documents from being checked.
    fn internal(pointer: String) -> Self {
        let help = "please report it, with the document".to_owned();
        Self {
            pointer,
            ..Self::error(
                "internal",
                "Wharf itself failed here".to_owned(),
                Some(help),
            )
        }
    }
}

async fn read(file: &str) -> Result<Compiled, Finding> {
    let source = document_source(file)
        .map_err(|failure| Finding::error("unreadable-file", failure.to_string(), None))?;
    if let DocumentSource::Url(_) = source {
        let name_bytes = Settings::default().max_name_bytes;
        let fetched = document::fetch(&HttpSettings::new("api", source), name_bytes, None).await;
        return match fetched {
            Ok(Some(fetched)) => Ok(fetched.compiled),
            Ok(None) => Err(Finding::error(
                "unreadable-file",
                "the document was not sent".to_owned(),
                None,
            )),
            Err(error) => Err(unreachable_document(&error)),
        };
    }
    let settings = Settings::default();
    let bytes = read_file(file, &settings.limits).map_err(|error| {
        Finding::error(
            "unreadable-file",
            format!("cannot read the file: {error}"),
            None,
        )
    })?;
    let source = Source {
        name: file,
        bytes: &bytes,
        base: None,
    };
    catch_unwind(|| compile(&source, &settings)).map_err(|_| Finding::internal(String::new()))
}

/// At most one byte more than documents may have: what is larger is refused by its size, unread.
fn read_file(file: &str, limits: &Limits) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(file)?
        .take(limits.document_bytes as u64 + 1)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn unreachable_document(error: &DocumentError) -> Finding {
    let message = match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    };
    Finding::error("unreadable-file", message, error.hint())
}
