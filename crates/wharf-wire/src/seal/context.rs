//! What a sealed state belongs to: one caller and one request.

use sha2::{Digest, Sha256};
use wharf_protocol::meta::Meta;
use wharf_protocol::port::Request;

use crate::owner::Owner;

/// Parameters that differ from round to round.
const FLEETING: [&str; 3] = ["_meta", "inputResponses", "requestState"];

/// A digest of the caller, the method and the parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context([u8; 32]);

impl Context {
    /// `request` of `owner`.
    ///
    /// Parameters count as they are written, apart from the order of the outermost ones and white
    /// space between tokens: a client that repeats a request writes it the same way again.
    pub fn of(request: &Request, owner: Owner) -> Self {
        let mut digest = Sha256::new();
        digest.update(owner.as_bytes());
        part(&mut digest, request.method.as_str().as_bytes());
        let params = request.params.as_deref().map_or("{}", |raw| raw.get());
        let members: Meta = serde_json::from_str(params).unwrap_or_default();
        let mut members: Vec<_> = members
            .iter()
            .filter(|(name, _)| !FLEETING.contains(name))
            .collect();
        members.sort_unstable_by_key(|(name, _)| *name);
        for (name, value) in members {
            part(&mut digest, name.as_bytes());
            part(&mut digest, &dense(value.get()));
        }
        Self(digest.finalize().into())
    }

    /// Something else that `owner` has begun and has to finish, such as a visit to a URL that an
    /// elicitation named.
    pub fn named(purpose: &str, owner: Owner) -> Self {
        let mut digest = Sha256::new();
        digest.update(owner.as_bytes());
        part(&mut digest, b"");
        part(&mut digest, purpose.as_bytes());
        Self(digest.finalize().into())
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// With its length in front, so that two parts never read like two others.
fn part(digest: &mut Sha256, bytes: &[u8]) {
    digest.update((bytes.len() as u64).to_be_bytes());
    digest.update(bytes);
}

/// Valid JSON without the white space between its tokens.
fn dense(json: &str) -> Vec<u8> {
    let (mut quoted, mut escaped) = (false, false);
    json.bytes()
        .filter(|byte| {
            let kept = quoted || !byte.is_ascii_whitespace();
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = quoted,
                b'"' => quoted = !quoted,
                _ => {}
            }
            kept
        })
        .collect()
}
