use std::time::Duration;
use std::{env, fs, process};

use northwind_freight::{Company, Database, OpenError, Settings};
use serde_json::Value;

use crate::visitor::{JSON, Visitor};

#[tokio::test]
async fn two_companies_start_from_the_same_rows() {
    let (one, other) = (Visitor::arrive().await, Visitor::arrive().await);
    for path in [
        "/exports/orders.csv",
        "/partner/feed.xml",
        "/customers?limit=100",
        "/tickets?per_page=100",
        "/invoices?per_page=100",
        "/shipments?limit=100",
        "/warehouses",
        "/warehouses/GOT1/stock",
        "/warehouses/GOT1/adjustments",
    ] {
        assert_eq!(
            one.get(path).await.body,
            other.get(path).await.body,
            "{path}"
        );
    }
}

/// Recorded demos and other tests count on these; a change to the seed is a change they have to follow.
#[tokio::test]
async fn the_seed_stays_the_same_from_release_to_release() {
    let visitor = Visitor::arrive().await;
    let customer = visitor.get("/customers/42").await.json();
    assert_eq!(customer["name"], "Baltic Instruments");
    assert_eq!(customer["created_at"], "2022-12-25T00:00:00Z");
    let order = visitor.get("/orders/1200").await.json();
    assert_eq!(
        (&order["customer_id"], &order["status"]),
        (&58.into(), &"pending".into())
    );
    let feed = visitor.get("/partner/feed.xml").await;
    assert!(feed.text().contains("consignments=\"88\""));
}

#[tokio::test]
async fn every_product_lies_in_every_warehouse() {
    let visitor = Visitor::arrive().await;
    for warehouse in visitor.get("/warehouses").await.json().as_array().unwrap() {
        let code = warehouse["code"].as_str().unwrap();
        let stock = visitor
            .get(&format!("/warehouses/{code}/stock"))
            .await
            .json();
        assert_eq!(stock.as_array().unwrap().len(), 100, "{code}");
    }
}

#[tokio::test]
async fn books_add_up() {
    let visitor = Visitor::arrive().await;
    let cents = |value: &Value| value["amount_cents"].as_i64().unwrap();
    for id in [1, 600, 1_200] {
        let order = visitor.get(&format!("/orders/{id}")).await.json();
        let lines = order["lines"].as_array().unwrap().iter();
        let sum: i64 = lines
            .map(|line| line["quantity"].as_i64().unwrap() * cents(&line["unit_price"]))
            .sum();
        assert_eq!(cents(&order["total"]), sum);
    }
    let invoices = visitor
        .get("/invoices?status=paid&per_page=100")
        .await
        .json();
    for invoice in invoices["items"].as_array().unwrap() {
        let paid: i64 = invoice["payments"]
            .as_array()
            .unwrap()
            .iter()
            .map(|payment| cents(&payment["amount"]))
            .sum();
        assert_eq!(
            (cents(&invoice["paid"]), cents(&invoice["total"])),
            (paid, paid)
        );
    }
}

#[tokio::test]
async fn books_in_a_file_are_continued() {
    let path = env::temp_dir().join(format!("northwind-freight-{}.db", process::id()));
    let visitor = Visitor::visit(Database::File(path.clone())).await;
    let reason = r#"{"reason": "Ordered twice."}"#;
    assert_eq!(
        visitor
            .send("POST", "/orders/1200/cancel", &[JSON], reason)
            .await
            .status,
        200
    );
    visitor.company.close().await;

    let visitor = Visitor::visit(Database::File(path.clone())).await;
    assert_eq!(
        visitor.get("/orders/1200").await.json()["status"],
        "cancelled"
    );
    visitor.company.close().await;
    fs::remove_file(path).unwrap();
}

#[tokio::test]
async fn a_company_opens_on_loopback_only() {
    let address = ([0, 0, 0, 0], 0).into();
    let settings = Settings {
        address,
        database: Database::InMemory,
        slow_report: Duration::ZERO,
    };
    let refused = Company::open(settings)
        .await
        .map(|company| company.address());
    assert!(
        matches!(refused, Err(OpenError::NotLoopback(found)) if found == address),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let path = env::temp_dir().join(format!("northwind-freight-{}.txt", process::id()));
    fs::write(
        &path,
        "Dear diary, this is not a database, whatever the ending of the file may say.",
    )
    .unwrap();
    let settings = Settings {
        address: ([127, 0, 0, 1], 0).into(),
        database: Database::File(path.clone()),
        slow_report: Duration::ZERO,
    };
    let refused = Company::open(settings)
        .await
        .map(|company| company.address());
    assert!(
        matches!(refused, Err(OpenError::Books { .. })),
        "{refused:?}"
    );
    fs::remove_file(path).unwrap();
}
