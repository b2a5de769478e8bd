//! What the database answers: finished JSON documents.
//!
//! SQLite builds them with `json_object`, so a row takes its shape in one place, its statement, and passes
//! through Rust untouched. A test holds every one against the schema of the API document.

use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Row};

/// One resource as the API shows it.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct Document(Box<RawValue>);

impl Document {
    pub(crate) fn parse(text: String) -> Result<Self, sqlx::Error> {
        RawValue::from_string(text)
            .map(Self)
            .map_err(|error| sqlx::Error::Decode(error.into()))
    }

    /// The document as a tree, for a merge patch to change.
    pub(crate) fn to_value(&self) -> Value {
        serde_json::from_str(self.0.get()).expect("a raw value is valid JSON")
    }
}

impl FromRow<'_, SqliteRow> for Document {
    fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        Self::parse(row.try_get(0)?)
    }
}

/// A document of a list with its key, where the next page continues.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) document: Document,
    pub(crate) key: i64,
}

impl FromRow<'_, SqliteRow> for Entry {
    fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            document: Document::parse(row.try_get(0)?)?,
            key: row.try_get(1)?,
        })
    }
}
