//! Signed tokens, one defect at a time.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use wharf_wire::oauth::jose::{Algorithm, SigningKey};
use wharf_wire::oauth::resource::{
    Issuer, IssuerSettings, KeyLocation, ResourceServer, TokenTypes,
};
use wharf_wire::oauth::scope::Scopes;
use wharf_wire::outbound::Egress;

use crate::clock::BEGIN;
use crate::issuer::{RESOURCE, World, bearer, forged, outcome, published, verify};
use crate::scripted::{Reply, Scripted};

/// What becomes of a good token with `changes` laid over its claims.
async fn check(changes: Value, expected: &str) {
    let world = World::start().await;
    let answer = outcome(&world.resource(), &world.token(&changes)).await;
    assert_eq!(answer, expected, "{changes}");
}

#[tokio::test]
async fn a_good_token_says_who_calls() {
    let world = World::start().await;
    let caller = verify(&world.resource(), &bearer(&world.token(&json!({}))))
        .await
        .unwrap();
    assert_eq!(caller.subject, "alice");
    assert_eq!(caller.client_id.as_deref(), Some("agent"));
    assert_eq!(caller.issuer, world.server.base);
    assert_eq!(caller.scopes, Scopes::parse("tools:read tools:call"));
    assert_eq!(caller.expires_at, Some(BEGIN + 300));
    assert_eq!(caller.listed("groups"), ["eng"]);
    assert!(!format!("{caller:?}").contains("eng"));
}

/// Rows A4, 33.
#[tokio::test]
async fn a_token_counts_only_in_its_time() {
    check(json!({ "exp": BEGIN + 1 }), "alice").await;
    check(
        json!({ "exp": BEGIN }),
        "401 the token is not valid: it has ended",
    )
    .await;
    check(
        json!({ "exp": BEGIN - 30 }),
        "401 the token is not valid: it has ended",
    )
    .await;
    check(
        json!({ "exp": null }),
        "401 the token is not valid: it never ends",
    )
    .await;
    check(
        json!({ "exp": 1e18 }),
        "401 the token is not valid: it ends too late to be true",
    )
    .await;
    let claims = "401 the token is not valid: its claims cannot be read";
    check(json!({ "exp": "tomorrow" }), claims).await;
    check(json!({ "nbf": BEGIN + 3 }), "alice").await;
    check(
        json!({ "nbf": BEGIN + 300 }),
        "401 the token is not valid: it does not count yet",
    )
    .await;
    check(
        json!({ "iat": BEGIN + 300 }),
        "401 the token is not valid: it comes from the future",
    )
    .await;
    check(json!({ "iat": null }), "alice").await;
}

/// Rows A4, A5, 34.
#[tokio::test]
async fn a_token_counts_only_for_its_audience() {
    let other = "401 the token is not valid: it is for another server";
    check(json!({ "aud": ["https://x.example", RESOURCE] }), "alice").await;
    check(json!({ "aud": "https://gateway.example/b/mcp" }), other).await;
    check(json!({ "aud": "https://gateway.example" }), other).await;
    check(json!({ "aud": format!("{RESOURCE}/") }), other).await;
    check(json!({ "aud": [] }), other).await;
    check(
        json!({ "aud": null }),
        "401 the token is not valid: it names no audience",
    )
    .await;
}

/// Row A5: another name for a resource is its operator's to give.
#[tokio::test]
async fn further_audiences_count_where_they_are_configured() {
    let world = World::start().await;
    let mut settings = world.settings();
    settings.audiences = vec!["api://gateway".to_owned()];
    let server = ResourceServer::new(settings).unwrap();
    for aud in ["api://gateway", RESOURCE] {
        assert_eq!(
            outcome(&server, &world.token(&json!({ "aud": aud }))).await,
            "alice"
        );
    }
}

/// Rows A4, 35.
#[tokio::test]
async fn a_token_counts_only_from_a_trusted_issuer_byte_for_byte() {
    let world = World::start().await;
    let untrusted = "401 the token is not valid: its issuer is not trusted here";
    let base = &world.server.base;
    for issuer in [
        json!(format!("{base}/")),
        json!(base.to_uppercase()),
        json!("https://x.example"),
        json!(null),
    ] {
        let token = world.token(&json!({ "iss": issuer }));
        assert_eq!(
            outcome(&world.resource(), &token).await,
            untrusted,
            "{issuer}"
        );
    }
}

/// Rows A4, 36.
#[tokio::test]
async fn another_kind_of_token_is_no_access_token() {
    let world = World::start().await;
    let strict = world.resource();
    let mut settings = world.settings();
    settings.issuers = vec![world.issuer(TokenTypes::Untyped)];
    let untyped = ResourceServer::new(settings).unwrap();
    let not = "401 the token is not valid: it is not an access token";
    let identity = "401 the token is not valid: it is an ID token";
    for (typ, changes, by_strict, by_untyped) in [
        ("at+jwt", json!({}), "alice", "alice"),
        ("application/at+JWT", json!({}), "alice", "alice"),
        ("JWT", json!({}), not, "alice"),
        ("JWT", json!({ "nonce": "n" }), not, identity),
        ("JWT", json!({ "at_hash": "h" }), not, identity),
        ("JWT", json!({ "typ": "ID" }), not, not),
        ("JWT", json!({ "typ": "Refresh" }), not, not),
        ("id+jwt", json!({}), not, not),
        ("logout+jwt", json!({}), not, not),
        ("dpop+jwt", json!({}), not, not),
        ("oauth-id-jag+jwt", json!({}), not, not),
    ] {
        let token = world.key.sign(typ, &world.changed(&changes));
        assert_eq!(outcome(&strict, &token).await, by_strict, "{typ} {changes}");
        assert_eq!(
            outcome(&untyped, &token).await,
            by_untyped,
            "{typ} {changes}"
        );
    }
    let bare = world.sign_with_header(&json!({ "alg": "ES256", "kid": "k1" }));
    assert_eq!(
        outcome(&strict, &bare).await,
        "401 the token is not valid: it has no type"
    );
    assert_eq!(outcome(&untyped, &bare).await, "alice");
}

impl World {
    /// A good token under another header, signed all the same.
    fn sign_with_header(&self, header: &Value) -> String {
        let key = signing(&self.key);
        forged(header, &self.claims(), |message| key(message))
    }
}

/// What ring makes of the kept key: the wrapper writes no header but its own.
fn signing(key: &SigningKey) -> impl Fn(&[u8]) -> Vec<u8> + use<> {
    use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
    let der = URL_SAFE_NO_PAD.decode(key.kept().expose()).unwrap();
    let random = ring::rand::SystemRandom::new();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der, &random).unwrap();
    move |message| pair.sign(&random, message).unwrap().as_ref().to_vec()
}

/// Rows A4, 30, 31.
#[tokio::test]
async fn no_token_is_taken_without_a_signature_or_with_a_shared_secret() {
    let world = World::start().await;
    let server = world.resource();
    let refused = "401 the token is not valid: its algorithm is not accepted";
    for alg in [
        "none", "None", "NONE", "nOnE", "", "HS256", "HS384", "HS512", "es256", "ES256K",
        "RSA-OAEP",
    ] {
        let header = json!({ "alg": alg, "typ": "at+jwt", "kid": "k1" });
        let unsigned = forged(&header, &world.claims(), |_| Vec::new());
        assert_eq!(outcome(&server, &unsigned).await, refused, "{alg}");
        // The public key as a secret: what makes confusion of the two dangerous.
        let secret = published("k1", &world.key).to_string();
        let keyed = forged(&header, &world.claims(), |message| {
            let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret.as_bytes());
            ring::hmac::sign(&key, message).as_ref().to_vec()
        });
        assert_eq!(outcome(&server, &keyed).await, refused, "{alg}");
    }
}

/// Rows A4, 32.
#[tokio::test]
async fn a_token_counts_only_as_its_issuer_signed_it() {
    let world = World::start().await;
    let server = world.resource();
    let unsigned = "401 the token is not valid: its issuer did not sign it";
    let other = SigningKey::generate()
        .with_kid("k1")
        .sign("at+jwt", &world.claims());
    assert_eq!(outcome(&server, &other).await, unsigned);

    let good = world.token(&json!({}));
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let (header, _) = signed.split_once('.').unwrap();
    let raised = URL_SAFE_NO_PAD.encode(world.changed(&json!({ "sub": "root" })).to_string());
    assert_eq!(
        outcome(&server, &format!("{header}.{raised}.{signature}")).await,
        unsigned
    );
    assert_eq!(outcome(&server, &format!("{signed}.")).await, unsigned);
    assert_eq!(outcome(&server, &format!("{signed}.AAAA")).await, unsigned);
}

/// Row 37.
#[tokio::test]
async fn an_extension_that_must_be_understood_is_not() {
    let world = World::start().await;
    let refused = "401 the token is not valid: it asks for an extension that is not understood";
    for crit in [
        json!(["exp"]),
        json!(["b64"]),
        json!(["x"]),
        json!([]),
        json!(null),
    ] {
        let header = json!({ "alg": "ES256", "typ": "at+jwt", "kid": "k1", "crit": crit });
        let token = world.sign_with_header(&header);
        assert_eq!(outcome(&world.resource(), &token).await, refused, "{crit}");
    }
}

/// Row 41.
#[tokio::test]
async fn keys_that_a_token_brings_or_points_to_are_never_looked_at() {
    let world = World::start().await;
    let canary = Scripted::start(|_| |_: &_| Reply::status(200)).await;
    let thief = SigningKey::generate();
    let sign = signing(&thief);
    let header = json!({
        "alg": "ES256", "typ": "at+jwt", "kid": "k1",
        "jwk": published("k1", &thief),
        "jku": format!("{}/keys", canary.base),
        "x5u": format!("{}/certificates", canary.base),
        "x5c": ["MIIB"],
    });
    let token = forged(&header, &world.claims(), |message| sign(message));
    let answer = outcome(&world.resource(), &token).await;
    assert_eq!(
        answer,
        "401 the token is not valid: its issuer did not sign it"
    );
    for kid in [
        "../../etc/passwd",
        "file:///etc/passwd",
        "' OR 1=1",
        "k1\0",
        "",
    ] {
        let header = json!({ "alg": "ES256", "typ": "at+jwt", "kid": kid });
        let answer = outcome(&world.resource(), &world.sign_with_header(&header)).await;
        assert_eq!(
            answer,
            "401 the token is not valid: its issuer has no such key"
        );
    }
    assert!(canary.seen().is_empty());
    assert!(
        world
            .server
            .seen()
            .iter()
            .all(|seen| !seen.path.contains("passwd"))
    );
}

/// A claim that stands there twice could be read either way.
#[tokio::test]
async fn a_claim_that_stands_there_twice_makes_no_token() {
    let world = World::start().await;
    let sign = signing(&world.key);
    let text = world.claims().to_string();
    let twice = text.replacen('{', r#"{"sub":"root","#, 1);
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"ES256","typ":"at+jwt","kid":"k1"}"#);
    let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(twice));
    let token = format!(
        "{signed}.{}",
        URL_SAFE_NO_PAD.encode(sign(signed.as_bytes()))
    );
    let answer = outcome(&world.resource(), &token).await;
    assert_eq!(
        answer,
        "401 the token is not valid: its claims cannot be read"
    );
}

#[tokio::test]
async fn what_is_no_token_is_refused_without_a_panic() {
    let world = World::start().await;
    let server = world.resource();
    let long = "a".repeat(20_000);
    for text in [
        "x",
        "..",
        "a.b",
        "a.b.c",
        "a.b.c.d",
        "e30.e30.",
        "e30.e30.e30",
        &format!("{long}.{long}.{long}"),
    ] {
        let answer = outcome(&server, text).await;
        assert!(answer.starts_with("401 "), "{answer}");
    }
}

/// Row 39.
#[tokio::test]
async fn a_clock_that_jumps_refuses_tokens_while_it_is_wrong_and_no_longer() {
    let world = World::start().await;
    let server = world.resource();
    let token = world.token(&json!({}));
    assert_eq!(outcome(&server, &token).await, "alice");
    world.clock.set(BEGIN + 3600);
    assert_eq!(
        outcome(&server, &token).await,
        "401 the token is not valid: it has ended"
    );
    world.clock.set(BEGIN - 3600);
    assert_eq!(
        outcome(&server, &token).await,
        "401 the token is not valid: it comes from the future"
    );
    world.clock.set(BEGIN);
    assert_eq!(outcome(&server, &token).await, "alice");
    assert_eq!(
        world.key_requests(),
        1,
        "keys age by a clock that nobody sets"
    );
}

/// Row 30: what a key could do is not what its issuer does.
#[tokio::test]
async fn an_issuer_signs_only_by_what_it_is_known_for() {
    let world = World::start().await;
    let issuer = Issuer::new(IssuerSettings {
        issuer: world.server.base.clone(),
        keys: KeyLocation::Discovered,
        types: TokenTypes::AccessToken,
        algorithms: vec![Algorithm::Rs256],
        egress: Egress::new(&[], true),
        clock: world.clock.clone(),
    });
    let mut settings = world.settings();
    settings.issuers = vec![issuer];
    let server = ResourceServer::new(settings).unwrap();
    let answer = outcome(&server, &world.token(&json!({}))).await;
    assert_eq!(
        answer,
        "401 the token is not valid: its issuer does not sign like that"
    );
}
