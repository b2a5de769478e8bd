//! What can only be read when all keywords of a schema are known: null, exclusive bounds, files, and
//! hints that JSON Schema has no word for.

use serde_json::{Map, Value, json};

use super::{Converter, Direction};
use crate::prose;
use crate::tree::Node;

/// What every file argument says about itself.
pub(crate) const FILE_HINT: &str = "The file's bytes as base64, or a data URI.";
/// A discriminator's values beyond this many are left out.
const MOST_VARIANTS: usize = 20;

type Schema = Map<String, Value>;

impl<'d> Converter<'d, '_> {
    pub(super) fn settle(&mut self, node: Node<'d>, mut schema: Schema) -> Schema {
        if self.direction == Direction::Input {
            exclusive_bound(&mut schema, node, "minimum", "exclusiveMinimum");
            exclusive_bound(&mut schema, node, "maximum", "exclusiveMaximum");
            self.file(&mut schema);
            self.discriminator(&mut schema, node);
        }
        self.container(&mut schema);
        if self.is_spent() && schema.get("additionalProperties") == Some(&Value::Bool(false)) {
            // Properties may have been left out; they are not forbidden for that.
            schema.remove("additionalProperties");
        }
        unwrap_single_part(&mut schema);
        let nullable = node.is_true("nullable") || node.is_true("x-nullable");
        if nullable && self.direction == Direction::Input {
            or_null(schema)
        } else {
            schema
        }
    }

    fn file(&mut self, schema: &mut Schema) {
        let binary = schema
            .get("format")
            .is_some_and(|format| format == "binary");
        // How OpenAPI 3.1 says the same.
        let typed =
            schema.contains_key("contentMediaType") && !schema.contains_key("contentEncoding");
        if !self.files || !(binary || typed) {
            return;
        }
        schema.remove("format");
        schema.insert("contentEncoding".to_owned(), "base64".into());
        describe(schema, FILE_HINT);
    }

    fn discriminator(&mut self, schema: &mut Schema, node: Node<'d>) {
        let Some(discriminator) = node.get("discriminator") else {
            return;
        };
        // Swagger 2.0 has the property's name alone.
        let property = discriminator
            .as_str()
            .or_else(|| discriminator.str("propertyName"));
        let Some(property) = property else { return };
        let variants = discriminator
            .get("mapping")
            .into_iter()
            .flat_map(Node::members);
        let variants: Vec<&str> = variants
            .map(|(variant, _)| variant)
            .take(MOST_VARIANTS)
            .collect();
        let hint = if variants.is_empty() {
            format!("`{property}` tells the variant.")
        } else {
            format!("`{property}` tells the variant: {}.", variants.join(", "))
        };
        self.spend(hint.len());
        describe(schema, &hint);
    }

    /// Some clients refuse arrays without `items`, and take properties only with their type.
    fn container(&mut self, schema: &mut Schema) {
        let is_array = schema.get("type").is_some_and(|kind| names(kind, "array"));
        if is_array && !schema.contains_key("items") && !schema.contains_key("prefixItems") {
            self.put(schema, "items", json!({}));
        }
        let composed = ["$ref", "allOf", "anyOf", "not", "enum"]
            .iter()
            .any(|key| schema.contains_key(*key));
        if schema.contains_key("properties") && !schema.contains_key("type") && !composed {
            let kind = match self.direction {
                Direction::Input => json!("object"),
                Direction::Output => json!(["object", "null"]),
            };
            self.put(schema, "type", kind);
        }
    }
}

/// `minimum: 0, exclusiveMinimum: true` is `exclusiveMinimum: 0`.
fn exclusive_bound(schema: &mut Schema, node: Node<'_>, bound: &str, exclusive: &str) {
    if node.get(exclusive).and_then(Node::as_bool) == Some(true)
        && let Some(limit) = schema.remove(bound)
    {
        schema.insert(exclusive.to_owned(), limit);
    }
}

fn names(kind: &Value, wanted: &str) -> bool {
    match kind {
        Value::Array(kinds) => kinds.iter().any(|kind| kind == wanted),
        kind => kind == wanted,
    }
}

/// `allOf` with a single reference is how 3.0 writes a reference with a description beside it.
fn unwrap_single_part(schema: &mut Schema) {
    let Some(Value::Array(parts)) = schema.get("allOf") else {
        return;
    };
    if let [Value::Object(part)] = parts.as_slice()
        && part.len() == 1
        && let Some(reference) = part.get("$ref").cloned()
        && !schema.contains_key("$ref")
    {
        schema.remove("allOf");
        schema.insert("$ref".to_owned(), reference);
    }
}

/// The schema, or null.
fn or_null(mut schema: Schema) -> Schema {
    if ["$ref", "allOf", "anyOf", "not", "const", "if"]
        .iter()
        .any(|key| schema.contains_key(*key))
    {
        let annotations = ["title", "description", "default", "deprecated"];
        let mut outer: Schema = annotations
            .iter()
            .filter_map(|key| Some(((*key).to_owned(), schema.remove(*key)?)))
            .collect();
        outer.insert("anyOf".to_owned(), json!([schema, { "type": "null" }]));
        return outer;
    }
    match schema.get_mut("type") {
        Some(kind) if names(kind, "null") => {}
        Some(Value::Array(kinds)) => kinds.push("null".into()),
        Some(kind) => *kind = json!([kind.take(), "null"]),
        // Without a type, null is already accepted.
        None => {}
    }
    if let Some(Value::Array(values)) = schema.get_mut("enum")
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
    schema
}

/// Adds a sentence to the description.
pub(crate) fn describe(schema: &mut Schema, sentence: &str) {
    const MOST: usize = 600;
    let description = match schema.get("description").and_then(Value::as_str) {
        None => sentence.to_owned(),
        Some(known) if known.contains(sentence) => return,
        Some(known) => format!("{} {sentence}", known.trim_end()),
    };
    schema.insert(
        "description".to_owned(),
        prose::cut(&description, MOST).into(),
    );
}
