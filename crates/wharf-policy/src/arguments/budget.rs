//! What a schema may cost to check, found out before it is ever used.

use std::collections::HashMap;

use serde_json::Value;

use super::BadSchema;

/// Most subschemas of one schema.
const MAX_SUBSCHEMAS: usize = 200_000;
/// Deepest nesting of a schema.
const MAX_DEPTH: usize = 128;
/// Most subschemas that one value may be held against. Alternatives that name each other multiply:
/// thirty levels of `anyOf` of two are a billion.
const MAX_ALTERNATIVES: u64 = 100_000;

/// Keywords whose subschemas apply to the same value as the schema they stand in.
const IN_PLACE: &[&str] = &[
    "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "$ref",
];

/// Refuses a schema that is too large, too deep, or whose alternatives multiply without end.
pub(super) fn check(schema: &Value) -> Result<(), BadSchema> {
    let mut open = vec![(schema, 0)];
    let mut total = 0;
    let mut costs = HashMap::new();
    while let Some((node, depth)) = open.pop() {
        total += 1;
        if total > MAX_SUBSCHEMAS {
            return Err(BadSchema::Budget("more than 200,000 subschemas"));
        }
        if depth > MAX_DEPTH {
            return Err(BadSchema::Budget("nested deeper than 128"));
        }
        match node {
            Value::Object(map) => {
                if cost(schema, node, 0, &mut costs) > MAX_ALTERNATIVES {
                    return Err(BadSchema::Budget(
                        "more than 100,000 alternatives for one value",
                    ));
                }
                open.extend(map.values().map(|child| (child, depth + 1)));
            }
            Value::Array(items) => open.extend(items.iter().map(|child| (child, depth + 1))),
            _ => {}
        }
    }
    Ok(())
}

/// How many subschemas a value at `node` is held against. Memoised by address; a cycle in place
/// counts once, the validator follows it no further either.
fn cost(root: &Value, node: &Value, depth: usize, known: &mut HashMap<*const Value, u64>) -> u64 {
    let address = std::ptr::from_ref(node);
    if let Some(cost) = known.get(&address) {
        return *cost;
    }
    let Value::Object(map) = node else { return 1 };
    if depth > MAX_DEPTH {
        return MAX_ALTERNATIVES + 1;
    }
    known.insert(address, 1);
    let mut total: u64 = 1;
    for (keyword, value) in map
        .iter()
        .filter(|(keyword, _)| IN_PLACE.contains(&keyword.as_str()))
    {
        let below = match value {
            Value::Array(branches) => branches
                .iter()
                .map(|branch| cost(root, branch, depth + 1, known))
                .fold(0, u64::saturating_add),
            Value::String(reference) if keyword == "$ref" => reference
                .strip_prefix('#')
                .and_then(|pointer| root.pointer(pointer))
                .map_or(1, |target| cost(root, target, depth + 1, known)),
            other => cost(root, other, depth + 1, known),
        };
        total = total.saturating_add(below);
    }
    known.insert(address, total);
    total
}
