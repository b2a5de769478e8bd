//! An answer read into memory: bounded, inflated, and cut rather than refused where it is too long.

use std::io::Read;

use bytes::{Bytes, BytesMut};
use flate2::read::{MultiGzDecoder, ZlibDecoder};
use http::Response;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;

/// An answer, whole or cut.
#[derive(Debug)]
pub struct Received {
    pub status: u16,
    /// In the order they came; values that are no text are left out.
    pub headers: Vec<(String, String)>,
    /// At most as many bytes as were asked for, after inflation.
    pub body: Bytes,
    /// Whether there was more.
    pub cut: bool,
    /// How long the body says it is in all, where it says so and is not compressed.
    pub declared_bytes: Option<u64>,
}

/// The body could not be read to its end, or to the limit.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    #[error("the connection ended before the answer did")]
    Broken(#[source] hyper::Error),
    #[error("the answer is compressed as `{0}`, which was not asked for")]
    Encoding(String),
    #[error("the answer is not soundly compressed")]
    Inflate(#[source] std::io::Error),
}

/// Reads an answer, keeping at most `limit` bytes of its body. Of a longer one, the rest is never
/// read: the connection is closed.
///
/// # Errors
///
/// [`ReceiveError`] where the body ends early, or is compressed in a way that was not asked for.
pub async fn receive(response: Response<Incoming>, limit: usize) -> Result<Received, ReceiveError> {
    let (head, mut body) = response.into_parts();
    let text = |name| head.headers.get(name).and_then(|value| value.to_str().ok());
    let encoding = text(CONTENT_ENCODING)
        .unwrap_or("identity")
        .trim()
        .to_ascii_lowercase();
    let length = text(CONTENT_LENGTH).and_then(|length| length.parse().ok());

    let mut raw = BytesMut::new();
    let mut cut = false;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(ReceiveError::Broken)?.into_data() else {
            continue;
        };
        let room = limit - raw.len();
        raw.extend_from_slice(&data[..data.len().min(room)]);
        if data.len() > room {
            cut = true;
            break;
        }
    }
    let (body, inflated_cut) = match encoding.as_str() {
        "identity" | "" => (raw.freeze(), false),
        "gzip" | "x-gzip" => inflate(MultiGzDecoder::new(&raw[..]), limit, cut)?,
        "deflate" => inflate(ZlibDecoder::new(&raw[..]), limit, cut)?,
        _ => return Err(ReceiveError::Encoding(encoding)),
    };
    Ok(Received {
        status: head.status.as_u16(),
        headers: head
            .headers
            .iter()
            .filter_map(|(name, value)| {
                Some((name.as_str().to_owned(), text_of(value.as_bytes())?))
            })
            .collect(),
        declared_bytes: length.filter(|_| encoding == "identity"),
        body,
        cut: cut || inflated_cut,
    })
}

/// Inflates at most `limit` bytes. The end of a stream that was cut on its way in is no error.
fn inflate(decoder: impl Read, limit: usize, cut: bool) -> Result<(Bytes, bool), ReceiveError> {
    let mut inflated = Vec::new();
    let mut bounded = decoder.take(limit as u64 + 1);
    match bounded.read_to_end(&mut inflated) {
        Ok(_) => {}
        Err(_) if cut => {}
        Err(error) => return Err(ReceiveError::Inflate(error)),
    }
    let longer = inflated.len() > limit;
    inflated.truncate(limit);
    Ok((Bytes::from(inflated), longer))
}

/// A header value as text: UTF-8 where it is, Latin-1 where it is not (RFC 9110, section 5.5).
fn text_of(value: &[u8]) -> Option<String> {
    if value
        .iter()
        .any(|byte| byte.is_ascii_control() && *byte != b'\t')
    {
        return None;
    }
    Some(match std::str::from_utf8(value) {
        Ok(text) => text.to_owned(),
        Err(_) => value.iter().copied().map(char::from).collect(),
    })
}
