//! What a tool's schema says of one argument, as far as a command line needs to know.

use serde_json::Value;

use crate::report::Failure;

/// A place in the tool's schema.
#[derive(Clone, Copy)]
pub(super) struct Schema<'s> {
    /// The whole, where `$ref` leads.
    root: &'s Value,
    here: &'s Value,
}

impl<'s> Schema<'s> {
    pub(super) fn of(root: &'s Value) -> Self {
        Self { root, here: root }
    }

    /// A place of which nothing is said.
    pub(super) fn anything(self) -> Self {
        Self {
            here: &Value::Null,
            ..self
        }
    }

    /// The value that `text` stands for. Text stays text where text is taken.
    pub(super) fn value(self, key: &str, text: &str) -> Result<Value, Failure> {
        let kinds = self.kinds();
        let read: Option<Value> = serde_json::from_str(text).ok();
        let fits = |kind: &&str| read.as_ref().is_some_and(|value| is(kind, value));
        let takes_text = kinds.contains(&"string");
        match read.as_ref() {
            _ if kinds.is_empty() => Ok(read.unwrap_or_else(|| Value::String(text.to_owned()))),
            Some(value) if kinds.iter().any(|kind| *kind != "string" && fits(kind)) => {
                // `null` is the word before it is the value, if words are taken.
                if takes_text && value.is_null() {
                    Ok(Value::String(text.to_owned()))
                } else {
                    Ok(value.clone())
                }
            }
            _ if takes_text => Ok(Value::String(text.to_owned())),
            // One item may stand for a list of one.
            None if kinds == ["array"] && self.items().kinds().contains(&"string") => {
                Ok(Value::Array(
                    text.split(',')
                        .map(|item| Value::String(item.to_owned()))
                        .collect(),
                ))
            }
            _ => Err(Failure::usage(format!(
                "`{key}` is {}, and `{text}` is not",
                with_article(&kinds)
            ))),
        }
    }

    pub(super) fn property(self, name: &str) -> Option<Self> {
        self.variants().into_iter().find_map(|variant| {
            let here = variant.get("properties")?.get(name)?;
            Some(Self {
                root: self.root,
                here,
            })
        })
    }

    pub(super) fn names(self) -> impl Iterator<Item = &'s str> {
        let variants = self.variants().into_iter();
        variants
            .filter_map(|variant| variant.get("properties")?.as_object())
            .flat_map(|map| map.keys().map(String::as_str))
    }

    /// Whether an object here may have properties that the schema does not name.
    pub(super) fn takes_more(self) -> bool {
        self.variants()
            .iter()
            .all(|variant| variant.get("additionalProperties") != Some(&Value::Bool(false)))
    }

    fn items(self) -> Self {
        let here = self
            .variants()
            .into_iter()
            .find_map(|variant| variant.get("items"));
        Self {
            root: self.root,
            here: here.unwrap_or(&Value::Null),
        }
    }

    pub(super) fn is_file(self) -> bool {
        self.variants().iter().any(|variant| {
            let says = |key: &str, part: &str| {
                variant
                    .get(key)
                    .and_then(Value::as_str)
                    .is_some_and(|text| text.contains(part))
            };
            // Bytes of a type of their own are what a tool takes as base64.
            says("contentEncoding", "base64") || says("contentMediaType", "/")
        })
    }

    /// The schemas that may describe this place: references followed, alternatives spread.
    fn variants(self) -> Vec<&'s Value> {
        /// More than a person could mean. Schemas may be circular, or fan out without end.
        const MOST: usize = 256;
        let mut variants = vec![self.here];
        let mut next = 0;
        while next < variants.len() && variants.len() < MOST {
            let here = variants[next];
            next += 1;
            let target = here.get("$ref").and_then(Value::as_str);
            let target = target.and_then(|target| target.strip_prefix('#'));
            variants.extend(target.and_then(|pointer| self.root.pointer(pointer)));
            for key in ["anyOf", "oneOf", "allOf"] {
                variants.extend(
                    here.get(key)
                        .and_then(Value::as_array)
                        .into_iter()
                        .flatten(),
                );
            }
        }
        variants
    }

    /// The types that are taken; none where anything is.
    fn kinds(self) -> Vec<&'s str> {
        let mut kinds = Vec::new();
        for variant in self.variants() {
            match variant.get("type") {
                Some(Value::String(kind)) => kinds.push(kind.as_str()),
                Some(Value::Array(several)) => {
                    kinds.extend(several.iter().filter_map(Value::as_str));
                }
                _ => kinds.extend(
                    variant
                        .get("enum")
                        .and_then(Value::as_array)
                        .into_iter()
                        .flatten()
                        .map(|value| kind_of(value)),
                ),
            }
        }
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn is(kind: &str, value: &Value) -> bool {
    match kind {
        // 5.0 is an integer to JSON Schema; the tool's own validator has the last word.
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        kind => kind_of(value) == kind,
    }
}

fn with_article(kinds: &[&str]) -> String {
    let named: Vec<String> = kinds
        .iter()
        .map(|kind| match *kind {
            "integer" | "array" | "object" => format!("an {kind}"),
            "null" => "null".to_owned(),
            kind => format!("a {kind}"),
        })
        .collect();
    named.join(" or ")
}
