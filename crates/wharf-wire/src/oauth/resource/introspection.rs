//! Tokens that say nothing themselves: their issuer is asked (RFC 7662).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use url::form_urlencoded::Serializer;

use super::claims::Claims;
use super::rejection::Reason;
use crate::oauth::clock::Clock;
use crate::oauth::endpoint::Endpoint;
use crate::oauth::fetch::{self, Fetch};
use crate::oauth::secret::Secret;
use crate::outbound::Egress;

/// How long an answer is believed: how long a token that was taken back still passes.
const KEPT: Duration = Duration::from_secs(30);
/// Most answers kept.
const MOST: usize = 10_000;

const UNAVAILABLE: Reason = Reason::Unavailable("the issuer does not say whether a token counts");

/// How to ask.
#[derive(Debug)]
pub struct IntrospectionSettings {
    /// Whose tokens these are, as its metadata names it.
    pub issuer: String,
    pub endpoint: Endpoint,
    pub client_id: String,
    pub client_secret: Secret,
    pub egress: Egress,
    pub clock: Arc<dyn Clock>,
}

/// An issuer that is asked about its tokens; one for all servers that trust it.
#[derive(Debug)]
pub struct Introspection {
    settings: IntrospectionSettings,
    fetch: Fetch,
    answers: Mutex<HashMap<Digest, Answer>>,
}

/// Tokens are not kept, not even here.
type Digest = [u8; 32];

#[derive(Clone, Debug)]
struct Answer {
    /// `None` for a token that does not count.
    claims: Option<Map<String, Value>>,
    came: Duration,
}

impl Introspection {
    pub fn new(settings: IntrospectionSettings) -> Arc<Self> {
        Arc::new(Self {
            fetch: Fetch::new(settings.egress.clone()),
            settings,
            answers: Mutex::default(),
        })
    }

    pub fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// What the issuer says of `token`.
    pub(super) async fn open(&self, token: &str) -> Result<(Claims, Map<String, Value>), Reason> {
        let digest: Digest = Sha256::digest(token).into();
        let claims = if let Some(answer) = self.kept(&digest) {
            answer.claims
        } else {
            let claims = self.ask(token).await?;
            self.keep(digest, claims.clone());
            claims
        };
        let all = claims.ok_or(Reason::Token("its issuer says that it does not count"))?;
        let read: Claims = serde_json::from_value(Value::Object(all.clone()))
            .map_err(|_| Reason::Token("what its issuer says of it cannot be read"))?;
        if read
            .iss
            .as_deref()
            .is_some_and(|iss| iss != self.settings.issuer)
        {
            return Err(Reason::Token("it is another issuer's"));
        }
        Ok((read, all))
    }

    async fn ask(&self, token: &str) -> Result<Option<Map<String, Value>>, Reason> {
        let form = Serializer::new(String::new())
            .append_pair("token", token)
            .append_pair("token_type_hint", "access_token")
            .finish();
        let endpoint = &self.settings.endpoint;
        let basic = fetch::basic(&self.settings.client_id, &self.settings.client_secret);
        let answer = self
            .fetch
            .post(endpoint, fetch::FORM, vec![basic], Bytes::from(form))
            .await
            .map_err(|error| unavailable(&error))?;
        if answer.status != 200 {
            tracing::warn!(status = answer.status, "introspection was refused");
            return Err(UNAVAILABLE);
        }
        let said: Map<String, Value> =
            fetch::read(endpoint, &answer).map_err(|error| unavailable(&error))?;
        let active = said.get("active") == Some(&Value::Bool(true));
        Ok(active.then_some(said))
    }

    fn kept(&self, digest: &Digest) -> Option<Answer> {
        let now = self.settings.clock.running();
        let answer = self.answers().get(digest).cloned()?;
        (now.saturating_sub(answer.came) < KEPT).then_some(answer)
    }

    fn keep(&self, digest: Digest, claims: Option<Map<String, Value>>) {
        let came = self.settings.clock.running();
        let mut answers = self.answers();
        if answers.len() >= MOST {
            answers.retain(|_, answer| came.saturating_sub(answer.came) < KEPT);
        }
        // Full of answers that are still good: this one is not kept, and asked for again.
        if answers.len() < MOST {
            answers.insert(digest, Answer { claims, came });
        }
    }

    fn answers(&self) -> MutexGuard<'_, HashMap<Digest, Answer>> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unavailable(error: &fetch::FetchError) -> Reason {
    tracing::warn!(%error, "a token cannot be introspected");
    UNAVAILABLE
}
