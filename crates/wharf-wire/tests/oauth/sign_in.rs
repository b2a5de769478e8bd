//! A person signs in.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use wharf_wire::oauth::client::{Authentication, Credentials, Grant};
use wharf_wire::oauth::secret::Secret;

use crate::provider::{Behaviour, Provider, refuse};
use crate::scripted::{Reply, Seen};
use crate::visitor::{Guard, Protected, Visitor, person};

async fn world(behaviour: Behaviour) -> (Provider, Protected, Visitor) {
    let provider = Provider::start(behaviour).await;
    let server = Protected::start(Guard::by(&provider.issuer)).await;
    let visitor = Visitor::person(&server);
    (provider, server, visitor)
}

#[tokio::test]
async fn a_refused_request_is_let_in_after_one_sign_in() {
    let (provider, server, visitor) = world(Behaviour::default()).await;
    assert_eq!(visitor.call().await, Ok(200));
    assert_eq!(visitor.call().await, Ok(200));
    let token = Some("Bearer token-1".to_owned());
    assert_eq!(server.shown(), [None, token.clone(), token]);
    assert_eq!(provider.authorize_requests().len(), 1);
}

/// Row D3.
#[tokio::test]
async fn the_code_is_redeemed_with_the_verifier_of_its_challenge() {
    let (provider, _server, visitor) = world(Behaviour::default()).await;
    assert_eq!(visitor.call().await, Ok(200));
    let asked = &provider.authorize_requests()[0];
    assert_eq!(
        asked.parameter("code_challenge_method").as_deref(),
        Some("S256")
    );
    let verifier = provider.token_requests()[0]
        .parameter("code_verifier")
        .unwrap();
    assert!((43..=128).contains(&verifier.len()));
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
    assert_eq!(asked.parameter("code_challenge"), Some(challenge));
}

/// Row D3.
#[tokio::test]
async fn nobody_signs_in_where_pkce_is_not_promised() {
    for methods in [json!(null), json!([]), json!(["plain"])] {
        let (provider, _server, visitor) = world(Behaviour {
            metadata: json!({ "code_challenge_methods_supported": methods }),
            ..Behaviour::default()
        })
        .await;
        let refusal = visitor.call().await.unwrap_err();
        assert!(
            refusal.contains("does not say that it supports PKCE with S256"),
            "{refusal}"
        );
        assert_eq!(
            provider.server.seen().len(),
            1,
            "metadata is all that is asked for"
        );
    }
}

/// Row D4.
#[tokio::test]
async fn the_resource_is_named_to_both_endpoints() {
    let (provider, server, visitor) = world(Behaviour::default()).await;
    assert_eq!(visitor.call().await, Ok(200));
    let expected = Some(server.url().to_string());
    assert_eq!(
        provider.authorize_requests()[0].parameter("resource"),
        expected
    );
    assert_eq!(provider.token_requests()[0].parameter("resource"), expected);
}

/// Row D5: all rows of the table, and what must not be normalised away.
#[tokio::test]
async fn a_code_from_another_issuer_never_reaches_a_token_endpoint() {
    type Change = fn(&mut Vec<(String, String)>);
    fn iss(pairs: &mut [(String, String)]) -> &mut String {
        &mut pairs.iter_mut().find(|(name, _)| name == "iss").unwrap().1
    }
    let absent: Change = |pairs| pairs.retain(|(name, _)| name != "iss");
    let slash: Change = |pairs| iss(pairs).push('/');
    let wrong: Change = |pairs| *iss(pairs) = "https://evil.example".to_owned();
    let upper: Change = |pairs| *iss(pairs) = iss(pairs).to_uppercase();
    let twice: Change = |pairs| pairs.push(("iss".to_owned(), "https://evil.example".to_owned()));
    for (promised, redirected, good) in [
        (json!(true), (|_| {}) as Change, true),
        (json!(true), absent, false),
        (json!(true), slash, false),
        (json!(true), wrong, false),
        (json!(false), absent, true),
        (json!(null), absent, true),
        (json!(null), (|_| {}) as Change, true),
        (json!(false), wrong, false),
        (json!(null), slash, false),
        (json!(null), upper, false),
        (json!(null), twice, false),
    ] {
        let (provider, _server, visitor) = world(Behaviour {
            metadata: json!({ "authorization_response_iss_parameter_supported": promised }),
            redirected,
            ..Behaviour::default()
        })
        .await;
        assert_eq!(visitor.call().await.is_ok(), good, "{promised}");
        assert_eq!(
            provider.token_requests().len(),
            usize::from(good),
            "{promised}"
        );
    }
}

/// Row D5.
#[tokio::test]
async fn an_error_is_told_as_its_code_and_only_if_it_is_the_issuers() {
    let (_provider, _server, visitor) = world(Behaviour {
        redirected: |pairs| {
            pairs.push(("error".to_owned(), "access_denied".to_owned()));
            pairs.push(("error_description".to_owned(), "call 555".to_owned()));
        },
        ..Behaviour::default()
    })
    .await;
    let refusal = visitor.call().await.unwrap_err();
    assert!(
        refusal.ends_with("refused the sign-in: access_denied"),
        "{refusal}"
    );

    let (_provider, _server, visitor) = world(Behaviour {
        redirected: |pairs| {
            pairs.retain(|(name, _)| name != "iss");
            pairs.push(("error".to_owned(), "call_555".to_owned()));
        },
        ..Behaviour::default()
    })
    .await;
    let refusal = visitor.call().await.unwrap_err();
    assert!(!refusal.contains("555"), "{refusal}");
}

/// Row D10.
#[tokio::test]
async fn dangerous_pages_are_never_opened() {
    for page in [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "vbscript:x",
        "ftp://as.example/",
        "http://as.example/authorize",
        "http://10.0.0.5/authorize",
        "https://user:password@as.example/",
        "https://as.example@evil.example/",
        "https://as.example/#fragment",
        "ms-settings:display",
        "//as.example/authorize",
        "-h",
        "",
    ] {
        let (provider, _server, visitor) = world(Behaviour {
            metadata: json!({ "authorization_endpoint": page }),
            ..Behaviour::default()
        })
        .await;
        let refusal = visitor.call().await.unwrap_err();
        assert!(
            refusal.contains("is no address to be called"),
            "{page}: {refusal}"
        );
        assert!(provider.token_requests().is_empty());
    }
}

/// What is sent to a token endpoint: `Authorization`, and the secret in the form.
async fn shown_secret(methods: Value) -> (Option<String>, Option<String>) {
    let provider = Provider::start(Behaviour {
        metadata: json!({ "token_endpoint_auth_methods_supported": methods }),
        ..Behaviour::default()
    })
    .await;
    let server = Protected::start(Guard::by(&provider.issuer)).await;
    let mut person = person();
    person.credentials = Some(Credentials {
        issuer: Some(provider.issuer.clone()),
        client_id: "the client".to_owned(),
        authentication: Authentication::Secret(Secret::new("p:w+d")),
    });
    assert_eq!(
        Visitor::new(&server, Grant::Person(person)).call().await,
        Ok(200)
    );
    let asked = &provider.token_requests()[0];
    let header = asked.header("authorization").map(ToOwned::to_owned);
    (header, asked.parameter("client_secret"))
}

#[tokio::test]
async fn a_secret_is_shown_the_way_that_the_issuer_supports() {
    // Both halves form-encoded (RFC 6749, section 2.3.1).
    let basic = Some(format!("Basic {}", STANDARD.encode("the+client:p%3Aw%2Bd")));
    let post = Some("p:w+d".to_owned());
    assert_eq!(
        shown_secret(json!(["client_secret_basic"])).await,
        (basic.clone(), None)
    );
    assert_eq!(shown_secret(json!(null)).await, (basic, None));
    assert_eq!(
        shown_secret(json!(["client_secret_post"])).await,
        (None, post)
    );
    assert_eq!(shown_secret(json!(["none"])).await, (None, None));
}

/// Row D9.
#[tokio::test]
async fn a_token_is_shown_to_its_own_server_alone() {
    let (_provider, _server, visitor) = world(Behaviour::default()).await;
    assert_eq!(visitor.call().await, Ok(200));
    let provider = Provider::start(Behaviour::default()).await;
    let other = Protected::start(Guard::by(&provider.issuer)).await;
    assert_eq!(visitor.call_at(&other.url()).await, Ok(401));
    assert_eq!(other.shown(), [None]);
    assert!(provider.server.seen().is_empty());
}

/// Row A6 from the other side: nothing secret is ever in an address.
#[tokio::test]
async fn no_token_is_ever_in_an_address() {
    let (provider, server, visitor) = world(Behaviour::default()).await;
    assert_eq!(visitor.call().await, Ok(200));
    let all: Vec<Seen> = [provider.server.seen(), server.server.seen()].concat();
    assert!(all.iter().all(|seen| !seen.query.contains("token")));
}

#[tokio::test]
async fn a_token_of_an_unknown_type_is_not_used() {
    let types: [fn(&Seen, usize) -> Option<Reply>; 4] = [
        |_, _| Some(typed(json!("mac"))),
        |_, _| Some(typed(json!("N_A"))),
        |_, _| Some(typed(json!("DPoP"))),
        |_, _| Some(typed(json!(null))),
    ];
    for token in types {
        let (_provider, server, visitor) = world(Behaviour {
            token,
            ..Behaviour::default()
        })
        .await;
        let refusal = visitor.call().await.unwrap_err();
        assert!(refusal.contains("issued no token"), "{refusal}");
        assert_eq!(server.shown(), [None]);
    }
}

fn typed(token_type: Value) -> Reply {
    Reply::json(&json!({ "access_token": "odd", "token_type": token_type }))
}

#[tokio::test]
async fn a_token_that_would_end_its_header_is_not_used() {
    let (_provider, server, visitor) = world(Behaviour {
        token: |_, _| {
            let body = json!({ "access_token": "a\r\nX: y", "token_type": "Bearer" });
            Some(Reply::json(&body))
        },
        ..Behaviour::default()
    })
    .await;
    let refusal = visitor.call().await.unwrap_err();
    assert!(refusal.contains("no header can carry it"), "{refusal}");
    assert_eq!(server.shown(), [None]);
}

/// The end of the loop: a person is not asked a second time.
#[tokio::test]
async fn a_person_who_was_refused_is_not_asked_again_until_somebody_says_so() {
    let (provider, _server, visitor) = world(Behaviour {
        token: |_, _| Some(refuse("invalid_client")),
        ..Behaviour::default()
    })
    .await;
    let first = visitor.call().await.unwrap_err();
    assert!(
        first.contains("the token endpoint answered 400: invalid_client"),
        "{first}"
    );
    let second = visitor.call().await.unwrap_err();
    assert!(second.contains("needs a new sign-in"), "{second}");
    assert!(visitor.authorization.needs_sign_in().is_some());
    assert_eq!(provider.authorize_requests().len(), 1);

    provider.behaviour.lock().unwrap().token = |_, _| None;
    visitor.authorization.allow_sign_in().await;
    assert_eq!(visitor.call().await, Ok(200));
}

#[tokio::test]
async fn a_server_that_refuses_every_token_ends_in_needing_a_sign_in() {
    let provider = Provider::start(Behaviour::default()).await;
    let server = Protected::start(Guard {
        admits: |_, _| Err(Reply::status(401)),
        ..Guard::by(&provider.issuer)
    })
    .await;
    let visitor = Visitor::person(&server);
    let mut last = Ok(0);
    for _ in 0..5 {
        last = visitor.call().await;
    }
    let refusal = last.unwrap_err();
    assert!(refusal.contains("refuses every token"), "{refusal}");
    assert!(provider.authorize_requests().len() <= 3);
    assert!(server.shown().len() <= 6);
}

#[tokio::test]
async fn requests_that_are_refused_together_share_one_sign_in() {
    let (provider, _server, visitor) = world(Behaviour::default()).await;
    let calls = (0..8).map(|_| visitor.call());
    let statuses = futures_all(calls).await;
    assert!(
        statuses.iter().all(|status| *status == Ok(200)),
        "{statuses:?}"
    );
    assert_eq!(provider.authorize_requests().len(), 1);
    assert_eq!(provider.token_requests().len(), 1);
}

/// All of them at once, on this task.
pub(crate) async fn futures_all<F: Future>(all: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut all: Vec<_> = all.map(Box::pin).collect();
    let mut done: Vec<Option<F::Output>> = all.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        for (future, done) in all.iter_mut().zip(&mut done) {
            if done.is_none()
                && let std::task::Poll::Ready(output) = future.as_mut().poll(context)
            {
                *done = Some(output);
            }
        }
        if done.iter().all(Option::is_some) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    done.into_iter().flatten().collect()
}

#[tokio::test]
async fn nothing_that_is_printed_holds_a_secret() {
    let (_provider, _server, visitor) = world(Behaviour::default()).await;
    assert_eq!(visitor.call().await, Ok(200));
    let printed = format!("{:?}", visitor.authorization);
    assert!(
        !printed.contains("token-1") && !printed.contains("refresh-1"),
        "{printed}"
    );
}
