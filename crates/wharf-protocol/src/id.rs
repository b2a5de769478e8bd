//! Request ids: a string or an integer, echoed exactly.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// The longest id that is taken, in bytes of JSON text. An id is kept as long as its request runs.
pub const MAX_ID_BYTES: usize = 256;

/// The id of a request (specification, basic, requests: a string or an integer, never `null`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RequestId {
    Integer(i64),
    /// An integer beyond `i64`.
    Large(u64),
    Text(Box<str>),
}

impl From<i64> for RequestId {
    fn from(id: i64) -> Self {
        Self::Integer(id)
    }
}

impl From<&str> for RequestId {
    fn from(id: &str) -> Self {
        Self::Text(id.into())
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(id) => id.fmt(formatter),
            Self::Large(id) => id.fmt(formatter),
            // Escaped: an id is the peer's text and may end up in a log line.
            Self::Text(id) => id.escape_debug().fmt(formatter),
        }
    }
}

impl Serialize for RequestId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Integer(id) => serializer.serialize_i64(*id),
            Self::Large(id) => serializer.serialize_u64(*id),
            Self::Text(id) => serializer.serialize_str(id),
        }
    }
}

impl<'de> Deserialize<'de> for RequestId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Through the raw text, so that an `id` of 1 MB is refused before it is copied twice, and
        // `1.0`, `1e3` and `null` are told from integers.
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        if raw.len() > MAX_ID_BYTES {
            return Err(D::Error::custom(format_args!(
                "`id` is {} bytes long, at most {MAX_ID_BYTES} are taken",
                raw.len()
            )));
        }
        if raw.starts_with('"') {
            return serde_json::from_str(raw)
                .map(Self::Text)
                .map_err(D::Error::custom);
        }
        raw.parse()
            .map(Self::Integer)
            .or_else(|_| raw.parse().map(Self::Large))
            .map_err(|_| D::Error::custom("`id` must be a string or an integer"))
    }
}
