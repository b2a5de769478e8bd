//! One key, and what it has sealed: ChaCha20-Poly1305 (RFC 8439).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use super::context::Context;

/// What every sealed state begins with: the version of its form.
const VERSION: u8 = 1;
const ID_BYTES: usize = 4;

/// A secret of 256 bits and a public name for it.
///
/// Each state gets a random nonce of 96 bits, so a key should be replaced before it has sealed 2³²
/// states.
#[derive(Clone)]
pub struct StateKey {
    id: [u8; ID_BYTES],
    key: LessSafeKey,
}

impl StateKey {
    /// The key called `id`. The same id must never stand for two secrets.
    pub fn new(id: [u8; 4], secret: &[u8; 32]) -> Self {
        let key = UnboundKey::new(&CHACHA20_POLY1305, secret)
            .expect("the algorithm takes every key of 32 bytes");
        Self {
            id,
            key: LessSafeKey::new(key),
        }
    }

    /// A key that nobody else has; `None` on a machine without randomness.
    pub(super) fn random() -> Option<Self> {
        let (mut id, mut secret) = ([0; ID_BYTES], [0; 32]);
        getrandom::fill(&mut id).ok()?;
        getrandom::fill(&mut secret).ok()?;
        Some(Self::new(id, &secret))
    }

    pub(super) fn id(&self) -> [u8; ID_BYTES] {
        self.id
    }

    /// Seals `plain` for `context`; `None` on a machine without randomness.
    pub(super) fn seal(&self, mut plain: Vec<u8>, context: &Context) -> Option<Sealed> {
        let mut nonce = [0; NONCE_LEN];
        getrandom::fill(&mut nonce).ok()?;
        let head = head(self.id);
        self.key
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(associated(head, context)),
                &mut plain,
            )
            .ok()?;
        Some(Sealed {
            head,
            nonce,
            body: plain,
        })
    }

    /// What `sealed` was before; `None` if this key did not seal it for `context`.
    pub(super) fn open(&self, sealed: Sealed, context: &Context) -> Option<Vec<u8>> {
        let mut body = sealed.body;
        let plain_bytes = self
            .key
            .open_in_place(
                Nonce::assume_unique_for_key(sealed.nonce),
                Aad::from(associated(sealed.head, context)),
                &mut body,
            )
            .ok()?
            .len();
        body.truncate(plain_bytes);
        Some(body)
    }
}

impl fmt::Debug for StateKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("StateKey")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// A sealed state: version, key id, nonce, ciphertext and tag.
pub(super) struct Sealed {
    head: [u8; 1 + ID_BYTES],
    nonce: [u8; NONCE_LEN],
    body: Vec<u8>,
}

impl Sealed {
    /// Reads what [`to_text`](Self::to_text) has written; `None` for anything else.
    pub(super) fn read(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (head, rest) = bytes.split_first_chunk()?;
        let (nonce, body) = rest.split_first_chunk()?;
        (head[0] == VERSION).then(|| Self {
            head: *head,
            nonce: *nonce,
            body: body.to_vec(),
        })
    }

    pub(super) fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode([&self.head[..], &self.nonce, &self.body].concat())
    }

    pub(super) fn key_id(&self) -> [u8; ID_BYTES] {
        let [_, id @ ..] = self.head;
        id
    }

    pub(super) fn nonce(&self) -> [u8; NONCE_LEN] {
        self.nonce
    }
}

fn head([a, b, c, d]: [u8; ID_BYTES]) -> [u8; 1 + ID_BYTES] {
    [VERSION, a, b, c, d]
}

/// What is not sealed but has to be the same when it is opened.
fn associated(head: [u8; 1 + ID_BYTES], context: &Context) -> Vec<u8> {
    [&head[..], context.as_bytes()].concat()
}
