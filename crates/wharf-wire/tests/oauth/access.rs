//! What a request must carry, what it may do, and how a refusal is told.

use std::sync::Arc;

use expect_test::{Expect, expect};
use http::HeaderMap;
use serde_json::json;
use wharf_wire::oauth::challenge::Challenge;
use wharf_wire::oauth::resource::{ProofPolicy, ResourceServer};
use wharf_wire::oauth::scope::{Hierarchy, Scopes};

use crate::issuer::{World, bearer, verify, with};

/// What becomes of a request with `headers`: its subject, or status, code and reason.
async fn outcome(server: &ResourceServer, headers: &HeaderMap) -> String {
    match verify(server, headers).await {
        Ok(caller) => caller.subject,
        Err(rejection) => {
            let challenges = Challenge::parse_all(&rejection.challenges.join(", "));
            let code = challenges
                .first()
                .and_then(|one| one.parameter("error"))
                .unwrap_or("-");
            format!("{} {code}: {}", rejection.status.as_u16(), rejection.reason)
        }
    }
}

/// Rows A6, A7.
#[tokio::test]
async fn every_way_to_show_a_credential_has_its_status() {
    let world = World::start().await;
    let server = world.resource();
    let token = world.token(&json!({}));
    let good = format!("Bearer {token}");
    let missing = "401 -: the request carries no token";
    let twice = "400 invalid_request: the request is malformed: a credential stands there twice";
    let unwritten =
        "400 invalid_request: the request is malformed: no token can be written like that";
    for (headers, expected) in [
        (with(&[("authorization", &good)]), "alice"),
        (
            with(&[("authorization", &good.replace("Bearer", "bEARER"))]),
            "alice",
        ),
        (with(&[]), missing),
        (with(&[("authorization", "")]), missing),
        (with(&[("authorization", "Basic YTpi")]), missing),
        (with(&[("authorization", &token)]), missing),
        (
            with(&[("x-access-token", &token), ("cookie", &token)]),
            missing,
        ),
        (with(&[("authorization", "Bearer")]), unwritten),
        (with(&[("authorization", "Bearer ")]), unwritten),
        (with(&[("authorization", "Bearer a b")]), unwritten),
        (with(&[("authorization", "Bearer \"a\"")]), unwritten),
        (
            with(&[("authorization", &good), ("authorization", &good)]),
            twice,
        ),
        (
            with(&[("authorization", "Basic x"), ("authorization", &good)]),
            twice,
        ),
        (
            with(&[("authorization", "Bearer wrong")]),
            "401 invalid_token: the token is not valid: it is no signed token",
        ),
    ] {
        assert_eq!(outcome(&server, &headers).await, expected);
    }
}

/// Row A6.
#[tokio::test]
async fn a_token_in_the_address_is_none() {
    use wharf_wire::oauth::resource::{Presented, Verifier as _};

    let world = World::start().await;
    let url = format!(
        "https://gateway.example/a/mcp?access_token={}",
        world.token(&json!({}))
    );
    let presented = Presented {
        method: &http::Method::POST,
        url: &url.parse().unwrap(),
        headers: &HeaderMap::new(),
    };
    assert!(!format!("{presented:?}").contains("access_token"));
    let rejection = world.resource().verify(presented).await.unwrap_err();
    assert_eq!(rejection.status, 401);
}

/// The challenges of a server that needs `mcp`, where a request with `token` needs `needed` too.
async fn challenges(proof: ProofPolicy, scope: Option<&str>, needed: &str) -> String {
    let world = World::start().await;
    let mut settings = world.settings();
    settings.required = Scopes::parse("mcp");
    settings.proof = proof;
    let server = ResourceServer::new(settings).unwrap();
    let headers = match scope {
        Some(scope) => bearer(&world.token(&json!({ "scope": scope }))),
        None => HeaderMap::new(),
    };
    let rejection = match verify(&server, &headers).await {
        Ok(caller) => server.demand(&caller, &Scopes::parse(needed)).unwrap_err(),
        Err(rejection) => rejection,
    };
    let sent = rejection.headers();
    assert_eq!(sent.len(), rejection.challenges.len());
    format!("{}\n{}", rejection.status, rejection.challenges.join("\n"))
}

#[track_caller]
fn check(said: &str, expected: Expect) {
    expected.assert_eq(said);
}

/// Rows A3, A7.
#[tokio::test]
async fn a_request_without_a_token_is_told_where_tokens_come_from() {
    check(
        &challenges(ProofPolicy::Refused, None, "").await,
        expect![[r#"
            401 Unauthorized
            Bearer resource_metadata="https://gateway.example/.well-known/oauth-protected-resource/a/mcp", scope="mcp""#]],
    );
    check(
        &challenges(ProofPolicy::Required, None, "").await,
        expect![[r#"
            401 Unauthorized
            DPoP resource_metadata="https://gateway.example/.well-known/oauth-protected-resource/a/mcp", scope="mcp", algs="ES256 ES384 RS256 RS384 RS512 PS256 PS384 PS512 EdDSA""#]],
    );
}

/// Row A8.
#[tokio::test]
async fn a_token_that_does_not_reach_far_enough_is_told_all_that_is_missing_at_once() {
    check(
        &challenges(ProofPolicy::Refused, Some("mcp"), "files:read files:write").await,
        expect![[r#"
            403 Forbidden
            Bearer resource_metadata="https://gateway.example/.well-known/oauth-protected-resource/a/mcp", scope="files:read files:write", error="insufficient_scope""#]],
    );
    check(
        &challenges(ProofPolicy::Refused, Some("other"), "").await,
        expect![[r#"
            403 Forbidden
            Bearer resource_metadata="https://gateway.example/.well-known/oauth-protected-resource/a/mcp", scope="mcp", error="insufficient_scope""#]],
    );
}

/// Whoever is an admin may do all; whoever writes may read.
#[derive(Debug)]
struct Ranks;

impl Hierarchy for Ranks {
    fn implies(&self, held: &str, needed: &str) -> bool {
        held == "admin" || (held == "files:write" && needed == "files:read")
    }
}

/// Row A9.
#[tokio::test]
async fn a_broader_scope_stands_for_a_narrower_one() {
    let world = World::start().await;
    let mut settings = world.settings();
    settings.hierarchy = Arc::new(Ranks);
    let server = ResourceServer::new(settings).unwrap();
    for (held, needed, expected) in [
        (json!("admin"), "tools:read", true),
        (json!("files:write"), "files:read", true),
        (json!("files:read"), "files:write", false),
        (
            json!(["files:write", "tools:read"]),
            "files:read tools:read",
            true,
        ),
        (json!(null), "tools:read", false),
        (json!(""), "", true),
    ] {
        let token = world.token(&json!({ "scope": held }));
        let caller = verify(&server, &bearer(&token)).await.unwrap();
        assert_eq!(
            server.demand(&caller, &Scopes::parse(needed)).is_ok(),
            expected,
            "{held} {needed}"
        );
    }
}

/// The claim that some issuers use in place of `scope`.
#[tokio::test]
async fn scopes_may_stand_in_scp_as_words_or_as_a_list() {
    let world = World::start().await;
    for scp in [json!("a b"), json!(["a", "b"])] {
        let token = world.token(&json!({ "scope": null, "scp": scp }));
        let caller = verify(&world.resource(), &bearer(&token)).await.unwrap();
        assert_eq!(caller.scopes, Scopes::parse("a b"));
    }
}
