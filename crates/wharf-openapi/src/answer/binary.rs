//! Pictures, sounds and files.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use wharf_protocol::content::{Content, ResourceBody, ResourceContents};
use wharf_protocol::meta::Meta;

use super::media_type::MediaType;
use super::reading::Reading;
use super::{AnswerLimits, Response, sniff};

/// The pictures that models can see. Providers refuse a whole conversation over any other type, and
/// over a picture that is not what it is called, so only those that are proved by their bytes go in.
const PICTURES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/// Hands bytes on in the form their type has in MCP; `actual` is what the bytes turned out to be.
pub(super) fn read(response: &Response<'_>, limits: &AnswerLimits, actual: &str) -> Reading {
    let body = response.body;
    if let Some(total) = response.cut {
        let size = if total > body.len() as u64 {
            format!("{total} bytes")
        } else {
            "an unknown size".to_owned()
        };
        return Reading::text(format!(
            "The answer is a file of type {actual} and {size}; it was cut at {} bytes and is left out.",
            body.len()
        ));
    }
    if body.len() > limits.binary_bytes {
        return Reading::text(format!(
            "The answer is a file of type {actual} and {} bytes, more than the {} that are passed on.",
            body.len(),
            limits.binary_bytes
        ));
    }
    Reading::of(content(body, actual))
}

fn content(body: &[u8], actual: &str) -> Content {
    let data = STANDARD.encode(body);
    if PICTURES.contains(&actual) && sniff::magic(body) == Some(actual) {
        return Content::image(data, actual);
    }
    if actual.starts_with("audio/") {
        return Content::audio(data, actual);
    }
    Content::resource(ResourceContents {
        uri: uri(body, actual),
        mime_type: Some(actual.to_owned()),
        body: ResourceBody::Blob(data),
        meta: Meta::default(),
    })
}

/// A name for the bytes, made of the bytes. The resource is here and nowhere else: the address says
/// which file it is, and cannot be read later.
fn uri(body: &[u8], actual: &str) -> String {
    let digest = format!("{:x}", Sha256::digest(body));
    let extension = MediaType::parse(actual).extension();
    let extension = extension.map(|each| format!(".{each}")).unwrap_or_default();
    format!("wharf://answer/{}{extension}", &digest[..16])
}
