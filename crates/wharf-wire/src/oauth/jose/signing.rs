//! Private keys, and tokens that they sign.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair,
    KeyPair as _, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256,
    RSA_PSS_SHA384, RSA_PSS_SHA512, RsaEncoding, RsaKeyPair,
};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use serde::Serialize;
use serde_json::{Value, json};

use super::algorithm::Algorithm;
use super::jwk::Jwk;
use crate::oauth::secret::Secret;

/// A key pair that signs by one algorithm.
pub struct SigningKey {
    pair: Pair,
    algorithm: Algorithm,
    /// Under which name its public half is known where it was registered.
    kid: Option<String>,
    public: Jwk,
    /// As it came, for whoever has to keep it.
    pkcs8: Secret,
}

enum Pair {
    Ecdsa(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Rsa(Box<RsaKeyPair>),
}

/// A text that is no private key to sign with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    #[error("it is no private key in PEM")]
    Pem,
    #[error("it is neither EC P-256 or P-384, RSA from 2048 bits nor Ed25519, in PKCS#8")]
    Kind,
    #[error("it does not sign by that algorithm")]
    Algorithm,
}

impl SigningKey {
    /// A new key for `ES256`, which every party must support that supports DPoP at all.
    ///
    /// # Panics
    ///
    /// Where the operating system has no randomness.
    pub fn generate() -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random)
            .expect("the operating system has randomness");
        Self::from_der(pkcs8.as_ref(), None).expect("a key just made can be read")
    }

    /// The key in `pem`: PKCS#8, as `openssl genpkey` writes it. `algorithm` where its owner
    /// registered one; else the first that fits the key.
    ///
    /// # Errors
    ///
    /// [`BadKey`].
    pub fn from_pem(pem: &str, algorithm: Option<Algorithm>) -> Result<Self, BadKey> {
        let der = PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| BadKey::Pem)?;
        Self::from_der(der.secret_der(), algorithm)
    }

    /// The key that [`SigningKey::kept`] gave away.
    ///
    /// # Errors
    ///
    /// [`BadKey`].
    pub fn from_kept(kept: &Secret) -> Result<Self, BadKey> {
        let der = URL_SAFE_NO_PAD
            .decode(kept.expose())
            .map_err(|_| BadKey::Pem)?;
        Self::from_der(&der, None)
    }

    /// The key itself, to be kept beside tokens that are bound to it.
    pub fn kept(&self) -> &Secret {
        &self.pkcs8
    }

    /// The same key under the name it was registered by.
    #[must_use]
    pub fn with_kid(mut self, kid: impl Into<String>) -> Self {
        self.kid = Some(kid.into());
        self
    }

    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    pub fn public(&self) -> &Jwk {
        &self.public
    }

    /// A signed token of type `typ`.
    pub fn sign(&self, typ: &str, claims: &impl Serialize) -> String {
        let mut header = json!({ "typ": typ, "alg": self.algorithm.name() });
        if let Some(kid) = &self.kid {
            header["kid"] = Value::from(kid.as_str());
        }
        self.sign_with(&header, claims)
    }

    /// A signed token with whatever header; who writes `alg` writes what this key signs by.
    pub(crate) fn sign_with(&self, header: &Value, claims: &impl Serialize) -> String {
        let claims = serde_json::to_vec(claims).expect("claims have text for keys");
        let signed = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header.to_string()),
            URL_SAFE_NO_PAD.encode(claims)
        );
        let signature = self.pair.sign(self.algorithm, signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn from_der(der: &[u8], algorithm: Option<Algorithm>) -> Result<Self, BadKey> {
        let (pair, natural, public) = Pair::read(der).ok_or(BadKey::Kind)?;
        let algorithm = algorithm.unwrap_or(natural);
        if !pair.is_for(algorithm, natural) {
            return Err(BadKey::Algorithm);
        }
        Ok(Self {
            pair,
            algorithm,
            kid: None,
            public,
            pkcs8: Secret::new(URL_SAFE_NO_PAD.encode(der)),
        })
    }
}

impl Pair {
    /// The pair, the algorithm that comes with it, and its public half.
    fn read(der: &[u8]) -> Option<(Self, Algorithm, Jwk)> {
        let random = SystemRandom::new();
        for (parameters, algorithm, curve) in [
            (&ECDSA_P256_SHA256_FIXED_SIGNING, Algorithm::Es256, "P-256"),
            (&ECDSA_P384_SHA384_FIXED_SIGNING, Algorithm::Es384, "P-384"),
        ] {
            if let Ok(pair) = EcdsaKeyPair::from_pkcs8(parameters, der, &random) {
                let public = elliptic(curve, pair.public_key().as_ref());
                return Some((Self::Ecdsa(pair), algorithm, public));
            }
        }
        if let Ok(pair) = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der) {
            let public = edwards(pair.public_key().as_ref());
            return Some((Self::Ed25519(pair), Algorithm::EdDsa, public));
        }
        let pair = RsaKeyPair::from_pkcs8(der)
            .or_else(|_| RsaKeyPair::from_der(der))
            .ok()?;
        let public = rivest(&pair);
        Some((Self::Rsa(Box::new(pair)), Algorithm::Rs256, public))
    }

    fn is_for(&self, algorithm: Algorithm, natural: Algorithm) -> bool {
        match self {
            Self::Rsa(_) => encoding(algorithm).is_some(),
            Self::Ecdsa(_) | Self::Ed25519(_) => algorithm == natural,
        }
    }

    fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Ecdsa(pair) => pair
                .sign(&random, message)
                .expect("the operating system has randomness")
                .as_ref()
                .to_vec(),
            Self::Ed25519(pair) => pair.sign(message).as_ref().to_vec(),
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                let encoding = encoding(algorithm).expect("checked when the key was read");
                pair.sign(encoding, &random, message, &mut signature)
                    .expect("the key was checked and the signature has its length");
                signature
            }
        }
    }
}

fn encoding(algorithm: Algorithm) -> Option<&'static dyn RsaEncoding> {
    Some(match algorithm {
        Algorithm::Rs256 => &RSA_PKCS1_SHA256,
        Algorithm::Rs384 => &RSA_PKCS1_SHA384,
        Algorithm::Rs512 => &RSA_PKCS1_SHA512,
        Algorithm::Ps256 => &RSA_PSS_SHA256,
        Algorithm::Ps384 => &RSA_PSS_SHA384,
        Algorithm::Ps512 => &RSA_PSS_SHA512,
        Algorithm::Es256 | Algorithm::Es384 | Algorithm::EdDsa => return None,
    })
}

fn elliptic(curve: &str, point: &[u8]) -> Jwk {
    // After one byte that says "uncompressed", both coordinates.
    let (x, y) = point[1..].split_at((point.len() - 1) / 2);
    Jwk {
        kty: "EC".to_owned(),
        crv: Some(curve.to_owned()),
        x: Some(URL_SAFE_NO_PAD.encode(x)),
        y: Some(URL_SAFE_NO_PAD.encode(y)),
        ..Jwk::default()
    }
}

fn edwards(key: &[u8]) -> Jwk {
    Jwk {
        kty: "OKP".to_owned(),
        crv: Some("Ed25519".to_owned()),
        x: Some(URL_SAFE_NO_PAD.encode(key)),
        ..Jwk::default()
    }
}

fn rivest(pair: &RsaKeyPair) -> Jwk {
    let public: ring::signature::RsaPublicKeyComponents<Vec<u8>> = pair.public().into();
    Jwk {
        kty: "RSA".to_owned(),
        n: Some(URL_SAFE_NO_PAD.encode(public.n)),
        e: Some(URL_SAFE_NO_PAD.encode(public.e)),
        ..Jwk::default()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SigningKey")
            .field("algorithm", &self.algorithm)
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}
