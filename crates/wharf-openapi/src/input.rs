//! The arguments of a tool: what they are called, and the schema a model reads.

use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value, json};

use crate::argument::{self, Claim};
use crate::body::{self, Shape};
use crate::diagnostic::Findings;
use crate::document::Site;
use crate::media::Media;
use crate::schema::{Converter, DESCRIPTION_BYTES, Direction, FILE_HINT, describe};
use crate::settings::Settings;
use crate::tree::Node;
use crate::{parameter, prose};

/// The names of all arguments.
#[derive(Debug)]
pub(crate) struct Names {
    pub(crate) parameters: Vec<String>,
    /// For each property of the body, or for the whole body alone.
    pub(crate) body: Vec<String>,
}

impl Names {
    pub(crate) fn assign(
        parameters: &[parameter::Declared<'_>],
        body: Option<&body::Declared<'_>>,
    ) -> Self {
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
#[derive(Debug)]
pub(crate) struct Input<'i, 'd> {
    pub(crate) parameters: &'i [parameter::Declared<'d>],
    pub(crate) body: Option<&'i body::Declared<'d>>,
    pub(crate) names: &'i Names,
}

impl<'d> Input<'_, 'd> {
    /// One object, without composition at its root: model providers refuse that.
    pub(crate) fn schema(
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
        insert(&mut root, "type", "object");
        insert(&mut root, "properties", properties);
        if !required.is_empty() {
            insert(&mut root, "required", required);
        }
        insert(&mut root, "additionalProperties", open);
        if !definitions.is_empty() {
            insert(&mut root, "$defs", definitions);
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
        (None, None) => string(),
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
        schema.insert(
            "description".to_owned(),
            prose::cut(text, DESCRIPTION_BYTES).into(),
        );
    }
    if node.is_true("deprecated") {
        insert(&mut schema, "deprecated", true);
    }
    schema
}

fn open_schema<'d>(converter: &mut Converter<'d, '_>, node: Node<'d>) -> Value {
    if node.is_object() {
        converter.convert(node).into()
    } else {
        Value::Bool(true)
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
        Shape::Text => string(),
        Shape::File => {
            let mut file = string();
            insert(&mut file, "contentEncoding", "base64");
            insert(&mut file, "contentMediaType", body.media_type.as_str());
            file
        }
    };
    if let Some(text) = body
        .description
        .map(str::trim)
        .filter(|text| !text.is_empty())
    {
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

fn string() -> Map<String, Value> {
    Map::from_iter([("type".to_owned(), "string".into())])
}

fn insert(schema: &mut Map<String, Value>, key: &str, value: impl Into<Value>) {
    schema.insert(key.to_owned(), value.into());
}

/// A schema as text.
pub(crate) fn raw(schema: &Map<String, Value>) -> Box<RawValue> {
    to_raw_value(schema)
        .or_else(|_| to_raw_value(&json!({ "type": "object" })))
        .expect("a literal is JSON")
}
