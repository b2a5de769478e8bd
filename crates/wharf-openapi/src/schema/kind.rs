//! `type`, as it is written and as JSON Schema has it.

use crate::tree::Node;

/// What a `type` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Kinds {
    /// JSON Schema's names. Empty: any value.
    pub(super) names: Vec<&'static str>,
    /// What a nonstandard name says beyond the type.
    pub(super) format: Option<&'static str>,
    /// `type: file` of Swagger 2.0.
    pub(super) file: bool,
    /// A name that nobody knows.
    pub(super) unknown: Option<String>,
}

/// Reads a `type`: a name, or a list of names (3.1, but found in all).
pub(super) fn read(node: Node<'_>) -> Kinds {
    let mut kinds = Kinds::default();
    let names: Vec<&str> = match node.as_str() {
        Some(name) => vec![name],
        None => node.items().filter_map(Node::as_str).collect(),
    };
    if names.is_empty() && !node.is_array() {
        kinds.unknown = Some("something other than a name".to_owned());
    }
    for written in names {
        match meaning(written) {
            Some(Meaning::Kind(name, format)) => {
                kinds.format = kinds.format.or(format);
                if !kinds.names.contains(&name) {
                    kinds.names.push(name);
                }
            }
            Some(Meaning::File) => {
                kinds.names.push("string");
                kinds.file = true;
            }
            Some(Meaning::Any) => return Kinds::default(),
            None => {
                return Kinds {
                    unknown: Some(format!("`{written}`")),
                    ..Kinds::default()
                };
            }
        }
    }
    kinds
}

enum Meaning {
    Kind(&'static str, Option<&'static str>),
    File,
    Any,
}

/// The names found in real documents: JSON Schema's in any case, those of programming languages,
/// and formats in the place of types.
fn meaning(written: &str) -> Option<Meaning> {
    let name = written.trim().to_ascii_lowercase();
    let (kind, format) = match name.as_str() {
        "string" | "str" | "text" | "char" | "varchar" | "enum" | "password" | "html"
        | "markdown" => ("string", None),
        "date" => ("string", Some("date")),
        "datetime" | "date-time" | "timestamp" | "dateTime" => ("string", Some("date-time")),
        "uuid" | "guid" => ("string", Some("uuid")),
        "uri" | "url" => ("string", Some("uri")),
        "email" => ("string", Some("email")),
        "byte" | "base64" => ("string", Some("byte")),
        "binary" => ("string", Some("binary")),
        "integer" | "int" => ("integer", None),
        "int32" | "short" => ("integer", Some("int32")),
        "int64" | "long" | "bigint" => ("integer", Some("int64")),
        "number" | "decimal" | "numeric" => ("number", None),
        "float" => ("number", Some("float")),
        "double" => ("number", Some("double")),
        "boolean" | "bool" => ("boolean", None),
        "object" | "map" | "dict" | "dictionary" | "hash" | "json" => ("object", None),
        "array" | "list" => ("array", None),
        "null" | "none" | "nil" => ("null", None),
        "file" => return Some(Meaning::File),
        "any" | "mixed" | "" | "undefined" | "unknown" => return Some(Meaning::Any),
        _ => return None,
    };
    Some(Meaning::Kind(kind, format))
}
