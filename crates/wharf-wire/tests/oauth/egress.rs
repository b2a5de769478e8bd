//! Addresses that other people's documents name, and where they must not lead.

use std::sync::Arc;

use serde_json::json;
use wharf_wire::client::{Authorizer as _, Challenge, OutgoingFacts};
use wharf_wire::oauth::client::{Authorization, Grant, MemoryStore, ProofUse, Settings};
use wharf_wire::oauth::endpoint::Endpoint;

use crate::clock::Fake;
use crate::provider::{Behaviour, Provider};
use crate::scripted::{Reply, Scripted};
use crate::visitor::{Guard, Protected, Visitor, person};

/// Every way to write an address inside, or no address for us at all.
const INSIDE: &[&str] = &[
    "https://169.254.169.254/x",
    "https://10.0.0.5/x",
    "https://192.168.0.1/x",
    "https://[::ffff:169.254.169.254]/x",
    "https://[64:ff9b::a9fe:a9fe]/x",
    "https://[2002:a9fe:a9fe::1]/x",
    "https://[fe80::1]/x",
    "https://2852039166/x",
    "https://0xa9fea9fe/x",
    "https://0251.0376.0251.0376/x",
    "https://169.16689662/x",
    "https://１６９.254.169.254/x",
    "http://169.254.169.254/x",
    "file:///etc/passwd",
    "gopher://127.0.0.1/x",
    "unix:/run/x",
    "https://user@10.0.0.5/x",
];

fn is_refused(answer: &Result<u16, String>) -> bool {
    answer.as_ref().is_err_and(|text| {
        text.contains("neither public nor trusted") || text.contains("is no address to be called")
    })
}

/// Rows D11, 43, 44, 47, 49.
#[tokio::test]
async fn a_challenge_leads_to_no_address_inside() {
    for inside in INSIDE {
        let challenge = format!(r#"Bearer resource_metadata="{inside}""#);
        let server = Scripted::start(|_| {
            move |_| Reply::status(401).with("www-authenticate", ascii(&challenge))
        })
        .await;
        let answer = Visitor::person(&Protected { server }).call().await;
        // What is no ASCII is no challenge either, and then there is nothing to follow.
        let harmless = !inside.is_ascii() && answer.is_err();
        assert!(is_refused(&answer) || harmless, "{inside}: {answer:?}");
    }
}

fn ascii(text: &str) -> String {
    text.chars().filter(char::is_ascii).collect()
}

/// Rows D11, 47.
#[tokio::test]
async fn no_issuer_is_inside() {
    for inside in INSIDE {
        let server = Protected::start(Guard::by(inside)).await;
        let answer = Visitor::person(&server).call().await;
        assert!(is_refused(&answer), "{inside}: {answer:?}");
    }
}

/// Rows D11, 47.
#[tokio::test]
async fn no_endpoint_of_an_issuer_is_inside() {
    for field in ["token_endpoint", "registration_endpoint"] {
        for inside in INSIDE {
            let provider = Provider::start(Behaviour {
                metadata: json!({ field: inside }),
                ..Behaviour::default()
            })
            .await;
            let server = Protected::start(Guard::by(&provider.issuer)).await;
            let answer = Visitor::person(&server).call().await;
            assert!(is_refused(&answer), "{field} {inside}: {answer:?}");
        }
    }
}

/// Row 45.
#[tokio::test]
async fn redirects_of_documents_and_endpoints_are_not_followed() {
    let canary = Scripted::start(|_| |_: &_| Reply::json(&json!({}))).await;
    let elsewhere = format!("{}/stolen", canary.base);
    let provider = Provider::start(Behaviour::default()).await;
    let target = elsewhere.clone();
    let token =
        Scripted::start(|_| move |_| Reply::status(307).with("location", target.clone())).await;
    let endpoint = format!("{}/token", token.base);
    provider.behaviour.lock().unwrap().metadata = json!({ "token_endpoint": endpoint });
    let server = Protected::start(Guard::by(&provider.issuer)).await;
    let refusal = Visitor::person(&server).call().await.unwrap_err();
    assert!(
        refusal.contains("the token endpoint answered 307"),
        "{refusal}"
    );

    let target = elsewhere.clone();
    let server = Scripted::start(|_| {
        move |seen| match seen.path.as_str() {
            "/mcp" => Reply::status(401),
            _ => Reply::status(302).with("location", target.clone()),
        }
    })
    .await;
    assert!(Visitor::person(&Protected { server }).call().await.is_err());
    assert!(canary.seen().is_empty());
}

/// Row 59 as far as it is ours: nobody fills the memory with metadata.
#[tokio::test]
async fn metadata_without_end_is_refused() {
    let server = Scripted::start(|_| {
        |seen: &crate::scripted::Seen| match seen.path.as_str() {
            "/mcp" => Reply::status(401),
            _ => Reply {
                body: " ".repeat(2 << 20),
                ..Reply::status(200)
            },
        }
    })
    .await;
    let refusal = Visitor::person(&Protected { server })
        .call()
        .await
        .unwrap_err();
    assert!(
        refusal.contains("answered more than 524288 bytes"),
        "{refusal}"
    );
}

/// Row D11: only a server on this machine may send us to this machine.
#[tokio::test]
async fn a_public_server_leads_to_nothing_on_this_machine() {
    let canary = Scripted::start(|_| |_: &_| Reply::json(&json!({}))).await;
    let server = Endpoint::parse("https://mcp.example/mcp").unwrap();
    let authorization = Authorization::new(Settings {
        server: server.clone(),
        grant: Grant::Person(person()),
        issuer: None,
        trusted: Vec::new(),
        proof: ProofUse::WhenOffered,
        store: Arc::new(MemoryStore::default()),
        clock: Fake::new(),
    });
    let challenge = [format!(r#"Bearer resource_metadata="{}/x""#, canary.base)];
    let answer = authorization
        .challenged(&Challenge {
            request: OutgoingFacts {
                method: &http::Method::POST,
                url: server.url(),
            },
            status: http::StatusCode::UNAUTHORIZED,
            www_authenticate: &challenge,
            dpop_nonce: None,
            refusals: 0,
        })
        .await;
    let source = answer.unwrap_err().source.unwrap();
    let cause = source.source().unwrap().to_string();
    assert!(cause.contains("neither public nor trusted"), "{cause}");
    assert!(canary.seen().is_empty());
}
