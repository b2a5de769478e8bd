//! What a request carries to be let in.

use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::rejection::Reason;

/// A token and how it is shown.
#[derive(Debug)]
pub(super) enum Credential<'a> {
    Bearer(&'a str),
    /// Bound to a key, whose proof stands beside it.
    Bound {
        token: &'a str,
        proof: &'a str,
    },
}

impl<'a> Credential<'a> {
    /// The credential in `headers`. A token in the query or in the body is none (MCP, token
    /// requirements).
    pub(super) fn read(headers: &'a HeaderMap) -> Result<Self, Reason> {
        let Some(value) = single(headers, AUTHORIZATION.as_str())? else {
            return Err(Reason::Missing);
        };
        let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
        let token = token.trim_start_matches(' ');
        let bearer = scheme.eq_ignore_ascii_case("Bearer");
        if !bearer && !scheme.eq_ignore_ascii_case("DPoP") {
            return Err(Reason::Missing);
        }
        if token.is_empty() || !token.bytes().all(is_token68) {
            return Err(Reason::Malformed("no token can be written like that"));
        }
        if bearer {
            return Ok(Self::Bearer(token));
        }
        match single(headers, "dpop") {
            Ok(Some(proof)) => Ok(Self::Bound { token, proof }),
            Ok(None) => Err(Reason::Proof("it is missing")),
            Err(_) => Err(Reason::Proof("there is more than one")),
        }
    }

    pub(super) fn token(&self) -> &'a str {
        match self {
            Self::Bearer(token) | Self::Bound { token, .. } => token,
        }
    }
}

/// The one value of a header. With two, two readers could each take another one.
fn single<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, Reason> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(Reason::Malformed("a credential stands there twice"));
    }
    let text = value
        .to_str()
        .map_err(|_| Reason::Malformed("a credential is no text"))?;
    Ok(Some(text.trim()))
}

/// What tokens are written in (RFC 6750, section 2.1).
fn is_token68(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte)
}
