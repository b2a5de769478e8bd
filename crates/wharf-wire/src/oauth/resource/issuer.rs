//! Whose tokens count: an issuer of signed ones.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::claims::{self, Claims, TokenTypes};
use super::keys::{KeyLocation, Keys, KeysError};
use super::rejection::Reason;
use crate::oauth::clock::Clock;
use crate::oauth::jose::{Algorithm, Compact, Malformed};
use crate::outbound::Egress;

/// What is to be known of an issuer.
#[derive(Debug)]
pub struct IssuerSettings {
    /// As its tokens name it, byte for byte.
    pub issuer: String,
    pub keys: KeyLocation,
    pub types: TokenTypes,
    /// What it signs by; a token signed otherwise is not its own.
    pub algorithms: Vec<Algorithm>,
    /// Where its keys may be fetched from.
    pub egress: Egress,
    pub clock: Arc<dyn Clock>,
}

/// An issuer and its keys; one for all servers that trust it.
#[derive(Debug)]
pub struct Issuer {
    name: String,
    types: TokenTypes,
    algorithms: Vec<Algorithm>,
    keys: Keys,
}

impl Issuer {
    pub fn new(settings: IssuerSettings) -> Arc<Self> {
        let keys = Keys::new(
            &settings.issuer,
            settings.keys,
            settings.egress,
            settings.clock,
        );
        Arc::new(Self {
            name: settings.issuer,
            types: settings.types,
            algorithms: settings.algorithms,
            keys,
        })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// The claims of `token`, which says that it is this issuer's, once it is found to be.
    pub(super) async fn open(
        &self,
        token: &Compact<'_>,
    ) -> Result<(Claims, Map<String, Value>), Reason> {
        if !self.algorithms.contains(&token.algorithm) {
            return Err(Reason::Token("its issuer does not sign like that"));
        }
        self.types.check(&token.header)?;
        let keys = self
            .keys
            .fitting(token.header.kid.as_deref(), token.algorithm)
            .await
            .map_err(|error| match error {
                KeysError::Unknown => Reason::Token("its issuer has no such key"),
                KeysError::Unavailable => {
                    Reason::Unavailable("the keys of an issuer are not there")
                }
            })?;
        let mut refusal = Malformed::Signature;
        for key in &keys {
            match token.verified::<Claims>(key) {
                Ok(read) => {
                    let all = token.unverified().map_err(|_| Reason::Token("no claims"))?;
                    claims::check_kind(&all)?;
                    return Ok((read, all));
                }
                Err(error) => refusal = error,
            }
        }
        Err(unreadable(refusal))
    }
}

/// Why a text is no token, for the operator.
pub(super) fn unreadable(malformed: Malformed) -> Reason {
    Reason::Token(match malformed {
        Malformed::Signature => "its issuer did not sign it",
        Malformed::Algorithm => "its algorithm is not accepted",
        Malformed::Critical => "it asks for an extension that is not understood",
        Malformed::Claims => "its claims cannot be read",
        Malformed::Shape | Malformed::TooLong | Malformed::Header => "it is no signed token",
    })
}
