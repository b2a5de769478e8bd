//! Pictures, sounds and files as return types.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use wharf_protocol::content::{Content, ResourceBody, ResourceContents};
use wharf_protocol::meta::Meta;

use super::{IntoReply, Reply};
use crate::error::{Context as _, Result};

/// A picture.
#[derive(Clone, Debug)]
pub struct Image(Content);

/// A sound.
#[derive(Clone, Debug)]
pub struct Audio(Content);

/// A file: its bytes, under its name.
#[derive(Clone, Debug)]
pub struct File(ResourceContents);

/// A resource that travels inside the answer.
#[derive(Clone, Debug)]
pub struct Embedded(ResourceContents);

impl Image {
    /// A picture of any type, such as `image/webp`.
    pub fn new(bytes: impl AsRef<[u8]>, mime_type: impl Into<String>) -> Self {
        Self(Content::image(STANDARD.encode(bytes), mime_type))
    }

    /// A PNG.
    pub fn png(bytes: impl AsRef<[u8]>) -> Self {
        Self::new(bytes, "image/png")
    }

    /// A JPEG.
    pub fn jpeg(bytes: impl AsRef<[u8]>) -> Self {
        Self::new(bytes, "image/jpeg")
    }
}

impl Audio {
    /// A sound of any type, such as `audio/ogg`.
    pub fn new(bytes: impl AsRef<[u8]>, mime_type: impl Into<String>) -> Self {
        Self(Content::audio(STANDARD.encode(bytes), mime_type))
    }

    /// A WAV.
    pub fn wav(bytes: impl AsRef<[u8]>) -> Self {
        Self::new(bytes, "audio/wav")
    }
}

impl File {
    /// Bytes under a name; the type is told by the name's ending, where it is a common one.
    pub fn new(name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref();
        let body = match std::str::from_utf8(bytes) {
            Ok(text) if !text.contains('\0') => ResourceBody::Text(text.to_owned()),
            _ => ResourceBody::Blob(STANDARD.encode(bytes)),
        };
        Self(ResourceContents {
            uri: format!("file:///{}", name.trim_start_matches('/')),
            mime_type: Some(mime_type(name).to_owned()),
            body,
            meta: Meta::default(),
        })
    }

    /// Reads `path`, and shows nothing of it but its last part.
    ///
    /// # Errors
    ///
    /// Where it cannot be read.
    pub async fn read(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref().to_owned();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let bytes = tokio::task::spawn_blocking(move || std::fs::read(path)).await?;
        Ok(Self::new(
            &name,
            bytes.context(format!("`{name}` cannot be read"))?,
        ))
    }
}

impl File {
    pub(crate) fn into_inner(self) -> ResourceContents {
        self.0
    }
}

impl Embedded {
    /// A text under a URI.
    pub fn text(
        uri: impl Into<String>,
        mime_type: impl Into<String>,
        text: impl Into<String>,
    ) -> Self {
        Self(ResourceContents {
            uri: uri.into(),
            mime_type: Some(mime_type.into()),
            body: ResourceBody::Text(text.into()),
            meta: Meta::default(),
        })
    }

    /// Bytes under a URI.
    pub fn bytes(
        uri: impl Into<String>,
        mime_type: impl Into<String>,
        bytes: impl AsRef<[u8]>,
    ) -> Self {
        Self(ResourceContents {
            uri: uri.into(),
            mime_type: Some(mime_type.into()),
            body: ResourceBody::Blob(STANDARD.encode(bytes)),
            meta: Meta::default(),
        })
    }
}

/// The type that a name's ending tells of.
pub(crate) fn mime_type(name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    match ending.to_ascii_lowercase().as_str() {
        "css" => "text/css",
        "csv" => "text/csv",
        "gif" => "image/gif",
        "html" => "text/html",
        "jpg" | "jpeg" => "image/jpeg",
        "json" => "application/json",
        "md" => "text/markdown",
        "mp3" => "audio/mpeg",
        "pdf" => "application/pdf",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" | "rs" | "toml" | "log" => "text/plain",
        "wav" => "audio/wav",
        "xml" => "application/xml",
        _ => "application/octet-stream",
    }
}

macro_rules! content {
    ($($kind:ident => $convert:expr;)*) => {$(
        impl From<$kind> for Content {
            fn from(value: $kind) -> Self {
                $convert(value.0)
            }
        }

        impl IntoReply for $kind {
            fn into_reply(self) -> Result<Reply> {
                Ok(Reply::default().and(self))
            }
        }
    )*};
}

content! {
    Image => std::convert::identity;
    Audio => std::convert::identity;
    File => Content::resource;
    Embedded => Content::resource;
}
