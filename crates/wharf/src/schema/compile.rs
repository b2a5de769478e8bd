//! A schema taken apart once, so that a value is checked in one walk.
//!
//! Keywords that are not listed here are for the reader only: `schemars` writes none of them unless
//! it is told to.

use std::collections::HashMap;

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::problem::Problems;

/// A schema and what it refers to.
#[derive(Debug)]
pub(super) struct Compiled {
    root: Node,
    /// What stands under `$defs`, by its whole reference.
    pub(super) definitions: HashMap<String, Node>,
}

/// What one schema asks of a value. Absent means anything.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) types: Option<Vec<Kind>>,
    pub(super) reference: Option<String>,
    pub(super) description: Option<String>,
    pub(super) properties: Vec<(String, Node)>,
    pub(super) required: Vec<String>,
    pub(super) additional: Additional,
    pub(super) items: Option<Box<Node>>,
    pub(super) least: Option<f64>,
    pub(super) most: Option<f64>,
    pub(super) least_length: Option<u64>,
    pub(super) most_length: Option<u64>,
    pub(super) least_items: Option<u64>,
    pub(super) most_items: Option<u64>,
    /// `enum` and `const`.
    pub(super) values: Option<Vec<Value>>,
    /// `anyOf` and `oneOf`: one match is enough.
    pub(super) any: Vec<Node>,
    pub(super) all: Vec<Node>,
}

/// What members an object may have beside its properties.
#[derive(Debug, Default)]
pub(super) enum Additional {
    #[default]
    Any,
    None,
    Like(Box<Node>),
}

/// What `type` can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

impl Compiled {
    pub(super) fn new(schema: &Value) -> Self {
        let definitions = schema["$defs"].as_object().into_iter().flatten();
        let definitions = definitions
            .map(|(name, schema)| (format!("#/$defs/{name}"), Node::new(schema)))
            .chain([("#".to_owned(), Node::new(schema))])
            .collect();
        Self {
            root: Node::new(schema),
            definitions,
        }
    }

    pub(super) fn check(&self, value: &RawValue) -> Problems {
        super::check::check(&self.root, self, value)
    }
}

impl Node {
    fn new(schema: &Value) -> Self {
        let Value::Object(schema) = schema else {
            return Self::unconditional(schema == &Value::Bool(true));
        };
        Self {
            types: types(schema.get("type")),
            reference: text(schema, "$ref"),
            description: text(schema, "description"),
            properties: properties(schema),
            required: texts(schema.get("required")),
            additional: Additional::new(schema.get("additionalProperties")),
            items: schema.get("items").map(|items| Box::new(Self::new(items))),
            least: number(schema, "minimum"),
            most: number(schema, "maximum"),
            least_length: count(schema, "minLength"),
            most_length: count(schema, "maxLength"),
            least_items: count(schema, "minItems"),
            most_items: count(schema, "maxItems"),
            values: values(schema),
            any: nodes(schema, "anyOf")
                .chain(nodes(schema, "oneOf"))
                .collect(),
            all: nodes(schema, "allOf").collect(),
        }
    }

    /// `true` takes everything and `false` nothing.
    fn unconditional(takes: bool) -> Self {
        Self {
            values: (!takes).then(Vec::new),
            ..Self::default()
        }
    }

    /// Whether a value has to be read more than once, or compared as a whole.
    pub(super) fn needs_whole(&self) -> bool {
        !self.any.is_empty()
            || !self.all.is_empty()
            || self.reference.is_some()
            || self.values.is_some()
    }

    pub(super) fn takes(&self, kind: Kind) -> bool {
        self.types.as_ref().is_none_or(|types| {
            types.contains(&kind) || (kind == Kind::Integer && types.contains(&Kind::Number))
        })
    }
}

impl Additional {
    fn new(schema: Option<&Value>) -> Self {
        match schema {
            None | Some(Value::Bool(true)) => Self::Any,
            Some(Value::Bool(false)) => Self::None,
            Some(schema) => Self::Like(Box::new(Node::new(schema))),
        }
    }
}

impl Kind {
    fn read(name: &str) -> Option<Self> {
        Some(match name {
            "null" => Self::Null,
            "boolean" => Self::Boolean,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "string" => Self::String,
            "array" => Self::Array,
            "object" => Self::Object,
            _ => return None,
        })
    }

    /// With its article.
    pub(super) fn named(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "true or false",
            Self::Integer => "an integer",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        }
    }
}

fn types(schema: Option<&Value>) -> Option<Vec<Kind>> {
    match schema? {
        Value::String(name) => Some(vec![Kind::read(name)?]),
        Value::Array(names) => names
            .iter()
            .map(|name| name.as_str().and_then(Kind::read))
            .collect(),
        _ => None,
    }
}

fn properties(schema: &Map<String, Value>) -> Vec<(String, Node)> {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties
        .into_iter()
        .flatten()
        .map(|(name, schema)| (name.clone(), Node::new(schema)))
        .collect()
}

fn values(schema: &Map<String, Value>) -> Option<Vec<Value>> {
    match (schema.get("enum"), schema.get("const")) {
        (Some(Value::Array(values)), _) => Some(values.clone()),
        (_, Some(value)) => Some(vec![value.clone()]),
        _ => None,
    }
}

fn nodes(schema: &Map<String, Value>, key: &str) -> impl Iterator<Item = Node> {
    let schemas = schema.get(key).and_then(Value::as_array);
    schemas.into_iter().flatten().map(Node::new)
}

fn text(schema: &Map<String, Value>, key: &str) -> Option<String> {
    schema
        .get(key)
        .and_then(Value::as_str)
        .map(ToOwned::to_owned)
}

fn texts(schema: Option<&Value>) -> Vec<String> {
    let texts = schema.and_then(Value::as_array).into_iter().flatten();
    texts
        .filter_map(Value::as_str)
        .map(ToOwned::to_owned)
        .collect()
}

fn number(schema: &Map<String, Value>, key: &str) -> Option<f64> {
    schema.get(key).and_then(Value::as_f64)
}

fn count(schema: &Map<String, Value>, key: &str) -> Option<u64> {
    schema.get(key).and_then(Value::as_u64)
}
