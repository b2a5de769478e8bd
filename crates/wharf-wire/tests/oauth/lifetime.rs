//! Tokens end, and are renewed before.

use serde_json::json;
use wharf_wire::oauth::client::{Authentication, Credentials, Grant};

use crate::provider::{Behaviour, Provider, issue, refuse};
use crate::scripted::Reply;
use crate::sign_in::futures_all;
use crate::visitor::{Guard, Protected, Visitor};

async fn world(behaviour: Behaviour) -> (Provider, Protected, Visitor) {
    let provider = Provider::start(behaviour).await;
    let server = Protected::start(Guard::by(&provider.issuer)).await;
    let visitor = Visitor::person(&server);
    assert_eq!(visitor.call().await, Ok(200));
    (provider, server, visitor)
}

#[tokio::test]
async fn a_token_that_is_about_to_end_is_refreshed_once_for_everybody() {
    let (provider, server, visitor) = world(Behaviour::default()).await;
    visitor.clock.pass(3590);
    let statuses = futures_all((0..8).map(|_| visitor.call())).await;
    assert!(
        statuses.iter().all(|status| *status == Ok(200)),
        "{statuses:?}"
    );
    let asked = provider.token_requests();
    assert_eq!(asked.len(), 2);
    assert_eq!(
        asked[1].parameter("grant_type").as_deref(),
        Some("refresh_token")
    );
    assert_eq!(
        asked[1].parameter("refresh_token").as_deref(),
        Some("refresh-1")
    );
    assert_eq!(
        asked[1].parameter("resource"),
        Some(server.url().to_string())
    );
    assert_eq!(
        server.shown().last().unwrap().as_deref(),
        Some("Bearer token-2")
    );
    assert_eq!(provider.authorize_requests().len(), 1);
}

#[tokio::test]
async fn a_refresh_token_that_was_rotated_replaces_the_old_one_and_one_that_was_not_stays() {
    let (provider, _server, visitor) = world(Behaviour {
        token: |seen, count| match count {
            3 => Some(Reply::json(&json!({
                "access_token": "token-3", "token_type": "bearer", "expires_in": "3600",
            }))),
            _ => Some(issue(seen, count)),
        },
        ..Behaviour::default()
    })
    .await;
    for _ in 0..3 {
        visitor.clock.pass(3600);
        assert_eq!(visitor.call().await, Ok(200));
    }
    let used: Vec<_> = provider
        .token_requests()
        .iter()
        .filter_map(|seen| seen.parameter("refresh_token"))
        .collect();
    assert_eq!(used, ["refresh-1", "refresh-2", "refresh-2"]);
}

#[tokio::test]
async fn a_token_that_was_taken_back_is_refreshed_before_anybody_is_asked() {
    let provider = Provider::start(Behaviour::default()).await;
    let server = Protected::start(Guard {
        admits: |seen, count| match seen.header("authorization") {
            Some("Bearer token-1") if count < 2 => Ok(()),
            Some("Bearer token-2") => Ok(()),
            _ => Err(Reply::status(401)),
        },
        ..Guard::by(&provider.issuer)
    })
    .await;
    let visitor = Visitor::person(&server);
    assert_eq!(visitor.call().await, Ok(200));
    assert_eq!(visitor.call().await, Ok(200));
    assert_eq!(provider.token_requests().len(), 2);
    assert_eq!(provider.authorize_requests().len(), 1);
}

#[tokio::test]
async fn a_refresh_that_is_refused_leads_to_a_new_sign_in() {
    let (provider, server, visitor) = world(Behaviour {
        token: |seen, count| match seen.parameter("grant_type").as_deref() {
            Some("refresh_token") => Some(refuse("invalid_grant")),
            _ => Some(issue(seen, count)),
        },
        ..Behaviour::default()
    })
    .await;
    visitor.clock.pass(4000);
    assert_eq!(visitor.call().await, Ok(200));
    assert_eq!(provider.authorize_requests().len(), 2);
    assert_eq!(
        server.shown().last().unwrap().as_deref(),
        Some("Bearer token-3")
    );
}

#[tokio::test]
async fn an_issuer_that_is_down_costs_nothing_while_the_token_lasts() {
    let (provider, _server, visitor) = world(Behaviour {
        token: |seen, count| match seen.parameter("grant_type").as_deref() {
            Some("refresh_token") if count < 4 => Some(Reply::status(503)),
            _ => Some(issue(seen, count)),
        },
        ..Behaviour::default()
    })
    .await;
    visitor.clock.pass(3590);
    assert_eq!(visitor.call().await, Ok(200));
    visitor.clock.pass(20);
    let refusal = visitor.call().await.unwrap_err();
    assert!(
        refusal.contains("the token endpoint answered 503"),
        "{refusal}"
    );
    assert_eq!(visitor.call().await, Ok(200));
    assert_eq!(provider.authorize_requests().len(), 1);
}

#[tokio::test]
async fn a_programs_token_is_replaced_when_it_ends() {
    let provider = Provider::start(Behaviour::default()).await;
    let server = Protected::start(Guard::by(&provider.issuer)).await;
    let credentials = Credentials {
        issuer: Some(provider.issuer.clone()),
        client_id: "program".to_owned(),
        authentication: Authentication::None,
    };
    let visitor = Visitor::new(&server, Grant::Program(credentials));
    assert_eq!(visitor.call().await, Ok(200));
    visitor.clock.pass(3600);
    assert_eq!(visitor.call().await, Ok(200));
    assert_eq!(
        server.shown().last().unwrap().as_deref(),
        Some("Bearer token-2")
    );
    assert_eq!(server.shown().len(), 3, "without a refusal in between");
}

#[tokio::test]
async fn signing_out_forgets_the_token() {
    let (provider, server, visitor) = world(Behaviour::default()).await;
    visitor.authorization.sign_out().await;
    assert!(visitor.store.granted(server.url().as_str()).await.is_none());
    assert_eq!(visitor.call().await, Ok(200));
    assert_eq!(provider.authorize_requests().len(), 2);
}

#[tokio::test]
async fn a_token_that_was_taken_back_while_its_issuer_is_down_is_refreshed_when_it_is_back() {
    let provider = Provider::start(Behaviour {
        token: |seen, count| match seen.parameter("grant_type").as_deref() {
            Some("refresh_token") if count < 7 => Some(Reply::status(503)),
            _ => Some(issue(seen, count)),
        },
        ..Behaviour::default()
    })
    .await;
    let server = Protected::start(Guard {
        admits: |seen, count| match seen.header("authorization") {
            Some("Bearer token-1") if count > 1 => Err(Reply::status(401)),
            Some(_) => Ok(()),
            None => Err(Reply::status(401)),
        },
        ..Guard::by(&provider.issuer)
    })
    .await;
    let visitor = Visitor::person(&server);
    assert_eq!(visitor.call().await, Ok(200));
    for _ in 0..5 {
        assert!(visitor.call().await.unwrap_err().contains("answered 503"));
    }
    assert_eq!(visitor.call().await, Ok(200));
    assert_eq!(provider.authorize_requests().len(), 1);
}
