//! The log: every call leaves its row, a write leaves two, and none is changed unseen.

use std::time::Duration;

use serde_json::json;
use wharf_gateway::audit::{Store, StoredRow, Verdict as Chain, read, verify};
use wharf_gateway::upstream::http;
use wharf_policy::decide::Policy;
use wharf_policy::rule::Verdict;

use crate::harness::{Folder, call, company, document, dry_run, northwind, rule, settings, start};
use crate::scripted::{Act, Scripted};

fn told(rows: &[StoredRow]) -> Vec<String> {
    rows.iter()
        .rev()
        .map(|row| {
            format!(
                "{} {} {} {:?}",
                row.stage, row.tool, row.outcome, row.status
            )
        })
        .collect()
}

#[tokio::test]
async fn every_call_leaves_its_row_and_a_write_is_on_record_before_it_leaves() {
    let company = company().await;
    let folder = Folder::new();
    let store = Store::File(folder.0.join("audit.db"));
    let mut settings = settings(vec![northwind(&company)]);
    settings.store = store.clone();
    settings.policy = Policy::new(vec![rule(1, Verdict::Allow, "*.cancelOrder")]);
    let gateway = start(settings).await;
    call(&gateway, "getCustomer", json!({"customer_id": 1}))
        .await
        .unwrap();
    call(&gateway, "getCustomer", json!({"customer_id": "x"}))
        .await
        .unwrap();
    call(
        &gateway,
        "cancelOrder",
        json!({"order_id": 1200, "reason": "changed plans"}),
    )
    .await
    .unwrap();
    dry_run(
        &gateway,
        "cancelOrder",
        json!({"order_id": 1200, "reason": "changed plans"}),
    )
    .await
    .unwrap();
    call(&gateway, "deleteCustomer", json!({"customer_id": 1}))
        .await
        .unwrap_err();
    let rows = read(&store, 100).await.unwrap();
    assert_eq!(
        told(&rows),
        [
            "outcome getCustomer ok Some(200)",
            "outcome getCustomer invalid_arguments None",
            "attempt cancelOrder pending None",
            "outcome cancelOrder ok Some(200)",
            "outcome cancelOrder dry_run None",
            "outcome deleteCustomer denied None",
        ]
    );
    assert_eq!(rows[2].call, rows[3].call);
    assert_eq!(rows[2].rule.as_deref(), Some("rule 1"));
    gateway.close().await;
    assert_eq!(verify(&store).await.unwrap(), Chain::Sound { rows: 6 });
}

#[tokio::test]
async fn a_row_that_was_changed_breaks_the_chain() {
    let company = company().await;
    let folder = Folder::new();
    let path = folder.0.join("audit.db");
    let store = Store::File(path.clone());
    let mut settings = settings(vec![northwind(&company)]);
    settings.store = store.clone();
    let gateway = start(settings).await;
    for number in 1..4 {
        call(&gateway, "getCustomer", json!({"customer_id": number}))
            .await
            .unwrap();
    }
    gateway.close().await;
    let mut forger = <sqlx::SqliteConnection as sqlx::Connection>::connect(path.to_str().unwrap())
        .await
        .unwrap();
    sqlx::query("UPDATE audit SET principal = 'mallory' WHERE sequence = 2")
        .execute(&mut forger)
        .await
        .unwrap();
    assert_eq!(verify(&store).await.unwrap(), Chain::Broken { sequence: 2 });
}

#[tokio::test]
async fn two_gateways_on_one_log_keep_one_chain() {
    let company = company().await;
    let folder = Folder::new();
    let store = Store::File(folder.0.join("audit.db"));
    let shared = || {
        let mut settings = settings(vec![northwind(&company)]);
        settings.store = store.clone();
        settings
    };
    let (left, right) = (start(shared()).await, start(shared()).await);
    for number in 1..10 {
        let arguments = json!({"customer_id": number});
        let (one, other) = tokio::join!(
            call(&left, "getCustomer", arguments.clone()),
            call(&right, "getCustomer", arguments)
        );
        assert!(one.is_ok() && other.is_ok());
    }
    left.close().await;
    right.close().await;
    assert_eq!(verify(&store).await.unwrap(), Chain::Sound { rows: 18 });
}

#[tokio::test]
async fn a_caller_that_goes_away_leaves_a_row_too() {
    let upstream = Scripted::start(|_, _| Act::Silence).await;
    let folder = Folder::new();
    let source = document(
        &folder,
        &upstream.url,
        "get",
        &json!({"operationId": "thing"}),
    );
    let store = Store::File(folder.0.join("audit.db"));
    let mut settings = settings(vec![http::Settings::new("fake", source)]);
    settings.store = store.clone();
    let gateway = start(settings).await;
    let waiting = tokio::time::timeout(
        Duration::from_millis(200),
        call(&gateway, "thing", json!({})),
    );
    assert!(waiting.await.is_err());
    gateway.close().await;
    assert_eq!(
        told(&read(&store, 10).await.unwrap()),
        ["outcome thing abandoned None"]
    );
}

#[tokio::test]
async fn secrets_among_the_arguments_are_not_written_down() {
    let upstream = Scripted::start(|_, _| crate::scripted::json("{}")).await;
    let folder = Folder::new();
    let operation = json!({"operationId": "thing", "parameters": [{"name": "password", "in": "header", "schema": {"type": "string"}}]});
    let source = document(&folder, &upstream.url, "get", &operation);
    let store = Store::File(folder.0.join("audit.db"));
    let mut settings = settings(vec![http::Settings::new("fake", source)]);
    settings.store = store.clone();
    let gateway = start(settings).await;
    call(&gateway, "thing", json!({"password": "hunter2"}))
        .await
        .unwrap();
    assert!(upstream.requests()[0].contains("hunter2"));
    let rows = read(&store, 10).await.unwrap();
    assert_eq!(rows[0].arguments, r#"{"password":"***"}"#);
}
