//! Our client and our resource server around an identity provider that is neither: `oidc-provider`
//! from npm, where `WHARF_TEST_IDP` names the issuer of one that runs. Without it, nothing is tried.

use std::sync::Arc;

use http::Method;
use wharf_wire::oauth::client::{Authentication, Credentials, Grant};
use wharf_wire::oauth::clock::System;
use wharf_wire::oauth::endpoint::Endpoint;
use wharf_wire::oauth::jose::Algorithm;
use wharf_wire::oauth::resource::{
    Caller, Introspection, IntrospectionSettings, Issuer, IssuerSettings, KeyLocation, Presented,
    ProofPolicy, Rejection, ResourceServer, Settings, TokenTypes, Verifier as _,
};
use wharf_wire::oauth::scope::{Flat, Scopes};
use wharf_wire::oauth::secret::Secret;
use wharf_wire::outbound::{Connection, Egress, receive};

use crate::issuer::bearer;
use crate::scripted::Seen;
use crate::visitor::{Guard, Protected, Visitor};

/// The issuer of the provider that runs, if one does.
fn provider() -> Option<String> {
    let found = std::env::var("WHARF_TEST_IDP").ok();
    if found.is_none() {
        println!("skipped: WHARF_TEST_IDP names no identity provider");
    }
    found
}

fn resource(issuer: &str, resource: &str, signed: bool) -> ResourceServer {
    let introspection = Introspection::new(IntrospectionSettings {
        issuer: issuer.to_owned(),
        endpoint: Endpoint::parse(&format!("{issuer}/token/introspection")).unwrap(),
        client_id: "rs".to_owned(),
        client_secret: Secret::new("rs-secret-rs-secret-rs-secret-rs1"),
        egress: Egress::new(&[], true),
        clock: System::shared(),
    });
    let issuer = Issuer::new(IssuerSettings {
        issuer: issuer.to_owned(),
        keys: KeyLocation::Discovered,
        types: TokenTypes::AccessToken,
        algorithms: vec![Algorithm::Es256],
        egress: Egress::new(&[], true),
        clock: System::shared(),
    });
    ResourceServer::new(Settings {
        resource: resource.to_owned(),
        name: None,
        audiences: Vec::new(),
        issuers: signed.then_some(issuer).into_iter().collect(),
        introspection: Some(introspection),
        scopes: Scopes::default(),
        required: Scopes::parse("tools:read"),
        hierarchy: Arc::new(Flat),
        proof: ProofPolicy::Accepted,
        clock: System::shared(),
    })
    .unwrap()
}

/// The request that `client` is let in with, at a server whose issuer is `issuer`.
async fn let_in(issuer: &str, client: &str) -> (Protected, Seen) {
    let server = Protected::start(Guard {
        challenge: r#"Bearer scope="tools:read""#,
        ..Guard::by(issuer)
    })
    .await;
    let grant = Grant::Program(Credentials {
        issuer: Some(issuer.to_owned()),
        client_id: client.to_owned(),
        authentication: Authentication::Secret(Secret::new("m2m-secret-m2m-secret-m2m-secret")),
    });
    let visitor = Visitor::with(&server, grant, |settings| settings.clock = System::shared());
    assert_eq!(visitor.call().await, Ok(200));
    let seen = server.server.asked("/mcp").pop().unwrap();
    (server, seen)
}

async fn verify(server: &ResourceServer, url: &url::Url, seen: &Seen) -> Result<Caller, Rejection> {
    let presented = Presented {
        method: &Method::POST,
        url,
        headers: &seen.headers,
    };
    server.verify(presented).await
}

/// Row F: client credentials and DPoP, from end to end.
#[tokio::test]
async fn what_our_client_gets_our_server_takes() {
    let Some(issuer) = provider() else { return };
    for client in ["m2m", "m2m-dpop"] {
        let (server, seen) = let_in(&issuer, client).await;
        let url = server.url();
        let caller = verify(&resource(&issuer, url.as_str(), true), &url, &seen)
            .await
            .unwrap();
        assert_eq!(caller.client_id.as_deref(), Some(client));
        let elsewhere = resource(&issuer, "https://gateway.example/b/mcp", true);
        assert_eq!(
            verify(&elsewhere, &url, &seen).await.unwrap_err().status,
            401
        );
    }
}

/// Rows A4, 30, 31, 32, 33, 34, 35 with tokens that somebody else spoiled.
#[tokio::test]
async fn every_spoiled_token_of_a_real_provider_is_refused() {
    let Some(issuer) = provider() else { return };
    let address = "http://127.0.0.1:8931/mcp";
    let server = resource(&issuer, address, true);
    for (query, good) in [
        ("kind=ok", true),
        ("kind=none", false),
        ("kind=wrongkey", false),
        ("kind=unknownkid", false),
        ("kind=hs256", false),
        ("exp=-5", false),
        ("nbf=300", false),
        ("aud=http://127.0.0.1:8931/other", false),
        ("iss=http://127.0.0.1:7001/", false),
        ("typ=JWT", false),
        ("scope=other", false),
    ] {
        let request = http::Request::get(format!("{issuer}/test/mint?{query}"));
        let connection = Connection::new(Egress::new(&[], true));
        let response = connection
            .send(request.body(bytes::Bytes::new()).unwrap())
            .await
            .unwrap();
        let token = receive(response, 10_000).await.unwrap().body;
        let headers = bearer(std::str::from_utf8(&token).unwrap());
        let presented = Presented {
            method: &Method::POST,
            url: &address.parse().unwrap(),
            headers: &headers,
        };
        let answer = server.verify(presented).await;
        assert_eq!(answer.is_ok(), good, "{query}: {answer:?}");
    }
}
