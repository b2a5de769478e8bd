//! Values inside schemas: numbers, lists of values, and what they cost.

use serde_json::{Number, Value};

use crate::tree::{Kind, Node};

/// A count such as `maxLength`, also where it is written `10.0` or `"10"`.
pub(super) fn count(node: Node<'_>) -> Option<Value> {
    let number = node.as_number()?;
    let whole = number.as_u64().or_else(|| {
        let float = number
            .as_f64()
            .filter(|float| float.fract() == 0.0 && (0.0..1e15).contains(float))?;
        format!("{float:.0}").parse().ok()
    })?;
    Some(whole.into())
}

/// The values of an `enum`, in the type the schema gives them: `enum: [1, 2]` beside `type: string`
/// means the strings, and `enum: ["1"]` beside `type: integer` the number.
pub(super) fn members(node: Node<'_>, kinds: &[&str]) -> Option<Vec<Value>> {
    let accepts = |kind: &str| kinds.is_empty() || kinds.contains(&kind);
    let mut values = Vec::new();
    for item in node.items() {
        let value = match item.kind() {
            Kind::Number(text)
                if !accepts("number") && !accepts("integer") && accepts("string") =>
            {
                text.into()
            }
            Kind::Bool(value) if !accepts("boolean") && accepts("string") => {
                value.to_string().into()
            }
            Kind::String(text) if !accepts("string") => {
                reread(text, &accepts).unwrap_or_else(|| text.into())
            }
            _ => item.value()?,
        };
        if !values.contains(&value) {
            values.push(value);
        }
    }
    Some(values)
}

fn reread(text: &str, accepts: &dyn Fn(&str) -> bool) -> Option<Value> {
    match text.parse::<Number>() {
        Ok(number) if accepts("number") || (accepts("integer") && !number.is_f64()) => {
            Some(number.into())
        }
        _ => text
            .parse::<bool>()
            .ok()
            .filter(|_| accepts("boolean"))
            .map(Value::Bool),
    }
}

/// About how many bytes a value takes in JSON.
pub(super) fn weight(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) => 5,
        Value::Number(_) => 8,
        Value::String(text) => text.len() + 3,
        Value::Array(items) => 2 + items.iter().map(weight).sum::<usize>(),
        Value::Object(members) => {
            2 + members
                .iter()
                .map(|(key, value)| key.len() + 4 + weight(value))
                .sum::<usize>()
        }
    }
}
