//! What a model reads: the content blocks of tool results and prompts.

use std::borrow::Cow;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use crate::meta::Meta;

/// One block of content (`ContentBlock`, schema of every revision).
///
/// A block of a kind that this crate has never heard of is kept as its sender wrote it.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Content {
    Text(Text),
    Image(Media),
    Audio(Media),
    ResourceLink(ResourceLink),
    Resource(EmbeddedResource),
    /// Any other block, byte for byte.
    #[serde(untagged)]
    Other(Box<RawValue>),
}

impl Content {
    /// A plain text block.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(Text {
            text: text.into(),
            annotations: None,
            meta: Meta::default(),
        })
    }

    /// An image: `data` is base64, `mime_type` such as `image/png`.
    pub fn image(data: impl Into<String>, mime_type: impl Into<String>) -> Self {
        Self::Image(Media::new(data, mime_type))
    }

    /// A sound: `data` is base64, `mime_type` such as `audio/wav`.
    pub fn audio(data: impl Into<String>, mime_type: impl Into<String>) -> Self {
        Self::Audio(Media::new(data, mime_type))
    }

    /// A resource carried inside the result.
    pub fn resource(contents: ResourceContents) -> Self {
        Self::Resource(EmbeddedResource {
            resource: contents,
            annotations: None,
            meta: Meta::default(),
        })
    }

    /// The text of a text block.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(block) => Some(&block.text),
            _ => None,
        }
    }
}

/// `TextContent`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Text {
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annotations: Option<Box<RawValue>>,
    #[serde(default, rename = "_meta", skip_serializing_if = "Meta::is_empty")]
    pub meta: Meta,
}

/// `ImageContent` and `AudioContent`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Media {
    /// Base64 of the bytes.
    pub data: String,
    pub mime_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annotations: Option<Box<RawValue>>,
    #[serde(default, rename = "_meta", skip_serializing_if = "Meta::is_empty")]
    pub meta: Meta,
}

impl Media {
    fn new(data: impl Into<String>, mime_type: impl Into<String>) -> Self {
        Self {
            data: data.into(),
            mime_type: mime_type.into(),
            annotations: None,
            meta: Meta::default(),
        }
    }
}

/// `ResourceLink`: a resource that the client may read if it wants to.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceLink {
    pub uri: String,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    /// Size in bytes, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annotations: Option<Box<RawValue>>,
    #[serde(default, rename = "_meta", skip_serializing_if = "Meta::is_empty")]
    pub meta: Meta,
}

/// `EmbeddedResource`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EmbeddedResource {
    pub resource: ResourceContents,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annotations: Option<Box<RawValue>>,
    #[serde(default, rename = "_meta", skip_serializing_if = "Meta::is_empty")]
    pub meta: Meta,
}

/// `TextResourceContents` and `BlobResourceContents`: exactly one of `text` and `blob` is present.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceContents {
    pub uri: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    #[serde(flatten)]
    pub body: ResourceBody,
    #[serde(default, rename = "_meta", skip_serializing_if = "Meta::is_empty")]
    pub meta: Meta,
}

/// The two forms a resource's contents take.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ResourceBody {
    Text(String),
    /// Base64 of the bytes.
    Blob(String),
}

// An unknown tag must keep the whole block, and serde's tagged enums read a block into a buffer that
// raw values do not survive; so the tag is read first and the block once more.
impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Tag<'a> {
            #[serde(rename = "type", borrow)]
            kind: Cow<'a, str>,
        }
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let tag: Tag<'_> = serde_json::from_str(raw.get()).map_err(D::Error::custom)?;
        let block = match tag.kind.as_ref() {
            "text" => serde_json::from_str(raw.get()).map(Self::Text),
            "image" => serde_json::from_str(raw.get()).map(Self::Image),
            "audio" => serde_json::from_str(raw.get()).map(Self::Audio),
            "resource_link" => serde_json::from_str(raw.get()).map(Self::ResourceLink),
            "resource" => serde_json::from_str(raw.get()).map(Self::Resource),
            _ => Ok(Self::Other(raw)),
        };
        block.map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests;
