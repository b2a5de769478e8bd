//! JSON values as plain text, and as JSON for the wire.

use std::io;

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};
use serde_json::{Number, Value};

use super::error::PlanError;

/// The largest range in which a double holds every integer.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The text of a value that has no parts; `None` for `null`, arrays and objects.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number_text(number)),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The text of any value: parts are written as JSON, the one form every server can read back.
pub(super) fn text_or_json(value: &Value) -> Result<String, PlanError> {
    text(value).map_or_else(|| json(value), Ok)
}

/// Compact JSON.
pub(super) fn json(value: &Value) -> Result<String, PlanError> {
    let mut bytes = Vec::new();
    let written = value.serialize(&mut Serializer::with_formatter(&mut bytes, WholeNumbers));
    written.map_err(|error| PlanError::Json {
        reason: error.to_string(),
    })?;
    String::from_utf8(bytes).map_err(|error| PlanError::Json {
        reason: error.to_string(),
    })
}

/// What a reader would call the value.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

fn number_text(number: &Number) -> String {
    match number.as_f64() {
        Some(double) if number.is_f64() => double_text(double),
        _ => number.to_string(),
    }
}

fn double_text(double: f64) -> String {
    if double.fract() != 0.0 || double.abs() > EXACT {
        return Number::from_f64(double)
            .map_or_else(|| "null".to_owned(), |number| number.to_string());
    }
    // The sum turns -0 into 0.
    format!("{:.0}", double + 0.0)
}

/// `1.0` is written as `1`. To JSON Schema both are integers, so a schema lets either pass; a server
/// written in Go or Rust takes only the second for an integer, and for a float takes both.
struct WholeNumbers;

impl Formatter for WholeNumbers {
    fn write_f64<W: io::Write + ?Sized>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        writer.write_all(double_text(value).as_bytes())
    }

    fn write_f32<W: io::Write + ?Sized>(&mut self, writer: &mut W, value: f32) -> io::Result<()> {
        CompactFormatter.write_f32(writer, value)
    }
}
