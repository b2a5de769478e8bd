//! Tokens that only their issuer can read.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use wharf_wire::oauth::endpoint::Endpoint;
use wharf_wire::oauth::resource::{Introspection, IntrospectionSettings, ResourceServer};
use wharf_wire::oauth::secret::Secret;
use wharf_wire::outbound::Egress;

use crate::clock::BEGIN;
use crate::issuer::{RESOURCE, World, outcome};
use crate::scripted::{Reply, Scripted};

const ISSUER: &str = "https://as.example";

/// A resource whose issuer says `said` of every token, or that it does not feel well.
struct Asked {
    world: World,
    server: ResourceServer,
    issuer: Scripted,
    said: Arc<Mutex<Option<Value>>>,
}

impl Asked {
    async fn start(said: Value) -> Self {
        let world = World::start().await;
        let said = Arc::new(Mutex::new(Some(said)));
        let shared = Arc::clone(&said);
        let issuer = Scripted::start(|_| {
            move |_| match &*shared.lock().unwrap() {
                Some(said) => Reply::json(said),
                None => Reply::status(502),
            }
        })
        .await;
        let mut settings = world.settings();
        settings.introspection = Some(Introspection::new(IntrospectionSettings {
            issuer: ISSUER.to_owned(),
            endpoint: Endpoint::parse(&format!("{}/introspect", issuer.base)).unwrap(),
            client_id: "rs".to_owned(),
            client_secret: Secret::new("s"),
            egress: Egress::new(&[], true),
            clock: world.clock.clone(),
        }));
        let server = ResourceServer::new(settings).unwrap();
        Self {
            world,
            server,
            issuer,
            said,
        }
    }

    async fn outcome(&self, token: &str) -> String {
        outcome(&self.server, token).await
    }
}

fn good() -> Value {
    json!({ "active": true, "sub": "alice", "aud": RESOURCE, "scope": "tools:read" })
}

/// Row A4 for opaque tokens.
#[tokio::test]
async fn a_token_that_its_issuer_vouches_for_counts() {
    let asked = Asked::start(good()).await;
    assert_eq!(asked.outcome("opaque").await, "alice");
    let question = &asked.issuer.asked("/introspect")[0];
    assert_eq!(question.parameter("token").as_deref(), Some("opaque"));
    assert!(
        question
            .header("authorization")
            .unwrap()
            .starts_with("Basic ")
    );
}

#[tokio::test]
async fn a_token_that_its_issuer_does_not_vouch_for_here_and_now_does_not() {
    for (changes, expected) in [
        (
            json!({ "active": false }),
            "its issuer says that it does not count",
        ),
        (
            json!({ "active": "true" }),
            "its issuer says that it does not count",
        ),
        (
            json!({ "active": null }),
            "its issuer says that it does not count",
        ),
        (json!({ "aud": null }), "it names no audience"),
        (
            json!({ "aud": "https://gateway.example/b/mcp" }),
            "it is for another server",
        ),
        (json!({ "exp": BEGIN - 1 }), "it has ended"),
        (json!({ "nbf": BEGIN + 100 }), "it does not count yet"),
        (
            json!({ "iss": "https://as.example/" }),
            "it is another issuer's",
        ),
        (json!({ "sub": null }), "it names no subject"),
        (json!({ "cnf": { "jkt": "x" } }), "it is bound to a key"),
        (
            json!({ "cnf": { "x5t#S256": "x" } }),
            "it is bound to a certificate",
        ),
        (
            json!({ "sub": 7 }),
            "what its issuer says of it cannot be read",
        ),
    ] {
        let mut said = good();
        for (name, value) in changes.as_object().unwrap() {
            said[name] = value.clone();
        }
        let asked = Asked::start(said).await;
        let answer = asked.outcome("opaque").await;
        assert_eq!(
            answer,
            format!("401 the token is not valid: {expected}"),
            "{changes}"
        );
    }
}

/// Row 38 for introspection.
#[tokio::test]
async fn an_answer_is_believed_for_seconds_and_an_issuer_that_is_down_lets_nobody_in() {
    let asked = Asked::start(good()).await;
    for _ in 0..20 {
        assert_eq!(asked.outcome("opaque").await, "alice");
    }
    assert_eq!(asked.issuer.seen().len(), 1);
    *asked.said.lock().unwrap() = Some(json!({ "active": false }));
    asked.world.clock.pass(31);
    let refused = "401 the token is not valid: its issuer says that it does not count";
    assert_eq!(asked.outcome("opaque").await, refused);
    *asked.said.lock().unwrap() = None;
    let down = "503 tokens cannot be checked: the issuer does not say whether a token counts";
    assert_eq!(asked.outcome("another").await, down);
}

#[tokio::test]
async fn signed_tokens_are_not_taken_to_the_issuer_of_opaque_ones() {
    let asked = Asked::start(good()).await;
    let stranger = asked.world.token(&json!({ "iss": "https://x.example" }));
    let answer = asked.outcome(&stranger).await;
    assert_eq!(
        answer,
        "401 the token is not valid: its issuer is not trusted here"
    );
    assert!(asked.issuer.seen().is_empty());
}
