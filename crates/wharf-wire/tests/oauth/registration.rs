//! Being known to an issuer.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use wharf_protocol::port::BoxFuture;
use wharf_wire::oauth::client::{
    Authentication, Credentials, Grant, Interaction, InteractionError, Person, Redirect,
};

use crate::provider::{Behaviour, Provider};
use crate::scripted::{Reply, Scripted};
use crate::visitor::{Guard, Protected, Visitor, person};

fn credentials(issuer: &str) -> Credentials {
    Credentials {
        issuer: Some(issuer.to_owned()),
        client_id: "known".to_owned(),
        authentication: Authentication::None,
    }
}

/// With which name a client signs in, where its person is changed like this.
async fn signed_in_as(behaviour: Behaviour, change: impl FnOnce(&mut Person, &str)) -> String {
    let provider = Provider::start(behaviour).await;
    let server = Protected::start(Guard::by(&provider.issuer)).await;
    let mut person = person();
    change(&mut person, &provider.issuer);
    assert_eq!(
        Visitor::new(&server, Grant::Person(person)).call().await,
        Ok(200)
    );
    provider.authorize_requests()[0]
        .parameter("client_id")
        .unwrap()
}

const DOCUMENT: &str = "https://client.example/metadata.json";

fn with_documents() -> Behaviour {
    Behaviour {
        metadata: json!({ "client_id_metadata_document_supported": true }),
        ..Behaviour::default()
    }
}

/// Row D7.
#[tokio::test]
async fn what_was_registered_before_comes_first_then_the_document_then_registration() {
    let both = |person: &mut Person, issuer: &str| {
        person.credentials = Some(credentials(issuer));
        person.metadata_document = Some(DOCUMENT.parse().unwrap());
    };
    let document = |person: &mut Person, _: &str| {
        person.metadata_document = Some(DOCUMENT.parse().unwrap());
    };
    assert_eq!(signed_in_as(with_documents(), both).await, "known");
    assert_eq!(signed_in_as(with_documents(), document).await, DOCUMENT);
    assert_eq!(
        signed_in_as(Behaviour::default(), document).await,
        "registered"
    );
}

/// Row D7.
#[tokio::test]
async fn a_new_client_says_what_kind_of_application_it_is() {
    let provider = Provider::start(Behaviour::default()).await;
    let server = Protected::start(Guard::by(&provider.issuer)).await;
    assert_eq!(Visitor::person(&server).call().await, Ok(200));
    let asked = &provider.server.asked("/register")[0];
    let said: Value = serde_json::from_str(&asked.body).unwrap();
    assert_eq!(said["application_type"], "native");
    assert_eq!(
        said["grant_types"],
        json!(["authorization_code", "refresh_token"])
    );
    let redirect = said["redirect_uris"][0].as_str().unwrap();
    let used = provider.authorize_requests()[0]
        .parameter("redirect_uri")
        .unwrap();
    assert_eq!(redirect, used);
}

/// Someone who knows a name by heart.
#[derive(Debug)]
struct Asked(Person);

impl Interaction for Asked {
    fn prepare<'a>(
        &'a self,
        preferred: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Box<dyn Redirect>, InteractionError>> {
        self.0.interaction.prepare(preferred)
    }

    fn credentials<'a>(&'a self, issuer: &'a str) -> BoxFuture<'a, Option<Credentials>> {
        Box::pin(std::future::ready(Some(credentials(issuer))))
    }
}

/// Row D7.
#[tokio::test]
async fn a_person_is_asked_where_nothing_else_is_left() {
    let nothing = || Behaviour {
        metadata: json!({ "registration_endpoint": null }),
        ..Behaviour::default()
    };
    let asked = |person: &mut Person, _: &str| {
        person.interaction = Arc::new(Asked(person.clone()));
    };
    assert_eq!(signed_in_as(nothing(), asked).await, "known");

    let provider = Provider::start(nothing()).await;
    let server = Protected::start(Guard::by(&provider.issuer)).await;
    let refusal = Visitor::person(&server).call().await.unwrap_err();
    assert!(refusal.contains("register it by hand"), "{refusal}");
}

#[tokio::test]
async fn an_issuer_that_refuses_to_register_is_named_with_its_code() {
    let provider = Provider::start(Behaviour::default()).await;
    let endpoint = format!("{}/none", provider.issuer);
    provider.behaviour.lock().unwrap().metadata = json!({ "registration_endpoint": endpoint });
    let server = Protected::start(Guard::by(&provider.issuer)).await;
    let refusal = Visitor::person(&server).call().await.unwrap_err();
    assert!(
        refusal.contains("refused to register this client: no reason given"),
        "{refusal}"
    );
}

/// Row D6.
#[tokio::test]
async fn a_registration_lasts_but_only_at_its_own_issuer() {
    let first = Provider::start(Behaviour {
        registration: json!({ "client_id": "first", "client_secret": "for-the-first-alone" }),
        ..Behaviour::default()
    })
    .await;
    let second = Provider::start(Behaviour {
        registration: json!({ "client_id": "second", "client_secret": "for-the-second-alone" }),
        ..Behaviour::default()
    })
    .await;
    // Tokens come from the second issuer from the third request on.
    let moved = AtomicUsize::new(0);
    let (one, two) = (first.issuer.clone(), second.issuer.clone());
    let server = Scripted::start(|base| {
        move |seen| {
            let count = moved.load(Ordering::Relaxed);
            if seen.path != "/mcp" {
                let issuer = if count < 3 { &one } else { &two };
                return Reply::json(&json!({
                    "resource": format!("{base}/mcp"),
                    "authorization_servers": [issuer],
                }));
            }
            let count = moved.fetch_add(1, Ordering::Relaxed);
            let refused = seen.header("authorization").is_none() || count == 2;
            if refused {
                Reply::status(401)
            } else {
                Reply::status(200)
            }
        }
    })
    .await;
    let server = Protected { server };
    let visitor = Visitor::person(&server);
    assert_eq!(visitor.call().await, Ok(200));
    assert_eq!(visitor.call().await, Ok(200));
    let sent: String = second
        .server
        .seen()
        .iter()
        .map(|seen| seen.query.clone() + &seen.body)
        .collect();
    assert!(sent.contains("client_id=second"));
    assert!(!sent.contains("first") && !sent.contains("refresh-1"));

    // Signing in at the first again needs no second registration, if its address can be had again.
    assert_eq!(first.server.asked("/register").len(), 1);
    let kept = visitor.store.registration(&first.issuer).await.unwrap();
    assert_eq!(kept.client_id, "first");
    assert!(
        visitor
            .store
            .registration("https://elsewhere.example")
            .await
            .is_none()
    );
}

/// Row D6.
#[tokio::test]
async fn registered_credentials_are_not_shown_to_another_issuer() {
    let provider = Provider::start(Behaviour::default()).await;
    let server = Protected::start(Guard::by(&provider.issuer)).await;
    for grant in [
        Grant::Person(Person {
            credentials: Some(credentials("https://as.example")),
            ..person()
        }),
        Grant::Program(credentials("https://as.example")),
    ] {
        let refusal = Visitor::new(&server, grant).call().await.unwrap_err();
        assert!(
            refusal.contains("registered with `https://as.example`"),
            "{refusal}"
        );
    }
    assert!(provider.authorize_requests().is_empty() && provider.token_requests().is_empty());
}
