//! What the fuzz targets try, and what was found is tried again by a plain test.
//!
//! Each takes whatever bytes a stranger could send, and panics where something is wrong with us.

use wharf_protocol::envelope::{self, Frame};
use wharf_protocol::handshake::introduction;

use crate::oauth::challenge::Challenge;
use crate::oauth::metadata::{AuthorizationServer, ProtectedResource};
use crate::outline::Outline;

/// One frame: what was taken is written and taken again, and is the same.
pub fn envelope(bytes: &[u8]) {
    match Frame::parse(bytes) {
        Ok(Frame::Request(id, request)) => {
            let written = envelope::request(&id, &request);
            let Ok(Frame::Request(again, repeated)) = Frame::parse(&written) else {
                panic!("a request that was taken is one");
            };
            assert_eq!(id, again);
            assert_eq!(request.method, repeated.method);
            let text = |request: &wharf_protocol::port::Request| {
                request.params.as_ref().map(|raw| raw.get().to_owned())
            };
            assert_eq!(text(&request), text(&repeated));
            if let Ok(outline) = Outline::read(request.params.as_deref()) {
                let _ = introduction(&outline.meta);
                let _ = outline.log_level();
            }
        }
        Ok(Frame::Notification(notification)) => {
            let written = envelope::notification(&notification);
            assert!(matches!(Frame::parse(&written), Ok(Frame::Notification(_))));
        }
        Ok(Frame::Response(id, Ok(result))) => {
            let written = envelope::response(&id, &result);
            assert!(matches!(
                Frame::parse(&written),
                Ok(Frame::Response(_, Ok(_)))
            ));
        }
        Ok(Frame::Response(..)) => {}
        Err(bad) => {
            let written = envelope::failure(bad.id.as_ref(), &bad.error);
            assert!(std::str::from_utf8(&written).is_ok());
        }
    }
}

/// A stream of events.
pub fn events(bytes: &[u8]) {
    crate::client::fuzzing::events(bytes);
}

/// Headers and the body they should agree with.
pub fn headers(bytes: &[u8]) {
    crate::http::fuzzing::headers(bytes);
}

/// The bytes of a connection.
pub fn framing(bytes: &[u8]) {
    crate::http::fuzzing::framing(bytes);
}

/// What a stranger publishes of its sign-in, and how it refuses.
pub fn metadata(bytes: &[u8]) {
    let _ = serde_json::from_slice::<ProtectedResource>(bytes);
    let _ = serde_json::from_slice::<AuthorizationServer>(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        for challenge in Challenge::parse_all(text) {
            assert!(challenge.is(&challenge.scheme));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    /// Tries every input of one corpus. Found inputs are kept for ever.
    #[track_caller]
    fn replay(target: &str, run: fn(&[u8])) {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
        let inputs = fs::read_dir(corpus.join(target)).expect("the corpus is in the tree");
        let mut tried = 0;
        for input in inputs {
            let path = input.expect("a readable directory").path();
            run(&fs::read(&path).expect("a readable input"));
            tried += 1;
        }
        assert!(tried > 0, "{target} has inputs");
    }

    #[test]
    fn found_envelopes_do_no_harm() {
        replay("envelope", super::envelope);
    }

    #[test]
    fn found_event_streams_do_no_harm() {
        replay("events", super::events);
    }

    #[test]
    fn found_headers_do_no_harm() {
        replay("headers", super::headers);
    }

    #[test]
    fn found_connections_do_no_harm() {
        replay("framing", super::framing);
    }

    #[test]
    fn found_metadata_does_no_harm() {
        replay("metadata", super::metadata);
    }
}
