//! The order desk: a filter object, and cancelling instead of deleting.

use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::Value;

use super::path::Named;
use crate::page::Window;
use crate::parameters::Parameters;
use crate::problem::Problem;
use crate::store::{Document, LineDraft, OrderDraft, OrderFilter, Store};
use crate::submission::{Fields, Submission};

const STATUSES: [&str; 6] = [
    "pending",
    "confirmed",
    "picking",
    "shipped",
    "delivered",
    "cancelled",
];
const SERVICES: [&str; 3] = ["standard", "economy", "express"];

pub(crate) fn routes(store: Store) -> Router {
    Router::new()
        .route("/orders", get(list).post(create))
        .route("/orders/{order_id}", get(read))
        .route("/orders/{order_id}/cancel", post(cancel))
        .with_state(store)
}

async fn list(
    State(store): State<Store>,
    uri: Uri,
    mut parameters: Parameters,
) -> Result<Response, Problem> {
    let window = Window::read(&mut parameters)?;
    let filter = OrderFilter {
        statuses: parameters.choices("status", &STATUSES),
        customer: parameters.integer("customer_id", 1..=i64::MAX),
        from: parameters.date("placed_from"),
        to: parameters.date("placed_to"),
        // Style deepObject: each property of `filter` is a parameter of its own.
        country: parameters.text("filter[country]"),
        service: parameters.choice("filter[service]", &SERVICES),
        minimum_cents: parameters.integer("filter[minimum_cents]", 0..=i64::MAX),
        maximum_cents: parameters.integer("filter[maximum_cents]", 0..=i64::MAX),
    };
    let filter = parameters.finish(filter)?;
    let entries = store.orders(filter, window.after, window.rows()).await?;
    Ok(window.answer(&uri, entries))
}

async fn create(
    State(store): State<Store>,
    Submission(body): Submission,
) -> Result<Response, Problem> {
    let (id, document) = store.create_order(draft(&body)?).await?.done("order")?;
    Ok((
        StatusCode::CREATED,
        [(LOCATION, format!("/orders/{id}"))],
        Json(document),
    )
        .into_response())
}

async fn read(
    State(store): State<Store>,
    Named(id): Named<i64>,
) -> Result<Json<Document>, Problem> {
    store
        .order(id)
        .await?
        .map(Json)
        .ok_or_else(|| Problem::not_found("order"))
}

async fn cancel(
    State(store): State<Store>,
    Named(id): Named<i64>,
    Submission(body): Submission,
) -> Result<Json<Document>, Problem> {
    let mut fields = Fields::new(&body);
    let reason = fields.text("/reason", 200);
    let reason = fields.finish(reason)?;
    store
        .cancel_order(id, reason)
        .await?
        .done("order")
        .map(Json)
}

fn draft(body: &Value) -> Result<OrderDraft, Problem> {
    let mut fields = Fields::new(body);
    let draft = OrderDraft {
        customer: fields.integer("/customer_id", 1..=i64::MAX),
        reference: fields.optional_text("/reference", 60),
        service: fields.choice("/service", &SERVICES),
        destination: fields.address("/destination"),
        lines: fields.list("/lines", 50, |fields, pointer| LineDraft {
            sku: fields.text(&format!("{pointer}/sku"), 24),
            quantity: fields.integer(&format!("{pointer}/quantity"), 1..=10_000),
        }),
    };
    fields.finish(draft)
}
