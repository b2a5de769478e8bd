//! Parameters outside the body: gathered from path and operation, with their styles.

use crate::diagnostic::Findings;
use crate::document::Site;
use crate::operation::{Encoding, Location, Style};
use crate::template::Template;
use crate::tree::Node;

/// A parameter before its argument has a name.
#[derive(Clone, Debug)]
pub(crate) struct Declared<'d> {
    pub(crate) name: String,
    pub(crate) location: Location,
    pub(crate) required: bool,
    pub(crate) encoding: Encoding,
    /// The parameter object; none for a placeholder that no parameter declares.
    pub(crate) node: Option<Node<'d>>,
    /// What describes its values. In Swagger 2.0 that is the parameter itself.
    pub(crate) schema: Option<Node<'d>>,
}

/// More parameters than any caller could fill in.
const MOST_PARAMETERS: usize = 2_000;

/// The parameter objects of an operation, references followed: the path's, overridden by the
/// operation's own where name and place agree.
pub(crate) fn objects<'d>(site: &Site<'d>, findings: &mut Findings<'_>) -> Vec<Node<'d>> {
    let shared = site.path_item.get("parameters");
    let own = site.operation.get("parameters");
    let mut objects: Vec<Node<'d>> = Vec::new();
    let declared = [shared, own].into_iter().flatten().flat_map(Node::items);
    if declared.clone().count() > MOST_PARAMETERS {
        let message = format!("only {MOST_PARAMETERS} parameters are taken");
        findings.warning(site.operation, "too-many-parameters", message);
    }
    for node in declared.take(MOST_PARAMETERS) {
        let object = match site.document.follow(node) {
            Ok(object) if object.is_object() => object,
            Ok(_) => {
                findings.warning(
                    node,
                    "invalid-parameter",
                    "this parameter is not an object; it is left out",
                );
                continue;
            }
            Err(broken) => {
                broken.report(findings, node, "the parameter is left out");
                continue;
            }
        };
        let identity = |node: Node<'d>| (node.get("name").and_then(Node::as_text), node.str("in"));
        match objects
            .iter_mut()
            .find(|known| identity(**known) == identity(object))
        {
            Some(known) => *known = object,
            None => objects.push(object),
        }
    }
    objects
}

/// The parameters among `objects`, and the path as it is to be filled in.
pub(crate) fn declared<'d>(
    site: &Site<'d>,
    objects: &[Node<'d>],
    findings: &mut Findings<'_>,
) -> (Vec<Declared<'d>>, String) {
    let mut template = Template::new(site.path);
    let mut declared = Vec::new();
    for &node in objects {
        let Some(name) = node
            .get("name")
            .and_then(Node::as_text)
            .filter(|name| !name.is_empty())
        else {
            findings.warning(
                node,
                "invalid-parameter",
                "this parameter has no name; it is left out",
            );
            continue;
        };
        let Some(location) = location(node, name, &template, findings) else {
            continue;
        };
        match location {
            Location::Path if !template.claim(name) => {
                findings
                    .warning(
                        node,
                        "unused-path-parameter",
                        format!("the path has no `{{{name}}}`; the parameter is left out"),
                    )
                    .help("put it into the path, or remove it");
                continue;
            }
            // GitHub's word for a path inside a path.
            Location::Path if node.is_true("x-multi-segment") => template.widen(name),
            Location::Query if template.fixes(name) => continue,
            // A placeholder in the path's own query takes its value from this parameter.
            Location::Query => _ = template.claim_in_query(name),
            Location::Header if is_not_an_argument(name) => continue,
            _ => {}
        }
        declared.push(parameter(site, node, name, location, findings));
    }
    for name in template.claim_rest() {
        findings
            .warning(
                site.operation,
                "undeclared-path-parameter",
                format!("no parameter declares `{{{name}}}`; it is taken as a required string"),
            )
            .help(format!("add a parameter `{name}` with `in: path`"));
        declared.push(Declared {
            name,
            location: Location::Path,
            required: true,
            encoding: Encoding::Style {
                style: Style::Simple,
                explode: false,
                allow_reserved: false,
            },
            node: None,
            schema: None,
        });
    }
    (declared, template.into_path())
}

/// The specification has these set by other parts of the document: media types and security.
fn is_not_an_argument(header: &str) -> bool {
    ["accept", "content-type", "authorization"]
        .iter()
        .any(|name| header.eq_ignore_ascii_case(name))
}

fn location(
    node: Node<'_>,
    name: &str,
    template: &Template,
    findings: &mut Findings<'_>,
) -> Option<Location> {
    let written = node.str("in").unwrap_or_default();
    Some(match written.to_ascii_lowercase().as_str() {
        "path" => Location::Path,
        "query" => Location::Query,
        "querystring" => Location::QueryString,
        "header" => Location::Header,
        "cookie" => Location::Cookie,
        // Swagger 2.0's bodies; body.rs reads them.
        "body" | "formdata" | "form" => return None,
        _ if template.has(name) => Location::Path,
        _ => {
            findings
                .warning(node, "invalid-parameter", format!("`{name}` has `in: {written}`, which is no place for a parameter; it is left out"))
                .help("use path, query, header or cookie");
            return None;
        }
    })
}

fn parameter<'d>(
    site: &Site<'d>,
    node: Node<'d>,
    name: &str,
    location: Location,
    findings: &mut Findings<'_>,
) -> Declared<'d> {
    let content = node
        .get("content")
        .and_then(|content| content.members().next());
    let (encoding, schema) = match content {
        Some((media_type, media)) if !site.document.dialect.is_swagger() => (
            Encoding::Content {
                media_type: media_type.to_owned(),
            },
            media.get("schema"),
        ),
        _ if site.document.dialect.is_swagger() && node.get("schema").is_none() => {
            (collection_format(node, location), Some(node))
        }
        _ => (style(node, location, findings), node.get("schema")),
    };
    let required = location == Location::Path || node.is_true("required");
    Declared {
        name: name.to_owned(),
        location,
        required,
        encoding,
        node: Some(node),
        schema,
    }
}

fn default_style(location: Location) -> Style {
    match location {
        Location::Path | Location::Header => Style::Simple,
        Location::Query | Location::QueryString | Location::Cookie => Style::Form,
    }
}

fn style(node: Node<'_>, location: Location, findings: &mut Findings<'_>) -> Encoding {
    let default = default_style(location);
    let style = match node.str("style") {
        None => default,
        Some(written) => style_named(written).unwrap_or_else(|| {
            findings.warning(
                node,
                "invalid-style",
                format!("no style is called `{written}`; the default is used"),
            );
            default
        }),
    };
    let by_default = matches!(style, Style::Form | Style::Cookie | Style::DeepObject);
    let explode = node
        .get("explode")
        .and_then(Node::as_bool)
        .unwrap_or(by_default);
    Encoding::Style {
        style,
        explode,
        allow_reserved: node.is_true("allowReserved"),
    }
}

/// A style by OpenAPI's name for it.
pub(crate) fn style_named(name: &str) -> Option<Style> {
    Some(match name {
        "simple" => Style::Simple,
        "label" => Style::Label,
        "matrix" => Style::Matrix,
        "form" => Style::Form,
        "spaceDelimited" => Style::SpaceDelimited,
        "pipeDelimited" => Style::PipeDelimited,
        "deepObject" => Style::DeepObject,
        "cookie" => Style::Cookie,
        _ => return None,
    })
}

/// Swagger 2.0's way to write arrays.
fn collection_format(node: Node<'_>, location: Location) -> Encoding {
    let (style, explode) = collection_style(node).unwrap_or((default_style(location), false));
    Encoding::Style {
        style,
        explode,
        allow_reserved: false,
    }
}

/// The style and explosion of a `collectionFormat` that is not plain commas.
pub(crate) fn collection_style(node: Node<'_>) -> Option<(Style, bool)> {
    Some(match node.str("collectionFormat")? {
        "multi" => (Style::Form, true),
        "ssv" => (Style::SpaceDelimited, false),
        "tsv" => (Style::TabDelimited, false),
        "pipes" => (Style::PipeDelimited, false),
        _ => return None,
    })
}
