//! Arguments held against a tool's schema, and complaints that a model can act on.

mod budget;
mod problem;

use serde_json::{Map, Value};

pub use self::problem::{Complaint, Problem};

/// The arguments of one call, by name.
pub type Arguments = Map<String, Value>;

/// Most values (at any depth) that one call's arguments may hold.
const MAX_VALUES: usize = 100_000;
/// Most complaints that one answer names.
const MAX_PROBLEMS: usize = 8;
/// Largest compiled regular expression, in bytes; a bound on what a `pattern` may cost.
const MAX_PATTERN_BYTES: usize = 1 << 20;

/// A tool's input schema, compiled.
///
/// JSON Schema 2020-12. Nothing is fetched: a `$ref` that leaves the schema is refused. Patterns run
/// on an engine of linear time. `format` is a note to the model and never a reason to refuse.
#[derive(Debug)]
pub struct Validator {
    compiled: jsonschema::Validator,
    /// The arguments that the schema names, for suggestions.
    names: Vec<String>,
}

/// A schema that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSchema {
    #[error("the schema is not valid JSON: {0}")]
    Json(String),
    #[error("the schema is not valid: {0}")]
    Schema(String),
    #[error("the schema costs too much to check: {0}")]
    Budget(&'static str),
}

impl Validator {
    /// Compiles a schema, given as JSON text.
    ///
    /// # Errors
    ///
    /// [`BadSchema`]: not JSON, not a schema, a reference to elsewhere, or dearer than the budget.
    pub fn compile(schema: &str) -> Result<Self, BadSchema> {
        let schema: Value =
            serde_json::from_str(schema).map_err(|error| BadSchema::Json(error.to_string()))?;
        budget::check(&schema)?;
        let compiled = jsonschema::options()
            .with_draft(jsonschema::Draft::Draft202012)
            .should_validate_formats(false)
            .with_pattern_options(jsonschema::PatternOptions::regex().size_limit(MAX_PATTERN_BYTES))
            .build(&schema)
            .map_err(|error| BadSchema::Schema(error.to_string()))?;
        let names = schema["properties"]
            .as_object()
            .map(|properties| properties.keys().cloned().collect())
            .unwrap_or_default();
        Ok(Self { compiled, names })
    }

    /// Gives `arguments` back if the schema takes them.
    ///
    /// # Errors
    ///
    /// What is wrong with them, at most eight complaints, in the schema's order.
    pub fn judge(&self, arguments: Arguments) -> Result<Arguments, Vec<Problem>> {
        if count(arguments.values()) > MAX_VALUES {
            return Err(vec![Problem::too_many(MAX_VALUES)]);
        }
        let instance = Value::Object(arguments);
        if self.compiled.is_valid(&instance) {
            let Value::Object(arguments) = instance else {
                unreachable!("it was made an object three lines above");
            };
            return Ok(arguments);
        }
        Err(self
            .compiled
            .iter_errors(&instance)
            .flat_map(|error| Problem::explain(&error))
            .map(|problem| problem.suggest(&self.names))
            .take(MAX_PROBLEMS)
            .collect())
    }
}

/// How many values there are, at any depth. Iterative: the depth is the caller's choice.
fn count<'a>(values: impl Iterator<Item = &'a Value>) -> usize {
    let mut open: Vec<&Value> = values.collect();
    let mut total = 0;
    while let Some(value) = open.pop() {
        total += 1;
        match value {
            Value::Array(items) => open.extend(items),
            Value::Object(map) => open.extend(map.values()),
            _ => {}
        }
    }
    total
}

#[cfg(test)]
mod tests;
