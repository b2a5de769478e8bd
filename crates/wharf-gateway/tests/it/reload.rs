//! Change while serving: configs are taken whole or not at all, documents are fetched again when
//! they changed, and whoever listens hears of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use wharf_gateway::gateway::Gateway;
use wharf_gateway::upstream::http;
use wharf_gateway::upstream::http::settings::DocumentSource;
use wharf_policy::decide::Policy;
use wharf_policy::rule::Verdict;
use wharf_protocol::port::{Change, Handler as _};

use crate::harness::{Folder, call, company, document, northwind, rule, settings, start};
use crate::scripted::{Act, Scripted, answer};

fn names(gateway: &Gateway) -> Vec<String> {
    gateway
        .catalog()
        .tools()
        .iter()
        .map(|tool| tool.name.clone())
        .collect()
}

#[tokio::test]
async fn a_config_with_one_bad_upstream_changes_nothing() {
    let company = company().await;
    let gateway = start(settings(vec![northwind(&company)])).await;
    let before = names(&gateway);
    let nowhere = http::Settings::new("nowhere", DocumentSource::File("/no/such/file".into()));
    let mut broken = settings(vec![northwind(&company), nowhere]);
    broken.policy = Policy::new(vec![rule(1, Verdict::Deny, "*")]);
    let refused = gateway.reload(broken).await.unwrap_err();
    assert_eq!(refused.upstream, "nowhere");
    assert_eq!(names(&gateway), before);
    let answer = call(&gateway, "getCustomer", json!({"customer_id": 1})).await;
    assert!(answer.is_ok(), "{answer:?}");
}

#[tokio::test]
async fn new_rules_hold_from_the_next_call_on_and_are_announced() {
    let company = company().await;
    let gateway = start(settings(vec![northwind(&company)])).await;
    let mut changes = gateway.changes().unwrap();
    let mut stricter = settings(vec![northwind(&company)]);
    stricter.policy = Policy::new(vec![rule(1, Verdict::Deny, "*.getCustomer")]);
    gateway.reload(stricter).await.unwrap();
    assert_eq!(changes.next().await, Some(Change::Tools));
    let hidden = call(&gateway, "getCustomer", json!({"customer_id": 1})).await;
    assert_eq!(hidden.unwrap_err().code, -32602);
}

/// Serves a document with as many operations as `version`, and knows its ETag.
fn versioned(version: &Arc<AtomicUsize>) -> impl Fn(usize, &str) -> Act + Send + Sync + 'static {
    let version = Arc::clone(version);
    move |_, request| {
        let version = version.load(Ordering::SeqCst);
        let etag = format!("\"v{version}\"");
        if request.contains(&format!("if-none-match: {etag}")) {
            return answer(304, "", "");
        }
        let paths: serde_json::Map<_, _> = (0..version)
            .map(|number| {
                (
                    format!("/thing{number}"),
                    json!({"get": {"operationId": format!("thing{number}")}}),
                )
            })
            .collect();
        let document =
            json!({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths});
        answer(200, &format!("etag: {etag}\r\n"), &document.to_string())
    }
}

#[tokio::test]
async fn a_document_is_fetched_again_only_when_it_changed_and_then_announced() {
    let version = Arc::new(AtomicUsize::new(1));
    let upstream = Scripted::start(versioned(&version)).await;
    let source = DocumentSource::Url(format!("{}/openapi.json", upstream.url).parse().unwrap());
    let gateway = start(settings(vec![http::Settings::new("fake", source)])).await;
    let mut changes = gateway.changes().unwrap();
    gateway.refresh().await;
    assert_eq!(names(&gateway), ["thing0"]);
    assert!(upstream.requests()[1].contains("if-none-match: \"v1\""));
    version.store(2, Ordering::SeqCst);
    gateway.refresh().await;
    assert_eq!(changes.next().await, Some(Change::Tools));
    assert_eq!(names(&gateway), ["thing0", "thing1"]);
    drop(upstream);
    gateway.refresh().await;
    assert_eq!(names(&gateway), ["thing0", "thing1"]);
}

#[tokio::test]
async fn a_document_that_has_moved_says_where_and_is_not_followed() {
    let upstream =
        Scripted::start(|_, _| answer(301, "location: http://10.0.0.1/api\r\n", "")).await;
    let source = DocumentSource::Url(format!("{}/openapi.json", upstream.url).parse().unwrap());
    let moved = settings(vec![http::Settings::new("moved", source)]);
    let (_, report) = Gateway::start(moved).await.unwrap();
    let (_, error) = &report.failed[0];
    assert_eq!(
        error.hint().as_deref(),
        Some("if you trust that address, name it instead: http://10.0.0.1/api")
    );
    assert_eq!(upstream.requests().len(), 1);
}

#[tokio::test]
async fn an_upstream_that_was_down_at_the_start_joins_once_it_is_up() {
    let version = Arc::new(AtomicUsize::new(1));
    let reserved = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = reserved.local_addr().unwrap();
    drop(reserved);
    let folder = Folder::new();
    let steady = http::Settings::new(
        "steady",
        document(
            &folder,
            "https://api.example.com",
            "get",
            &json!({"operationId": "steady"}),
        ),
    );
    let late = http::Settings::new(
        "late",
        DocumentSource::Url(format!("http://{address}/openapi.json").parse().unwrap()),
    );
    let (gateway, report) = Gateway::start(settings(vec![steady, late])).await.unwrap();
    assert_eq!(report.open, [("steady".to_owned(), 1)]);
    assert_eq!(report.failed[0].0, "late");
    let _upstream = Scripted::start_at(address, versioned(&version)).await;
    gateway.refresh().await;
    assert_eq!(names(&gateway), ["steady", "thing0"]);
}

#[tokio::test]
async fn a_secret_that_changed_is_a_change() {
    let company = company().await;
    let gateway = start(settings(vec![northwind(&company)])).await;
    let mut wrong = northwind(&company);
    wrong.credentials.clear();
    gateway.reload(settings(vec![wrong])).await.unwrap();
    let refused = call(&gateway, "getCustomer", json!({"customer_id": 1}))
        .await
        .unwrap();
    assert_eq!(refused["structuredContent"]["status"], 401, "{refused}");
}
