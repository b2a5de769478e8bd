//! Keys of issuers: fetched, rotated, missing.

use serde_json::{Value, json};
use wharf_wire::oauth::jose::SigningKey;
use wharf_wire::oauth::resource::{
    Issuer, IssuerSettings, KeyLocation, ResourceServer, TokenTypes,
};
use wharf_wire::outbound::Egress;

use crate::clock::BEGIN;
use crate::issuer::{World, outcome, published};
use crate::sign_in::futures_all;

const UNKNOWN: &str = "401 the token is not valid: its issuer has no such key";
const DOWN: &str = "503 tokens cannot be checked: the keys of an issuer are not there";

/// Row 32.
#[tokio::test]
async fn unknown_keys_are_asked_for_once_a_minute_however_many_tokens_name_them() {
    let world = World::start().await;
    let server = world.resource();
    let stranger = SigningKey::generate()
        .with_kid("nope")
        .sign("at+jwt", &world.claims());
    for _ in 0..50 {
        assert_eq!(outcome(&server, &stranger).await, UNKNOWN);
    }
    assert_eq!(world.key_requests(), 1);
    world.clock.pass(61);
    for _ in 0..50 {
        assert_eq!(outcome(&server, &stranger).await, UNKNOWN);
    }
    assert_eq!(world.key_requests(), 2);
}

/// Row 38.
#[tokio::test]
async fn a_new_key_counts_as_soon_as_it_is_published_and_an_old_one_until_it_is_not() {
    let world = World::start().await;
    let server = world.resource();
    assert_eq!(outcome(&server, &world.token(&json!({}))).await, "alice");
    let next = SigningKey::generate().with_kid("k2");
    *world.published.lock().unwrap() = Some(json!({ "keys": [published("k2", &next)] }));
    let life = json!({ "exp": BEGIN + 5000 });
    let signed = next.sign("at+jwt", &world.changed(&life));
    world.clock.pass(61);
    assert_eq!(outcome(&server, &signed).await, "alice");
    assert_eq!(outcome(&server, &world.token(&life)).await, UNKNOWN);
}

/// Row 38.
#[tokio::test]
async fn a_key_that_was_taken_back_is_gone_within_minutes() {
    let world = World::start().await;
    let server = world.resource();
    let token = world.token(&json!({ "exp": BEGIN + 5000 }));
    assert_eq!(outcome(&server, &token).await, "alice");
    *world.published.lock().unwrap() = Some(json!({ "keys": [] }));
    world.clock.pass(599);
    assert_eq!(outcome(&server, &token).await, "alice");
    world.clock.pass(2);
    // One request still sees what is there while it is renewed; none after it does.
    let _ = outcome(&server, &token).await;
    assert_eq!(outcome(&server, &token).await, UNKNOWN);
}

/// Row 38.
#[tokio::test]
async fn without_keys_nobody_is_let_in() {
    let world = World::start().await;
    let server = world.resource();
    let keys = world.published.lock().unwrap().take();
    for _ in 0..10 {
        assert_eq!(outcome(&server, &world.token(&json!({}))).await, DOWN);
    }
    assert_eq!(world.key_requests(), 1, "nobody is stormed");
    *world.published.lock().unwrap() = keys;
    world.clock.pass(6);
    assert_eq!(outcome(&server, &world.token(&json!({}))).await, "alice");
}

/// Row 38.
#[tokio::test]
async fn keys_outlive_their_issuers_absence_for_hours_and_no_longer() {
    let world = World::start().await;
    let server = world.resource();
    let token = world.token(&json!({ "exp": BEGIN + 100_000 }));
    assert_eq!(outcome(&server, &token).await, "alice");
    *world.published.lock().unwrap() = None;
    world.clock.pass(11 * 3600);
    assert_eq!(outcome(&server, &token).await, "alice");
    world.clock.pass(2 * 3600);
    assert_eq!(outcome(&server, &token).await, DOWN);
}

/// Row 38.
#[tokio::test]
async fn a_key_set_without_end_is_not_read() {
    let world = World::start().await;
    let server = world.resource();
    let key = published("k1", &world.key);
    let filler = "x".repeat(1 << 20);
    *world.published.lock().unwrap() = Some(json!({ "keys": [key], "filler": filler }));
    assert_eq!(outcome(&server, &world.token(&json!({}))).await, DOWN);
}

/// RFC 7517, section 5.
#[tokio::test]
async fn keys_that_cannot_be_used_do_not_spoil_those_that_can() {
    let world = World::start().await;
    let server = world.resource();
    let mut private = published("k1", &SigningKey::generate());
    private["d"] = "leaked".into();
    let mut encryption = published("k1", &SigningKey::generate());
    encryption["use"] = "enc".into();
    *world.published.lock().unwrap() = Some(json!({ "keys": [
        Value::Null, 7, {}, { "kty": "oct", "k": "AAAA", "kid": "k1" }, { "kty": "EC", "crv": "P-256" },
        { "kty": "RSA", "n": "!", "e": "AQAB" }, private, encryption, published("k1", &world.key),
    ] }));
    assert_eq!(outcome(&server, &world.token(&json!({}))).await, "alice");
}

#[tokio::test]
async fn keys_are_fetched_once_for_all_who_wait() {
    let world = World::start().await;
    let server = world.resource();
    let token = world.token(&json!({}));
    let answers = futures_all((0..20).map(|_| outcome(&server, &token))).await;
    assert!(
        answers.iter().all(|answer| answer == "alice"),
        "{answers:?}"
    );
    assert_eq!(world.key_requests(), 1);
}

/// Rows D11, 47.
#[tokio::test]
async fn keys_are_fetched_from_no_address_inside() {
    let world = World::start().await;
    let issuer = Issuer::new(IssuerSettings {
        issuer: world.server.base.clone(),
        keys: KeyLocation::Discovered,
        types: TokenTypes::AccessToken,
        algorithms: vec![world.key.algorithm()],
        egress: Egress::new(&[], false),
        clock: world.clock.clone(),
    });
    let mut settings = world.settings();
    settings.issuers = vec![issuer];
    let server = ResourceServer::new(settings).unwrap();
    assert_eq!(outcome(&server, &world.token(&json!({}))).await, DOWN);
    assert!(world.server.seen().is_empty());
}
