//! An issuer of signed tokens, good ones and every bad one.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, Method};
use serde_json::{Value, json};
use url::Url;
use wharf_wire::oauth::jose::{Algorithm, SigningKey};
use wharf_wire::oauth::resource::{
    Caller, Issuer, IssuerSettings, KeyLocation, Presented, ProofPolicy, Rejection, ResourceServer,
    Settings, TokenTypes, Verifier as _,
};
use wharf_wire::oauth::scope::{Flat, Scopes};
use wharf_wire::outbound::Egress;

use crate::clock::{BEGIN, Fake};
use crate::scripted::{Reply, Scripted};

pub(crate) const RESOURCE: &str = "https://gateway.example/a/mcp";

/// An issuer, what it publishes, and a clock.
pub(crate) struct World {
    pub server: Scripted,
    pub key: SigningKey,
    /// What it publishes as its keys; `None` while it is down.
    pub published: Arc<Mutex<Option<Value>>>,
    pub clock: Arc<Fake>,
}

/// A key as issuers publish it.
pub(crate) fn published(kid: &str, key: &SigningKey) -> Value {
    let mut jwk = serde_json::to_value(key.public()).unwrap();
    jwk["kid"] = kid.into();
    jwk["use"] = "sig".into();
    jwk["alg"] = key.algorithm().name().into();
    jwk
}

impl World {
    pub(crate) async fn start() -> Self {
        let key = SigningKey::generate().with_kid("k1");
        let published = Arc::new(Mutex::new(Some(json!({ "keys": [published("k1", &key)] }))));
        let shared = Arc::clone(&published);
        let server = Scripted::start(|base| {
            move |seen| match seen.path.as_str() {
                "/.well-known/oauth-authorization-server" => {
                    Reply::json(&json!({ "issuer": base, "jwks_uri": format!("{base}/keys") }))
                }
                "/keys" => match &*shared.lock().unwrap() {
                    Some(keys) => Reply::json(keys),
                    None => Reply::status(500),
                },
                _ => Reply::status(404),
            }
        })
        .await;
        Self {
            server,
            key,
            published,
            clock: Fake::new(),
        }
    }

    pub(crate) fn issuer(&self, types: TokenTypes) -> Arc<Issuer> {
        Issuer::new(IssuerSettings {
            issuer: self.server.base.clone(),
            keys: KeyLocation::Discovered,
            types,
            algorithms: Algorithm::ALL.to_vec(),
            egress: Egress::new(&[], true),
            clock: Arc::<Fake>::clone(&self.clock),
        })
    }

    pub(crate) fn settings(&self) -> Settings {
        Settings {
            resource: RESOURCE.to_owned(),
            name: None,
            audiences: Vec::new(),
            issuers: vec![self.issuer(TokenTypes::AccessToken)],
            introspection: None,
            scopes: Scopes::default(),
            required: Scopes::default(),
            hierarchy: Arc::new(Flat),
            proof: ProofPolicy::Accepted,
            clock: Arc::<Fake>::clone(&self.clock),
        }
    }

    pub(crate) fn resource(&self) -> ResourceServer {
        ResourceServer::new(self.settings()).unwrap()
    }

    /// The claims of a good token.
    pub(crate) fn claims(&self) -> Value {
        json!({
            "iss": self.server.base,
            "sub": "alice",
            "aud": RESOURCE,
            "client_id": "agent",
            "scope": "tools:read tools:call",
            "iat": BEGIN,
            "exp": BEGIN + 300,
            "groups": ["eng"],
        })
    }

    /// A good token, but for what `changes` lays over its claims; `null` takes one away.
    pub(crate) fn token(&self, changes: &Value) -> String {
        self.key.sign("at+jwt", &self.changed(changes))
    }

    pub(crate) fn changed(&self, changes: &Value) -> Value {
        let mut claims = self.claims();
        for (name, value) in changes.as_object().unwrap() {
            if value.is_null() {
                claims.as_object_mut().unwrap().remove(name);
            } else {
                claims[name] = value.clone();
            }
        }
        claims
    }

    pub(crate) fn key_requests(&self) -> usize {
        self.server.asked("/keys").len()
    }
}

/// A token put together by hand, signed by `sign`.
pub(crate) fn forged(
    header: &Value,
    claims: &Value,
    sign: impl FnOnce(&[u8]) -> Vec<u8>,
) -> String {
    let signed = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        URL_SAFE_NO_PAD.encode(claims.to_string())
    );
    let signature = URL_SAFE_NO_PAD.encode(sign(signed.as_bytes()));
    format!("{signed}.{signature}")
}

pub(crate) fn bearer(token: &str) -> HeaderMap {
    with(&[("authorization", &format!("Bearer {token}"))])
}

pub(crate) fn with(headers: &[(&str, &str)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let name: HeaderName = name.parse().unwrap();
        map.append(name, value.parse().unwrap());
    }
    map
}

pub(crate) async fn verify(
    server: &ResourceServer,
    headers: &HeaderMap,
) -> Result<Caller, Rejection> {
    let url: Url = RESOURCE.parse().unwrap();
    server
        .verify(Presented {
            method: &Method::POST,
            url: &url,
            headers,
        })
        .await
}

/// What becomes of a bearer token: its subject, or status and reason.
pub(crate) async fn outcome(server: &ResourceServer, token: &str) -> String {
    let headers = bearer(token);
    assert!(headers.contains_key(AUTHORIZATION));
    match verify(server, &headers).await {
        Ok(caller) => caller.subject,
        Err(rejection) => format!("{} {}", rejection.status.as_u16(), rejection.reason),
    }
}
