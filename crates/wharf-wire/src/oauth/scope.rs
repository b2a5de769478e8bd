//! What a token allows, as a set of words.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Scopes in the order they were first named, each once (RFC 6749, section 3.3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes(Vec<String>);

impl Scopes {
    /// The words in `text`, which spaces part.
    pub fn parse(text: &str) -> Self {
        text.split(' ').filter(|word| !word.is_empty()).collect()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    pub fn contains(&self, scope: &str) -> bool {
        self.iter().any(|own| own == scope)
    }

    /// Whether every one of `others` is among these.
    pub fn cover(&self, others: &Self) -> bool {
        others.iter().all(|scope| self.contains(scope))
    }

    /// These and `others`.
    #[must_use]
    pub fn union(&self, others: &Self) -> Self {
        self.iter().chain(others.iter()).collect()
    }
}

impl<'a> FromIterator<&'a str> for Scopes {
    fn from_iter<I: IntoIterator<Item = &'a str>>(words: I) -> Self {
        let mut scopes = Self::default();
        for word in words {
            if !scopes.contains(word) {
                scopes.0.push(word.to_owned());
            }
        }
        scopes
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.join(" "))
    }
}

impl Serialize for Scopes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Scopes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::parse(&text))
    }
}

/// Which scopes stand for others too: `admin` for everything, `files:write` for `files:read`. A
/// server must account for that (MCP, scope challenge handling).
pub trait Hierarchy: Send + Sync + fmt::Debug {
    /// Whether whoever has `held` has `needed`, which is another word.
    fn implies(&self, held: &str, needed: &str) -> bool;
}

/// Every scope stands for itself alone.
#[derive(Clone, Copy, Debug)]
pub struct Flat;

impl Hierarchy for Flat {
    fn implies(&self, _held: &str, _needed: &str) -> bool {
        false
    }
}
