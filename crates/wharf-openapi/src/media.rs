//! What a media type means for a body.

/// How a body of a media type is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Media {
    // In the order of preference when several are offered.
    Json,
    /// `merge-patch+json`, `json-patch+json`, JSON:API and every other `+json`.
    JsonSuffix,
    Form,
    Multipart,
    Text,
    /// Anything that is none of the others: bytes.
    Binary,
    Xml,
}

impl Media {
    pub(crate) fn of(media_type: &str) -> Self {
        let essence = essence(media_type);
        match essence.as_str() {
            "application/json" | "text/json" | "*/*" | "application/*" | "" => Self::Json,
            "application/x-www-form-urlencoded" => Self::Form,
            "application/xml" | "text/xml" => Self::Xml,
            "application/x-ndjson"
            | "application/jsonl"
            | "application/yaml"
            | "application/x-yaml"
            | "application/graphql"
            | "application/javascript"
            | "application/sql" => Self::Text,
            _ if essence.ends_with("+json") => Self::JsonSuffix,
            _ if essence.ends_with("+xml") => Self::Xml,
            _ if essence.starts_with("multipart/") => Self::Multipart,
            _ if essence.starts_with("text/") => Self::Text,
            _ => Self::Binary,
        }
    }

    pub(crate) fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::JsonSuffix)
    }
}

/// `type/subtype` in lower case, without parameters.
fn essence(media_type: &str) -> String {
    media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}
