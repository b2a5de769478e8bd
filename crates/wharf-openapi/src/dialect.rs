//! Which specification a document follows.

use std::fmt;

use serde::Serialize;

use crate::tree::Node;

/// A generation of the specification. Patch releases mean the same to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Dialect {
    #[serde(rename = "2.0")]
    Swagger20,
    #[serde(rename = "3.0")]
    OpenApi30,
    #[serde(rename = "3.1")]
    OpenApi31,
    #[serde(rename = "3.2")]
    OpenApi32,
}

impl Dialect {
    /// The version as documents write it, without the patch number.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Swagger20 => "2.0",
            Self::OpenApi30 => "3.0",
            Self::OpenApi31 => "3.1",
            Self::OpenApi32 => "3.2",
        }
    }

    pub(crate) fn is_swagger(self) -> bool {
        self == Self::Swagger20
    }

    /// From 3.1 on schemas are JSON Schema, where keywords beside `$ref` count.
    pub(crate) fn has_json_schema(self) -> bool {
        self >= Self::OpenApi31
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// What a document says about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Declared {
    Known(Dialect),
    /// No version that we know, but it has paths: read as this.
    Guessed(Dialect),
    /// Swagger 1.x: resources in separate files, a different format.
    Swagger1,
    /// Not an API document.
    Nothing,
}

/// Reads the version a document declares, or guesses it from what else is there.
pub(crate) fn declared(root: Node<'_>) -> Declared {
    let swagger = root.get("swagger").and_then(Node::as_text);
    let openapi = root.get("openapi").and_then(Node::as_text);
    match (swagger, openapi) {
        (Some(version), None) if version.starts_with('2') => Declared::Known(Dialect::Swagger20),
        (_, Some(version)) => by_version(version),
        _ if root.get("swaggerVersion").is_some() => Declared::Swagger1,
        _ if root.get("paths").is_none() => Declared::Nothing,
        _ if root.get("components").is_some() || root.get("servers").is_some() => {
            Declared::Guessed(Dialect::OpenApi30)
        }
        _ => Declared::Guessed(Dialect::Swagger20),
    }
}

fn by_version(version: &str) -> Declared {
    let mut parts = version.trim().trim_start_matches('v').split('.');
    match (parts.next(), parts.next()) {
        (Some("3"), Some("0") | None) => Declared::Known(Dialect::OpenApi30),
        (Some("3"), Some("1")) => Declared::Known(Dialect::OpenApi31),
        (Some("3"), Some("2")) => Declared::Known(Dialect::OpenApi32),
        (Some("2"), _) => Declared::Known(Dialect::Swagger20),
        _ => Declared::Guessed(Dialect::OpenApi32),
    }
}
