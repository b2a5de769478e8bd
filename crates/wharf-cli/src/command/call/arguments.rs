//! Arguments from a command line, typed as the tool's schema says.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use tokio::io::AsyncReadExt as _;

use super::schema::Schema;
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
    let schema = Schema::of(&schema);
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
            None if here.takes_more() => here.anything(),
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

#[cfg(test)]
mod tests;
