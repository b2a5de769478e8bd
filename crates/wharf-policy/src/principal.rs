//! Who is asking.

use std::fmt;

/// Somebody whom the gateway recognised. Made by `identify`, never by a caller's own claim.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Principal {
    name: String,
    groups: Vec<String>,
}

impl Principal {
    /// Whoever sits at this machine: the one principal of a gateway without authentication, which
    /// listens on loopback only.
    pub fn local() -> Self {
        Self {
            name: "local".to_owned(),
            groups: Vec::new(),
        }
    }

    pub fn new(name: impl Into<String>, groups: Vec<String>) -> Self {
        Self {
            name: name.into(),
            groups,
        }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn is_in(&self, group: &str) -> bool {
        self.groups.iter().any(|own| own == group)
    }
}

impl fmt::Display for Principal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name)
    }
}
