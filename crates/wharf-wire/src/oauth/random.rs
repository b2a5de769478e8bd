//! Text that nobody can guess.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// 256 bits of randomness in 43 characters that need no escaping anywhere: what RFC 7636, section
/// 4.1, asks of a code verifier, and more than `state` and `jti` need.
///
/// # Panics
///
/// Where the operating system has no randomness: nothing may be signed in or signed then.
pub(crate) fn text() -> String {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the operating system has randomness");
    URL_SAFE_NO_PAD.encode(bytes)
}
