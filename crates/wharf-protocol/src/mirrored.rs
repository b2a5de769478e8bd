//! Parameters of a tool that its caller repeats as HTTP headers (`x-mcp-header`; 2026-07-28,
//! Streamable HTTP, custom headers from tool parameters).

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::meta::Meta;

/// What the name of every such header begins with, in lower case.
pub const PREFIX: &str = "mcp-param-";

/// One parameter, and the header that repeats it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MirroredParameter {
    /// The whole name, in lower case.
    pub header: Box<str>,
    /// The members of the arguments that lead to the value, outermost first.
    pub path: Box<[Box<str>]>,
    pub kind: Primitive,
}

/// What a parameter that is repeated may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Primitive {
    String,
    Integer,
    Boolean,
}

/// An `x-mcp-header` that breaks the rules, which makes its whole tool unusable over HTTP.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadMirror {
    #[error("`x-mcp-header` must be a header name")]
    Name,
    #[error("two parameters have the same `x-mcp-header`")]
    Duplicate,
    #[error("a parameter with `x-mcp-header` must be a string, an integer or a boolean")]
    Kind,
    #[error("`x-mcp-header` may only stand on properties, reached through properties alone")]
    Place,
}

impl MirroredParameter {
    /// The parameters that `input_schema` wants repeated, in its order.
    ///
    /// # Errors
    ///
    /// [`BadMirror`], for the first rule that it breaks.
    pub fn all(input_schema: &RawValue) -> Result<Vec<Self>, BadMirror> {
        // Most schemas have none, and are not worth reading for it.
        if !input_schema.get().contains(KEYWORD) {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        collect(input_schema, &mut Vec::new(), &mut found)?;
        if occurrences(input_schema) != found.len() {
            return Err(BadMirror::Place);
        }
        Ok(found)
    }
}

const KEYWORD: &str = "x-mcp-header";
/// Members of a schema whose members are names of schemas.
const NAMING: [&str; 5] = [
    "properties",
    "$defs",
    "definitions",
    "dependentSchemas",
    "patternProperties",
];

/// The parts of a schema that are looked at.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Node {
    #[serde(rename = "x-mcp-header")]
    header: Option<Box<RawValue>>,
    #[serde(rename = "type")]
    kind: Option<Box<RawValue>>,
    properties: Option<Meta>,
}

/// Walks the properties of `schema`, which stands at `path`.
fn collect(
    schema: &RawValue,
    path: &mut Vec<Box<str>>,
    found: &mut Vec<MirroredParameter>,
) -> Result<(), BadMirror> {
    // `true` and `false` are schemas too.
    let node: Node = serde_json::from_str(schema.get()).unwrap_or_default();
    if let Some(header) = &node.header {
        let parameter = parameter(header, node.kind.as_deref(), path)?;
        if found.iter().any(|known| known.header == parameter.header) {
            return Err(BadMirror::Duplicate);
        }
        found.push(parameter);
    }
    let properties = node.properties.unwrap_or_default();
    for (name, property) in properties.iter() {
        path.push(name.into());
        collect(property, path, found)?;
        path.pop();
    }
    Ok(())
}

fn parameter(
    header: &RawValue,
    kind: Option<&RawValue>,
    path: &[Box<str>],
) -> Result<MirroredParameter, BadMirror> {
    if path.is_empty() {
        return Err(BadMirror::Place);
    }
    let name: String = serde_json::from_str(header.get()).map_err(|_| BadMirror::Name)?;
    if name.is_empty() || !name.bytes().all(is_token) {
        return Err(BadMirror::Name);
    }
    let kind = match kind.map(RawValue::get) {
        Some("\"string\"") => Primitive::String,
        Some("\"integer\"") => Primitive::Integer,
        Some("\"boolean\"") => Primitive::Boolean,
        _ => return Err(BadMirror::Kind),
    };
    Ok(MirroredParameter {
        header: format!("{PREFIX}{}", name.to_ascii_lowercase()).into(),
        path: path.into(),
        kind,
    })
}

/// `tchar` of RFC 9110, section 5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// How often the keyword stands anywhere in `schema` where it is one: as a key that is not the name of
/// a property.
fn occurrences(schema: &RawValue) -> usize {
    let Ok(value) = serde_json::from_str::<serde_json::Value>(schema.get()) else {
        return 0;
    };
    count(&value, false)
}

fn count(value: &serde_json::Value, names_properties: bool) -> usize {
    match value {
        serde_json::Value::Object(members) => members
            .iter()
            .map(|(key, member)| {
                let here = usize::from(key == KEYWORD && !names_properties);
                // Data is no schema, whatever its keys are called.
                let is_data = !names_properties
                    && matches!(key.as_str(), "const" | "default" | "enum" | "examples");
                here + if is_data {
                    0
                } else {
                    count(member, !names_properties && NAMING.contains(&key.as_str()))
                }
            })
            .sum(),
        serde_json::Value::Array(items) => items.iter().map(|item| count(item, false)).sum(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::value::RawValue;

    use super::MirroredParameter;

    #[track_caller]
    fn check(schema: &str, expected: Expect) {
        let schema = RawValue::from_string(schema.to_owned()).expect("the test's own JSON");
        expected.assert_eq(&match MirroredParameter::all(&schema) {
            Ok(found) => found
                .iter()
                .map(|one| format!("{} {} {:?}", one.header, one.path.join("."), one.kind))
                .collect::<Vec<_>>()
                .join("\n"),
            Err(error) => error.to_string(),
        });
    }

    #[test]
    fn parameters_are_found_at_any_depth_of_properties() {
        check(
            r#"{"type":"object","properties":{
                "region":{"type":"string","x-mcp-header":"Region"},
                "x-mcp-header":{"type":"string"},
                "page":{"type":"object","properties":{"size":{"type":"integer","x-mcp-header":"Size"}}}}}"#,
            expect![[r#"
                mcp-param-region region String
                mcp-param-size page.size Integer"#]],
        );
    }

    #[test]
    fn a_header_name_is_a_token_and_stands_once() {
        check(
            r#"{"properties":{"a":{"type":"string","x-mcp-header":"a b"}}}"#,
            expect!["`x-mcp-header` must be a header name"],
        );
        check(
            r#"{"properties":{"a":{"type":"string","x-mcp-header":"R"},"b":{"type":"string","x-mcp-header":"r"}}}"#,
            expect!["two parameters have the same `x-mcp-header`"],
        );
    }

    #[test]
    fn only_primitives_are_repeated_and_numbers_are_none() {
        check(
            r#"{"properties":{"a":{"type":"number","x-mcp-header":"A"}}}"#,
            expect!["a parameter with `x-mcp-header` must be a string, an integer or a boolean"],
        );
    }

    #[test]
    fn a_parameter_behind_anything_but_properties_is_misplaced() {
        for schema in [
            r#"{"type":"object","x-mcp-header":"A"}"#,
            r#"{"properties":{"a":{"type":"array","items":{"type":"string","x-mcp-header":"A"}}}}"#,
            r#"{"anyOf":[{"properties":{"a":{"type":"string","x-mcp-header":"A"}}}]}"#,
            r#"{"$defs":{"a":{"type":"string","x-mcp-header":"A"}}}"#,
        ] {
            check(
                schema,
                expect![
                    "`x-mcp-header` may only stand on properties, reached through properties alone"
                ],
            );
        }
    }
}
