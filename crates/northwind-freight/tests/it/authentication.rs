use crate::contract::Contract;
use crate::visitor::{Visitor, credential};

/// Wrong credentials of the right style and right credentials of another desk are all refused.
async fn check(path: &str, wrong: &[(&str, &str)], challenge: &str) {
    let visitor = Visitor::arrive().await;
    let others = ["/customers", "/warehouses", "/invoices"].map(credential);
    let own = credential(path);
    let others = others
        .iter()
        .filter(|other| **other != own)
        .map(|(name, value)| (*name, value.as_str()));
    let denied: Vec<Vec<(&str, &str)>> = wrong
        .iter()
        .copied()
        .chain(others)
        .map(|header| vec![header])
        .chain([vec![]])
        .collect();
    for headers in denied {
        let answer = visitor.knock("GET", path, &headers, "").await;
        assert_eq!(answer.status, 401, "{headers:?}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert!(
            answer.header("www-authenticate").starts_with(challenge),
            "{headers:?}"
        );
    }
    assert_eq!(visitor.get(path).await.status, 200);
}

#[tokio::test]
async fn the_sales_desk_asks_for_its_key() {
    let wrong = [
        ("x-api-key", "nwf-demo-key"),
        ("x-api-key", ""),
        ("authorization", "Bearer nwf-demo-key-4f1c9a"),
    ];
    check("/customers", &wrong, "ApiKey ").await;
}

#[tokio::test]
async fn the_stockroom_asks_for_its_name_and_password() {
    let wrong = [
        ("authorization", "Basic c3RvY2tyb29tOmZvcmtsaWZ0"),
        ("authorization", "Basic !!!"),
        ("authorization", "Basic"),
    ];
    check("/warehouses", &wrong, "Basic ").await;
}

#[tokio::test]
async fn the_billing_office_asks_for_its_token() {
    let wrong = [
        ("authorization", "Bearer nwf-demo-token"),
        ("authorization", "nwf-demo-token-b2e81d"),
    ];
    check("/invoices", &wrong, "Bearer ").await;
}

#[tokio::test]
async fn only_what_the_document_declares_open_is_open() {
    let (visitor, contract) = (Visitor::arrive().await, Contract::read());
    for operation in contract.operations() {
        let path = contract.example(&operation);
        let answer = visitor
            .knock(&operation.method.to_uppercase(), &path, &[], "")
            .await;
        let open = operation.value["security"]
            .as_array()
            .is_some_and(Vec::is_empty);
        assert_eq!(answer.status != 401, open, "{} {path}", operation.method);
    }
}

#[tokio::test]
async fn every_documented_scheme_is_the_one_that_is_asked_for() {
    let (visitor, contract) = (Visitor::arrive().await, Contract::read());
    for operation in contract.operations() {
        let challenge = match operation.value["security"][0]
            .as_object()
            .and_then(|scheme| scheme.keys().next())
        {
            None if operation.value["security"].is_array() => continue,
            None => "ApiKey realm=\"sales\"",
            Some(scheme) if scheme == "stockroom" => "Basic realm=\"stockroom\"",
            Some(_) => "Bearer realm=\"billing\"",
        };
        let path = contract.example(&operation);
        let answer = visitor
            .knock(&operation.method.to_uppercase(), &path, &[], "")
            .await;
        assert!(
            answer.header("www-authenticate").starts_with(challenge),
            "{} {path}",
            operation.method
        );
    }
}
