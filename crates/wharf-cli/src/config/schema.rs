//! The JSON Schema of the file, for editors.

use serde_json::{Map, Value, json};

use super::keys::{FILE, Format, Key, Section, Shape};

/// JSON Schema 2020-12 of `wharf.toml`.
pub(crate) fn schema() -> Value {
    let mut root = Map::new();
    root.insert(
        "$schema".to_owned(),
        json!("https://json-schema.org/draft/2020-12/schema"),
    );
    root.insert("title".to_owned(), json!("wharf.toml"));
    if let Value::Object(table) = table(&FILE) {
        root.extend(table);
    }
    Value::Object(root)
}

fn table(section: &Section) -> Value {
    let known = || section.keys.iter().filter(|key| !key.later);
    let properties: Map<String, Value> = known()
        .map(|key| (key.name.to_owned(), property(key)))
        .collect();
    let mut schema = json!({
        "type": "object",
        "description": section.doc,
        "properties": properties,
        "additionalProperties": false,
    });
    let required: Vec<&str> = known()
        .filter(|key| key.required)
        .map(|key| key.name)
        .collect();
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    let choices: Vec<Value> = section
        .choice()
        .iter()
        .map(|name| json!({ "required": [name] }))
        .collect();
    if !choices.is_empty() {
        schema["oneOf"] = json!(choices);
    }
    schema
}

fn property(key: &Key) -> Value {
    let mut schemas: Vec<Value> = key.shapes.iter().map(|shape| of_shape(*shape)).collect();
    let mut schema = match schemas.len() {
        1 => schemas.remove(0),
        _ => json!({ "anyOf": schemas }),
    };
    schema["description"] = json!(key.doc);
    // Defaults are TOML; those of our keys are JSON too.
    if let Some(default) = key
        .default
        .and_then(|default| serde_json::from_str::<Value>(default).ok())
    {
        schema["default"] = default;
    }
    schema
}

fn of_shape(shape: Shape) -> Value {
    match shape {
        Shape::Text(format) => of_format(format),
        Shape::Integer => json!({ "type": "integer", "minimum": 0 }),
        Shape::Boolean => json!({ "type": "boolean" }),
        Shape::List(format) => json!({ "type": "array", "items": of_format(format) }),
        Shape::Texts => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
        Shape::Table(section) => table(section),
        Shape::Tables(section) => json!({ "type": "array", "items": table(section) }),
        Shape::Named(section) => json!({
            "type": "object",
            "propertyNames": { "pattern": "^[a-z0-9_-]{1,32}$" },
            "additionalProperties": table(section),
        }),
    }
}

fn of_format(format: Format) -> Value {
    // Any text may be a reference.
    const DURATION: &str = r"^(\s*\d+\s*(ms|s|m|min|h|d))+\s*$|\$\{";
    const DURATION_OR_NEVER: &str = r"^(\s*\d+\s*(ms|s|m|min|h|d))+\s*$|^never$|\$\{";
    const SIZE: &str = r"^\d+\s*(B|kB|KB|MB|GB|KiB|MiB|GiB)?$";
    match format {
        Format::Plain | Format::Secret => json!({ "type": "string" }),
        Format::Duration => json!({ "type": "string", "pattern": DURATION }),
        Format::DurationOrNever => json!({ "type": "string", "pattern": DURATION_OR_NEVER }),
        Format::Size => json!({ "type": "string", "pattern": SIZE }),
        Format::Words(words) => json!({ "enum": words }),
    }
}
