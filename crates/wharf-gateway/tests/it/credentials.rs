//! Credentials: put on as the document says, fetched once, and never seen again.

use serde_json::{Value, json};
use wharf_gateway::gateway::Gateway;
use wharf_gateway::upstream::http;
use wharf_gateway::upstream::http::credential::{CredentialKind, Place};
use wharf_gateway::upstream::http::settings::DocumentSource;
use wharf_gateway::upstream::http::token::ClientCredentials;
use wharf_policy::secret::Secret;

use crate::harness::{Folder, call, credential, dry_run, settings, start, text};
use crate::scripted::{Act, Scripted, answer, json as json_answer};

/// A gateway in front of `upstream`, whose document has these security schemes.
async fn secured(upstream: &Scripted, schemes: Value, kind: CredentialKind) -> Gateway {
    let folder = Folder::new();
    let name = schemes.as_object().unwrap().keys().next().unwrap().clone();
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": upstream.url}],
        "components": {"securitySchemes": schemes},
        "security": [{name: []}],
        "paths": {
            "/thing": {"get": {"operationId": "thing"}},
            "/open": {"get": {"operationId": "open", "security": []}},
        },
    });
    let source = DocumentSource::File(folder.write("openapi.json", &document.to_string()));
    let http = http::Settings {
        credentials: vec![credential(kind)],
        ..http::Settings::new("fake", source)
    };
    start(settings(vec![http])).await
}

fn echo(_: usize, request: &str) -> Act {
    json_answer(&json!({"you_sent": request}).to_string())
}

#[tokio::test]
async fn a_key_goes_where_the_document_says_and_comes_back_masked() {
    for (location, sent) in [
        ("header", "x-key: key-12345"),
        ("query", "?x-key=key%2D12345"),
        ("cookie", "cookie: x-key=key-12345"),
    ] {
        let upstream = Scripted::start(echo).await;
        let schemes = json!({"k": {"type": "apiKey", "in": location, "name": "x-key"}});
        let kind = CredentialKind::ApiKey {
            value: Secret::new("key-12345"),
            place: None,
        };
        let gateway = secured(&upstream, schemes, kind).await;
        let answer = call(&gateway, "thing", json!({})).await.unwrap();
        assert!(
            upstream.requests()[0].contains(sent),
            "{}",
            upstream.requests()[0]
        );
        assert!(
            !answer.to_string().contains("key-12345"),
            "{location}: {answer}"
        );
        let shown = dry_run(&gateway, "thing", json!({})).await.unwrap();
        assert!(!shown.to_string().contains("12345"), "{location}: {shown}");
        assert!(shown.to_string().contains("***"), "{location}: {shown}");
    }
}

#[tokio::test]
async fn an_operation_that_wants_no_credential_gets_none() {
    let upstream = Scripted::start(echo).await;
    let schemes = json!({"b": {"type": "http", "scheme": "bearer"}});
    let gateway = secured(
        &upstream,
        schemes,
        CredentialKind::Bearer(Secret::new("token-1")),
    )
    .await;
    call(&gateway, "open", json!({})).await.unwrap();
    assert!(
        !upstream.requests()[0]
            .to_ascii_lowercase()
            .contains("authorization")
    );
}

#[tokio::test]
async fn a_document_without_schemes_gets_what_is_configured() {
    let upstream = Scripted::start(echo).await;
    let folder = Folder::new();
    let source = crate::harness::document(
        &folder,
        &upstream.url,
        "get",
        &json!({"operationId": "thing"}),
    );
    let http = http::Settings {
        credentials: vec![credential(CredentialKind::ApiKey {
            value: Secret::new("key-12345"),
            place: Some(Place::Header("X-Own".to_owned())),
        })],
        ..http::Settings::new("fake", source)
    };
    let gateway = start(settings(vec![http])).await;
    call(&gateway, "thing", json!({})).await.unwrap();
    assert!(
        upstream.requests()[0].contains("x-own: key-12345"),
        "{}",
        upstream.requests()[0]
    );
}

#[tokio::test]
async fn a_fixed_header_that_is_a_secret_is_masked_like_one() {
    let upstream = Scripted::start(echo).await;
    let folder = Folder::new();
    let source = crate::harness::document(
        &folder,
        &upstream.url,
        "get",
        &json!({"operationId": "thing"}),
    );
    let mut value = ::http::HeaderValue::from_static("header-secret");
    value.set_sensitive(true);
    let http = http::Settings {
        headers: vec![(::http::HeaderName::from_static("x-own"), value)],
        ..http::Settings::new("fake", source)
    };
    let gateway = start(settings(vec![http])).await;
    let answer = call(&gateway, "thing", json!({})).await.unwrap();
    assert!(upstream.requests()[0].contains("x-own: header-secret"));
    assert!(!answer.to_string().contains("header-secret"), "{answer}");
    let shown = dry_run(&gateway, "thing", json!({})).await.unwrap();
    assert!(!shown.to_string().contains("header-secret"), "{shown}");
}

fn client(token_url: &str) -> CredentialKind {
    CredentialKind::ClientCredentials(ClientCredentials {
        token_url: token_url.parse().unwrap(),
        client_id: "wharf id".to_owned(),
        client_secret: Secret::new("client+secret"),
        scopes: vec!["read".to_owned()],
        audience: None,
    })
}

#[tokio::test]
async fn one_token_is_fetched_for_many_calls() {
    let issuer = Scripted::start(|number, _| {
        json_answer(
            &json!({"access_token": format!("token-{number}"), "expires_in": 3600}).to_string(),
        )
    })
    .await;
    let upstream = Scripted::start(echo).await;
    let schemes = json!({"o": {"type": "oauth2", "flows": {}}});
    let gateway = secured(&upstream, schemes, client(&issuer.url)).await;
    let calls = (0..8).map(|_| call(&gateway, "thing", json!({})));
    for answer in futures_join(calls).await {
        let answer = answer.unwrap();
        assert!(!answer.to_string().contains("token-0"), "{answer}");
    }
    assert_eq!(issuer.requests().len(), 1);
    // RFC 6749, section 2.3.1: both halves form-encoded, then base64.
    assert!(
        issuer.requests()[0].contains("Basic d2hhcmYlMjBpZDpjbGllbnQlMkJzZWNyZXQ="),
        "{}",
        issuer.requests()[0]
    );
    assert!(
        upstream
            .requests()
            .iter()
            .all(|request| request.contains("Bearer token-0"))
    );
}

#[tokio::test]
async fn a_token_that_is_refused_is_replaced_once() {
    let issuer = Scripted::start(|number, _| {
        json_answer(&json!({"access_token": format!("token-{number}")}).to_string())
    })
    .await;
    let upstream = Scripted::start(|_, request| {
        if request.contains("token-1") {
            json_answer("{}")
        } else {
            answer(401, "", "")
        }
    })
    .await;
    let schemes = json!({"o": {"type": "oauth2", "flows": {}}});
    let gateway = secured(&upstream, schemes, client(&issuer.url)).await;
    let answer = call(&gateway, "thing", json!({})).await.unwrap();
    assert_ne!(answer["isError"], true, "{answer}");
    assert_eq!(issuer.requests().len(), 2);
}

#[tokio::test]
async fn an_issuer_that_refuses_or_redirects_fails_the_call_and_leaks_nothing() {
    for reply in [
        || {
            answer(
                400,
                "",
                r#"{"error":"invalid_client","error_description":"client+secret is wrong"}"#,
            )
        },
        || answer(302, "location: http://169.254.169.254/\r\n", ""),
    ] {
        let issuer = Scripted::start(move |_, _| reply()).await;
        let upstream = Scripted::start(echo).await;
        let schemes = json!({"o": {"type": "oauth2", "flows": {}}});
        let gateway = secured(&upstream, schemes, client(&issuer.url)).await;
        let answer = call(&gateway, "thing", json!({})).await.unwrap();
        assert_eq!(answer["isError"], true);
        assert!(text(&answer).contains("no access token"), "{answer}");
        assert!(!answer.to_string().contains("client+secret"), "{answer}");
        assert!(upstream.requests().is_empty());
        assert_eq!(issuer.requests().len(), 1);
    }
}

/// Runs futures at the same time and collects what they yield.
async fn futures_join<T>(futures: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut pending: Vec<_> = futures.map(Box::pin).collect();
    let mut done: Vec<Option<T>> = pending.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        let mut all = true;
        for (future, slot) in pending.iter_mut().zip(&mut done) {
            if slot.is_none() {
                match future.as_mut().poll(context) {
                    std::task::Poll::Ready(value) => *slot = Some(value),
                    std::task::Poll::Pending => all = false,
                }
            }
        }
        if all {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    done.into_iter().flatten().collect()
}
