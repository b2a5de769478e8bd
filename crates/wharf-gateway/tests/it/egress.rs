//! Where calls may go: what a document names is not trusted, what the operator names is.

use serde_json::json;
use wharf_gateway::upstream::http;
use wharf_gateway::upstream::http::credential::CredentialKind;
use wharf_policy::secret::Secret;

use crate::harness::{Folder, call, credential, document, settings, start, text};
use crate::scripted::{Scripted, json as json_answer};

#[tokio::test]
async fn a_document_cannot_lead_to_the_metadata_service() {
    for server in [
        "http://169.254.169.254",
        "http://[::ffff:169.254.169.254]",
        "http://2852039166",
        "http://10.0.0.1",
    ] {
        let folder = Folder::new();
        let source = document(&folder, server, "get", &json!({"operationId": "thing"}));
        let gateway = start(settings(vec![http::Settings::new("fake", source)])).await;
        let refused = call(&gateway, "thing", json!({})).await.unwrap();
        assert_eq!(refused["isError"], true);
        assert!(
            text(&refused).contains("not one that this gateway may call"),
            "{server}: {refused}"
        );
    }
}

#[tokio::test]
async fn a_host_that_only_an_operation_names_is_not_given_the_credentials() {
    let own = Scripted::start(|_, _| json_answer("{}")).await;
    let other = Scripted::start(|_, _| json_answer("{}")).await;
    let folder = Folder::new();
    let operation = json!({"operationId": "thing", "servers": [{"url": other.url}]});
    let source = document(&folder, &own.url, "get", &operation);
    let http = http::Settings {
        credentials: vec![credential(CredentialKind::Bearer(Secret::new(
            "bearer-token",
        )))],
        ..http::Settings::new("fake", source)
    };
    let listed = http::Settings {
        credential_hosts: vec![other.url.trim_start_matches("http://").to_owned()],
        ..http.clone()
    };
    let gateway = start(settings(vec![http])).await;
    call(&gateway, "thing", json!({})).await.unwrap();
    assert!(!other.requests()[0].contains("bearer-token"));

    let gateway = start(settings(vec![listed])).await;
    call(&gateway, "thing", json!({})).await.unwrap();
    assert!(other.requests()[1].contains("bearer-token"));
}

#[tokio::test]
async fn the_operators_address_stands_in_for_the_documents_own() {
    let upstream = Scripted::start(|_, _| json_answer("{}")).await;
    let folder = Folder::new();
    let source = document(
        &folder,
        "https://api.example.com/v2",
        "get",
        &json!({"operationId": "thing"}),
    );
    let http = http::Settings {
        base_url: Some(format!("{}/staging/", upstream.url).parse().unwrap()),
        ..http::Settings::new("fake", source)
    };
    let gateway = start(settings(vec![http])).await;
    call(&gateway, "thing", json!({})).await.unwrap();
    assert!(upstream.requests()[0].starts_with("GET /staging/thing HTTP/1.1"));
}
