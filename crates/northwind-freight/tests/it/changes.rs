use serde_json::{Value, json};

use crate::visitor::{Answer, JSON, MERGE_PATCH, Visitor};

/// A customer as a caller writes one.
fn draft() -> Value {
    json!({
        "name": "Zephyr Sails", "email": "ahoy@zephyr.example", "phone": "+45 1234", "status": "active", "tier": "gold",
        "address": {"street": "Quay Street 1", "city": "Aarhus", "postal_code": "8000", "country": "DK"},
        "credit_limit": {"amount_cents": 100_000, "currency": "DKK"}, "account_manager": "Nils Haugen",
    })
}

async fn post(visitor: &Visitor, path: &str, body: &Value) -> Answer {
    visitor.send("POST", path, &[JSON], body.to_string()).await
}

#[track_caller]
fn fields(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 422);
    let problem = answer.json();
    problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["field"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_customer_lives_from_post_to_delete() {
    let visitor = Visitor::arrive().await;
    let created = post(&visitor, "/customers", &draft()).await;
    assert_eq!((created.status, created.header("etag")), (201, "\"v1\""));
    let path = created.header("location");
    assert_eq!(visitor.get(path).await.json(), created.json());

    // Null removes, an object merges, what is absent stays.
    let patch = r#"{"phone": null, "address": {"city": "Odense"}}"#;
    let patched = visitor
        .send("PATCH", path, &[MERGE_PATCH, ("if-match", "\"v1\"")], patch)
        .await;
    let mut expected = created.json();
    expected["phone"] = Value::Null;
    expected["address"]["city"] = "Odense".into();
    expected["version"] = 2.into();
    expected["updated_at"] = patched.json()["updated_at"].clone();
    assert_eq!(
        (patched.header("etag"), patched.json()),
        ("\"v2\"", expected)
    );

    // What is left out of a replacement falls back.
    let mut replacement = draft();
    replacement
        .as_object_mut()
        .unwrap()
        .retain(|name, _| !matches!(name.as_str(), "tier" | "account_manager"));
    let replaced = visitor
        .send(
            "PUT",
            path,
            &[JSON, ("if-match", "*")],
            replacement.to_string(),
        )
        .await;
    let replaced = replaced.json();
    assert_eq!(
        (&replaced["tier"], &replaced["account_manager"]),
        (&"standard".into(), &Value::Null)
    );

    assert_eq!(
        visitor
            .send("DELETE", path, &[("if-match", "\"v3\"")], "")
            .await
            .status,
        204
    );
    assert_eq!(visitor.send("DELETE", path, &[], "").await.status, 404);
    assert_eq!(visitor.get(path).await.status, 404);
    // The next one is somebody else.
    assert_ne!(
        post(&visitor, "/customers", &draft())
            .await
            .header("location"),
        path
    );
}

#[tokio::test]
async fn a_change_made_for_another_version_is_refused() {
    let visitor = Visitor::arrive().await;
    let before = visitor.get("/customers/42").await;
    for tag in ["\"v7\"", "\"elsewhere\"", "v1"] {
        let stale = ("if-match", tag);
        let put = visitor
            .send("PUT", "/customers/42", &[JSON, stale], draft().to_string())
            .await;
        let patch = visitor
            .send(
                "PATCH",
                "/customers/42",
                &[MERGE_PATCH, stale],
                r#"{"tier": "gold"}"#,
            )
            .await;
        let delete = visitor.send("DELETE", "/customers/42", &[stale], "").await;
        assert_eq!(
            [put.status, patch.status, delete.status],
            [412, 412, 412],
            "{tag}"
        );
    }
    let seen = ("if-none-match", before.header("etag"));
    assert_eq!(
        visitor
            .send("GET", "/customers/42", &[seen], "")
            .await
            .status,
        304
    );
}

#[tokio::test]
async fn every_wrong_field_is_named_at_once() {
    let visitor = Visitor::arrive().await;
    let wrong = json!({
        "name": " ", "email": "nobody", "tier": "platinum", "phone": 45, "address": {"street": "x", "city": "y", "country": "Denmark"},
        "credit_limit": {"amount_cents": -1, "currency": "kr"},
    });
    let answer = post(&visitor, "/customers", &wrong).await;
    let expected = [
        "/name",
        "/email",
        "/phone",
        "/tier",
        "/address/postal_code",
        "/address/country",
        "/credit_limit/amount_cents",
        "/credit_limit/currency",
    ];
    assert_eq!(fields(&answer), expected);
    // A body that is no object lacks everything.
    assert!(fields(&post(&visitor, "/customers", &json!([])).await).contains(&"/name".to_owned()));
    let patch = visitor
        .send(
            "PATCH",
            "/customers/42",
            &[MERGE_PATCH],
            r#"{"name": null}"#,
        )
        .await;
    assert_eq!(fields(&patch), ["/name"]);
}

#[tokio::test]
async fn a_body_of_another_kind_is_refused() {
    let visitor = Visitor::arrive().await;
    assert_eq!(
        visitor
            .send("POST", "/customers", &[MERGE_PATCH], "{}")
            .await
            .status,
        415
    );
    assert_eq!(
        visitor
            .send("PATCH", "/customers/42", &[JSON], "{}")
            .await
            .status,
        415
    );
    assert_eq!(
        visitor.send("POST", "/customers", &[], "{}").await.status,
        415
    );
    assert_eq!(
        visitor
            .send("POST", "/customers", &[JSON], "{")
            .await
            .status,
        400
    );
    let charset = ("content-type", "application/json; charset=utf-8");
    assert_eq!(
        visitor
            .send("POST", "/customers", &[charset], draft().to_string())
            .await
            .status,
        201
    );
}

#[tokio::test]
async fn what_the_state_forbids_is_a_conflict() {
    let visitor = Visitor::arrive().await;
    let first = |list: &'static str| {
        let visitor = &visitor;
        async move { visitor.get(list).await.json()["items"][0].clone() }
    };
    let taken = json!({"email": visitor.get("/customers/1").await.json()["email"]}).to_string();
    assert_eq!(
        visitor
            .send("PATCH", "/customers/42", &[MERGE_PATCH], taken)
            .await
            .status,
        409
    );

    let busy = first("/orders?limit=1").await["customer_id"].clone();
    assert_eq!(
        visitor
            .send("DELETE", &format!("/customers/{busy}"), &[], "")
            .await
            .status,
        409
    );

    let delivered = first("/orders?status=delivered").await["id"].clone();
    let reason = json!({"reason": "Too late."});
    assert_eq!(
        post(&visitor, &format!("/orders/{delivered}/cancel"), &reason)
            .await
            .status,
        409
    );

    let held = first("/customers?status=on_hold").await["id"].clone();
    let order = json!({"customer_id": held, "destination": draft()["address"], "lines": [{"sku": "NF-0104-M", "quantity": 1}]});
    assert_eq!(post(&visitor, "/orders", &order).await.status, 409);

    let cancelled = first("/orders?status=cancelled").await["id"].clone();
    let shipment = json!({"order_id": cancelled, "warehouse": "RTM1", "weight_grams": 1});
    assert_eq!(post(&visitor, "/shipments", &shipment).await.status, 409);

    let arrived = first("/shipments?status=delivered").await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        visitor
            .send("DELETE", &format!("/shipments/{arrived}"), &[], "")
            .await
            .status,
        409
    );
    let event = json!({"kind": "departed_hub", "place": "Riga"});
    assert_eq!(
        post(&visitor, &format!("/shipments/{arrived}/events"), &event)
            .await
            .status,
        409
    );

    let paid = first("/invoices?status=paid").await["id"].clone();
    let payment = json!({"amount_cents": 1, "method": "card"});
    assert_eq!(
        post(&visitor, &format!("/invoices/{paid}/payments"), &payment)
            .await
            .status,
        409
    );
    assert_eq!(
        post(&visitor, &format!("/invoices/{paid}/void"), &reason)
            .await
            .status,
        409
    );

    let loss = json!({"sku": "NF-0104-M", "change": -1_000_000, "reason": "theft"});
    assert_eq!(
        post(&visitor, "/warehouses/RTM1/adjustments", &loss)
            .await
            .status,
        409
    );
}

#[tokio::test]
async fn an_order_is_placed_followed_and_cancelled() {
    let visitor = Visitor::arrive().await;
    let customer =
        visitor.get("/customers?status=active&limit=1").await.json()["items"][0]["id"].clone();
    let line = |sku| json!({"sku": sku, "quantity": 3});
    let mut order = json!({"customer_id": customer, "destination": draft()["address"], "lines": [line("NF-0104-M"), line("NF-0103-S")]});
    let placed = post(&visitor, "/orders", &order).await;
    assert_eq!(
        (placed.status, &placed.json()["total"]["amount_cents"]),
        (201, &(3 * 990 + 3 * 3_150).into())
    );
    let path = placed.header("location");
    let cancelled = post(
        &visitor,
        &format!("{path}/cancel"),
        &json!({"reason": "Changed our mind."}),
    )
    .await;
    assert_eq!(
        (cancelled.status, &cancelled.json()["cancellation_reason"]),
        (200, &"Changed our mind.".into())
    );
    assert_eq!(visitor.get(path).await.json(), cancelled.json());

    // What is refused leaves nothing behind, not even the lines before the wrong one.
    order["lines"][1]["sku"] = "NF-9999-M".into();
    assert_eq!(
        fields(&post(&visitor, "/orders", &order).await),
        ["/lines/1/sku"]
    );
    order["customer_id"] = 9_999.into();
    assert_eq!(
        fields(&post(&visitor, "/orders", &order).await),
        ["/customer_id"]
    );
    order["lines"] = json!([]);
    assert_eq!(fields(&post(&visitor, "/orders", &order).await), ["/lines"]);
    assert_eq!(
        visitor
            .get("/exports/orders.csv")
            .await
            .text()
            .lines()
            .count(),
        1_202
    );
}

#[tokio::test]
async fn a_shipment_is_booked_tracked_and_deleted() {
    let visitor = Visitor::arrive().await;
    let draft = json!({"order_id": 1, "warehouse": "HAM2", "weight_grams": 500});
    let booked = post(&visitor, "/shipments", &draft).await;
    assert_eq!(
        (booked.status, &booked.json()["events"][0]["place"]),
        (201, &"Hamburg".into())
    );
    let path = booked.header("location");
    assert_eq!(visitor.send("DELETE", path, &[], "").await.status, 204);

    let booked = post(&visitor, "/shipments", &draft).await;
    assert_ne!(booked.header("location"), path);
    let events = format!("{}/events", booked.header("location"));
    let moved = post(
        &visitor,
        &events,
        &json!({"kind": "departed_hub", "place": "Hamburg"}),
    )
    .await
    .json();
    assert_eq!(
        (&moved["status"], &moved["delivered_at"]),
        (&"in_transit".into(), &Value::Null)
    );
    assert_eq!(
        visitor
            .send("DELETE", booked.header("location"), &[], "")
            .await
            .status,
        409
    );
    let arrived = post(
        &visitor,
        &events,
        &json!({"kind": "delivered", "place": "Trieste", "note": "Gate 2"}),
    )
    .await
    .json();
    assert_eq!(
        (&arrived["status"], arrived["delivered_at"].is_string()),
        (&"delivered".into(), true)
    );

    assert_eq!(
        fields(&post(&visitor, &events, &json!({"kind": "lost"})).await),
        ["/kind", "/place"]
    );
    let nowhere = json!({"order_id": 1, "warehouse": "XYZ9", "weight_grams": 500});
    assert_eq!(
        fields(&post(&visitor, "/shipments", &nowhere).await),
        ["/warehouse"]
    );
}

#[tokio::test]
async fn a_ticket_is_opened_changed_and_deleted() {
    let visitor = Visitor::arrive().await;
    let ticket = json!({"customer_id": 42, "order_id": 7, "subject": "Hello", "description": "Is anyone there?", "assignee": "Elif Kaya"});
    let opened = post(&visitor, "/tickets", &ticket).await;
    assert_eq!(
        (opened.status, &opened.json()["status"]),
        (201, &"open".into())
    );
    let path = opened.header("location");
    let patched = visitor
        .send(
            "PATCH",
            path,
            &[MERGE_PATCH],
            r#"{"assignee": null, "status": "solved"}"#,
        )
        .await
        .json();
    assert_eq!(
        (
            &patched["assignee"],
            &patched["status"],
            &patched["subject"]
        ),
        (&Value::Null, &"solved".into(), &"Hello".into())
    );
    let wrong = visitor
        .send(
            "PATCH",
            path,
            &[MERGE_PATCH],
            r#"{"priority": "yesterday"}"#,
        )
        .await;
    assert_eq!(fields(&wrong), ["/priority"]);
    assert_eq!(visitor.send("DELETE", path, &[], "").await.status, 204);
    assert_eq!(visitor.send("DELETE", path, &[], "").await.status, 404);
    let stranger = json!({"customer_id": 9_999, "subject": "Hello", "description": "Who am I?"});
    assert_eq!(
        fields(&post(&visitor, "/tickets", &stranger).await),
        ["/customer_id"]
    );
}

#[tokio::test]
async fn stock_is_counted_and_adjusted() {
    let visitor = Visitor::arrive().await;
    let path = "/warehouses/RTM1/stock/NF-0104-M";
    let counted = visitor
        .send(
            "PUT",
            path,
            &[JSON],
            r#"{"on_hand": 10, "reorder_point": 4}"#,
        )
        .await
        .json();
    assert_eq!(
        (&counted["on_hand"], &counted["reorder_point"]),
        (&10.into(), &4.into())
    );
    let adjustment = json!({"sku": "NF-0104-M", "change": -3, "reason": "damage"});
    let booked = post(&visitor, "/warehouses/RTM1/adjustments", &adjustment).await;
    assert_eq!(booked.status, 201);
    assert_eq!(
        visitor.get("/warehouses/RTM1/adjustments").await.json()[0],
        booked.json()
    );
    assert_eq!(visitor.get(path).await.json()["on_hand"], 7);
    let unknown = json!({"sku": "NF-9999-M", "change": 1, "reason": "receipt"});
    assert_eq!(
        fields(&post(&visitor, "/warehouses/RTM1/adjustments", &unknown).await),
        ["/sku"]
    );
    let missing = visitor
        .send(
            "PUT",
            "/warehouses/RTM1/stock/NF-9999-M",
            &[JSON],
            r#"{"on_hand": 1, "reorder_point": 1}"#,
        )
        .await;
    assert_eq!(missing.status, 404);
}

#[tokio::test]
async fn the_last_cent_makes_an_invoice_paid() {
    let visitor = Visitor::arrive().await;
    let list = visitor
        .get("/invoices?status=open&per_page=100")
        .await
        .json();
    let invoice = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|invoice| invoice["paid"]["amount_cents"] == 0)
        .unwrap();
    let total = invoice["total"]["amount_cents"].as_i64().unwrap();
    let path = format!("/invoices/{}/payments", invoice["id"]);
    let pay =
        |cents: i64| json!({"amount_cents": cents, "method": "bank_transfer", "reference": "RF1"});
    assert_eq!(
        post(&visitor, &path, &pay(1)).await.json()["status"],
        "open"
    );
    assert_eq!(post(&visitor, &path, &pay(total)).await.status, 409);
    let paid = post(&visitor, &path, &pay(total - 1)).await;
    assert_eq!((paid.status, &paid.json()["status"]), (201, &"paid".into()));
    assert_eq!(
        fields(&post(&visitor, &path, &pay(0)).await),
        ["/amount_cents"]
    );

    let other = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .rfind(|invoice| invoice["paid"]["amount_cents"] == 0)
        .unwrap();
    let void = post(
        &visitor,
        &format!("/invoices/{}/void", other["id"]),
        &json!({"reason": "Issued twice."}),
    )
    .await;
    assert_eq!((void.status, &void.json()["status"]), (200, &"void".into()));
}
