//! From the bytes of a document to its index of tools. Tools themselves are rendered on demand: a
//! document may have 22,000 of them.

use std::collections::BTreeMap;

use url::Url;

use crate::compiled::{Compiled, Parts};
use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::dialect::{self, Declared, Dialect};
use crate::document::Document;
use crate::load::{self, Loaded, Oddities, Unreadable};
use crate::position::Lines;
use crate::settings::Settings;
use crate::tool::Shared;
use crate::{index, security, server};

/// A document to compile.
#[derive(Clone, Debug)]
pub struct Source<'a> {
    /// File or URL, as messages shall call it.
    pub name: &'a str,
    /// JSON or YAML; told apart by content.
    pub bytes: &'a [u8],
    /// Where it was fetched from, if it was: relative servers start from there.
    pub base: Option<Url>,
}

/// Compiles a document. This never fails: a document that cannot be read has no tools and a
/// diagnostic that says why, and an operation that cannot be a tool takes no other with it.
///
/// ```
/// use wharf_openapi::{Settings, Source, compile};
///
/// let bytes = br#"{"openapi": "3.1.0", "paths": {"/pets/{id}": {"get": {}}}}"#;
/// let source = Source { name: "pets.json", bytes, base: None };
/// let compiled = compile(&source, &Settings::default());
/// assert_eq!(compiled.entries()[0].name, "get_pets_by_id");
/// ```
pub fn compile(source: &Source<'_>, settings: &Settings) -> Compiled {
    let parts = match load::load(source.bytes, &settings.limits) {
        Err(unreadable) => without_tools(settings, vec![of_unreadable(&unreadable)]),
        Ok(loaded) => compile_loaded(source, loaded, settings),
    };
    Compiled::new(parts)
}

fn without_tools(settings: &Settings, diagnostics: Vec<Diagnostic>) -> Parts {
    let shared = Shared {
        settings: settings.clone(),
        server: String::new(),
        schemes: BTreeMap::new(),
    };
    Parts {
        document: None,
        shared,
        operations: 0,
        entries: Vec::new(),
        diagnostics,
    }
}

fn of_unreadable(unreadable: &Unreadable) -> Diagnostic {
    let Unreadable { malformed, text } = unreadable;
    let place = (!text.is_empty()).then(|| Lines::of(text).position(text, malformed.offset));
    Diagnostic {
        severity: Severity::Error,
        code: "unreadable-document",
        pointer: String::new(),
        line: place.map(|(line, _)| line),
        column: place.map(|(_, column)| column),
        message: malformed.message.clone(),
        help: None,
    }
}

fn compile_loaded(source: &Source<'_>, loaded: Loaded, settings: &Settings) -> Parts {
    let Loaded { tree, oddities } = loaded;
    let declared = dialect::declared(tree.root());
    let dialect = match declared {
        Declared::Known(dialect) | Declared::Guessed(dialect) => dialect,
        // Read as anything, so that its diagnostic has a position; it has no paths that count.
        Declared::Swagger1 | Declared::Nothing => Dialect::OpenApi30,
    };
    let document = Document::new(tree, dialect, source.name, source.base.clone());
    let mut findings = Findings::new(&document);
    if let Declared::Swagger1 | Declared::Nothing = declared {
        refuse(&document, declared, &mut findings);
        return without_tools(settings, findings.into_diagnostics());
    }
    report_reading(&document, declared, &oddities, &mut findings);

    let found = index::operations(&document, &mut findings);
    let entries = index::entries(&found.callable, settings);
    let shared = Shared {
        settings: settings.clone(),
        server: server::of_document(&document, &mut findings),
        schemes: security::schemes(&document, &mut findings),
    };
    report_webhooks(&document, &mut findings);
    Parts {
        shared,
        operations: found.count,
        entries,
        diagnostics: findings.into_diagnostics(),
        document: Some(document),
    }
}

/// Says what was guessed or lost while the text was read.
fn report_reading(
    document: &Document,
    declared: Declared,
    oddities: &Oddities,
    findings: &mut Findings<'_>,
) {
    if let Declared::Guessed(dialect) = declared {
        findings
            .warning(
                document.root(),
                "unknown-version",
                format!("the version is missing or unknown; the document is read as {dialect}"),
            )
            .help("begin it with `openapi: 3.1.0`");
    }
    if let Some(malformed) = &oddities.not_json {
        let found = findings.warning(document.root(), "not-json", malformed.message.clone());
        let (line, column) = document.position(malformed.offset);
        (found.line, found.column) = (Some(line), Some(column));
        found.help("it was read as YAML; correct it, or call it YAML");
    }
    if let Some(encoding) = oddities.decoded_from {
        findings.note(
            document.root(),
            "encoding",
            format!("the document is not UTF-8; it was read as {encoding}"),
        );
    }
    for &duplicate in &oddities.duplicates {
        findings.warning(
            document.tree.node(duplicate),
            "duplicate-key",
            "this key was given before; the later value counts",
        );
    }
}

fn refuse(document: &Document, declared: Declared, findings: &mut Findings<'_>) {
    let (message, help) = match declared {
        Declared::Swagger1 => (
            "this is Swagger 1.x, which spreads an API over several documents",
            "convert it to OpenAPI 3 first",
        ),
        _ => (
            "this is no API document: it has neither `openapi` nor `swagger` nor `paths`",
            "give the address of the API description itself",
        ),
    };
    findings
        .error(document.root(), "not-an-api-document", message)
        .help(help);
}

/// What the API calls, rather than we.
fn report_webhooks(document: &Document, findings: &mut Findings<'_>) {
    let webhooks = document
        .root()
        .get("webhooks")
        .or_else(|| document.root().get("x-webhooks"));
    if let Some(webhooks) = webhooks.filter(|webhooks| webhooks.members().len() > 0) {
        let count = webhooks.members().len();
        findings.note(
            webhooks,
            "webhooks",
            format!("webhooks ({count}): the API calls them, so they are no tools"),
        );
    }
}
