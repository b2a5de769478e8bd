use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use northwind_freight::openapi_document;
use serde_json::{Value, json};

use crate::contract::Contract;
use crate::visitor::{Answer, Visitor};

/// What a path that leads nowhere answers.
fn is_unrouted(answer: &Answer) -> bool {
    answer.status == 405
        || (answer.status == 404 && answer.json()["detail"] == "There is no such resource.")
}

#[tokio::test]
async fn every_documented_operation_is_routed() {
    let (visitor, contract) = (Visitor::arrive().await, Contract::read());
    for operation in contract.operations() {
        let path = contract.example(&operation);
        let answer = visitor
            .send(&operation.method.to_uppercase(), &path, &[], "")
            .await;
        assert!(!is_unrouted(&answer), "{} {path}", operation.method);
    }
}

#[tokio::test]
async fn no_method_is_routed_that_the_document_leaves_out() {
    let (visitor, contract) = (Visitor::arrive().await, Contract::read());
    for operation in contract.operations() {
        let path = contract.example(&operation);
        let item = &contract.paths()[operation.path];
        for method in ["get", "put", "post", "delete", "patch"] {
            if item.get(method).is_none() {
                let answer = visitor.send(&method.to_uppercase(), &path, &[], "").await;
                assert_eq!(answer.status, 405, "{method} {path}");
            }
        }
    }
}

#[test]
fn every_route_of_the_source_is_in_the_document() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = fs::read_dir(source.join("api"))
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let routed: BTreeSet<String> = files
        .chain([source.join("router.rs")])
        .flat_map(|file| {
            let text = fs::read_to_string(file).unwrap();
            let routes = text
                .split(".route(")
                .skip(1)
                .map(|rest| rest.split('"').nth(1).unwrap().to_owned());
            routes.collect::<Vec<_>>()
        })
        .collect();
    let documented: BTreeSet<String> = Contract::read().paths().keys().cloned().collect();
    assert_eq!(routed, documented);
}

#[tokio::test]
async fn every_get_answers_what_the_document_promises() {
    let (visitor, contract) = (Visitor::arrive().await, Contract::read());
    // The file that one of the paths downloads.
    let part = "--cut\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nhello\r\n--cut--\r\n";
    let multipart = [("content-type", "multipart/form-data; boundary=cut")];
    assert_eq!(
        visitor
            .send("POST", "/tickets/600/attachments", &multipart, part)
            .await
            .status,
        201
    );
    for operation in contract
        .operations()
        .filter(|operation| operation.method == "get")
    {
        let path = contract.example(&operation);
        // The visitor holds the answer against the schema; here it only has to be a success.
        let answer = visitor.get(&path).await;
        assert!(
            path.starts_with("/flaky/") || answer.status == 200,
            "{path} answers {}",
            answer.status
        );
    }
}

#[test]
fn only_the_server_depends_on_where_the_company_is() {
    let document = |url| serde_json::from_str::<Value>(&openapi_document(url)).unwrap();
    let mut here = document("http://127.0.0.1:1/\"quoted\"");
    assert_eq!(
        here["servers"],
        json!([{"url": "http://127.0.0.1:1/\"quoted\""}])
    );
    here["servers"] = document("http://elsewhere")["servers"].clone();
    assert_eq!(here, document("http://elsewhere"));
}

#[test]
fn every_operation_has_a_unique_id_a_summary_and_a_description() {
    let contract = Contract::read();
    let mut ids = BTreeSet::new();
    for operation in contract.operations() {
        assert!(
            ids.insert(operation.value["operationId"].as_str().unwrap()),
            "{}",
            operation.path
        );
        assert!(operation.value["summary"].is_string(), "{}", operation.path);
        assert!(
            operation.value["description"].is_string(),
            "{}",
            operation.path
        );
    }
}

#[tokio::test]
async fn a_caller_who_has_the_document_is_told_so() {
    let visitor = Visitor::arrive().await;
    let first = visitor.knock("GET", "/openapi.json", &[], "").await;
    assert_eq!(first.json()["servers"][0]["url"], visitor.company.url());
    let again = visitor
        .knock(
            "GET",
            "/openapi.json",
            &[("if-none-match", first.header("etag"))],
            "",
        )
        .await;
    assert_eq!(
        (again.status, again.header("etag")),
        (304, first.header("etag"))
    );
    let other = visitor
        .knock(
            "GET",
            "/openapi.json",
            &[("if-none-match", "\"other\"")],
            "",
        )
        .await;
    assert_eq!(other.status, 200);
}
