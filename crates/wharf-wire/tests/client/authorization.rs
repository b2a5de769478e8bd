//! Servers that ask who we are.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use expect_test::{Expect, expect};
use http::{HeaderName, HeaderValue};
use wharf_protocol::port::BoxFuture;
use wharf_wire::client::{AuthorizeError, Authorizer, Challenge, OutgoingFacts, Verdict};

use crate::peer::{Asked, Peer, Said, call, said};

/// Shows a key that changes with every challenge, until it has given up.
struct Keys {
    turned: AtomicUsize,
    most: usize,
}

impl Authorizer for Keys {
    fn headers<'a>(
        &'a self,
        _: &'a OutgoingFacts<'a>,
    ) -> BoxFuture<'a, Result<Vec<(HeaderName, HeaderValue)>, AuthorizeError>> {
        let key = format!("Bearer {}", self.turned.load(Ordering::SeqCst));
        let key = HeaderValue::try_from(key).expect("plain ASCII");
        let name = HeaderName::from_static("authorization");
        Box::pin(std::future::ready(Ok(vec![(name, key)])))
    }

    fn challenged<'a>(
        &'a self,
        challenge: &'a Challenge<'a>,
    ) -> BoxFuture<'a, Result<Verdict, AuthorizeError>> {
        assert_eq!(challenge.www_authenticate, ["Bearer realm=\"x\""]);
        assert_eq!(challenge.dpop_nonce, Some("n"));
        let turned = self.turned.fetch_add(1, Ordering::SeqCst);
        let verdict = if turned < self.most {
            Verdict::Retry
        } else {
            Verdict::GiveUp
        };
        Box::pin(std::future::ready(Ok(verdict)))
    }
}

/// Calls a tool with keys that turn at most so often, where the server takes the key `taken`.
async fn check(most: usize, taken: &'static str, status: u16, expected: Expect) {
    let challenge = "www-authenticate: Bearer realm=\"x\"\r\ndpop-nonce: n";
    let answer = move |asked: &Asked| -> Said {
        match asked.header("authorization") {
            Some(key) if key == taken => asked.result("{}"),
            _ => said(status, challenge, ""),
        }
    };
    let peer = Peer::modern(answer).await;
    let keys = Arc::new(Keys {
        turned: AtomicUsize::new(0),
        most,
    });
    let client = peer
        .connect(|settings| settings.authorizer = Some(keys))
        .await
        .expect("a connection");
    let outcome = call(&client, "t").await;
    let attempts = peer.asked("tools/call").len();
    expected.assert_eq(&format!("{outcome}, {attempts} attempts"));
}

#[tokio::test]
async fn a_challenge_that_can_be_met_is_met() {
    check(9, "Bearer 2", 401, expect!["{}, 3 attempts"]).await;
    check(9, "Bearer 1", 403, expect!["{}, 2 attempts"]).await;
}

#[tokio::test]
async fn a_challenge_that_cannot_is_an_error_that_names_no_key() {
    check(
        1,
        "never",
        401,
        expect!["error: the server wants to know who asks (401 Unauthorized), 2 attempts"],
    )
    .await;
}

#[tokio::test]
async fn a_server_that_is_never_satisfied_is_left() {
    check(
        99,
        "never",
        401,
        expect!["error: the server wants to know who asks (401 Unauthorized), 4 attempts"],
    )
    .await;
}
