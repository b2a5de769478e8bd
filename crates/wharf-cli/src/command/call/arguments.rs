//! Arguments from a command line, typed as the tool's schema says.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use tokio::io::AsyncReadExt as _;

use crate::nearest::nearest;
use crate::report::Failure;

type Arguments = Map<String, Value>;

/// Everything that was given: the object of `--args` first, then the pairs, which win.
///
/// # Errors
///
/// A pair that is none, an argument that the tool does not have, a value that does not fit, a file
/// that cannot be read.
pub(super) async fn read(
    whole: Option<&str>,
    pairs: &[String],
    schema: Option<&RawValue>,
) -> Result<Arguments, Failure> {
    let mut arguments = match whole {
        Some(whole) => object(whole).await?,
        None => Arguments::new(),
    };
    let schema: Value = schema
        .and_then(|raw| serde_json::from_str(raw.get()).ok())
        .unwrap_or_default();
    let schema = Schema {
        root: &schema,
        here: &schema,
    };
    for pair in pairs {
        let (key, text) = pair.split_once('=').ok_or_else(|| {
            Failure::usage(format!("`{pair}` is no argument"))
                .with_hint("write `key=value`, or `--args '{…}'`")
        })?;
        let (path, place) = place(key, schema)?;
        let value = match text.strip_prefix('@') {
            Some(file) => content(file, place).await?,
            None => place.value(key, text)?,
        };
        put(&mut arguments, &path, value).map_err(|taken| {
            Failure::usage(format!("`{key}` cannot be set: `{taken}` is no object"))
        })?;
    }
    Ok(arguments)
}

/// The object of `--args`.
async fn object(whole: &str) -> Result<Arguments, Failure> {
    let text = match (whole, whole.strip_prefix('@')) {
        ("-", _) => {
            let mut text = String::new();
            tokio::io::stdin().read_to_string(&mut text).await?;
            text
        }
        (_, Some(file)) => String::from_utf8_lossy(&bytes(file).await?).into_owned(),
        _ => whole.to_owned(),
    };
    serde_json::from_str(&text).map_err(|error| {
        Failure::usage(format!("`--args` is no JSON object: {error}"))
            .with_hint("write --args '{\"key\": \"value\"}'")
    })
}

/// Where in the arguments `key` leads, and what the schema says of it. A dot leads into an object,
/// unless an argument has a dot in its very name.
fn place<'k, 's>(key: &'k str, schema: Schema<'s>) -> Result<(Vec<&'k str>, Schema<'s>), Failure> {
    if let Some(place) = schema.property(key) {
        return Ok((vec![key], place));
    }
    let mut here = schema;
    for name in key.split('.') {
        here = match here.property(name) {
            Some(place) => place,
            None if here.takes_more() => Schema {
                root: here.root,
                here: &Value::Null,
            },
            None => return Err(unknown(key, name, here)),
        };
    }
    Ok((key.split('.').collect(), here))
}

fn unknown(key: &str, name: &str, schema: Schema<'_>) -> Failure {
    let known: Vec<&str> = schema.names().collect();
    let hint = match nearest(name, known.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None if known.is_empty() => "it takes no arguments".to_owned(),
        None => format!("it takes {}", known.join(", ")),
    };
    Failure::usage(format!("the tool has no argument `{key}`")).with_hint(hint)
}

/// Sets a value, making the objects on the way.
fn put<'k>(arguments: &mut Arguments, path: &[&'k str], value: Value) -> Result<(), &'k str> {
    match path {
        [] => Ok(()),
        [name] => {
            arguments.insert((*name).to_owned(), value);
            Ok(())
        }
        [name, rest @ ..] => {
            let inner = arguments
                .entry(*name)
                .or_insert_with(|| Value::Object(Map::new()));
            put(inner.as_object_mut().ok_or(*name)?, rest, value)
        }
    }
}

/// The content of a file: as text where the schema wants text, as a data URI where it wants a file,
/// as JSON where it wants anything else.
async fn content(file: &str, place: Schema<'_>) -> Result<Value, Failure> {
    let bytes = bytes(file).await?;
    if place.is_file() {
        let name = Path::new(file)
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        let name: String = name
            .unwrap_or_default()
            .chars()
            .filter(|letter| !matches!(letter, ';' | ','))
            .collect();
        return Ok(Value::String(format!(
            "data:application/octet-stream;name={name};base64,{}",
            STANDARD.encode(bytes)
        )));
    }
    match String::from_utf8(bytes) {
        Ok(text) => place.value(file, &text),
        Err(bytes) => Ok(Value::String(STANDARD.encode(bytes.as_bytes()))),
    }
}

async fn bytes(file: &str) -> Result<Vec<u8>, Failure> {
    tokio::fs::read(file).await.map_err(|error| {
        Failure::new(anyhow::Error::new(error).context(format!("cannot read `{file}`")))
    })
}

/// A place in the tool's schema.
#[derive(Clone, Copy)]
struct Schema<'s> {
    /// The whole, where `$ref` leads.
    root: &'s Value,
    here: &'s Value,
}

impl<'s> Schema<'s> {
    /// The value that `text` stands for. Text stays text where text is taken.
    fn value(self, key: &str, text: &str) -> Result<Value, Failure> {
        let kinds = self.kinds(0);
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
            None if kinds == ["array"] && self.items().kinds(0).contains(&"string") => {
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

    fn property(self, name: &str) -> Option<Self> {
        self.variants(0).into_iter().find_map(|variant| {
            let here = variant.get("properties")?.get(name)?;
            Some(Self {
                root: self.root,
                here,
            })
        })
    }

    fn names(self) -> impl Iterator<Item = &'s str> {
        let variants = self.variants(0).into_iter();
        variants
            .filter_map(|variant| variant.get("properties")?.as_object())
            .flat_map(|map| map.keys().map(String::as_str))
    }

    /// Whether an object here may have properties that the schema does not name.
    fn takes_more(self) -> bool {
        self.variants(0)
            .iter()
            .all(|variant| variant.get("additionalProperties") != Some(&Value::Bool(false)))
    }

    fn items(self) -> Self {
        let here = self
            .variants(0)
            .into_iter()
            .find_map(|variant| variant.get("items"));
        Self {
            root: self.root,
            here: here.unwrap_or(&Value::Null),
        }
    }

    fn is_file(self) -> bool {
        self.variants(0).iter().any(|variant| {
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
    fn variants(self, depth: usize) -> Vec<&'s Value> {
        /// Deeper than any schema that a person could mean.
        const DEEPEST: usize = 16;
        if depth > DEEPEST {
            return Vec::new();
        }
        let mut variants = vec![self.here];
        let inner = |here| {
            Self {
                root: self.root,
                here,
            }
            .variants(depth + 1)
        };
        if let Some(target) = self.here.get("$ref").and_then(Value::as_str) {
            let target = target
                .strip_prefix('#')
                .and_then(|pointer| self.root.pointer(pointer));
            variants.extend(target.into_iter().flat_map(inner));
        }
        for key in ["anyOf", "oneOf", "allOf"] {
            let all = self
                .here
                .get(key)
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            variants.extend(all.flat_map(inner));
        }
        variants
    }

    /// The types that are taken; none where anything is.
    fn kinds(self, depth: usize) -> Vec<&'s str> {
        let mut kinds = Vec::new();
        for variant in self.variants(depth) {
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

#[cfg(test)]
mod tests;
