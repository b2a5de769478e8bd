//! `x-mcp-header` in the schema of a tool: where it may stand and what it means.

use std::collections::HashSet;

use http::HeaderName;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use wharf_protocol::error::ErrorObject;

pub(super) const KEYWORD: &str = "x-mcp-header";
/// Members of a schema that hold plain data, in which the keyword means nothing.
const DATA: [&str; 4] = ["const", "default", "enum", "examples"];
/// Members of a schema whose members are names of schemas.
const NAMED_SCHEMAS: [&str; 4] = [
    "$defs",
    "definitions",
    "dependentSchemas",
    "patternProperties",
];
/// Integers beyond are not the same number to every reader (2026-07-28).
const MAX_SAFE: i64 = (1 << 53) - 1;

/// A parameter that a header repeats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mirrored {
    pub header: HeaderName,
    /// Names of properties, from the arguments down to the value.
    path: Vec<String>,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Integer,
    Truth,
}

/// Why a tool cannot be used over HTTP.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Invalid {
    #[error("an annotation is not a string")]
    NoText,
    #[error("`{0}` is no name of a header")]
    NoName(String),
    #[error("two parameters want the header `{0}`")]
    Twice(String),
    #[error("`{0}` annotates something other than a string, an integer or a boolean")]
    Type(String),
    #[error("`{0}` stands where no parameter can be told for certain")]
    Unreachable(String),
}

/// What `schema` wants mirrored.
pub(super) fn read(schema: &RawValue) -> Result<Vec<Mirrored>, Invalid> {
    let Ok(Value::Object(root)) = serde_json::from_str(schema.get()) else {
        return Ok(Vec::new());
    };
    let mut walk = Walk::default();
    walk.schema(&root, Some(&mut Vec::new()))?;
    Ok(walk.found)
}

#[derive(Default)]
struct Walk {
    found: Vec<Mirrored>,
    seen: HashSet<String>,
}

impl Walk {
    /// Walks `schema`, which stands at `path` of the arguments; at none where it may stand for
    /// several places or for none.
    fn schema(
        &mut self,
        schema: &Map<String, Value>,
        mut path: Option<&mut Vec<String>>,
    ) -> Result<(), Invalid> {
        if let Some(annotation) = schema.get(KEYWORD) {
            let parameter = path.as_deref().filter(|path| !path.is_empty());
            self.annotation(annotation, schema, parameter)?;
        }
        for (keyword, value) in schema {
            match keyword.as_str() {
                "properties" => self.properties(value, path.as_deref_mut())?,
                name if DATA.contains(&name) => {}
                name if NAMED_SCHEMAS.contains(&name) => self.properties(value, None)?,
                _ => self.elsewhere(value)?,
            }
        }
        Ok(())
    }

    fn properties(
        &mut self,
        value: &Value,
        mut path: Option<&mut Vec<String>>,
    ) -> Result<(), Invalid> {
        let Value::Object(properties) = value else {
            return Ok(());
        };
        for (name, schema) in properties {
            let Value::Object(schema) = schema else {
                continue;
            };
            match path.as_deref_mut() {
                Some(path) => {
                    path.push(name.clone());
                    self.schema(schema, Some(path))?;
                    path.pop();
                }
                None => self.schema(schema, None)?,
            }
        }
        Ok(())
    }

    /// Walks what is below any other keyword, from where no parameter can be reached.
    fn elsewhere(&mut self, value: &Value) -> Result<(), Invalid> {
        match value {
            Value::Object(schema) => self.schema(schema, None),
            Value::Array(items) => items.iter().try_for_each(|item| self.elsewhere(item)),
            _ => Ok(()),
        }
    }

    fn annotation(
        &mut self,
        annotation: &Value,
        schema: &Map<String, Value>,
        path: Option<&Vec<String>>,
    ) -> Result<(), Invalid> {
        let name = annotation.as_str().ok_or(Invalid::NoText)?;
        let shown = || name.chars().take(64).flat_map(char::escape_debug).collect();
        let header = match HeaderName::from_bytes(format!("mcp-param-{name}").as_bytes()) {
            Ok(header) if !name.is_empty() => header,
            _ => return Err(Invalid::NoName(shown())),
        };
        let path = path.ok_or_else(|| Invalid::Unreachable(shown()))?;
        let kind = kind_of(schema.get("type")).ok_or_else(|| Invalid::Type(shown()))?;
        if !self.seen.insert(name.to_ascii_lowercase()) {
            return Err(Invalid::Twice(shown()));
        }
        self.found.push(Mirrored {
            header,
            path: path.clone(),
            kind,
        });
        Ok(())
    }
}

/// The one primitive type that `declared` allows, `null` aside.
fn kind_of(declared: Option<&Value>) -> Option<Kind> {
    let name = match declared? {
        Value::String(name) => name.as_str(),
        Value::Array(names) => {
            let mut names = names.iter().filter(|name| *name != "null");
            let only = names.next()?.as_str()?;
            names.next().is_none().then_some(only)?
        }
        _ => return None,
    };
    match name {
        "string" => Some(Kind::Text),
        "integer" => Some(Kind::Integer),
        "boolean" => Some(Kind::Truth),
        _ => None,
    }
}

impl Mirrored {
    /// The value among `arguments` as a header says it; `None` where there is none, or one of another
    /// type, which the server will refuse.
    ///
    /// # Errors
    ///
    /// `-32602` for an integer that is not the same to every reader.
    pub(super) fn value_in(&self, arguments: &Value) -> Result<Option<String>, ErrorObject> {
        let mut value = arguments;
        for name in &self.path {
            match value.get(name) {
                Some(inner) => value = inner,
                None => return Ok(None),
            }
        }
        Ok(match (self.kind, value) {
            (Kind::Text, Value::String(text)) => Some(text.clone()),
            (Kind::Truth, Value::Bool(truth)) => Some(truth.to_string()),
            (Kind::Integer, Value::Number(number)) if is_whole(number) => {
                let safe = integer(value).ok_or_else(|| self.unsafe_integer())?;
                Some(safe.to_string())
            }
            _ => None,
        })
    }

    fn unsafe_integer(&self) -> ErrorObject {
        ErrorObject::invalid_params(format!(
            "Invalid params: `{}` is beyond the integers that `{}` can carry",
            self.path.join("."),
            self.header
        ))
    }
}

fn is_whole(number: &serde_json::Number) -> bool {
    number.is_i64() || number.is_u64() || number.as_f64().is_some_and(|float| float.fract() == 0.0)
}

/// `value` as an integer that every reader agrees on; `42.0` is 42.
fn integer(value: &Value) -> Option<i64> {
    let whole = match (value.as_i64(), value.as_f64()) {
        (Some(whole), _) => whole,
        // Whole and small enough to be exact.
        #[expect(clippy::cast_possible_truncation, reason = "it is below 2^53")]
        (None, Some(float)) if float.fract() == 0.0 && float.abs() < 9e15 => float as i64,
        _ => return None,
    };
    (-MAX_SAFE..=MAX_SAFE).contains(&whole).then_some(whole)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::value::RawValue;

    use super::read;

    #[track_caller]
    fn check(schema: &str, arguments: &str, expected: Expect) {
        let schema = RawValue::from_string(schema.to_owned()).expect("the test's own JSON");
        let arguments = serde_json::from_str(arguments).expect("the test's own JSON");
        let found = read(&schema).map(|mirrored| {
            let line = |parameter: &super::Mirrored| match parameter.value_in(&arguments) {
                Ok(Some(value)) => format!("{}: {value}", parameter.header),
                Ok(None) => format!("{} is left out", parameter.header),
                Err(error) => error.to_string(),
            };
            mirrored.iter().map(line).collect::<Vec<_>>().join("\n")
        });
        expected.assert_eq(&found.unwrap_or_else(|invalid| format!("invalid: {invalid}")));
    }

    #[test]
    fn values_are_found_at_the_exact_path_of_their_property() {
        check(
            r#"{"properties":{
                "region":{"type":"string","x-mcp-header":"Region"},
                "deep":{"properties":{"count":{"type":["integer","null"],"x-mcp-header":"Count"}}},
                "dry":{"type":"boolean","x-mcp-header":"Dry"},
                "gone":{"type":"string","x-mcp-header":"Gone"}}}"#,
            r#"{"region":"us","deep":{"count":42.0},"dry":true,"gone":null}"#,
            expect![[r"
                mcp-param-region: us
                mcp-param-count: 42
                mcp-param-dry: true
                mcp-param-gone is left out"]],
        );
    }

    #[test]
    fn an_integer_that_readers_disagree_on_is_refused() {
        check(
            r#"{"properties":{"n":{"type":"integer","x-mcp-header":"N"}}}"#,
            r#"{"n":9007199254740993}"#,
            expect![
                "Invalid params: `n` is beyond the integers that `mcp-param-n` can carry (-32602)"
            ],
        );
    }

    #[test]
    fn a_property_may_be_called_like_the_annotation_and_data_may_hold_it() {
        check(
            r#"{"properties":{"x-mcp-header":{"type":"object"}},"default":{"x-mcp-header":7}}"#,
            "{}",
            expect![""],
        );
    }

    #[test]
    fn every_constraint_has_its_own_refusal() {
        check(
            r#"{"properties":{"a":{"type":"string","x-mcp-header":""}}}"#,
            "{}",
            expect!["invalid: `` is no name of a header"],
        );
        check(
            r#"{"properties":{"a":{"type":"string","x-mcp-header":"a\r\nb"}}}"#,
            "{}",
            expect![[r"invalid: `a\r\nb` is no name of a header"]],
        );
        check(
            r#"{"properties":{"a":{"type":"string","x-mcp-header":7}}}"#,
            "{}",
            expect!["invalid: an annotation is not a string"],
        );
        check(
            r#"{"properties":{"a":{"type":"string","x-mcp-header":"A"},"b":{"type":"string","x-mcp-header":"a"}}}"#,
            "{}",
            expect!["invalid: two parameters want the header `a`"],
        );
        check(
            r#"{"properties":{"a":{"type":"number","x-mcp-header":"A"}}}"#,
            "{}",
            expect![
                "invalid: `A` annotates something other than a string, an integer or a boolean"
            ],
        );
        check(
            r#"{"properties":{"a":{"items":{"type":"string","x-mcp-header":"A"}}}}"#,
            "{}",
            expect!["invalid: `A` stands where no parameter can be told for certain"],
        );
        check(
            r#"{"$defs":{"a":{"type":"string","x-mcp-header":"A"}}}"#,
            "{}",
            expect!["invalid: `A` stands where no parameter can be told for certain"],
        );
    }
}
