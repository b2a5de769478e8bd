//! From a Rust type to JSON Schema, and from JSON Schema to a check of values.
//!
//! The dialect is 2020-12. A schema that a model reads is short: no `$schema`, no titles that repeat
//! a type's name, no formats that only Rust knows, and definitions in place where they are not
//! recursive.

mod check;
mod compile;
mod problem;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value};

pub(crate) use self::problem::{Problems, nearest};

use self::compile::Compiled;

/// The formats that JSON Schema has words for; any other one is a Rust type's name.
const FORMATS: &[&str] = &[
    "date",
    "date-time",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "time",
    "uri",
    "uri-reference",
    "uuid",
];

/// A schema as its readers see it, and ready to check values.
#[derive(Debug)]
pub(crate) struct Schema {
    pub(crate) text: Box<RawValue>,
    /// Whether every value of it is an object, which older clients insist on.
    pub(crate) is_object: bool,
    compiled: Compiled,
}

impl Schema {
    /// What `T` is read from.
    pub(crate) fn input<T: JsonSchema>() -> Self {
        Self::of::<T>(SchemaSettings::draft2020_12().for_deserialize())
    }

    /// What `T` is written as.
    pub(crate) fn output<T: JsonSchema>() -> Self {
        Self::of::<T>(SchemaSettings::draft2020_12().for_serialize())
    }

    fn of<T: JsonSchema>(settings: SchemaSettings) -> Self {
        let settings = settings.with(|settings| {
            settings.meta_schema = None;
            settings.inline_subschemas = true;
        });
        let schema = settings.into_generator().into_root_schema_for::<T>();
        Self::new(schema.to_value())
    }

    pub(crate) fn new(mut schema: Value) -> Self {
        tidy(&mut schema);
        if let Value::Object(root) = &mut schema {
            root.remove("title");
            complete_object(root);
        }
        Self {
            text: to_raw_value(&schema).expect("a JSON value always serialises"),
            is_object: schema["type"] == "object",
            compiled: Compiled::new(&schema),
        }
    }

    /// Everything that is wrong with `value`; nothing allocates where nothing is.
    pub(crate) fn check(&self, value: &RawValue) -> Problems {
        self.compiled.check(value)
    }
}

/// Some clients refuse an object without `properties`.
fn complete_object(root: &mut Map<String, Value>) {
    if root.get("type").is_some_and(|kind| kind == "object") {
        root.entry("properties")
            .or_insert_with(|| Value::Object(Map::new()));
    }
}

/// Takes away what only Rust has a use for.
fn tidy(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(tidy),
        Value::Object(members) => {
            let foreign = members
                .get("format")
                .and_then(Value::as_str)
                .is_some_and(|format| !FORMATS.contains(&format));
            if foreign {
                members.shift_remove("format");
            }
            members.values_mut().for_each(tidy);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;
