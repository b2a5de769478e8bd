//! What a token says, and whether that counts here and now.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::rejection::Reason;
use super::verifier::Caller;
use crate::oauth::jose::Header;
use crate::oauth::scope::Scopes;

/// How far ahead of ours a clock may be that wrote `iat` and `nbf`. None is granted to `exp`.
const LEEWAY: Duration = Duration::from_secs(5);
/// Nobody issues access tokens for a year; whoever seems to has mistaken milliseconds for seconds,
/// or worse.
const LONGEST_LIFE: Duration = Duration::from_hours(366 * 24);

/// Which types of signed tokens an issuer's access tokens have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenTypes {
    /// `at+jwt` (RFC 9068, section 2.1), which nothing else is.
    AccessToken,
    /// None or `JWT` too, as many issuers write it. What gives itself away as an ID token or a
    /// refresh token is refused then as well; that it is not for us is what keeps the rest out.
    Untyped,
}

impl TokenTypes {
    /// Whether the type that `header` states is one of these.
    pub(super) fn check(self, header: &Header) -> Result<(), Reason> {
        let Some(typ) = header.typ.as_deref().map(str::to_ascii_lowercase) else {
            return match self {
                Self::AccessToken => Err(Reason::Token("it has no type")),
                Self::Untyped => Ok(()),
            };
        };
        // The prefix may be left out (RFC 7515, section 4.1.9).
        match typ.strip_prefix("application/").unwrap_or(&typ) {
            "at+jwt" => Ok(()),
            "jwt" if self == Self::Untyped => Ok(()),
            _ => Err(Reason::Token("it is not an access token")),
        }
    }
}

/// The claims that decide (RFC 9068, section 2.2; RFC 7662, section 2.2). One that stands there twice makes
/// them unreadable.
#[derive(Debug, Deserialize)]
pub(super) struct Claims {
    pub iss: Option<String>,
    sub: Option<String>,
    aud: Option<OneOrMore>,
    exp: Option<f64>,
    nbf: Option<f64>,
    iat: Option<f64>,
    client_id: Option<String>,
    azp: Option<String>,
    scope: Option<OneOrMore>,
    scp: Option<OneOrMore>,
    cnf: Option<Confirmation>,
}

/// What a token is bound to (RFC 7800).
#[derive(Clone, Debug, Deserialize)]
struct Confirmation {
    jkt: Option<String>,
    #[serde(rename = "x5t#S256")]
    certificate: Option<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    fn iter(&self) -> impl Iterator<Item = &str> {
        let words = match self {
            Self::One(word) => std::slice::from_ref(word),
            Self::More(words) => words,
        };
        words.iter().map(String::as_str)
    }
}

impl Claims {
    /// Whether the token is for one of `audiences` (RFC 8707, section 2). A token for nobody in
    /// particular is for nobody.
    pub(super) fn check_audience(&self, audiences: &[String]) -> Result<(), Reason> {
        let Some(aud) = &self.aud else {
            return Err(Reason::Token("it names no audience"));
        };
        let ours = aud.iter().any(|one| audiences.iter().any(|own| own == one));
        if ours {
            Ok(())
        } else {
            Err(Reason::Token("it is for another server"))
        }
    }

    /// Whether the token counts at `now`, in seconds since 1970.
    pub(super) fn check_time(&self, now: u64) -> Result<(), Reason> {
        let now = seconds(Duration::from_secs(now));
        let exp = self.exp.ok_or(Reason::Token("it never ends"))?;
        if exp <= now {
            return Err(Reason::Token("it has ended"));
        }
        if exp > now + seconds(LONGEST_LIFE) {
            return Err(Reason::Token("it ends too late to be true"));
        }
        self.check_start(now)
    }

    /// As [`Claims::check_time`], for a token that its issuer vouches for at this moment: it need
    /// not say when it ends (RFC 7662, section 2.2).
    pub(super) fn check_vouched_time(&self, now: u64) -> Result<(), Reason> {
        match self.exp {
            Some(_) => self.check_time(now),
            None => self.check_start(seconds(Duration::from_secs(now))),
        }
    }

    fn check_start(&self, now: f64) -> Result<(), Reason> {
        let latest = now + seconds(LEEWAY);
        if self.nbf.is_some_and(|nbf| nbf > latest) {
            return Err(Reason::Token("it does not count yet"));
        }
        if self.iat.is_some_and(|iat| iat > latest) {
            return Err(Reason::Token("it comes from the future"));
        }
        Ok(())
    }

    /// The key that the token is bound to, if any. A token bound in a way that cannot be checked
    /// here must not pass for one that is free.
    pub(super) fn bound_to(&self) -> Result<Option<&str>, Reason> {
        match &self.cnf {
            None => Ok(None),
            Some(Confirmation {
                certificate: Some(_),
                ..
            }) => Err(Reason::Token("it is bound to a certificate")),
            Some(Confirmation { jkt: Some(jkt), .. }) => Ok(Some(jkt)),
            Some(_) => Err(Reason::Token("it is bound to something unknown")),
        }
    }

    /// Whoever the token was given to by `issuer`; `all` is everything that it says.
    pub(super) fn caller(self, issuer: &str, all: Map<String, Value>) -> Result<Caller, Reason> {
        let client_id = self.client_id.or(self.azp);
        // Without a person it is the program itself that acts (RFC 9068, section 2.2).
        let subject = self
            .sub
            .or_else(|| client_id.clone())
            .filter(|subject| !subject.is_empty())
            .ok_or(Reason::Token("it names no subject"))?;
        let scopes = self.scope.iter().chain(&self.scp);
        let words = scopes
            .flat_map(OneOrMore::iter)
            .flat_map(|text| text.split(' '));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked to lie between now and a year from now"
        )]
        let expires_at = self.exp.map(|exp| exp as u64);
        Ok(Caller {
            subject,
            client_id,
            issuer: issuer.to_owned(),
            scopes: words.filter(|word| !word.is_empty()).collect::<Scopes>(),
            expires_at,
            claims: all,
        })
    }
}

/// What tells another kind of token from an access token where the type does not: claims that
/// only an ID token has (OpenID Connect Core, section 2), or a kind of its own saying.
pub(super) fn check_kind(all: &Map<String, Value>) -> Result<(), Reason> {
    let identity = ["nonce", "at_hash", "c_hash", "s_hash"];
    if identity.iter().any(|claim| all.contains_key(*claim)) {
        return Err(Reason::Token("it is an ID token"));
    }
    let kind = all.get("typ").and_then(Value::as_str).unwrap_or("Bearer");
    if ["ID", "Refresh", "Offline", "Logout"].contains(&kind) {
        return Err(Reason::Token("it is not an access token"));
    }
    Ok(())
}

#[expect(
    clippy::cast_precision_loss,
    reason = "exact for the next 285 million years"
)]
fn seconds(duration: Duration) -> f64 {
    duration.as_secs() as f64
}
