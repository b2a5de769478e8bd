//! How tools shall look, and what a document may cost.

use crate::load::Limits;

/// What tools shall look like. Every setting has a default, stated here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// What a document may cost.
    pub limits: Limits,
    /// Longest tool name, in bytes. Default: 64, which is what model providers allow; less where a
    /// namespace is put before names. Never less than 16.
    pub max_name_bytes: usize,
    /// Longest description of a tool, in bytes. Default: 1,000.
    pub description_bytes: usize,
    /// About how large the schema of a tool's arguments may grow, in bytes. What lies farthest from
    /// the arguments is left open. Default: 48 KiB.
    pub input_schema_bytes: usize,
    /// The same for answers. Default: 48 KiB.
    pub output_schema_bytes: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            max_name_bytes: 64,
            description_bytes: 1_000,
            input_schema_bytes: 48 << 10,
            output_schema_bytes: 48 << 10,
        }
    }
}
