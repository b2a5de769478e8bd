//! The compact serialisation of a signed token (RFC 7515, section 7.1), read strictly.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::algorithm::Algorithm;
use super::jwk::{Jwk, PublicKey, present};

/// Longest token that is read, in bytes; no header that we accept is longer.
const LONGEST: usize = 16 * 1024;

/// A token in its parts, its signature not yet checked.
#[derive(Debug)]
pub struct Compact<'a> {
    pub header: Header,
    pub algorithm: Algorithm,
    signed: &'a str,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

/// What a token says of itself. Names that stand there twice, and `crit` whatever it holds, make it
/// no token: we understand no extension, and one that must be understood cannot be skipped (RFC
/// 7515, section 4.1.11).
#[derive(Clone, Debug, Deserialize)]
pub struct Header {
    alg: String,
    pub typ: Option<String>,
    pub kid: Option<String>,
    /// Read for DPoP proofs and for nothing else.
    pub jwk: Option<Jwk>,
    #[serde(default, deserialize_with = "present")]
    crit: bool,
}

/// Why a text is no signed token that can be checked, or not one that its key signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    #[error("it is not three parts in base64url")]
    Shape,
    #[error("it is longer than any token")]
    TooLong,
    #[error("its header cannot be read")]
    Header,
    #[error("its header asks for an extension that is not understood")]
    Critical,
    #[error("its algorithm is not one that is accepted")]
    Algorithm,
    #[error("its signature is not the key's")]
    Signature,
    #[error("its claims cannot be read")]
    Claims,
}

impl<'a> Compact<'a> {
    /// The parts of `text`.
    ///
    /// # Errors
    ///
    /// [`Malformed`], the first reason found.
    pub fn parse(text: &'a str) -> Result<Self, Malformed> {
        if text.len() > LONGEST {
            return Err(Malformed::TooLong);
        }
        let (signed, signature) = text.rsplit_once('.').ok_or(Malformed::Shape)?;
        let (header, payload) = signed.split_once('.').ok_or(Malformed::Shape)?;
        let header: Header =
            serde_json::from_slice(&decoded(header)?).map_err(|_| Malformed::Header)?;
        if header.crit {
            return Err(Malformed::Critical);
        }
        let algorithm = Algorithm::named(&header.alg).ok_or(Malformed::Algorithm)?;
        Ok(Self {
            header,
            algorithm,
            signed,
            payload: decoded(payload)?,
            signature: decoded(signature)?,
        })
    }

    /// Whether `text` has the shape of a signed token at all; an opaque token has not.
    pub fn is_one(text: &str) -> bool {
        text.split('.').count() == 3
    }

    /// The claims, once `key` is found to have signed them.
    ///
    /// # Errors
    ///
    /// [`Malformed::Signature`] or [`Malformed::Claims`].
    pub fn verified<T: DeserializeOwned>(&self, key: &PublicKey) -> Result<T, Malformed> {
        if !key.signed(self.algorithm, self.signed.as_bytes(), &self.signature) {
            return Err(Malformed::Signature);
        }
        self.unverified()
    }

    /// The claims as anybody could have written them: for choosing the issuer whose keys to try.
    ///
    /// # Errors
    ///
    /// [`Malformed::Claims`].
    pub fn unverified<T: DeserializeOwned>(&self) -> Result<T, Malformed> {
        serde_json::from_slice(&self.payload).map_err(|_| Malformed::Claims)
    }
}

fn decoded(part: &str) -> Result<Vec<u8>, Malformed> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| Malformed::Shape)
}
