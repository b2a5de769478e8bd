//! Access tokens by client credentials (RFC 6749, section 4.4): fetched once, shared, refreshed
//! before they expire.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use tokio::sync::Mutex;
use url::Url;
use wharf_policy::secret::Secret;

use wharf_wire::outbound::{Cause, Connection, Received, receive};

/// A token is replaced this long before it expires, so that none expires on its way.
const MARGIN: Duration = Duration::from_secs(30);
/// How long a token is kept whose issuer names no lifetime.
const UNNAMED_LIFETIME: Duration = Duration::from_mins(5);
/// Largest answer of a token endpoint, in bytes.
const ANSWER_BYTES: usize = 64 * 1024;

/// What tokens are asked for with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientCredentials {
    pub token_url: Url,
    pub client_id: String,
    pub client_secret: Secret,
    pub scopes: Vec<String>,
    /// What some issuers want to know the token for.
    pub audience: Option<String>,
}

/// Where the tokens of one upstream come from.
#[derive(Debug)]
pub struct TokenSource {
    client: ClientCredentials,
    // Held across the request on purpose: whoever comes second waits for the one request that is
    // under way, and finds its token.
    current: Mutex<Option<Token>>,
}

#[derive(Clone, Debug)]
struct Token {
    text: Secret,
    stale_at: Instant,
}

/// No token was issued.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    #[error("the token endpoint answered {status}: {code}")]
    Refused { status: u16, code: String },
    #[error("the answer of the token endpoint is not a token response")]
    Malformed(#[source] serde_json::Error),
    #[error("the answer of the token endpoint holds a token that no header can carry")]
    Unusable,
    #[error("the token endpoint cannot be asked")]
    Transport(#[source] Cause),
}

impl TokenSource {
    pub fn new(client: ClientCredentials) -> Self {
        Self {
            client,
            current: Mutex::new(None),
        }
    }

    /// The token of the moment, if there is one and nobody is fetching another.
    pub fn current(&self) -> Option<Secret> {
        let current = self.current.try_lock().ok()?;
        current.as_ref().map(|token| token.text.clone())
    }

    /// A token that is good for now.
    ///
    /// # Errors
    ///
    /// [`TokenError`]; the next caller tries again.
    pub async fn token(&self, connection: &Connection) -> Result<Secret, TokenError> {
        let mut current = self.current.lock().await;
        if let Some(token) = current
            .as_ref()
            .filter(|token| Instant::now() < token.stale_at)
        {
            return Ok(token.text.clone());
        }
        let token = self.fetch(connection).await?;
        let text = token.text.clone();
        *current = Some(token);
        Ok(text)
    }

    /// Forgets `refused`, which the upstream would not take, unless it was replaced meanwhile.
    pub async fn forget(&self, refused: &Secret) {
        let mut current = self.current.lock().await;
        if current.as_ref().is_some_and(|token| token.text == *refused) {
            *current = None;
        }
    }

    async fn fetch(&self, connection: &Connection) -> Result<Token, TokenError> {
        let received = self.ask(connection).await.map_err(TokenError::Transport)?;
        if received.status != 200 {
            return Err(TokenError::Refused {
                status: received.status,
                code: error_code(&received.body),
            });
        }
        let issued: Issued =
            serde_json::from_slice(&received.body).map_err(TokenError::Malformed)?;
        if !issued
            .access_token
            .bytes()
            .all(|byte| (0x21..0x7f).contains(&byte))
        {
            return Err(TokenError::Unusable);
        }
        let lifetime = issued
            .expires_in
            .map_or(UNNAMED_LIFETIME, Duration::from_secs);
        Ok(Token {
            text: Secret::new(issued.access_token),
            stale_at: Instant::now() + lifetime.saturating_sub(MARGIN),
        })
    }

    async fn ask(&self, connection: &Connection) -> Result<Received, Cause> {
        // Both halves are form-encoded before they are joined (RFC 6749, section 2.3.1).
        let pair = format!(
            "{}:{}",
            encoded(&self.client.client_id),
            encoded(self.client.client_secret.expose())
        );
        let mut form = "grant_type=client_credentials".to_owned();
        if !self.client.scopes.is_empty() {
            form.push_str("&scope=");
            form.push_str(&encoded(&self.client.scopes.join(" ")));
        }
        if let Some(audience) = &self.client.audience {
            form.push_str("&audience=");
            form.push_str(&encoded(audience));
        }
        let request = http::Request::post(self.client.token_url.as_str())
            .header(AUTHORIZATION, format!("Basic {}", STANDARD.encode(pair)))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(ACCEPT, "application/json")
            .body(Bytes::from(form))?;
        let response = connection.send(request).await?;
        Ok(receive(response, ANSWER_BYTES).await?)
    }
}

#[derive(Deserialize)]
struct Issued {
    access_token: String,
    expires_in: Option<u64>,
}

/// The error code of an OAuth error response, if it is one: a word from a short list, never text.
fn error_code(body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Refusal {
        error: String,
    }
    serde_json::from_slice(body)
        .ok()
        .map(|refusal: Refusal| refusal.error)
        .filter(|code| code.len() < 64 && code.bytes().all(|byte| byte.is_ascii_graphic()))
        .unwrap_or_else(|| "no reason given".to_owned())
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
