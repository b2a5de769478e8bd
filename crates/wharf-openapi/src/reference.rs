//! `$ref` as a graph: followed inside the document, never outside, and never in circles.

use crate::diagnostic::{Diagnostic, Findings};
use crate::document::Document;
use crate::pointer;
use crate::tree::Node;

/// More hops than any chain of references has reason to make.
const MOST_HOPS: usize = 64;

/// Why a reference leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// Into another document. Nothing is fetched while importing: what a document names must not
    /// decide which addresses this process opens.
    External,
    Dangling,
    Loop,
}

impl Broken {
    /// Reports what cannot be followed from `at`, and what stands in for it.
    pub(crate) fn report<'f>(
        self,
        findings: &'f mut Findings<'_>,
        at: Node<'_>,
        instead: &str,
    ) -> &'f mut Diagnostic {
        let target = at.str("$ref").unwrap_or_default();
        let (code, trouble, help) = match self {
            Self::External => (
                "external-reference",
                "is in another document, which is not read",
                "bundle the documents into one, for example with `redocly bundle`",
            ),
            Self::Dangling => (
                "dangling-reference",
                "names nothing in this document",
                "define it, or correct the reference",
            ),
            Self::Loop => (
                "reference-loop",
                "leads back to itself",
                "let one of the references in the circle name a definition",
            ),
        };
        let found = findings.warning(at, code, format!("`{target}` {trouble}; {instead}"));
        found.help(help);
        found
    }
}

impl Document {
    /// The node itself, or what its chain of references ends at.
    pub(crate) fn follow<'d>(&'d self, node: Node<'d>) -> Result<Node<'d>, Broken> {
        let mut node = node;
        for _ in 0..MOST_HOPS {
            match node.str("$ref") {
                None => return Ok(node),
                Some(reference) => node = self.target(reference)?,
            }
        }
        Err(Broken::Loop)
    }

    /// What one reference names; it may be a reference again.
    pub(crate) fn target<'d>(&'d self, reference: &str) -> Result<Node<'d>, Broken> {
        let reference = reference.trim();
        let (file, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        if !file.is_empty() && !self.is_self(file) {
            return self
                .by_bare_name(reference)
                .ok_or(if looks_like_name(reference) {
                    Broken::Dangling
                } else {
                    Broken::External
                });
        }
        match fragment {
            "" => Ok(self.root()),
            _ if fragment.starts_with('/') => self
                .by_pointer(fragment, MOST_HOPS)
                .or_else(|| self.by_moved_pointer(fragment))
                .ok_or(Broken::Dangling),
            anchor => self.by_bare_name(anchor).ok_or(Broken::Dangling),
        }
    }

    fn by_pointer<'d>(&'d self, fragment: &str, hops: usize) -> Option<Node<'d>> {
        let mut node = self.root();
        let raw = fragment.split('/').skip(1);
        for (segment, raw) in pointer::segments(fragment).zip(raw) {
            node = if let Some(next) = step(node, &segment).or_else(|| step(node, raw)) {
                next
            } else {
                // The pointer goes on behind a reference: look where that leads.
                let behind = node.str("$ref")?.strip_prefix('#')?;
                step(self.by_pointer(behind, hops.checked_sub(1)?)?, &segment)?
            };
        }
        Some(node)
    }

    /// Converted documents often keep references to where schemas stood in the other dialect.
    fn by_moved_pointer<'d>(&'d self, fragment: &str) -> Option<Node<'d>> {
        let moved = match fragment.strip_prefix("/definitions/") {
            Some(rest) => format!("/components/schemas/{rest}"),
            None => format!(
                "/definitions/{}",
                fragment.strip_prefix("/components/schemas/")?
            ),
        };
        self.by_pointer(&moved, MOST_HOPS)
    }

    /// `$ref: Pet`, as Swagger 1.2 wrote it and many 2.0 documents still do.
    fn by_bare_name<'d>(&'d self, name: &str) -> Option<Node<'d>> {
        let schemas = self
            .root()
            .get("components")
            .and_then(|components| components.get("schemas"));
        schemas
            .or_else(|| self.root().get("definitions"))?
            .get(name)
    }

    /// Whether a file that a reference names is this very document.
    fn is_self(&self, file: &str) -> bool {
        let last = |path: &str| {
            path.rsplit(['/', '\\'])
                .next()
                .unwrap_or_default()
                .to_owned()
        };
        match &self.base {
            Some(base) => base.join(file).is_ok_and(|url| url == *base),
            None => !file.contains("://") && !file.contains("..") && last(file) == last(&self.name),
        }
    }
}

fn looks_like_name(reference: &str) -> bool {
    !reference.contains(['.', '/', ':', '#'])
}

fn step<'d>(node: Node<'d>, segment: &str) -> Option<Node<'d>> {
    if node.is_array() {
        node.items().nth(segment.parse().ok()?)
    } else {
        node.get(segment)
    }
}
