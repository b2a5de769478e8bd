//! Tokens bound to a key of ours (RFC 9449).

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use wharf_wire::oauth::client::{Grant, ProofUse};
use wharf_wire::oauth::jose::{Compact, PublicKey};

use crate::clock::BEGIN;
use crate::provider::{Behaviour, Provider};
use crate::scripted::{Reply, Seen};
use crate::visitor::{Guard, Protected, Visitor, person};

/// The claims of the proof in a request, its signature checked; and its key's thumbprint.
fn proof(seen: &Seen) -> (Value, String) {
    let proof = Compact::parse(seen.header("dpop").unwrap()).unwrap();
    assert_eq!(proof.header.typ.as_deref(), Some("dpop+jwt"));
    let jwk = proof.header.jwk.clone().unwrap();
    let claims = proof.verified(&PublicKey::new(&jwk).unwrap()).unwrap();
    (claims, jwk.thumbprint().unwrap())
}

fn binding() -> Behaviour {
    Behaviour {
        metadata: json!({ "dpop_signing_alg_values_supported": ["ES256"] }),
        token: |_, count| {
            Some(Reply::json(&json!({
                "access_token": format!("bound-{count}"), "token_type": "DPoP", "expires_in": 3600,
                "refresh_token": "r",
            })))
        },
        ..Behaviour::default()
    }
}

/// Row F: DPoP.
#[tokio::test]
async fn every_request_carries_a_fresh_proof_of_its_own() {
    let provider = Provider::start(binding()).await;
    let server = Protected::start(Guard::by(&provider.issuer)).await;
    let visitor = Visitor::person(&server);
    assert_eq!(visitor.call().await, Ok(200));
    assert_eq!(visitor.call().await, Ok(200));

    let (claims, thumbprint) = proof(&provider.token_requests()[0]);
    assert_eq!(claims["htm"], "POST");
    assert_eq!(claims["htu"], format!("{}/token", provider.issuer));
    assert_eq!(claims["iat"], BEGIN);
    assert!(claims.get("ath").is_none());
    let promised = provider.authorize_requests()[0].parameter("dpop_jkt");
    assert_eq!(promised.as_deref(), Some(thumbprint.as_str()));

    let mut names = HashSet::new();
    for seen in &server.server.asked("/mcp")[1..] {
        assert_eq!(seen.header("authorization"), Some("DPoP bound-1"));
        let (claims, same) = proof(seen);
        assert_eq!(same, thumbprint);
        assert_eq!(claims["htu"], server.url().as_str());
        assert_eq!(
            claims["ath"],
            URL_SAFE_NO_PAD.encode(Sha256::digest("bound-1"))
        );
        assert!(names.insert(claims["jti"].as_str().unwrap().to_owned()));
    }
    assert_eq!(names.len(), 2);
}

/// Row F: DPoP with nonces.
#[tokio::test]
async fn nonces_are_sent_back_to_whoever_asked_for_them() {
    let provider = Provider::start(Behaviour {
        token: |seen, count| {
            let (claims, _) = proof(seen);
            Some(
                if claims.get("nonce").and_then(Value::as_str) == Some("as-nonce") {
                    Reply::json(
                        &json!({ "access_token": format!("bound-{count}"), "token_type": "DPoP" }),
                    )
                } else {
                    Reply::status(400)
                        .with("dpop-nonce", "as-nonce")
                        .saying(&json!({ "error": "use_dpop_nonce" }))
                },
            )
        },
        ..binding()
    })
    .await;
    let server = Protected::start(Guard {
        admits: |seen, _| {
            if seen.header("authorization").is_none() {
                return Err(Reply::status(401));
            }
            let (claims, _) = proof(seen);
            match claims.get("nonce").and_then(Value::as_str) {
                Some("rs-nonce") => Ok(()),
                _ => Err(Reply::status(401)
                    .with("dpop-nonce", "rs-nonce")
                    .with("www-authenticate", r#"DPoP error="use_dpop_nonce""#)),
            }
        },
        ..Guard::by(&provider.issuer)
    })
    .await;
    let visitor = Visitor::person(&server);
    assert_eq!(visitor.call().await, Ok(200));
    assert_eq!(visitor.call().await, Ok(200));
    assert_eq!(provider.token_requests().len(), 2);
    assert_eq!(provider.authorize_requests().len(), 1);
    assert_eq!(
        server.shown().len(),
        4,
        "once without, once to learn, then each at once"
    );
}

#[tokio::test]
async fn a_server_that_asks_for_nonces_without_end_is_given_up() {
    let provider = Provider::start(binding()).await;
    let server = Protected::start(Guard {
        admits: |seen, count| {
            if seen.header("authorization").is_none() {
                return Err(Reply::status(401));
            }
            Err(Reply::status(401)
                .with("dpop-nonce", format!("n{count}"))
                .with("www-authenticate", r#"DPoP error="use_dpop_nonce""#))
        },
        ..Guard::by(&provider.issuer)
    })
    .await;
    assert_eq!(Visitor::person(&server).call().await, Ok(401));
    assert_eq!(provider.authorize_requests().len(), 1);
}

/// A server whose only challenge is DPoP wants a bound token, whatever its issuer publishes.
#[tokio::test]
async fn a_challenge_for_bound_tokens_alone_is_enough_to_bind() {
    let provider = Provider::start(Behaviour {
        metadata: json!({}),
        ..binding()
    })
    .await;
    let server = Protected::start(Guard {
        challenge: r#"DPoP resource_metadata="{base}/.well-known/oauth-protected-resource/mcp""#,
        ..Guard::by(&provider.issuer)
    })
    .await;
    assert_eq!(Visitor::person(&server).call().await, Ok(200));
    assert_eq!(server.shown()[1].as_deref(), Some("DPoP bound-1"));
}

#[tokio::test]
async fn an_issuer_that_binds_nothing_is_good_enough_unless_binding_is_demanded() {
    for (proof, good) in [
        (ProofUse::WhenOffered, true),
        (ProofUse::Never, true),
        (ProofUse::Always, false),
    ] {
        let provider = Provider::start(Behaviour {
            token: |_, _| None,
            ..binding()
        })
        .await;
        let server = Protected::start(Guard::by(&provider.issuer)).await;
        let visitor = Visitor::with(&server, Grant::Person(person()), |settings| {
            settings.proof = proof;
        });
        let answer = visitor.call().await;
        assert_eq!(answer.is_ok(), good, "{answer:?}");
        let proven = provider.token_requests()[0].header("dpop").is_some();
        assert_eq!(proven, proof != ProofUse::Never);
    }
}

#[tokio::test]
async fn tokens_kept_from_before_keep_their_key() {
    let provider = Provider::start(binding()).await;
    let server = Protected::start(Guard::by(&provider.issuer)).await;
    let first = Visitor::person(&server);
    assert_eq!(first.call().await, Ok(200));
    let second = Visitor::with(&server, Grant::Person(person()), |settings| {
        settings.store = first.store.clone();
    });
    assert_eq!(second.call().await, Ok(200));
    let asked = server.server.asked("/mcp");
    assert_eq!(proof(&asked[1]).1, proof(&asked[2]).1);
    assert_eq!(provider.authorize_requests().len(), 1);
}
