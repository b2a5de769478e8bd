//! Sealed states: what a client carries for us.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use wharf_protocol::method::Method;
use wharf_protocol::port::{Exchange, Request};
use wharf_protocol::revision::Revision;

use wharf_wire::owner::Owner;
use wharf_wire::seal::{Context, SpentHere, StateKey, StateKeys, Unopened};

const LIFETIME: Duration = Duration::from_mins(10);
const STATE: &[u8] = br#"{"kept":{"paid":true}}"#;

fn noon() -> SystemTime {
    UNIX_EPOCH + Duration::from_hours(500_000)
}

fn key(name: u8) -> StateKey {
    StateKey::new([name; 4], &[name; 32])
}

fn keys() -> StateKeys {
    StateKeys::new(key(1), Vec::new(), LIFETIME)
}

fn context(principal: &str, method: Method, params: Value) -> Context {
    let request = Request::new(method, &params).expect("the test's own JSON");
    let mut exchange = Exchange::in_process(Revision::LATEST);
    exchange.principal = Some(principal.into());
    Context::of(&request, Owner::of(&exchange))
}

/// A call of `pay` by Alice.
fn alices() -> Context {
    context(
        "alice",
        Method::TOOLS_CALL,
        json!({ "name": "pay", "arguments": { "amount": 7 } }),
    )
}

fn sealed() -> String {
    keys()
        .seal(STATE, &alices(), noon())
        .expect("there is a key")
}

async fn open(sealed: &str, context: &Context) -> Result<Vec<u8>, Unopened> {
    keys().open(sealed, context, noon()).await
}

#[tokio::test]
async fn what_was_sealed_opens_for_the_same_caller_and_request() {
    assert_eq!(open(&sealed(), &alices()).await, Ok(STATE.to_vec()));
    assert!(!sealed().contains("paid"), "the client cannot read it");
}

/// RULES C1.
#[tokio::test]
async fn no_bit_can_be_flipped_and_no_byte_cut_off_or_added() {
    let sealed = URL_SAFE_NO_PAD.decode(sealed()).expect("Base64");
    for bit in 0..sealed.len() * 8 {
        let mut forged = sealed.clone();
        forged[bit / 8] ^= 1 << (bit % 8);
        let opened = open(&URL_SAFE_NO_PAD.encode(forged), &alices()).await;
        assert_eq!(opened, Err(Unopened::Invalid), "bit {bit}");
    }
    for length in 0..sealed.len() {
        let opened = open(&URL_SAFE_NO_PAD.encode(&sealed[..length]), &alices()).await;
        assert_eq!(opened, Err(Unopened::Invalid), "{length} bytes");
    }
    let longer = [sealed, vec![0]].concat();
    let opened = open(&URL_SAFE_NO_PAD.encode(longer), &alices()).await;
    assert_eq!(opened, Err(Unopened::Invalid));
}

/// RULES C1: text that was never a seal.
#[tokio::test]
async fn text_that_is_no_seal_is_refused() {
    for text in [
        "",
        "state",
        "é",
        &format!("{}-TAMPERED", sealed()),
        &format!("{}=", sealed()),
    ] {
        assert_eq!(
            open(text, &alices()).await,
            Err(Unopened::Invalid),
            "{text}"
        );
    }
}

/// RULES C1: a key id of another key.
#[tokio::test]
async fn a_former_key_opens_and_an_unknown_one_does_not() {
    let rotated = StateKeys::new(key(2), vec![key(1)], LIFETIME);
    let opened = rotated.open(&sealed(), &alices(), noon()).await;
    assert_eq!(opened, Ok(STATE.to_vec()));
    let newer = rotated
        .seal(STATE, &alices(), noon())
        .expect("there is a key");
    assert_eq!(open(&newer, &alices()).await, Err(Unopened::Invalid));
    let dropped = StateKeys::new(key(2), Vec::new(), LIFETIME);
    let opened = dropped.open(&sealed(), &alices(), noon()).await;
    assert_eq!(opened, Err(Unopened::Invalid));
}

/// RULES C2 and C5.
#[tokio::test]
async fn another_caller_tool_argument_or_method_opens_nothing() {
    let pay = json!({ "name": "pay", "arguments": { "amount": 7 } });
    let more = json!({ "name": "pay", "arguments": { "amount": 70 } });
    let other = json!({ "name": "refund", "arguments": { "amount": 7 } });
    for context in [
        context("bob", Method::TOOLS_CALL, pay.clone()),
        context("alice", Method::TOOLS_CALL, other),
        context("alice", Method::TOOLS_CALL, more),
        context("alice", Method::PROMPTS_GET, pay),
    ] {
        assert_eq!(open(&sealed(), &context).await, Err(Unopened::Invalid));
    }
}

#[tokio::test]
async fn what_differs_from_round_to_round_does_not_count() {
    let retried = context(
        "alice",
        Method::TOOLS_CALL,
        json!({
            "_meta": { "progressToken": 2 },
            "requestState": "x",
            "inputResponses": {},
            "arguments": { "amount": 7 },
            "name": "pay",
        }),
    );
    assert_eq!(open(&sealed(), &retried).await, Ok(STATE.to_vec()));
}

/// RULES C2.
#[tokio::test]
async fn nothing_opens_after_its_lifetime() {
    let at = |later| async move { keys().open(&sealed(), &alices(), noon() + later).await };
    assert!(
        at(LIFETIME
            .checked_sub(Duration::from_secs(1))
            .expect("positive"))
        .await
        .is_ok()
    );
    assert_eq!(at(LIFETIME).await, Err(Unopened::Expired));
}

/// RULES C2.
#[tokio::test]
async fn a_state_for_one_use_opens_once() {
    let keys = StateKeys::new(key(1), Vec::new(), LIFETIME);
    let keys = keys.with_single_use(Arc::new(SpentHere::new(1)));
    let now = SystemTime::now();
    let sealed = |state: &[u8]| keys.seal(state, &alices(), now).expect("there is a key");
    let (first, second) = (sealed(b"1"), sealed(b"2"));
    assert_eq!(keys.open(&first, &alices(), now).await, Ok(b"1".to_vec()));
    assert_eq!(
        keys.open(&first, &alices(), now).await,
        Err(Unopened::Spent)
    );
    let beyond = keys.open(&second, &alices(), now).await;
    assert_eq!(
        beyond,
        Err(Unopened::Spent),
        "what cannot be remembered is refused"
    );
}

/// RULES C8: the link of a URL elicitation, opened by somebody else.
#[tokio::test]
async fn what_alice_began_bob_cannot_finish() {
    let context = |who: &str| {
        let mut exchange = Exchange::in_process(Revision::LATEST);
        exchange.principal = Some(who.into());
        Context::named("sign in to the bank", Owner::of(&exchange))
    };
    let link = keys()
        .seal(b"", &context("alice"), noon())
        .expect("there is a key");
    assert!(open(&link, &context("alice")).await.is_ok());
    assert_eq!(open(&link, &context("bob")).await, Err(Unopened::Invalid));
}

#[test]
fn a_state_that_is_too_large_to_carry_is_not_sealed() {
    let refused = keys().seal(&vec![0; 65 << 10], &alices(), noon());
    assert_eq!(refused.map_err(|error| error.code), Err(-32603));
}
