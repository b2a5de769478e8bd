//! Bytes become a tree: encodings told apart, JSON or YAML by content, everything bounded.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use crate::tree::{NodeId, Tree};

mod json;
mod yaml;

/// What a document may cost before it is refused. Every bound has a default, stated here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the document. Default: 64 MiB; the largest document known to us has 49 MB. Never
    /// more than 1 GiB, whatever is set.
    pub document_bytes: usize,
    /// Levels of nesting. Default: 512; real documents stay below 40.
    pub depth: usize,
    /// Values in the document, where each member that a YAML merge key (`<<`) brings along counts
    /// again. An alias counts nothing, as it is never expanded. Default: 20 million.
    pub nodes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document_bytes: 64 << 20,
            depth: 512,
            nodes: 20_000_000,
        }
    }
}

/// What was read.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) tree: Tree,
    pub(crate) oddities: Oddities,
}

/// What was odd about the text.
#[derive(Debug, Default)]
pub(crate) struct Oddities {
    /// Values that replaced an earlier one of the same key.
    pub(crate) duplicates: Vec<NodeId>,
    /// The text was not UTF-8 and was read as this encoding instead.
    pub(crate) decoded_from: Option<&'static str>,
    /// The text begins like JSON, but is none for this reason; it was read as YAML instead.
    pub(crate) not_json: Option<Malformed>,
}

/// Why a document cannot be read at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Malformed {
    /// Byte offset in the text.
    pub(crate) offset: usize,
    pub(crate) message: String,
}

impl Malformed {
    pub(crate) fn new(offset: usize, message: impl Into<String>) -> Self {
        Self {
            offset,
            message: message.into(),
        }
    }
}

/// Why nothing was read, with the text as far as there is one.
#[derive(Debug)]
pub(crate) struct Unreadable {
    pub(crate) malformed: Malformed,
    pub(crate) text: String,
}

/// Reads a document. JSON is tried first where the text begins like JSON; what JSON refuses may still
/// be YAML's flow style, with its trailing commas, comments and unquoted keys.
pub(crate) fn load(bytes: &[u8], limits: &Limits) -> Result<Loaded, Unreadable> {
    let most = limits.document_bytes.min(1 << 30);
    if bytes.len() > most {
        let message = format!(
            "the document has {} bytes; the limit is {most}",
            bytes.len()
        );
        return Err(Unreadable {
            malformed: Malformed::new(0, message),
            text: String::new(),
        });
    }
    let (text, decoded_from) = decode(bytes);
    let begins_like_json = matches!(text.trim_start().bytes().next(), Some(b'{' | b'['));
    let as_json = begins_like_json.then(|| json::read(&text, limits));
    let (read, not_json) = match as_json {
        Some(Err(malformed)) => match yaml::read(&text, limits) {
            Ok(read) => (Ok(read), Some(malformed)),
            Err(_) => (Err(malformed), None),
        },
        Some(read) => (read, None),
        None => (yaml::read(&text, limits), None),
    };
    match read {
        Ok((tree, duplicates)) => {
            let oddities = Oddities {
                duplicates,
                decoded_from,
                not_json,
            };
            Ok(Loaded { tree, oddities })
        }
        Err(malformed) => Err(Unreadable {
            malformed,
            text: text.into_owned(),
        }),
    }
}

/// The text of a document: by its byte order mark, else UTF-8, else the encoding that every byte
/// sequence is legal in.
fn decode(bytes: &[u8]) -> (Cow<'_, str>, Option<&'static str>) {
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or((UTF_8, 0));
    let body = &bytes[mark..];
    if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(body) {
        let name = (encoding != UTF_8).then(|| encoding.name());
        return (text, name);
    }
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(body);
    (text, Some(WINDOWS_1252.name()))
}

#[cfg(test)]
mod tests;
