//! A compiled document: the index of its tools, and each tool when it is asked for.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::document::{Document, SiteIndex};
use crate::effect::Effect;
use crate::operation::SecurityScheme;
use crate::tool::{self, RenderedTool, Shared};
use crate::tree::Node;

/// A compiled document: cheap to clone, safe to share.
#[derive(Clone, Debug)]
pub struct Compiled {
    parts: Arc<Parts>,
}

/// What the parts of a compilation add up to.
#[derive(Debug)]
pub(crate) struct Parts {
    /// None if nothing could be read.
    pub(crate) document: Option<Document>,
    pub(crate) shared: Shared,
    pub(crate) operations: usize,
    pub(crate) entries: Vec<Entry>,
    pub(crate) diagnostics: Vec<Diagnostic>,
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
    pub(crate) site: SiteIndex,
}

impl Compiled {
    pub(crate) fn new(parts: Parts) -> Self {
        Self {
            parts: Arc::new(parts),
        }
    }

    /// The specification that the document follows; none if it could not be read.
    pub fn dialect(&self) -> Option<Dialect> {
        self.parts
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
        self.parts.operations
    }

    /// The operations that can be tools, in document order.
    pub fn entries(&self) -> &[Entry] {
        &self.parts.entries
    }

    /// What was odd about the document as a whole. What is odd about one operation comes with
    /// [`Compiled::tool`].
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.parts.diagnostics
    }

    /// Where operations go that name no server of their own, as [`Operation::server`] has it; none
    /// if the document could not be read.
    ///
    /// [`Operation::server`]: crate::operation::Operation::server
    pub fn server(&self) -> Option<String> {
        let is_read = self.parts.document.is_some();
        is_read.then(|| self.parts.shared.server.clone())
    }

    /// The security schemes that the document defines, by name.
    pub fn security_schemes(&self) -> &BTreeMap<String, SecurityScheme> {
        &self.parts.shared.schemes
    }

    /// Renders the tool of one of this document's own [`entries`](Self::entries).
    pub fn tool(&self, entry: &Entry) -> RenderedTool {
        let document = self
            .parts
            .document
            .as_ref()
            .expect("an entry comes from a document that was read");
        let site = entry.site.site(document, &entry.path);
        tool::render(&site, entry, &self.parts.shared)
    }

    fn info(&self, key: &str) -> Option<&str> {
        let info = self.parts.document.as_ref()?.root().get("info")?;
        info.get(key).and_then(Node::as_text)
    }
}
