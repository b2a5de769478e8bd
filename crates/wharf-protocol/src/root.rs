//! Roots: where in a client's file system a server may work.

use serde::{Deserialize, Serialize};

use crate::meta::Meta;

/// One directory or file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Root {
    /// A `file://` URI.
    pub uri: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, rename = "_meta", skip_serializing_if = "Meta::is_empty")]
    pub meta: Meta,
}

/// The answer to `roots/list`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListedRoots {
    pub roots: Vec<Root>,
}
