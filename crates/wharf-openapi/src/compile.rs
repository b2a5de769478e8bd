//! From the bytes of a document to its index of tools. Tools themselves are rendered on demand: a
//! document may have 22,000 of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use url::Url;

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::dialect::{self, Declared, Dialect};
use crate::document::{Document, SiteIndex};
use crate::effect::Effect;
use crate::load::{self, Limits, Loaded, Unreadable};
use crate::name::{self, Origin};
use crate::operation::SecurityScheme;
use crate::position::Lines;
use crate::tool::{self, RenderedTool};
use crate::tree::Node;
use crate::{prose, security, server};

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

/// What tools shall look like. Every setting has a default, stated here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// What a document may cost.
    pub limits: Limits,
    /// Longest tool name, in bytes. Default: 64, which is what model providers allow; less where a
    /// namespace is put before names. Never less than 16.
    pub max_name_bytes: usize,
    /// Longest description of a tool, in bytes. Default: 1,000.
    pub description_bytes: usize,
    /// About how large the schema of a tool's arguments may grow, in bytes. What lies farthest from
    /// the arguments is left open. Default: 48 KiB.
    pub input_schema_bytes: usize,
    /// The same for answers. Default: 48 KiB.
    pub output_schema_bytes: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            max_name_bytes: 64,
            description_bytes: 1_000,
            input_schema_bytes: 48 << 10,
            output_schema_bytes: 48 << 10,
        }
    }
}

/// A compiled document: cheap to clone, safe to share.
#[derive(Clone, Debug)]
pub struct Compiled {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// None if nothing could be read.
    document: Option<Document>,
    settings: Settings,
    operations: usize,
    entries: Vec<Entry>,
    schemes: BTreeMap<String, SecurityScheme>,
    diagnostics: Vec<Diagnostic>,
}

/// An operation that can be a tool, as lists and searches need it.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// The tool's name, unique in the document.
    pub name: String,
    /// In upper case.
    pub method: String,
    /// As the document writes it.
    pub path: String,
    pub effect: Effect,
    pub deprecated: bool,
    pub operation_id: Option<String>,
    pub tags: Vec<String>,
    /// One line; empty if the document says nothing.
    pub summary: String,
    /// JSON pointer of the operation.
    pub pointer: String,
    #[serde(skip)]
    site: SiteIndex,
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
    let inner = match load::load(source.bytes, &settings.limits) {
        Err(unreadable) => Inner::broken(settings, vec![of_unreadable(&unreadable)]),
        Ok(loaded) => compile_loaded(source, loaded, settings),
    };
    Compiled {
        inner: Arc::new(inner),
    }
}

impl Compiled {
    /// The specification that the document follows; none if it could not be read.
    pub fn dialect(&self) -> Option<Dialect> {
        self.inner
            .document
            .as_ref()
            .map(|document| document.dialect)
    }

    /// `info.title`.
    pub fn title(&self) -> Option<&str> {
        self.info("title")
    }

    /// `info.description`.
    pub fn description(&self) -> Option<&str> {
        self.info("description")
    }

    /// How many operations the document has, tools or not. Webhooks and callbacks are none: they are
    /// called by the API.
    pub fn operations(&self) -> usize {
        self.inner.operations
    }

    /// The operations that can be tools, in document order.
    pub fn entries(&self) -> &[Entry] {
        &self.inner.entries
    }

    /// What was odd about the document as a whole. What is odd about one operation comes with
    /// [`Compiled::tool`].
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.inner.diagnostics
    }

    /// Where operations go that name no server of their own, as [`Operation::server`] has it; none
    /// if the document could not be read.
    ///
    /// [`Operation::server`]: crate::operation::Operation::server
    pub fn server(&self) -> Option<String> {
        let document = self.inner.document.as_ref()?;
        Some(server::of_document(document, &mut Findings::new(document)))
    }

    /// The security schemes that the document defines, by name.
    pub fn security_schemes(&self) -> &BTreeMap<String, SecurityScheme> {
        &self.inner.schemes
    }

    /// Renders the tool of one of this document's own [`entries`](Self::entries).
    pub fn tool(&self, entry: &Entry) -> RenderedTool {
        let document = self
            .inner
            .document
            .as_ref()
            .expect("an entry comes from a document that was read");
        let site = entry.site.site(document, &entry.path);
        tool::render(&site, entry, &self.inner.schemes, &self.inner.settings)
    }

    fn info(&self, key: &str) -> Option<&str> {
        let info = self.inner.document.as_ref()?.root().get("info")?;
        info.get(key).and_then(Node::as_text)
    }
}

impl Inner {
    fn broken(settings: &Settings, diagnostics: Vec<Diagnostic>) -> Self {
        Self {
            document: None,
            settings: settings.clone(),
            operations: 0,
            entries: Vec::new(),
            schemes: BTreeMap::new(),
            diagnostics,
        }
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

fn compile_loaded(source: &Source<'_>, loaded: Loaded, settings: &Settings) -> Inner {
    let declared = dialect::declared(loaded.tree.root());
    let dialect = match declared {
        Declared::Known(dialect) | Declared::Guessed(dialect) => dialect,
        // Read as anything, so that its diagnostic has a position; it has no paths that count.
        Declared::Swagger1 | Declared::Nothing => Dialect::OpenApi30,
    };
    let document = Document::new(loaded.tree, dialect, source.name, source.base.clone());
    let mut findings = Findings::new(&document);
    if let Declared::Swagger1 | Declared::Nothing = declared {
        refuse(&document, declared, &mut findings);
        return Inner::broken(settings, findings.into_diagnostics());
    }
    if let Declared::Guessed(dialect) = declared {
        findings
            .warning(
                document.root(),
                "unknown-version",
                format!("the version is missing or unknown; the document is read as {dialect}"),
            )
            .help("begin it with `openapi: 3.1.0`");
    }
    if let Some(encoding) = loaded.decoded_from {
        findings.note(
            document.root(),
            "encoding",
            format!("the document is not UTF-8; it was read as {encoding}"),
        );
    }
    for &duplicate in &loaded.duplicates {
        findings.warning(
            document.tree.node(duplicate),
            "duplicate-key",
            "the same key comes again later; the later value counts",
        );
    }

    let found = operations(&document, &mut findings);
    let entries = entries(&found.callable, settings);
    let schemes = security::schemes(&document, &mut findings);
    server_of_document(&document, &mut findings);
    not_callable(&document, &mut findings);
    let diagnostics = findings.into_diagnostics();
    Inner {
        operations: found.count,
        settings: settings.clone(),
        entries,
        schemes,
        diagnostics,
        document: Some(document),
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

/// Says once what every operation would say: that nobody knows where to send requests.
fn server_of_document(document: &Document, findings: &mut Findings<'_>) {
    let server = server::of_document(document, findings);
    if !server::is_complete(&server) {
        findings
            .warning(
                document.root(),
                "no-server",
                "the document does not say where its API is",
            )
            .help("set the upstream's address, or add `servers`");
    }
}

/// What the API calls, rather than we.
fn not_callable(document: &Document, findings: &mut Findings<'_>) {
    let webhooks = document
        .root()
        .get("webhooks")
        .or_else(|| document.root().get("x-webhooks"));
    if let Some(webhooks) = webhooks.filter(|webhooks| webhooks.members().len() > 0) {
        let count = webhooks.members().len();
        findings.note(
            webhooks,
            "webhooks",
            format!("{count} webhooks are called by the API; they are no tools"),
        );
    }
}

/// An operation and where it stands.
struct Found<'d> {
    method: String,
    path: &'d str,
    operation: Node<'d>,
    site: SiteIndex,
}

struct Operations<'d> {
    callable: Vec<Found<'d>>,
    count: usize,
}

fn operations<'d>(document: &'d Document, findings: &mut Findings<'d>) -> Operations<'d> {
    let mut found = Operations {
        callable: Vec::new(),
        count: 0,
    };
    let mut known = std::collections::HashSet::new();
    for (path, own) in document.paths() {
        let item = match document.path_item(own) {
            Ok(item) => item,
            Err(broken) => {
                broken.report(findings, own, "its operations are left out");
                crate::document::PathItem {
                    own,
                    referenced: None,
                }
            }
        };
        for (method, operation) in item
            .operations()
            .filter(|(method, _)| known.insert((path, method.clone())))
        {
            found.count += 1;
            let is_callable = operation.is_object() || operation.kind() == crate::tree::Kind::Null;
            if !is_callable {
                findings
                    .error(
                        operation,
                        "invalid-operation",
                        format!("{method} {path} is not an object, so it cannot be a tool"),
                    )
                    .help("describe the operation in an object");
                continue;
            }
            let referenced = item.referenced.map(Node::id);
            let site = SiteIndex {
                own: own.id(),
                referenced,
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
    let callbacks = found
        .callable
        .iter()
        .filter(|found| found.operation.get("callbacks").is_some());
    let callbacks: Vec<Node<'_>> = callbacks.map(|found| found.operation).collect();
    if let Some(first) = callbacks.first() {
        let message = format!(
            "{} operations have callbacks, which the API calls; they are no tools",
            callbacks.len()
        );
        findings.note(*first, "callbacks", message);
    }
    found
}

fn entries(found: &[Found<'_>], settings: &Settings) -> Vec<Entry> {
    const SUMMARY_BYTES: usize = 200;
    const SHORTEST_NAME: usize = 16;
    let id = |found: &Found<'_>| {
        found
            .operation
            .get("operationId")
            .and_then(Node::as_text)
            .map(str::to_owned)
    };
    let ids: Vec<Option<String>> = found.iter().map(id).collect();
    let origin = |(found, id): (&Found<'_>, &Option<String>)| {
        (found.method.clone(), found.path.to_owned(), id.clone())
    };
    let owned: Vec<_> = found.iter().zip(&ids).map(origin).collect();
    let origins: Vec<Origin<'_>> = owned
        .iter()
        .map(|(method, path, id)| Origin {
            operation_id: id.as_deref(),
            method,
            path,
        })
        .collect();
    let names = name::assign(&origins, settings.max_name_bytes.max(SHORTEST_NAME));
    found
        .iter()
        .zip(names)
        .zip(ids)
        .map(|((found, name), operation_id)| {
            let text = |key| {
                found
                    .operation
                    .get(key)
                    .and_then(Node::as_text)
                    .unwrap_or_default()
            };
            let summary = if text("summary").is_empty() {
                text("description")
            } else {
                text("summary")
            };
            Entry {
                name,
                effect: Effect::of(&found.method, found.path, operation_id.as_deref()),
                method: found.method.clone(),
                path: found.path.to_owned(),
                deprecated: found.operation.is_true("deprecated"),
                operation_id,
                tags: found
                    .operation
                    .list("tags")
                    .filter_map(Node::as_str)
                    .map(str::to_owned)
                    .collect(),
                summary: prose::one_line(summary, SUMMARY_BYTES),
                pointer: found.operation.pointer(),
                site: found.site,
            }
        })
        .collect()
}
