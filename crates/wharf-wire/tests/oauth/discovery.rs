//! Finding out who issues tokens.

use expect_test::{Expect, expect};
use serde_json::json;
use wharf_wire::oauth::client::Grant;

use crate::provider::{Behaviour, Provider};
use crate::scripted::{Reply, Scripted};
use crate::visitor::{Guard, Protected, Visitor, person};

/// Row D1.
#[tokio::test]
async fn the_address_in_the_challenge_is_the_only_one_asked() {
    let provider = Provider::start(Behaviour::default()).await;
    let server = Protected::start(Guard {
        metadata_path: "/custom/metadata.json",
        challenge: r#"Bearer resource_metadata="{base}/custom/metadata.json""#,
        ..Guard::by(&provider.issuer)
    })
    .await;
    assert_eq!(Visitor::person(&server).call().await, Ok(200));
    expect![[r"
        /mcp
        /custom/metadata.json
        /mcp"]]
    .assert_eq(&server.server.paths());
}

/// Row D1.
#[tokio::test]
async fn without_a_challenge_the_path_comes_before_the_root() {
    let provider = Provider::start(Behaviour::default()).await;
    let server = Protected::start(Guard {
        metadata_path: "/.well-known/oauth-protected-resource",
        challenge: "Bearer",
        ..Guard::by(&provider.issuer)
    })
    .await;
    assert_eq!(Visitor::person(&server).call().await, Ok(200));
    expect![[r"
        /mcp
        /.well-known/oauth-protected-resource/mcp
        /.well-known/oauth-protected-resource
        /mcp"]]
    .assert_eq(&server.server.paths());
}

/// Row D1.
#[tokio::test]
async fn a_server_that_publishes_nothing_needs_a_configured_issuer() {
    let provider = Provider::start(Behaviour::default()).await;
    let silent = || Guard {
        metadata_path: "/nowhere",
        challenge: "Bearer",
        ..Guard::by(&provider.issuer)
    };
    let server = Protected::start(silent()).await;
    let refusal = Visitor::person(&server).call().await.unwrap_err();
    assert!(
        refusal.contains("does not say who issues them: name its issuer"),
        "{refusal}"
    );

    let server = Protected::start(silent()).await;
    let grant = Grant::Person(person());
    let visitor = Visitor::with(&server, grant, |settings| {
        settings.issuer = Some(provider.issuer.clone());
    });
    assert_eq!(visitor.call().await, Ok(200));
    let asked = provider.authorize_requests();
    assert_eq!(
        asked[0].parameter("resource"),
        Some(server.url().to_string())
    );
}

/// Which addresses of an issuer are asked, where its metadata stands at `metadata_path`.
#[track_caller]
fn check_order(found: &str, expected: Expect) {
    expected.assert_eq(found);
}

async fn addresses(issuer_path: &'static str, metadata_path: &'static str) -> String {
    let provider = Provider::start(Behaviour {
        metadata_path,
        issuer_path,
        ..Behaviour::default()
    })
    .await;
    let server = Protected::start(Guard::by(&provider.issuer)).await;
    assert_eq!(Visitor::person(&server).call().await, Ok(200));
    let paths = provider.server.paths();
    let (discovery, _) = paths.split_once("\n/register").unwrap();
    discovery.to_owned()
}

/// Row D2.
#[tokio::test]
async fn metadata_of_an_issuer_is_looked_for_in_the_fixed_order() {
    check_order(
        &addresses("", "/.well-known/openid-configuration").await,
        expect![[r"
            /.well-known/oauth-authorization-server
            /.well-known/openid-configuration"]],
    );
    check_order(
        &addresses(
            "/tenant1",
            "/.well-known/oauth-authorization-server/tenant1",
        )
        .await,
        expect!["/.well-known/oauth-authorization-server/tenant1"],
    );
    check_order(
        &addresses("/tenant1", "/tenant1/.well-known/openid-configuration").await,
        expect![[r"
            /.well-known/oauth-authorization-server/tenant1
            /.well-known/openid-configuration/tenant1
            /tenant1/.well-known/openid-configuration"]],
    );
}

/// Row D2, 35.
#[tokio::test]
async fn metadata_that_names_another_issuer_is_never_used() {
    for other in ["https://attacker.example", "BASE/", "HTTP://127.0.0.1"] {
        let provider = Provider::start(Behaviour::default()).await;
        let named = other.replace("BASE", &provider.issuer);
        provider.behaviour.lock().unwrap().metadata = json!({ "issuer": named });
        let server = Protected::start(Guard::by(&provider.issuer)).await;
        let refusal = Visitor::person(&server).call().await.unwrap_err();
        assert!(refusal.contains("speaks for another one"), "{refusal}");
        assert_eq!(
            provider.server.paths(),
            "/.well-known/oauth-authorization-server"
        );
    }
}

/// Row D4; RFC 9728, section 3.3.
#[tokio::test]
async fn metadata_of_another_resource_is_never_used() {
    for other in [
        "https://evil.example/mcp",
        "BASE/other",
        "BASE/mc",
        "not an address",
    ] {
        let provider = Provider::start(Behaviour::default()).await;
        let issuer = provider.issuer.clone();
        let other = other.to_owned();
        let server = Scripted::start(|base| {
            let document = json!({
                "resource": other.replace("BASE", &base),
                "authorization_servers": [issuer],
            });
            move |seen| match seen.path.as_str() {
                "/mcp" => Reply::status(401),
                _ => Reply::json(&document),
            }
        })
        .await;
        let server = Protected { server };
        let refusal = Visitor::person(&server).call().await.unwrap_err();
        assert!(refusal.contains("speaks for another server"), "{refusal}");
        assert!(provider.server.seen().is_empty());
    }
}

/// RFC 8707 and conformance: a parser that adds a slash would ask for another resource.
#[tokio::test]
async fn the_resource_is_sent_byte_for_byte_as_it_was_published() {
    let provider = Provider::start(Behaviour::default()).await;
    let issuer = provider.issuer.clone();
    let server = Scripted::start(|base| {
        let document = json!({ "resource": base, "authorization_servers": [issuer] });
        move |seen| match (seen.path.as_str(), seen.header("authorization")) {
            ("/mcp", None) => Reply::status(401),
            ("/mcp", Some(_)) => Reply::status(200),
            _ => Reply::json(&document),
        }
    })
    .await;
    let server = Protected { server };
    assert_eq!(Visitor::person(&server).call().await, Ok(200));
    let expected = Some(server.server.base.clone());
    assert_eq!(
        provider.authorize_requests()[0].parameter("resource"),
        expected
    );
    assert_eq!(provider.token_requests()[0].parameter("resource"), expected);
}

/// Fuzzed for real elsewhere; here, that what is found there is no panic and no token.
#[tokio::test]
async fn metadata_that_is_none_ends_in_an_error() {
    for body in [
        "",
        "[]",
        "{",
        "<html>",
        r#"{"resource":1}"#,
        r#"{"resource":"x","resource":"y"}"#,
    ] {
        let server = Scripted::start(|_| {
            move |seen| match seen.path.as_str() {
                "/mcp" => Reply::status(401),
                _ => Reply {
                    body: body.to_owned(),
                    ..Reply::status(200)
                },
            }
        })
        .await;
        let refusal = Visitor::person(&Protected { server }).call().await;
        assert!(refusal.is_err(), "{body}");
    }
}
