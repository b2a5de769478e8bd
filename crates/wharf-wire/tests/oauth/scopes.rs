//! What a client asks to be allowed.

use serde_json::json;
use wharf_wire::oauth::client::Grant;

use crate::provider::{Behaviour, Provider};
use crate::scripted::Reply;
use crate::visitor::{Guard, Protected, Visitor, person};

/// The scopes of the first sign-in at a server with this challenge and this metadata.
async fn asked(challenge: &'static str, metadata: serde_json::Value) -> Option<String> {
    let provider = Provider::start(Behaviour::default()).await;
    let server = Protected::start(Guard {
        metadata,
        challenge,
        ..Guard::by(&provider.issuer)
    })
    .await;
    assert_eq!(Visitor::person(&server).call().await, Ok(200));
    provider.scopes_asked()[0].clone()
}

/// Row D8.
#[tokio::test]
async fn the_challenge_decides_then_the_metadata_then_nothing() {
    let published = json!({ "scopes_supported": ["a", "b"] });
    assert_eq!(
        asked(r#"Bearer scope="c""#, published.clone())
            .await
            .as_deref(),
        Some("c")
    );
    assert_eq!(asked("Bearer", published).await.as_deref(), Some("a b"));
    assert_eq!(asked("Bearer", json!({})).await, None);
}

/// Rows A10, D8.
#[tokio::test]
async fn offline_access_is_asked_for_where_the_issuer_offers_it_and_it_is_wanted() {
    for (offline, offered, expected) in [
        (true, json!(["a", "offline_access"]), "a offline_access"),
        (true, json!(["a"]), "a"),
        (true, json!(null), "a"),
        (false, json!(["a", "offline_access"]), "a"),
    ] {
        let provider = Provider::start(Behaviour {
            metadata: json!({ "scopes_supported": offered }),
            ..Behaviour::default()
        })
        .await;
        let server = Protected::start(Guard {
            metadata: json!({ "scopes_supported": ["a"] }),
            ..Guard::by(&provider.issuer)
        })
        .await;
        let mut person = person();
        person.offline = offline;
        assert_eq!(
            Visitor::new(&server, Grant::Person(person)).call().await,
            Ok(200)
        );
        assert_eq!(provider.scopes_asked()[0].as_deref(), Some(expected));
    }
}

/// Rows A8, D8.
#[tokio::test]
async fn a_step_up_asks_for_what_was_had_and_what_is_needed() {
    let provider = Provider::start(Behaviour::default()).await;
    let server = Protected::start(Guard {
        challenge: r#"Bearer scope="read""#,
        admits: |seen, _| match seen.header("authorization") {
            None => Err(Reply::status(401)),
            Some("Bearer token-1") => Err(Reply::status(403).with(
                "www-authenticate",
                r#"Bearer error="insufficient_scope", scope="write""#,
            )),
            Some(_) => Ok(()),
        },
        ..Guard::by(&provider.issuer)
    })
    .await;
    assert_eq!(Visitor::person(&server).call().await, Ok(200));
    let asked = [Some("read".to_owned()), Some("read write".to_owned())];
    assert_eq!(provider.scopes_asked(), asked);
}

/// Row D8.
#[tokio::test]
async fn a_server_that_is_never_content_is_given_up() {
    let provider = Provider::start(Behaviour {
        // Grants less than it is asked for, every time.
        token: |_, count| {
            Some(Reply::json(&json!({
                "access_token": format!("token-{count}"), "token_type": "Bearer", "scope": "read",
            })))
        },
        ..Behaviour::default()
    })
    .await;
    let server = Protected::start(Guard {
        admits: |seen, _| match seen.header("authorization") {
            None => Err(Reply::status(401)),
            Some(_) => Err(Reply::status(403).with(
                "www-authenticate",
                r#"Bearer error="insufficient_scope", scope="admin""#,
            )),
        },
        ..Guard::by(&provider.issuer)
    })
    .await;
    let visitor = Visitor::person(&server);
    for _ in 0..4 {
        assert_eq!(visitor.call().await, Ok(403));
    }
    assert_eq!(provider.authorize_requests().len(), 3);
}

/// A token that has what is asked for becomes no better by another sign-in.
#[tokio::test]
async fn a_refusal_for_want_of_what_was_granted_stands() {
    let provider = Provider::start(Behaviour::default()).await;
    let server = Protected::start(Guard {
        challenge: r#"Bearer scope="admin""#,
        admits: |seen, _| match seen.header("authorization") {
            None => Err(Reply::status(401)),
            Some(_) => Err(Reply::status(403).with(
                "www-authenticate",
                r#"Bearer error="insufficient_scope", scope="admin""#,
            )),
        },
        ..Guard::by(&provider.issuer)
    })
    .await;
    assert_eq!(Visitor::person(&server).call().await, Ok(403));
    assert_eq!(provider.authorize_requests().len(), 1);
}

#[tokio::test]
async fn a_403_that_is_about_something_else_stands() {
    let provider = Provider::start(Behaviour::default()).await;
    let server = Protected::start(Guard {
        admits: |seen, _| match seen.header("authorization") {
            None => Err(Reply::status(401)),
            Some(_) => Err(Reply::status(403)),
        },
        ..Guard::by(&provider.issuer)
    })
    .await;
    assert_eq!(Visitor::person(&server).call().await, Ok(403));
    assert_eq!(provider.authorize_requests().len(), 1);
}
