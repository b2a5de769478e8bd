//! What a resource publishes of itself.

use expect_test::{Expect, expect};
use wharf_wire::oauth::resource::{ProofPolicy, ResourceServer};
use wharf_wire::oauth::scope::Scopes;

use crate::issuer::World;

/// Rows A2, A10: where the document stands and what it says, its issuer written as ISSUER.
async fn published(resource: &str, proof: ProofPolicy) -> String {
    let world = World::start().await;
    let mut settings = world.settings();
    resource.clone_into(&mut settings.resource);
    settings.scopes = Scopes::parse("tools:read offline_access");
    settings.proof = proof;
    let server = ResourceServer::new(settings).unwrap();
    let announcement = server.announcement();
    let text = format!("{}\n{}", announcement.path(), announcement.body());
    text.replace(&world.server.base, "ISSUER")
}

#[track_caller]
fn check(said: &str, expected: Expect) {
    expected.assert_eq(said);
}

/// Rows A2, A10.
#[tokio::test]
async fn the_resource_stands_there_byte_for_byte_and_offline_access_does_not() {
    check(
        &published("https://Gateway.example/a/mcp", ProofPolicy::Refused).await,
        expect![[r#"
            /.well-known/oauth-protected-resource/a/mcp
            {"resource":"https://Gateway.example/a/mcp","authorization_servers":["ISSUER"],"scopes_supported":["tools:read"],"bearer_methods_supported":["header"]}"#]],
    );
    check(
        &published("https://gateway.example", ProofPolicy::Required).await,
        expect![[r#"
            /.well-known/oauth-protected-resource
            {"resource":"https://gateway.example","authorization_servers":["ISSUER"],"scopes_supported":["tools:read"],"bearer_methods_supported":["header"],"dpop_signing_alg_values_supported":["ES256","ES384","RS256","RS384","RS512","PS256","PS384","PS512","EdDSA"],"dpop_bound_access_tokens_required":true}"#]],
    );
}

/// Row A2.
#[tokio::test]
async fn a_resource_without_an_issuer_or_without_an_address_is_none() {
    let world = World::start().await;
    let mut settings = world.settings();
    settings.issuers = Vec::new();
    let error = ResourceServer::new(settings).unwrap_err().to_string();
    assert!(
        error.ends_with("so no token could be valid: name at least one"),
        "{error}"
    );
    for resource in [
        "mcp.example",
        "http://mcp.example/mcp",
        "https://mcp.example#x",
        "https://a@mcp.example",
    ] {
        let mut settings = world.settings();
        resource.clone_into(&mut settings.resource);
        assert!(ResourceServer::new(settings).is_err(), "{resource}");
    }
}
