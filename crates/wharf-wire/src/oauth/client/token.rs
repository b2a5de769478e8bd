//! The token endpoint: one question, one answer.

use bytes::Bytes;
use http::header::HeaderName;
use http::{HeaderValue, Method};
use serde::Deserialize;
use serde_json::Value;
use url::form_urlencoded::Serializer;

use super::identity::Identity;
use super::proof::Proofs;
use super::store::TokenKind;
use crate::oauth::endpoint::Endpoint;
use crate::oauth::fetch::{self, FORM, Fetch, FetchError};
use crate::oauth::metadata::AuthorizationServer;
use crate::oauth::scope::Scopes;
use crate::oauth::secret::Secret;
use crate::outbound::Received;

/// What is asked of a token endpoint.
pub(super) struct TokenRequest<'a> {
    pub endpoint: &'a Endpoint,
    pub server: &'a AuthorizationServer,
    pub identity: Option<&'a Identity>,
    pub fields: Vec<(&'static str, String)>,
    /// Asks for a token bound to this key.
    pub proofs: Option<&'a Proofs>,
}

/// A token as it was issued.
#[derive(Debug)]
pub(super) struct Issued {
    pub access_token: Secret,
    pub kind: TokenKind,
    /// In seconds.
    pub expires_in: Option<u64>,
    pub refresh_token: Option<Secret>,
    pub scopes: Option<Scopes>,
    pub token_type: Option<String>,
}

/// No token was issued.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    #[error("the token endpoint answered {status}: {code}")]
    Refused { status: u16, code: String },
    #[error("the token endpoint issued something that is no token for us: {0}")]
    Unusable(&'static str),
    #[error(transparent)]
    Fetch(#[from] FetchError),
}

impl TokenError {
    /// Whether the same question would get the same answer.
    pub(super) fn is_final(&self) -> bool {
        match self {
            Self::Refused { status, code } => {
                *status < 500
                    && *status != 429
                    && !["temporarily_unavailable", "server_error", "slow_down"]
                        .contains(&code.as_str())
            }
            Self::Unusable(_) => true,
            Self::Fetch(_) => false,
        }
    }

    /// Whether what was shown no longer counts: a refresh token that ended or was taken back.
    pub(super) fn is_spent(&self) -> bool {
        matches!(self, Self::Refused { code, .. } if code == "invalid_grant")
    }
}

impl TokenRequest<'_> {
    /// Asks, and once more where the endpoint wants to see a nonce in the proof (RFC 9449, section
    /// 8).
    pub(super) async fn send(&self, fetch: &Fetch, now: u64) -> Result<Issued, TokenError> {
        let answer = self.ask(fetch, now).await?;
        let learned = self.learned(&answer);
        if answer.status == 200 {
            return self.issued(&answer);
        }
        if learned && error_code(&answer.body) == "use_dpop_nonce" {
            let answer = self.ask(fetch, now).await?;
            self.learned(&answer);
            return self.issued(&answer);
        }
        self.issued(&answer)
    }

    async fn ask(&self, fetch: &Fetch, now: u64) -> Result<Received, FetchError> {
        let (mut headers, body) = self.written(now);
        if let Some(proofs) = self.proofs {
            headers.push(proofs.header(Method::POST.as_str(), self.endpoint, None));
        }
        fetch.post(self.endpoint, FORM, headers, body).await
    }

    /// The form, and what shows this client where that is a header.
    fn written(&self, now: u64) -> (Vec<(HeaderName, HeaderValue)>, Bytes) {
        let mut form = Serializer::new(String::new());
        form.extend_pairs(&self.fields);
        let mut headers = Vec::new();
        if let Some(identity) = self.identity {
            let shown = identity.shown_to(self.server, now);
            form.extend_pairs(&shown.form);
            headers.extend(shown.header);
        }
        (headers, Bytes::from(form.finish()))
    }

    fn learned(&self, answer: &Received) -> bool {
        match (self.proofs, fetch::header(answer, "dpop-nonce")) {
            (Some(proofs), Some(nonce)) => proofs.learn(self.endpoint, nonce),
            _ => false,
        }
    }

    fn issued(&self, answer: &Received) -> Result<Issued, TokenError> {
        if answer.status != 200 {
            return Err(TokenError::Refused {
                status: answer.status,
                code: error_code(&answer.body),
            });
        }
        let raw: Raw = fetch::read(self.endpoint, answer)?;
        raw.checked()
    }
}

/// The answer as it stands (RFC 6749, section 5.1; RFC 8693, section 2.2.1).
#[derive(Deserialize)]
struct Raw {
    access_token: String,
    token_type: Option<String>,
    expires_in: Option<Value>,
    refresh_token: Option<String>,
    scope: Option<String>,
    issued_token_type: Option<String>,
}

impl Raw {
    fn checked(self) -> Result<Issued, TokenError> {
        if !is_token(&self.access_token) {
            return Err(TokenError::Unusable("no header can carry it"));
        }
        let kind = match self.token_type.as_deref() {
            Some(kind) if kind.eq_ignore_ascii_case("Bearer") => TokenKind::Bearer,
            Some(kind) if kind.eq_ignore_ascii_case("DPoP") => TokenKind::Bound,
            // No access token at all: what a token exchange issues instead (RFC 8693, section
            // 2.2.1).
            Some(kind) if kind.eq_ignore_ascii_case("N_A") => TokenKind::Other,
            // A token of a type that we do not know must not be used (RFC 6749, section 7.1).
            _ => return Err(TokenError::Unusable("its type is unknown")),
        };
        Ok(Issued {
            access_token: Secret::new(self.access_token),
            kind,
            expires_in: self.expires_in.as_ref().and_then(whole_seconds),
            refresh_token: self
                .refresh_token
                .filter(|token| is_token(token))
                .map(Secret::new),
            scopes: self.scope.as_deref().map(Scopes::parse),
            token_type: self.issued_token_type,
        })
    }
}

/// Whether `text` is visible characters only, so that a header can carry it and nothing else.
pub(super) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Some issuers write numbers as text, or with a point.
fn whole_seconds(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) => text.parse().ok(),
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a cast from a float saturates"
        )]
        Value::Number(number) => number
            .as_u64()
            .or_else(|| number.as_f64().map(|seconds| seconds as u64)),
        _ => None,
    }
}

/// The code of an OAuth error: a word, never text of somebody else's.
pub(super) fn error_code(body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Refusal {
        error: String,
    }
    serde_json::from_slice(body)
        .map(|refusal: Refusal| refusal.error)
        .ok()
        .and_then(|code| word(&code))
        .unwrap_or_else(|| "no reason given".to_owned())
}

/// `code` where it is a word as error codes are.
pub(super) fn word(code: &str) -> Option<String> {
    let sound = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    (code.len() < 64 && !code.is_empty() && code.bytes().all(sound)).then(|| code.to_owned())
}
