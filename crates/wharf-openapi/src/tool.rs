//! One operation becomes one tool: its definition for models, and what a call of it needs.

use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value, json};
use wharf_protocol::meta::Meta;
use wharf_protocol::tool::Tool;

use crate::argument::{self, Claim};
use crate::body::{self, Shape};
use crate::compile::{Entry, Settings};
use crate::diagnostic::{Diagnostic, Findings};
use crate::document::Site;
use crate::media::Media;
use crate::operation::{Body, BodySource, Operation, SecurityScheme};
use crate::parameter;
use crate::schema::{Converter, Direction, FILE_HINT, describe};
use crate::tree::Node;
use crate::{prose, response, security, server};

/// A tool, rendered from its document when it is asked for.
#[derive(Clone, Debug)]
pub struct RenderedTool {
    /// What a list shows. Its `output_schema` is left to the caller, as it is by far the largest part.
    pub definition: Tool,
    /// What a call of it sends.
    pub operation: Operation,
    /// The shape of a good answer, permissive: any value may be null, nothing is required.
    pub output_schema: Option<Box<RawValue>>,
    /// What was odd about the operation.
    pub diagnostics: Vec<Diagnostic>,
}

/// Renders the tool of one entry.
pub(crate) fn render(
    site: &Site<'_>,
    entry: &Entry,
    schemes: &std::collections::BTreeMap<String, SecurityScheme>,
    settings: &Settings,
) -> RenderedTool {
    let mut findings = Findings::new(site.document);
    let objects = parameter::objects(site, &mut findings);
    let (parameters, path) = parameter::declared(site, &objects, &mut findings);
    let body = body::declared(site, &objects, &mut findings);
    let names = Names::assign(&parameters, body.as_ref());
    let input = Input {
        parameters: &parameters,
        body: body.as_ref(),
        names: &names,
    };
    let input_schema = input.schema(site, settings, &mut findings);
    let output_schema = output_schema(site, settings, &mut findings);

    let operation = Operation {
        method: entry.method.clone(),
        path,
        server: server::of(site, &mut findings),
        parameters: parameters
            .into_iter()
            .zip(&names.parameters)
            .map(|(declared, name)| resolved(declared, name))
            .collect(),
        body: body.map(|body| resolved_body(site, body, &names)),
        accepts: response::accepts(site),
        security: security::requirements(site, schemes, &mut findings),
    };
    if !server::is_complete(&operation.server) {
        findings
            .warning(
                site.operation,
                "no-server",
                format!(
                    "the server `{}` is not a complete address",
                    operation.server
                ),
            )
            .help("set the upstream's address");
    }
    RenderedTool {
        definition: definition(site, entry, input_schema, settings),
        operation,
        output_schema,
        diagnostics: findings.into_diagnostics(),
    }
}

fn definition(
    site: &Site<'_>,
    entry: &Entry,
    input_schema: Box<RawValue>,
    settings: &Settings,
) -> Tool {
    const TITLE_BYTES: usize = 100;
    let summary = site
        .operation
        .str("summary")
        .map(str::trim)
        .filter(|summary| !summary.is_empty());
    let title = summary.map(|summary| prose::one_line(summary, TITLE_BYTES));
    Tool {
        name: entry.name.clone(),
        title: title.clone(),
        description: Some(description(site, entry, settings.description_bytes)),
        input_schema,
        output_schema: None,
        annotations: Some(entry.effect.annotations(&entry.method, title)),
        meta: Meta::default(),
    }
}

/// Summary and description, or the request itself where the document says nothing.
fn description(site: &Site<'_>, entry: &Entry, most: usize) -> String {
    let text = |node: Node<'_>, key| {
        node.get(key)
            .and_then(Node::as_text)
            .map_or("", str::trim)
            .to_owned()
    };
    let (summary, description) = (
        text(site.operation, "summary"),
        text(site.operation, "description"),
    );
    let mut whole = match (summary.as_str(), description.as_str()) {
        ("", "") => format!("{} {}", entry.method, entry.path),
        (summary, "") => summary.to_owned(),
        (summary, description) if summary.is_empty() || description.starts_with(summary) => {
            description.to_owned()
        }
        (summary, description) => format!("{summary}\n\n{description}"),
    };
    if entry.deprecated {
        whole.insert_str(0, "Deprecated. ");
    }
    prose::cut(&whole, most)
}

/// The names of all arguments.
struct Names {
    parameters: Vec<String>,
    /// For each property of the body, or for the whole body alone.
    body: Vec<String>,
}

impl Names {
    fn assign(parameters: &[parameter::Declared<'_>], body: Option<&body::Declared<'_>>) -> Self {
        let claim = |parameter| {
            let parameter: &parameter::Declared<'_> = parameter;
            (parameter.name.clone(), Some(parameter.location))
        };
        let mut claimed: Vec<_> = parameters.iter().map(claim).collect();
        if let Some(Shape::Properties(flat)) = body.map(|body| &body.shape) {
            claimed.extend(
                flat.properties
                    .iter()
                    .map(|property| (property.name.clone(), None)),
            );
        }
        let claims: Vec<Claim<'_>> = claimed
            .iter()
            .map(|(name, location)| Claim {
                name,
                location: *location,
            })
            .collect();
        let mut names = argument::assign(&claims);
        let mut of_body = names.split_off(parameters.len());
        if body.is_some_and(|body| !matches!(body.shape, Shape::Properties(_))) {
            of_body = vec![argument::whole_body(&names)];
        }
        Self {
            parameters: names,
            body: of_body,
        }
    }
}

/// Everything that goes into an input schema.
struct Input<'i, 'd> {
    parameters: &'i [parameter::Declared<'d>],
    body: Option<&'i body::Declared<'d>>,
    names: &'i Names,
}

impl<'d> Input<'_, 'd> {
    /// One object, without composition at its root: model providers refuse that.
    fn schema(
        &self,
        site: &Site<'d>,
        settings: &Settings,
        findings: &mut Findings<'d>,
    ) -> Box<RawValue> {
        let mut converter = Converter::new(
            site.document,
            Direction::Input,
            settings.input_schema_bytes,
            findings,
        );
        let mut properties = Map::new();
        let mut required = Vec::new();
        let mut open = Value::Bool(false);
        for (parameter, name) in self.parameters.iter().zip(&self.names.parameters) {
            properties.insert(
                name.clone(),
                parameter_schema(&mut converter, parameter).into(),
            );
            if parameter.required {
                required.push(name.clone());
            }
        }
        if let Some(body) = self.body {
            if body.media == Media::Multipart {
                converter.files_as_base64();
            }
            match &body.shape {
                Shape::Properties(flat) => {
                    for (property, name) in flat.properties.iter().zip(&self.names.body) {
                        let schema = property
                            .node
                            .map(|node| converter.convert(node))
                            .unwrap_or_default();
                        properties.insert(name.clone(), schema.into());
                        // An optional body may be left out, and with it everything it requires.
                        if property.required && body.required {
                            required.push(name.clone());
                        }
                    }
                    open = flat
                        .open
                        .map_or(Value::Bool(false), |node| open_schema(&mut converter, node));
                }
                shape => {
                    let name = self.names.body[0].clone();
                    properties.insert(
                        name.clone(),
                        whole_body_schema(&mut converter, body, shape).into(),
                    );
                    required.extend(body.required.then_some(name));
                }
            }
        }
        let definitions = converter.finish(site.operation);
        let mut root = Map::new();
        root.insert("type".to_owned(), "object".into());
        root.insert("properties".to_owned(), properties.into());
        if !required.is_empty() {
            root.insert("required".to_owned(), required.into());
        }
        root.insert("additionalProperties".to_owned(), open);
        if !definitions.is_empty() {
            root.insert("$defs".to_owned(), definitions.into());
        }
        raw(&root)
    }
}

fn parameter_schema<'d>(
    converter: &mut Converter<'d, '_>,
    parameter: &parameter::Declared<'d>,
) -> Map<String, Value> {
    // A 3.x parameter with its type beside its name, as 2.0 has it, means what it says.
    let stray = parameter.node.filter(|node| node.get("type").is_some());
    let mut schema = match (parameter.schema.or(stray), parameter.node) {
        (Some(node), _) => converter.convert(node),
        (None, Some(_)) => Map::new(),
        (None, None) => Map::from_iter([("type".to_owned(), "string".into())]),
    };
    let Some(node) = parameter.node else {
        return schema;
    };
    if let Some(text) = node
        .get("description")
        .and_then(Node::as_text)
        .map(str::trim)
        .filter(|text| !text.is_empty())
    {
        const DESCRIPTION_BYTES: usize = 400;
        schema.insert(
            "description".to_owned(),
            prose::cut(text, DESCRIPTION_BYTES).into(),
        );
    }
    if node.is_true("deprecated") {
        schema.insert("deprecated".to_owned(), true.into());
    }
    schema
}

fn open_schema<'d>(converter: &mut Converter<'d, '_>, node: Node<'d>) -> Value {
    match node.is_object() {
        true => converter.convert(node).into(),
        false => Value::Bool(true),
    }
}

fn whole_body_schema<'d>(
    converter: &mut Converter<'d, '_>,
    body: &body::Declared<'d>,
    shape: &Shape<'d>,
) -> Map<String, Value> {
    let mut schema = match shape {
        Shape::Whole(Some(node)) => converter.convert(*node),
        Shape::Whole(None) | Shape::Properties(_) => Map::new(),
        Shape::Text => Map::from_iter([("type".to_owned(), "string".into())]),
        Shape::File => {
            let mut file = Map::new();
            file.insert("type".to_owned(), "string".into());
            file.insert("contentEncoding".to_owned(), "base64".into());
            file.insert(
                "contentMediaType".to_owned(),
                body.media_type.clone().into(),
            );
            file
        }
    };
    if let Some(text) = body
        .description
        .map(str::trim)
        .filter(|text| !text.is_empty())
    {
        const DESCRIPTION_BYTES: usize = 400;
        schema.insert(
            "description".to_owned(),
            prose::cut(text, DESCRIPTION_BYTES).into(),
        );
    }
    match shape {
        Shape::File => describe(&mut schema, FILE_HINT),
        _ if !schema.contains_key("description") => {
            describe(
                &mut schema,
                &format!("The request body ({}).", body.media_type),
            );
        }
        _ => {}
    }
    schema
}

fn output_schema<'d>(
    site: &Site<'d>,
    settings: &Settings,
    findings: &mut Findings<'d>,
) -> Option<Box<RawValue>> {
    let node = response::schema(site)?;
    let mut converter = Converter::new(
        site.document,
        Direction::Output,
        settings.output_schema_bytes,
        findings,
    );
    let mut root = converter.convert_root(node);
    let definitions = converter.finish(site.operation);
    if !definitions.is_empty() {
        root.insert("$defs".to_owned(), definitions.into());
    }
    Some(raw(&root))
}

fn resolved(declared: parameter::Declared<'_>, argument: &str) -> crate::operation::Parameter {
    crate::operation::Parameter {
        argument: argument.to_owned(),
        name: declared.name,
        location: declared.location,
        required: declared.required,
        encoding: declared.encoding,
    }
}

fn resolved_body(site: &Site<'_>, declared: body::Declared<'_>, names: &Names) -> Body {
    let source = match &declared.shape {
        Shape::Properties(flat) => BodySource::Properties {
            properties: names
                .body
                .iter()
                .cloned()
                .zip(flat.properties.iter().map(|property| property.name.clone()))
                .collect(),
            open: flat.open.is_some(),
        },
        _ => BodySource::Argument(names.body[0].clone()),
    };
    Body {
        required: declared.required,
        media_type: declared.media_type,
        source,
        fields: declared.fields,
        schema_pointer: declared.schema.map(Node::pointer),
        file: matches!(declared.shape, Shape::File),
        xml: (declared.media == Media::Xml)
            .then(|| body::xml_hints(site.document, declared.schema)),
    }
}

fn raw(schema: &Map<String, Value>) -> Box<RawValue> {
    to_raw_value(schema)
        .or_else(|_| to_raw_value(&json!({ "type": "object" })))
        .expect("a literal is JSON")
}
