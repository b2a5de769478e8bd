//! An authorization server that lets everybody in, changed where a test needs it otherwise.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::scripted::{Reply, Scripted, Seen};

type Pairs = Vec<(String, String)>;

/// How an authorization server behaves.
pub(crate) struct Behaviour {
    /// Laid over its metadata; `null` takes a field away.
    pub metadata: Value,
    /// Where its metadata stands.
    pub metadata_path: &'static str,
    /// What comes after its host in its issuer's name.
    pub issuer_path: &'static str,
    /// Changes the answer that the browser brings back.
    pub redirected: fn(&mut Pairs),
    /// Answers a token request; `None` issues the next token.
    pub token: fn(&Seen, usize) -> Option<Reply>,
    /// What it gives a new client.
    pub registration: Value,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            metadata: json!({}),
            metadata_path: "/.well-known/oauth-authorization-server",
            issuer_path: "",
            redirected: |_| {},
            token: |_, _| None,
            registration: json!({ "client_id": "registered" }),
        }
    }
}

/// One that runs.
pub(crate) struct Provider {
    pub server: Scripted,
    pub issuer: String,
    pub behaviour: Arc<Mutex<Behaviour>>,
}

impl Provider {
    pub(crate) async fn start(behaviour: Behaviour) -> Self {
        let issuer_path = behaviour.issuer_path;
        let behaviour = Arc::new(Mutex::new(behaviour));
        let shared = Arc::clone(&behaviour);
        let issued = AtomicUsize::new(0);
        let server = Scripted::start(|base| {
            move |seen: &Seen| answer(&base, &shared.lock().unwrap(), &issued, seen)
        })
        .await;
        let issuer = format!("{}{issuer_path}", server.base);
        Self {
            server,
            issuer,
            behaviour,
        }
    }

    pub(crate) fn token_requests(&self) -> Vec<Seen> {
        self.server.asked("/token")
    }

    pub(crate) fn authorize_requests(&self) -> Vec<Seen> {
        self.server.asked("/authorize")
    }

    /// The scopes of every sign-in.
    pub(crate) fn scopes_asked(&self) -> Vec<Option<String>> {
        let asked = self.authorize_requests();
        asked.iter().map(|seen| seen.parameter("scope")).collect()
    }
}

fn answer(base: &str, behaviour: &Behaviour, issued: &AtomicUsize, seen: &Seen) -> Reply {
    match seen.path.as_str() {
        path if path == behaviour.metadata_path => Reply::json(&metadata(base, behaviour)),
        "/authorize" => authorize(base, behaviour, seen),
        "/token" => {
            let count = issued.fetch_add(1, Ordering::Relaxed) + 1;
            (behaviour.token)(seen, count).unwrap_or_else(|| issue(seen, count))
        }
        "/register" => Reply::status(201).saying(&behaviour.registration),
        _ => Reply::status(404),
    }
}

fn metadata(base: &str, behaviour: &Behaviour) -> Value {
    let mut metadata = json!({
        "issuer": format!("{base}{}", behaviour.issuer_path),
        "authorization_endpoint": format!("{base}/authorize"),
        "token_endpoint": format!("{base}/token"),
        "registration_endpoint": format!("{base}/register"),
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "token_endpoint_auth_methods_supported": ["none"],
    });
    for (name, value) in behaviour.metadata.as_object().unwrap() {
        match value {
            Value::Null => metadata.as_object_mut().unwrap().remove(name),
            value => metadata
                .as_object_mut()
                .unwrap()
                .insert(name.clone(), value.clone()),
        };
    }
    metadata
}

fn authorize(base: &str, behaviour: &Behaviour, seen: &Seen) -> Reply {
    let mut pairs = vec![
        ("code".to_owned(), "the-code".to_owned()),
        ("iss".to_owned(), format!("{base}{}", behaviour.issuer_path)),
    ];
    pairs.extend(
        seen.parameter("state")
            .map(|state| ("state".to_owned(), state)),
    );
    (behaviour.redirected)(&mut pairs);
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    let redirect = seen.parameter("redirect_uri").unwrap();
    Reply::status(302).with("location", format!("{redirect}?{query}"))
}

/// The token number `count`, with a refresh token, for an hour.
pub(crate) fn issue(seen: &Seen, count: usize) -> Reply {
    let mut body = json!({
        "access_token": format!("token-{count}"),
        "token_type": "Bearer",
        "expires_in": 3600,
    });
    if let Some(scope) = seen.parameter("scope") {
        body["scope"] = scope.into();
    }
    if seen
        .parameter("grant_type")
        .is_some_and(|grant| grant != "client_credentials")
    {
        body["refresh_token"] = format!("refresh-{count}").into();
    }
    Reply::json(&body)
}

/// A refusal by the token endpoint.
pub(crate) fn refuse(code: &str) -> Reply {
    Reply::status(400).saying(&json!({ "error": code }))
}
