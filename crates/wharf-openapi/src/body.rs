//! Request bodies: which of the offered media types is sent, and which arguments make it up.

use crate::diagnostic::Findings;
use crate::document::{Document, Site};
use crate::media::Media;
use crate::operation::{Field, Style};
use crate::parameter::{collection_style, style_named};
use crate::tree::Node;

mod flatten;
mod xml;

pub(crate) use flatten::{Flat, Property};
pub(crate) use xml::hints as xml_hints;

/// A body before its arguments have names.
#[derive(Debug)]
pub(crate) struct Declared<'d> {
    pub(crate) required: bool,
    pub(crate) media_type: String,
    pub(crate) media: Media,
    pub(crate) shape: Shape<'d>,
    pub(crate) fields: Vec<Field>,
    pub(crate) schema: Option<Node<'d>>,
    pub(crate) description: Option<&'d str>,
}

/// What the arguments of a body are.
#[derive(Debug)]
pub(crate) enum Shape<'d> {
    /// One argument of this schema.
    Whole(Option<Node<'d>>),
    /// One argument of text.
    Text,
    /// One argument that carries bytes.
    File,
    /// One argument for each property.
    Properties(Flat<'d>),
}

/// The body of an operation, if it takes one. `objects` are its parameters: Swagger 2.0 has bodies
/// among them.
pub(crate) fn declared<'d>(
    site: &Site<'d>,
    objects: &[Node<'d>],
    findings: &mut Findings<'_>,
) -> Option<Declared<'d>> {
    if site.document.dialect.is_swagger() {
        swagger(site, objects, findings)
    } else {
        request_body(site, findings)
    }
}

fn request_body<'d>(site: &Site<'d>, findings: &mut Findings<'_>) -> Option<Declared<'d>> {
    let document = site.document;
    let node = site.operation.get("requestBody")?;
    let body = match document.follow(node) {
        Ok(body) => body,
        Err(broken) => {
            broken.report(findings, node, "the operation has no body");
            return None;
        }
    };
    let offered: Vec<(&str, Node<'d>)> = body
        .get("content")
        .into_iter()
        .flat_map(Node::members)
        .collect();
    let Some((written, content)) = choose(document, &offered) else {
        if body.is_object() {
            findings
                .note(
                    body,
                    "empty-request-body",
                    "the request body offers no media type; the operation has no body",
                )
                .help("add `content` with a media type");
        }
        return None;
    };
    let content = document.follow(content).unwrap_or(content);
    let schema = content.get("schema");
    let encoding = content.get("encoding");
    let media = Media::of(written);
    let shape = shape(document, media, schema);
    let fields = match (&shape, media) {
        (Shape::Properties(flat), Media::Form | Media::Multipart) => {
            let field = |property: &Property<'d>| field(document, media, property, encoding);
            flat.properties.iter().map(field).collect()
        }
        _ => Vec::new(),
    };
    Some(Declared {
        required: body.is_true("required"),
        media_type: concrete(written, media),
        media,
        shape,
        fields,
        schema,
        description: body.text("description"),
    })
}

/// The media type that serves best: JSON first, then as [`Media`] is ordered, then as declared.
/// Multipart overtakes forms where there are files, which forms cannot carry.
fn choose<'d>(
    document: &'d Document,
    offered: &[(&'d str, Node<'d>)],
) -> Option<(&'d str, Node<'d>)> {
    let best = offered
        .iter()
        .min_by_key(|(media_type, _)| Media::of(media_type))?;
    if Media::of(best.0) != Media::Form {
        return Some(*best);
    }
    let has_files = |(_, content): &(&str, Node<'d>)| {
        let schema = content
            .get("schema")
            .and_then(|schema| flatten::flatten(document, schema));
        schema.is_some_and(|flat| {
            flat.properties
                .iter()
                .any(|property| is_file(document, property.node))
        })
    };
    let multipart = offered
        .iter()
        .find(|offer| Media::of(offer.0) == Media::Multipart);
    Some(*multipart.filter(|offer| has_files(offer)).unwrap_or(best))
}

/// A media type that can be sent, in the place of a range.
fn concrete(written: &str, media: Media) -> String {
    match media {
        _ if !written.contains('*') && !written.trim().is_empty() => written.trim().to_owned(),
        Media::Text => "text/plain".to_owned(),
        Media::Binary => "application/octet-stream".to_owned(),
        Media::Multipart => "multipart/form-data".to_owned(),
        _ => "application/json".to_owned(),
    }
}

fn shape<'d>(document: &'d Document, media: Media, schema: Option<Node<'d>>) -> Shape<'d> {
    let flat = || {
        schema
            .and_then(|schema| flatten::flatten(document, schema))
            .map(Shape::Properties)
    };
    match media {
        Media::Binary => Shape::File,
        Media::Text if schema.is_none_or(|schema| !is_structured(document, schema)) => Shape::Text,
        Media::Text => Shape::Whole(schema),
        _ => flat().unwrap_or(Shape::Whole(schema)),
    }
}

fn is_structured(document: &Document, schema: Node<'_>) -> bool {
    let Ok(schema) = document.follow(schema) else {
        return false;
    };
    matches!(schema.str("type"), Some("object" | "array")) || schema.get("properties").is_some()
}

/// Whether a property of a form is a file, or a list of files.
fn is_file(document: &Document, schema: Option<Node<'_>>) -> bool {
    let Some(schema) = schema.and_then(|schema| document.follow(schema).ok()) else {
        return false;
    };
    let is_binary = |schema: Node<'_>| {
        let raw_media =
            schema.get("contentMediaType").is_some() && schema.get("contentEncoding").is_none();
        schema.str("type") == Some("file") || schema.str("format") == Some("binary") || raw_media
    };
    let items = schema
        .get("items")
        .and_then(|items| document.follow(items).ok());
    is_binary(schema) || items.is_some_and(is_binary)
}

/// How one property of a form or multipart body is written.
fn field(
    document: &Document,
    media: Media,
    property: &Property<'_>,
    encoding: Option<Node<'_>>,
) -> Field {
    let encoding = encoding.and_then(|encoding| encoding.get(&property.name));
    let file = media == Media::Multipart && is_file(document, property.node);
    let named = encoding.and_then(|encoding| encoding.str("contentType"));
    // Several types may be listed; a range or a list's rest is for the sender to choose from.
    let named = named.and_then(|types| {
        types
            .split(',')
            .map(str::trim)
            .find(|one| !one.is_empty() && !one.contains('*'))
    });
    let by_default = match property
        .node
        .and_then(|schema| document.follow(schema).ok())
    {
        _ if file => "application/octet-stream",
        Some(schema) if carries_objects(document, schema) => "application/json",
        _ => "text/plain",
    };
    let by_default = (media == Media::Multipart).then_some(by_default);
    let style = encoding
        .filter(|encoding| encoding.get("style").is_some() || encoding.get("explode").is_some());
    Field {
        name: property.name.clone(),
        file,
        content_type: named.or(by_default).map(str::to_owned),
        style: style.map(|encoding| {
            let style = encoding
                .str("style")
                .and_then(style_named)
                .unwrap_or(Style::Form);
            let explode = encoding.get("explode").and_then(Node::as_bool);
            (
                style,
                explode.unwrap_or(matches!(style, Style::Form | Style::DeepObject)),
            )
        }),
    }
}

fn carries_objects(document: &Document, schema: Node<'_>) -> bool {
    let is_object = |schema: Node<'_>| {
        schema.str("type") == Some("object")
            || schema.get("properties").is_some()
            || schema.get("allOf").is_some()
    };
    let items = schema
        .get("items")
        .and_then(|items| document.follow(items).ok());
    is_object(schema) || items.is_some_and(is_object)
}

fn swagger<'d>(
    site: &Site<'d>,
    objects: &[Node<'d>],
    findings: &mut Findings<'_>,
) -> Option<Declared<'d>> {
    let is_in = |place: &'static str| {
        objects.iter().copied().filter(move |node| {
            node.str("in")
                .is_some_and(|found| found.eq_ignore_ascii_case(place))
        })
    };
    let forms: Vec<Node<'d>> = is_in("formData").chain(is_in("form")).collect();
    let bodies: Vec<Node<'d>> = is_in("body").collect();
    if let (Some(body), false) = (bodies.first(), forms.is_empty()) {
        findings
            .warning(
                *body,
                "two-bodies",
                "the operation has a body and form fields; the form fields are left out",
            )
            .help("an operation sends one or the other");
    }
    match bodies.first() {
        Some(body) => Some(swagger_body(site, *body)),
        None if forms.is_empty() => None,
        None => Some(swagger_form(site, &forms)),
    }
}

fn consumes<'d>(site: &Site<'d>) -> Vec<&'d str> {
    let list = site
        .operation
        .get("consumes")
        .or_else(|| site.document.root().get("consumes"));
    list.into_iter()
        .flat_map(Node::items)
        .filter_map(Node::as_str)
        .collect()
}

fn swagger_body<'d>(site: &Site<'d>, body: Node<'d>) -> Declared<'d> {
    // Forms cannot carry an `in: body`, whatever `consumes` of the whole document says.
    let sendable =
        |media_type: &&&str| !matches!(Media::of(media_type), Media::Form | Media::Multipart);
    let consumes = consumes(site);
    let written = consumes
        .iter()
        .filter(sendable)
        .min_by_key(|media_type| Media::of(media_type));
    let written = written.copied().unwrap_or("application/json");
    let schema = body.get("schema");
    let structured = schema.is_some_and(|schema| is_structured(site.document, schema));
    // Many documents say `text/plain` or a binary type for all operations and then send objects.
    let written = match Media::of(written) {
        Media::Binary if structured => "application/json",
        _ => written,
    };
    let media = Media::of(written);
    Declared {
        required: body.is_true("required"),
        media_type: concrete(written, media),
        media,
        shape: shape(site.document, media, schema),
        fields: Vec::new(),
        schema,
        description: body.text("description"),
    }
}

fn swagger_form<'d>(site: &Site<'d>, forms: &[Node<'d>]) -> Declared<'d> {
    let consumes = consumes(site);
    let offers = |media| {
        consumes
            .iter()
            .any(|media_type| Media::of(media_type) == media)
    };
    let has_file = forms.iter().any(|form| is_file(site.document, Some(*form)));
    let multipart = has_file || (offers(Media::Multipart) && !offers(Media::Form));
    let (media, media_type) = if multipart {
        (Media::Multipart, "multipart/form-data")
    } else {
        (Media::Form, "application/x-www-form-urlencoded")
    };
    let properties: Vec<Property<'d>> = forms
        .iter()
        .filter_map(|form| {
            let name = form.get("name").and_then(Node::as_text)?.to_owned();
            Some(Property {
                name,
                node: Some(*form),
                required: form.is_true("required"),
            })
        })
        .collect();
    let fields = properties.iter().map(|property| {
        let style = property
            .node
            .filter(|node| node.str("type") == Some("array"))
            .map(|node| collection_style(node).unwrap_or((Style::Form, false)));
        Field {
            style,
            ..field(site.document, media, property, None)
        }
    });
    Declared {
        required: properties.iter().any(|property| property.required),
        media_type: media_type.to_owned(),
        media,
        fields: fields.collect(),
        shape: Shape::Properties(Flat {
            properties,
            open: None,
        }),
        schema: None,
        description: None,
    }
}
