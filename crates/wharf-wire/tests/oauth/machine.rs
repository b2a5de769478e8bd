//! Tokens that nobody is asked for.

use std::sync::Arc;

use serde_json::{Value, json};
use wharf_wire::oauth::client::{
    Authentication, Credentials, Enterprise, Fixed, Grant, SubjectKind, Workload,
};
use wharf_wire::oauth::endpoint::Endpoint;
use wharf_wire::oauth::jose::{Compact, PublicKey, SigningKey};
use wharf_wire::oauth::secret::Secret;

use crate::provider::{Behaviour, Provider, refuse};
use crate::scripted::{Reply, Scripted};
use crate::visitor::{Guard, Protected, Visitor};

fn program(issuer: &str, authentication: Authentication) -> Credentials {
    Credentials {
        issuer: Some(issuer.to_owned()),
        client_id: "program".to_owned(),
        authentication,
    }
}

/// Row F: client credentials, by secret.
#[tokio::test]
async fn a_program_gets_in_with_its_secret() {
    let provider = Provider::start(Behaviour {
        metadata: json!({ "token_endpoint_auth_methods_supported": ["client_secret_basic"] }),
        ..Behaviour::default()
    })
    .await;
    let server = Protected::start(Guard::by(&provider.issuer)).await;
    let secret = Authentication::Secret(Secret::new("s"));
    let visitor = Visitor::new(&server, Grant::Program(program(&provider.issuer, secret)));
    assert_eq!(visitor.call().await, Ok(200));
    let asked = &provider.token_requests()[0];
    assert_eq!(
        asked.parameter("grant_type").as_deref(),
        Some("client_credentials")
    );
    assert_eq!(asked.parameter("resource"), Some(server.url().to_string()));
    assert!(asked.header("authorization").unwrap().starts_with("Basic "));
    assert!(provider.authorize_requests().is_empty());
}

/// Row F: client credentials, by signature.
#[tokio::test]
async fn a_program_gets_in_with_its_key() {
    let provider = Provider::start(Behaviour {
        metadata: json!({ "token_endpoint_auth_methods_supported": ["private_key_jwt"] }),
        ..Behaviour::default()
    })
    .await;
    let server = Protected::start(Guard::by(&provider.issuer)).await;
    let key = Arc::new(SigningKey::generate().with_kid("k1"));
    let credentials = program(&provider.issuer, Authentication::Key(Arc::clone(&key)));
    assert_eq!(
        Visitor::new(&server, Grant::Program(credentials))
            .call()
            .await,
        Ok(200)
    );
    let asked = &provider.token_requests()[0];
    let kind = asked.parameter("client_assertion_type").unwrap();
    assert_eq!(
        kind,
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    );
    let assertion = asked.parameter("client_assertion").unwrap();
    let assertion = Compact::parse(&assertion).unwrap();
    assert_eq!(assertion.header.kid.as_deref(), Some("k1"));
    let claims: Value = assertion
        .verified(&PublicKey::new(key.public()).unwrap())
        .unwrap();
    assert_eq!(claims["iss"], "program");
    assert_eq!(claims["sub"], "program");
    assert_eq!(claims["aud"], provider.issuer);
    assert!(claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap() <= 300);
}

#[tokio::test]
async fn a_program_that_was_refused_asks_again_after_a_minute_and_not_before() {
    let provider = Provider::start(Behaviour {
        token: |_, count| (count == 1).then(|| refuse("invalid_client")),
        ..Behaviour::default()
    })
    .await;
    let server = Protected::start(Guard::by(&provider.issuer)).await;
    let visitor = Visitor::new(
        &server,
        Grant::Program(program(&provider.issuer, Authentication::None)),
    );
    assert!(visitor.call().await.unwrap_err().contains("invalid_client"));
    assert!(
        visitor
            .call()
            .await
            .unwrap_err()
            .contains("needs a new sign-in")
    );
    assert_eq!(provider.token_requests().len(), 1);
    visitor.clock.pass(61);
    assert_eq!(visitor.call().await, Ok(200));
}

/// An identity provider that turns what people signed in with into grants for others.
async fn company(kind: &'static str) -> Scripted {
    Scripted::start(|_| {
        move |_| {
            Reply::json(&json!({
                "access_token": "the-grant",
                "issued_token_type": kind,
                "token_type": "N_A",
            }))
        }
    })
    .await
}

fn enterprise(company: &Scripted, issuer: &str) -> Grant {
    Grant::Enterprise(Enterprise {
        credentials: program(issuer, Authentication::Secret(Secret::new("s"))),
        provider: Endpoint::parse(&format!("{}/token", company.base)).unwrap(),
        provider_credentials: Credentials {
            issuer: None,
            client_id: "at-the-company".to_owned(),
            authentication: Authentication::None,
        },
        subject: Arc::new(Fixed(Secret::new("id-token"))),
        subject_kind: SubjectKind::IdToken,
    })
}

const ID_JAG: &str = "urn:ietf:params:oauth:token-type:id-jag";

/// Row F: enterprise-managed authorization.
#[tokio::test]
async fn a_companys_sign_in_becomes_a_grant_and_that_a_token() {
    let provider = Provider::start(Behaviour {
        metadata: json!({ "token_endpoint_auth_methods_supported": ["client_secret_basic"] }),
        ..Behaviour::default()
    })
    .await;
    let company = company(ID_JAG).await;
    let server = Protected::start(Guard::by(&provider.issuer)).await;
    let visitor = Visitor::new(&server, enterprise(&company, &provider.issuer));
    assert_eq!(visitor.call().await, Ok(200));

    let exchanged = &company.asked("/token")[0];
    for (name, expected) in [
        (
            "grant_type",
            "urn:ietf:params:oauth:grant-type:token-exchange",
        ),
        ("requested_token_type", ID_JAG),
        ("audience", &provider.issuer),
        ("resource", server.url().as_str()),
        ("subject_token", "id-token"),
        (
            "subject_token_type",
            "urn:ietf:params:oauth:token-type:id_token",
        ),
        ("client_id", "at-the-company"),
    ] {
        assert_eq!(
            exchanged.parameter(name).as_deref(),
            Some(expected),
            "{name}"
        );
    }
    let redeemed = &provider.token_requests()[0];
    let grant_type = redeemed.parameter("grant_type").unwrap();
    assert_eq!(grant_type, "urn:ietf:params:oauth:grant-type:jwt-bearer");
    assert_eq!(
        redeemed.parameter("assertion").as_deref(),
        Some("the-grant")
    );
    assert!(
        redeemed
            .header("authorization")
            .unwrap()
            .starts_with("Basic ")
    );
}

/// Row F: what is no grant is a token of the company's, and goes to nobody.
#[tokio::test]
async fn a_token_of_the_company_is_never_shown_as_a_grant() {
    let provider = Provider::start(Behaviour::default()).await;
    let company = company("urn:ietf:params:oauth:token-type:access_token").await;
    let server = Protected::start(Guard::by(&provider.issuer)).await;
    let visitor = Visitor::new(&server, enterprise(&company, &provider.issuer));
    let refusal = visitor.call().await.unwrap_err();
    assert!(
        refusal.contains("it is no grant for another issuer"),
        "{refusal}"
    );
    assert!(provider.token_requests().is_empty());
}

fn workload() -> Grant {
    Grant::Workload(Workload {
        client_id: Some("workload".to_owned()),
        assertion: Arc::new(Fixed(Secret::new("the-statement"))),
    })
}

/// Row F: workload identity.
#[tokio::test]
async fn a_workload_shows_its_platforms_statement() {
    let provider = Provider::start(Behaviour::default()).await;
    let server = Protected::start(Guard::by(&provider.issuer)).await;
    assert_eq!(Visitor::new(&server, workload()).call().await, Ok(200));
    let asked = &provider.token_requests()[0];
    let grant_type = asked.parameter("grant_type").unwrap();
    assert_eq!(grant_type, "urn:ietf:params:oauth:grant-type:jwt-bearer");
    assert_eq!(
        asked.parameter("assertion").as_deref(),
        Some("the-statement")
    );
    assert_eq!(asked.parameter("resource"), Some(server.url().to_string()));
}

/// Row F: workload identity.
#[tokio::test]
async fn a_workload_that_was_refused_neither_retries_nor_tries_another_grant() {
    for code in ["invalid_grant", "invalid_scope", "unauthorized_client"] {
        let provider = Provider::start(Behaviour::default()).await;
        provider.behaviour.lock().unwrap().token = match code {
            "invalid_grant" => |_, _| Some(refuse("invalid_grant")),
            "invalid_scope" => |_, _| Some(refuse("invalid_scope")),
            _ => |_, _| Some(refuse("unauthorized_client")),
        };
        let server = Protected::start(Guard::by(&provider.issuer)).await;
        let visitor = Visitor::new(&server, workload());
        assert!(visitor.call().await.unwrap_err().contains(code));
        assert!(visitor.call().await.is_err());
        assert_eq!(provider.token_requests().len(), 1);
        assert!(provider.authorize_requests().is_empty());
        assert!(provider.server.asked("/register").is_empty());
    }
}
