use std::time::Duration;

use northwind_freight::{Company, Database, Settings};
use tokio::net::TcpStream;

use crate::visitor::{JSON, Visitor};

#[tokio::test]
async fn the_carrier_answers_every_third_call() {
    let visitor = Visitor::arrive().await;
    let mut statuses = Vec::new();
    for _ in 0..6 {
        let answer = visitor.get("/flaky/carrier-status").await;
        assert_eq!(
            answer.header("retry-after"),
            if answer.status == 503 { "1" } else { "" }
        );
        statuses.push(answer.status);
    }
    assert_eq!(statuses, [503, 503, 200, 503, 503, 200]);
}

#[tokio::test]
async fn the_broken_page_shows_what_a_gateway_must_hide() {
    let answer = Visitor::arrive().await.get("/flaky/broken").await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (500, "text/html; charset=utf-8")
    );
    assert!(
        answer.text().contains("NullPointerException")
            && answer.text().contains("jdbc:postgresql://")
    );
}

#[tokio::test]
async fn a_path_that_leads_nowhere_is_a_problem_too() {
    let visitor = Visitor::arrive().await;
    let nowhere = visitor.get("/customers/42/shoes").await;
    assert_eq!(
        (nowhere.status, nowhere.header("content-type")),
        (404, "application/problem+json")
    );
    let method = visitor.send("PUT", "/customers", &[], "").await;
    assert_eq!(
        (method.status, method.header("content-type")),
        (405, "application/problem+json")
    );
    assert!(method.header("allow").contains("POST"));
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let visitor = Visitor::arrive().await;
    for path in [
        "/customers/9999",
        "/customers/Alder",
        "/orders/9999",
        "/tickets/9999",
        "/tickets/9999/comments",
        "/tickets/1/attachments/1",
        "/warehouses/XYZ9",
        "/warehouses/XYZ9/stock",
        "/warehouses/XYZ9/adjustments",
        "/warehouses/RTM1/stock/NF-9999-M",
        "/shipments/NWF000000000",
        "/shipments/NWF000000000/label.png",
        "/invoices/9999",
    ] {
        assert_eq!(visitor.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_body_above_one_megabyte_is_refused() {
    let visitor = Visitor::arrive().await;
    let body = format!("{{\"subject\": \"{}\"}}", "x".repeat(1024 * 1024));
    assert_eq!(
        visitor.send("POST", "/tickets", &[JSON], body).await.status,
        413
    );
}

#[tokio::test]
async fn a_closed_company_listens_no_more() {
    let visitor = Visitor::arrive().await;
    assert_eq!(visitor.get("/health").await.status, 200);
    let address = visitor.company.address();
    visitor.company.close().await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_dropped_company_stops() {
    let visitor = Visitor::arrive().await;
    let address = visitor.company.address();
    drop(visitor);
    let stopped = async { while TcpStream::connect(address).await.is_ok() {} };
    tokio::time::timeout(Duration::from_secs(20), stopped)
        .await
        .expect("the server stops by itself");
}

#[tokio::test]
async fn closing_does_not_wait_for_the_slow_report() {
    let slow_report = Duration::from_hours(1);
    let settings = Settings {
        address: ([127, 0, 0, 1], 0).into(),
        database: Database::InMemory,
        slow_report,
    };
    let company = Company::open(settings).await.unwrap();
    let mut caller = TcpStream::connect(company.address()).await.unwrap();
    let request = format!(
        "GET /reports/quarterly?quarter=2025-Q1 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\r\n",
        Company::credentials().bearer
    );
    tokio::io::AsyncWriteExt::write_all(&mut caller, request.as_bytes())
        .await
        .unwrap();
    tokio::time::timeout(Duration::from_secs(20), company.close())
        .await
        .expect("close waits four seconds at most");
}
