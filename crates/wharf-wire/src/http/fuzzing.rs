//! What the fuzz targets of HTTP try.

use http::{HeaderMap, HeaderName, HeaderValue};
use wharf_protocol::envelope::Frame;
use wharf_protocol::mirrored::MirroredParameter;

use super::framing::Framing;
use super::mirror;
use crate::outline::Outline;

const MAX_LINE_BYTES: usize = 1 << 12;

/// Header lines, an empty line, and the body they should agree with.
pub(crate) fn headers(bytes: &[u8]) {
    let (head, body) = split(bytes);
    let mut headers = HeaderMap::new();
    for line in head.split(|byte| *byte == b'\n') {
        let mut halves = line.splitn(2, |byte| *byte == b':');
        let (name, value) = (halves.next().unwrap_or(b""), halves.next().unwrap_or(b""));
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name), HeaderValue::from_bytes(value))
        {
            headers.append(name, value);
        }
    }
    let Ok(Frame::Request(_, request)) = Frame::parse(body) else {
        return;
    };
    let Ok(outline) = Outline::read(request.params.as_deref()) else {
        return;
    };
    let _ = mirror::check(&headers, &request.method, &outline);
    let schema = request.params.as_deref();
    let parameters = schema.map(MirroredParameter::all);
    if let Some(Ok(parameters)) = parameters {
        let _ = mirror::check_parameters(&headers, &request, |_| Some(parameters.into()));
    }
}

fn split(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.windows(2).position(|pair| pair == b"\n\n");
    end.map_or((bytes, b"".as_slice()), |at| {
        (&bytes[..at], &bytes[at + 2..])
    })
}

/// The bytes of a connection: in one piece and byte by byte, which must be the same.
pub(crate) fn framing(bytes: &[u8]) {
    let sound = |piece_bytes: usize| {
        let mut framing = Framing::new(MAX_LINE_BYTES);
        bytes
            .chunks(piece_bytes)
            .all(|piece| framing.follow(piece).is_ok())
    };
    assert_eq!(sound(bytes.len().max(1)), sound(1), "the same verdict");
}
