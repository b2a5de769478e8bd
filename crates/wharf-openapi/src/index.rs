//! Every operation of a document: found, judged and named.

use std::collections::HashSet;

use crate::compiled::Entry;
use crate::diagnostic::{Findings, Severity};
use crate::document::{Document, PathItem, SiteIndex};
use crate::effect::Effect;
use crate::name::{self, Origin};
use crate::prose;
use crate::settings::Settings;
use crate::tree::{Kind, Node};

/// No server takes a longer request line.
const LONGEST_PATH: usize = 8_192;

/// An operation and where it stands.
#[derive(Debug)]
pub(crate) struct Found<'d> {
    method: String,
    path: &'d str,
    operation: Node<'d>,
    site: SiteIndex,
}

/// What the paths of a document hold.
#[derive(Debug, Default)]
pub(crate) struct Operations<'d> {
    pub(crate) callable: Vec<Found<'d>>,
    /// Those that cannot be tools included.
    pub(crate) count: usize,
}

/// Finds the operations, each method of a path once.
pub(crate) fn operations<'d>(
    document: &'d Document,
    findings: &mut Findings<'d>,
) -> Operations<'d> {
    let mut found = Operations::default();
    let mut known = HashSet::new();
    for (path, own) in document.paths() {
        let item = document.path_item(own).unwrap_or_else(|broken| {
            let found = broken.report(findings, own, "its operations are left out");
            found.severity = Severity::Error;
            PathItem {
                own,
                referenced: None,
            }
        });
        for (method, operation) in item.operations() {
            if !known.insert((path, method.clone())) {
                continue;
            }
            found.count += 1;
            if path.len() > LONGEST_PATH {
                let message = format!("the path has {} bytes, so it cannot be a tool", path.len());
                findings.error(operation, "invalid-operation", message);
                continue;
            }
            if !operation.is_object() && operation.kind() != Kind::Null {
                let message = format!("{method} {path} is not an object, so it cannot be a tool");
                findings
                    .error(operation, "invalid-operation", message)
                    .help("describe the operation in an object");
                continue;
            }
            let site = SiteIndex {
                own: own.id(),
                referenced: item.referenced.map(Node::id),
                operation: operation.id(),
            };
            found.callable.push(Found {
                method,
                path,
                operation,
                site,
            });
        }
    }
    report_callbacks(&found.callable, findings);
    found
}

fn report_callbacks(found: &[Found<'_>], findings: &mut Findings<'_>) {
    let operations = found.iter().map(|found| found.operation);
    let callbacks: Vec<Node<'_>> = operations
        .filter_map(|operation| operation.get("callbacks"))
        .collect();
    if let Some(first) = callbacks.first() {
        let count = callbacks.len();
        let message =
            format!("callbacks of {count} operations: the API calls them, so they are no tools");
        findings.note(*first, "callbacks", message);
    }
}

/// Names the operations and describes each in a few words.
pub(crate) fn entries(found: &[Found<'_>], settings: &Settings) -> Vec<Entry> {
    const SHORTEST_NAME: usize = 16;
    let origins: Vec<Origin<'_>> = found.iter().map(Found::origin).collect();
    let names = name::assign(&origins, settings.max_name_bytes.max(SHORTEST_NAME));
    let named = found.iter().zip(names);
    named.map(|(found, name)| found.entry(name)).collect()
}

impl Found<'_> {
    fn origin(&self) -> Origin<'_> {
        Origin {
            operation_id: self.operation.text("operationId"),
            method: &self.method,
            path: self.path,
        }
    }

    fn entry(&self, name: String) -> Entry {
        const SUMMARY_BYTES: usize = 200;
        let operation = self.operation;
        let operation_id = operation.text("operationId");
        let summary = operation.text("summary");
        let summary = summary.or_else(|| operation.text("description"));
        let tags = operation.list("tags").filter_map(Node::as_text);
        Entry {
            name,
            method: self.method.clone(),
            path: self.path.to_owned(),
            effect: Effect::of(&self.method, self.path, operation_id),
            deprecated: operation.is_true("deprecated"),
            operation_id: operation_id.map(str::to_owned),
            tags: tags.map(str::to_owned).collect(),
            summary: prose::one_line(summary.unwrap_or_default(), SUMMARY_BYTES),
            pointer: operation.pointer(),
            site: self.site,
        }
    }
}
