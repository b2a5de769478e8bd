use std::collections::BTreeSet;

use serde_json::Value;

use crate::visitor::Visitor;

/// Follows `next_cursor` and `Link` to the end and answers the ids in the order they came.
async fn walk(visitor: &Visitor, list: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let mut next = list.to_owned();
    loop {
        let answer = visitor.get(&next).await;
        assert_eq!(answer.status, 200, "{next}");
        let page = answer.json();
        ids.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["id"].to_string()),
        );
        let link = answer
            .header("link")
            .strip_prefix('<')
            .and_then(|link| link.strip_suffix(">; rel=\"next\""));
        let Some(cursor) = page["next_cursor"].as_str() else {
            assert_eq!(link, None);
            return ids;
        };
        let link = link.unwrap();
        assert!(link.ends_with(&format!("cursor={cursor}")), "{link}");
        link.clone_into(&mut next);
    }
}

#[track_caller]
fn once_each(ids: &[String], count: usize) {
    assert_eq!(ids.len(), count);
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), count);
}

#[tokio::test]
async fn a_cursor_visits_each_row_once() {
    let visitor = Visitor::arrive().await;
    once_each(&walk(&visitor, "/customers?limit=64").await, 400);
    once_each(&walk(&visitor, "/orders?limit=100").await, 1_200);
    once_each(&walk(&visitor, "/shipments?limit=100").await, 1_500);
    // The last page is full, and there is no empty one after it.
    once_each(&walk(&visitor, "/customers?limit=100").await, 400);
}

#[tokio::test]
async fn the_next_page_keeps_the_filters() {
    let visitor = Visitor::arrive().await;
    let few = walk(&visitor, "/orders?limit=3&status=picking,confirmed").await;
    let many = walk(&visitor, "/orders?status=picking,confirmed&limit=100").await;
    assert!(few.len() > 6);
    assert_eq!(few, many);
}

#[tokio::test]
async fn numbered_pages_visit_each_row_once() {
    let visitor = Visitor::arrive().await;
    for (list, total) in [("/tickets", 600), ("/invoices", 900)] {
        let mut ids = Vec::new();
        for number in 1..=total / 70 + 1 {
            let page = visitor
                .get(&format!("{list}?per_page=70&page={number}"))
                .await
                .json();
            assert_eq!(
                (&page["total"], &page["total_pages"]),
                (&Value::from(total), &Value::from(total / 70 + 1))
            );
            ids.extend(
                page["items"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|item| item["id"].to_string()),
            );
        }
        once_each(&ids, total);
        let beyond = visitor
            .get(&format!("{list}?per_page=70&page=99"))
            .await
            .json();
        assert_eq!(
            (beyond["items"].as_array().unwrap().len(), &beyond["total"]),
            (0, &Value::from(total))
        );
    }
}

/// Every item of a filtered list satisfies `condition`, and there are some.
async fn check(visitor: &Visitor, list: &str, condition: impl Fn(&Value) -> bool) {
    let page = visitor.get(list).await.json();
    let items = page["items"].as_array().or(page.as_array()).unwrap();
    assert!(!items.is_empty(), "{list}");
    for item in items {
        assert!(condition(item), "{list} answers {item:#}");
    }
}

#[tokio::test]
async fn filters_keep_what_they_promise() {
    let visitor = Visitor::arrive().await;
    check(&visitor, "/customers?q=cycles", |item| {
        item["name"].as_str().unwrap().ends_with("Cycles")
    })
    .await;
    check(
        &visitor,
        "/customers?q=GHENT&status=active,on_hold",
        |item| item["address"]["city"] == "Ghent",
    )
    .await;
    check(&visitor, "/customers?country=PL&limit=100", |item| {
        item["address"]["country"] == "PL"
    })
    .await;
    check(&visitor, "/customers?status=prospect", |item| {
        item["status"] == "prospect"
    })
    .await;
    check(
        &visitor,
        "/orders?placed_from=2025-01-01&placed_to=2025-01-31&limit=100",
        |item| item["placed_at"].as_str().unwrap().starts_with("2025-01-"),
    )
    .await;
    check(
        &visitor,
        "/orders?filter[country]=NL&filter%5Bminimum_cents%5D=100000&filter[service]=express",
        |item| {
            item["destination"]["country"] == "NL"
                && item["service"] == "express"
                && item["total"]["amount_cents"].as_i64().unwrap() >= 100_000
        },
    )
    .await;
    check(
        &visitor,
        "/tickets?status=open,pending&priority=urgent",
        |item| {
            matches!(item["status"].as_str(), Some("open" | "pending"))
                && item["priority"] == "urgent"
        },
    )
    .await;
    check(
        &visitor,
        "/invoices?due_from=2025-05-01&due_to=2025-05-31",
        |item| item["due_on"].as_str().unwrap().starts_with("2025-05-"),
    )
    .await;
    check(&visitor, "/shipments?order_id=900", |item| {
        item["order_id"] == 900
    })
    .await;
    check(
        &visitor,
        "/warehouses/RTM1/stock?below_reorder_point=true",
        |item| item["below_reorder_point"] == true,
    )
    .await;
}

#[tokio::test]
async fn an_underscore_or_percent_sign_in_a_search_is_just_a_character() {
    let visitor = Visitor::arrive().await;
    for list in ["/customers?q=%25", "/customers?q=_"] {
        assert_eq!(
            visitor.get(list).await.json()["items"]
                .as_array()
                .unwrap()
                .len(),
            0,
            "{list}"
        );
    }
}

#[tokio::test]
async fn every_wrong_parameter_is_named_at_once() {
    let visitor = Visitor::arrive().await;
    let answer = visitor
        .get("/orders?limit=0&status=open&placed_from=May&filter[colour]=red")
        .await;
    let problem = answer.json();
    let fields: Vec<&str> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["field"].as_str().unwrap())
        .collect();
    assert_eq!(
        (answer.status, fields),
        (
            400,
            vec!["limit", "status", "placed_from", "filter[colour]"]
        )
    );
    assert_eq!(
        visitor.get("/customers?cursor=bm9uc2Vuc2U").await.status,
        400
    );
}
