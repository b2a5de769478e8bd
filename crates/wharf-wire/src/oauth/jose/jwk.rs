//! Public keys as JSON (RFC 7517), and what they verify.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{self, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest as _, Sha256};

use super::algorithm::Algorithm;

/// A key as it is written. Only [`PublicKey`] verifies anything.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Jwk {
    pub kty: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alg: Option<String>,
    #[serde(rename = "use", skip_serializing_if = "Option::is_none")]
    pub usage: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crv: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub x: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub y: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e: Option<String>,
    /// The private half of a key pair; a key that has it is refused.
    #[serde(default, deserialize_with = "present", skip_serializing)]
    pub(super) d: bool,
    /// A shared secret; a key that has it is refused.
    #[serde(default, deserialize_with = "present", skip_serializing)]
    pub(super) k: bool,
}

/// A key that checks signatures.
#[derive(Clone, Debug)]
pub struct PublicKey {
    material: Material,
    /// The one algorithm that it is for, where it says so.
    only: Option<Algorithm>,
}

#[derive(Clone, Debug)]
enum Material {
    P256(Vec<u8>),
    P384(Vec<u8>),
    Ed25519(Vec<u8>),
    Rsa { n: Vec<u8>, e: Vec<u8> },
}

/// A key that verifies nothing here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnusableKey {
    #[error("it is not a public key")]
    Private,
    #[error("it is of a kind that is not accepted")]
    Kind,
    #[error("it is not for signatures")]
    Usage,
    #[error("its parts cannot be read")]
    Parts,
}

impl PublicKey {
    /// The key that `jwk` describes.
    ///
    /// # Errors
    ///
    /// [`UnusableKey`]; a key with a private half is one that somebody gave away.
    pub fn new(jwk: &Jwk) -> Result<Self, UnusableKey> {
        if jwk.d || jwk.k {
            return Err(UnusableKey::Private);
        }
        if jwk.usage.as_deref().is_some_and(|usage| usage != "sig") {
            return Err(UnusableKey::Usage);
        }
        let only = match jwk.alg.as_deref() {
            Some(name) => Some(Algorithm::named(name).ok_or(UnusableKey::Kind)?),
            None => None,
        };
        let material = Material::new(jwk)?;
        Ok(Self { material, only })
    }

    /// Whether this key can have made signatures by `algorithm`.
    pub fn is_for(&self, algorithm: Algorithm) -> bool {
        self.only.is_none_or(|only| only == algorithm) && self.material.is_for(algorithm)
    }

    pub(super) fn signed(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        self.is_for(algorithm) && self.material.signed(algorithm, message, signature)
    }
}

impl Material {
    fn new(jwk: &Jwk) -> Result<Self, UnusableKey> {
        match (jwk.kty.as_str(), jwk.crv.as_deref()) {
            ("EC", Some("P-256")) => Ok(Self::P256(point(jwk, 32)?)),
            ("EC", Some("P-384")) => Ok(Self::P384(point(jwk, 48)?)),
            ("OKP", Some("Ed25519")) => Ok(Self::Ed25519(part(jwk.x.as_ref())?)),
            ("RSA", _) => Ok(Self::Rsa {
                n: unsigned(part(jwk.n.as_ref())?),
                e: unsigned(part(jwk.e.as_ref())?),
            }),
            _ => Err(UnusableKey::Kind),
        }
    }

    fn is_for(&self, algorithm: Algorithm) -> bool {
        match self {
            Self::P256(_) => algorithm == Algorithm::Es256,
            Self::P384(_) => algorithm == Algorithm::Es384,
            Self::Ed25519(_) => algorithm == Algorithm::EdDsa,
            Self::Rsa { .. } => rsa(algorithm).is_some(),
        }
    }

    fn signed(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        let verified = match self {
            Self::P256(point) => UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, point)
                .verify(message, signature),
            Self::P384(point) => UnparsedPublicKey::new(&signature::ECDSA_P384_SHA384_FIXED, point)
                .verify(message, signature),
            Self::Ed25519(key) => {
                UnparsedPublicKey::new(&signature::ED25519, key).verify(message, signature)
            }
            Self::Rsa { n, e } => match rsa(algorithm) {
                Some(parameters) => {
                    RsaPublicKeyComponents { n, e }.verify(parameters, message, signature)
                }
                None => return false,
            },
        };
        verified.is_ok()
    }
}

/// For a member whose being there is all that matters, whatever it holds.
pub(super) fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

/// At least 2048 bits (RFC 7518, section 3.3).
fn rsa(algorithm: Algorithm) -> Option<&'static RsaParameters> {
    Some(match algorithm {
        Algorithm::Rs256 => &signature::RSA_PKCS1_2048_8192_SHA256,
        Algorithm::Rs384 => &signature::RSA_PKCS1_2048_8192_SHA384,
        Algorithm::Rs512 => &signature::RSA_PKCS1_2048_8192_SHA512,
        Algorithm::Ps256 => &signature::RSA_PSS_2048_8192_SHA256,
        Algorithm::Ps384 => &signature::RSA_PSS_2048_8192_SHA384,
        Algorithm::Ps512 => &signature::RSA_PSS_2048_8192_SHA512,
        Algorithm::Es256 | Algorithm::Es384 | Algorithm::EdDsa => return None,
    })
}

/// A point as SEC 1, section 2.3.3, writes it uncompressed. Coordinates have their full length (RFC
/// 7518, section 6.2.1.2).
fn point(jwk: &Jwk, length: usize) -> Result<Vec<u8>, UnusableKey> {
    let (x, y) = (part(jwk.x.as_ref())?, part(jwk.y.as_ref())?);
    if x.len() != length || y.len() != length {
        return Err(UnusableKey::Parts);
    }
    Ok([&[4], x.as_slice(), y.as_slice()].concat())
}

fn part(text: Option<&String>) -> Result<Vec<u8>, UnusableKey> {
    let text = text.ok_or(UnusableKey::Parts)?;
    URL_SAFE_NO_PAD.decode(text).map_err(|_| UnusableKey::Parts)
}

/// Without the zeros that some writers put before a number.
fn unsigned(number: Vec<u8>) -> Vec<u8> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number[zeros..].to_vec()
}

impl Jwk {
    /// The SHA-256 thumbprint (RFC 7638): the members that a key needs, in the order of their names.
    /// `None` for kinds of keys that nothing is bound to here.
    pub fn thumbprint(&self) -> Option<String> {
        let text = |part: &Option<String>| serde_json::to_string(part.as_ref()?).ok();
        let canonical = match self.kty.as_str() {
            "EC" => format!(
                r#"{{"crv":{},"kty":"EC","x":{},"y":{}}}"#,
                text(&self.crv)?,
                text(&self.x)?,
                text(&self.y)?
            ),
            "OKP" => format!(
                r#"{{"crv":{},"kty":"OKP","x":{}}}"#,
                text(&self.crv)?,
                text(&self.x)?
            ),
            "RSA" => format!(
                r#"{{"e":{},"kty":"RSA","n":{}}}"#,
                text(&self.e)?,
                text(&self.n)?
            ),
            _ => return None,
        };
        Some(URL_SAFE_NO_PAD.encode(Sha256::digest(canonical)))
    }
}
