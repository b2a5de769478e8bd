//! Calls that go well, and calls that are not made.

use expect_test::expect;
use serde_json::json;
use wharf_policy::decide::Policy;
use wharf_policy::rule::Verdict;

use crate::harness::{call, company, dry_run, northwind, rule, settings, start, text};

#[tokio::test]
async fn each_of_the_three_ways_to_sign_in_reads_something() {
    let company = company().await;
    let gateway = start(settings(vec![northwind(&company)])).await;
    let customer = call(&gateway, "getCustomer", json!({"customer_id": 42}))
        .await
        .unwrap();
    assert_eq!(
        customer["structuredContent"]["name"], "Baltic Instruments",
        "{customer}"
    );
    let warehouses = call(&gateway, "listWarehouses", json!({})).await.unwrap();
    assert_ne!(warehouses["isError"], true, "{warehouses}");
    let invoices = call(&gateway, "listInvoices", json!({"page": 2}))
        .await
        .unwrap();
    assert_eq!(invoices["structuredContent"]["page"], 2, "{invoices}");
}

#[tokio::test]
async fn a_write_changes_what_a_read_shows() {
    let company = company().await;
    let gateway = start(settings(vec![northwind(&company)])).await;
    let ticket = call(
        &gateway,
        "createTicket",
        json!({"customer_id": 42, "subject": "Pallet lost", "priority": "high", "description": "Where is it?"}),
    )
    .await
    .unwrap();
    assert_ne!(ticket["isError"], true, "{ticket}");
    let id = &ticket["structuredContent"]["id"];
    let read = call(&gateway, "getTicket", json!({"ticket_id": id}))
        .await
        .unwrap();
    assert_eq!(
        read["structuredContent"]["subject"], "Pallet lost",
        "{read}"
    );
}

#[tokio::test]
async fn arguments_that_do_not_fit_are_explained_and_nothing_is_sent() {
    let company = company().await;
    let gateway = start(settings(vec![northwind(&company)])).await;
    company.close().await;
    let refused = call(
        &gateway,
        "getCustomer",
        json!({"customer_id": "x", "custmer": 1}),
    )
    .await;
    let refused = refused.unwrap();
    assert_eq!(refused["isError"], true);
    expect![[r#"
        The call was not made, because its arguments do not fit:
        - `customer_id`: expected an integer, came "x"
        - `custmer`: no such field, did you mean `customer_id`?"#]]
    .assert_eq(&text(&refused));
}

#[tokio::test]
async fn an_error_of_the_upstream_is_a_result_that_says_what_to_do() {
    let company = company().await;
    let gateway = start(settings(vec![northwind(&company)])).await;
    let missing = call(&gateway, "getCustomer", json!({"customer_id": 999_999}))
        .await
        .unwrap();
    assert_eq!(missing["isError"], true);
    assert_eq!(missing["structuredContent"]["status"], 404, "{missing}");
    let broken = call(&gateway, "getBrokenTariff", json!({})).await.unwrap();
    assert_eq!(broken["isError"], true);
    assert!(
        !broken.to_string().contains(".java:"),
        "a stack trace came through: {broken}"
    );
}

#[tokio::test]
async fn hidden_and_missing_tools_look_alike() {
    let company = company().await;
    let mut settings = settings(vec![northwind(&company)]);
    settings.policy = Policy::new(vec![rule(1, Verdict::Deny, "*.deleteCustomer")]);
    let gateway = start(settings).await;
    let hidden = call(&gateway, "deleteCustomer", json!({"customer_id": 390}))
        .await
        .unwrap_err();
    let missing = call(&gateway, "noSuchTool", json!({})).await.unwrap_err();
    assert_eq!(hidden.code, missing.code);
    assert_eq!(
        hidden.message.replace("deleteCustomer", "X"),
        missing.message.replace("noSuchTool", "X")
    );
}

#[tokio::test]
async fn a_dry_run_shows_the_request_with_its_secrets_masked_and_sends_nothing() {
    let company = company().await;
    let gateway = start(settings(vec![northwind(&company)])).await;
    let address = company.url();
    company.close().await;
    let shown = dry_run(
        &gateway,
        "cancelOrder",
        json!({"order_id": 1200, "reason": "changed plans"}),
    )
    .await
    .unwrap();
    let shown = shown["structuredContent"]
        .to_string()
        .replace(&address, "http://company");
    expect![[r#"{"method":"POST","url":"http://company/orders/1200/cancel","headers":{"accept":"application/json","content-type":"application/json","x-api-key":"***"},"body":"{\"reason\":\"changed plans\"}"}"#]]
        .assert_eq(&shown);
}

#[tokio::test]
async fn arguments_that_are_no_object_are_invalid_params() {
    let company = company().await;
    let gateway = start(settings(vec![northwind(&company)])).await;
    let refused = call(&gateway, "getCustomer", json!([1])).await.unwrap_err();
    assert_eq!(refused.code, -32602);
}
