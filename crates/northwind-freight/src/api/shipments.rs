//! The shipping desk: parcels, their journeys, their labels.

use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};

use super::path::Named;
use crate::label;
use crate::page::Window;
use crate::parameters::Parameters;
use crate::problem::Problem;
use crate::store::{Document, EventDraft, ShipmentDraft, ShipmentFilter, Store};
use crate::submission::{Fields, Submission};

const STATUSES: [&str; 5] = [
    "label_created",
    "in_transit",
    "out_for_delivery",
    "delivered",
    "exception",
];
const CARRIERS: [&str; 4] = ["northwind", "baltic_express", "alpine_road", "atlantic_air"];
const EVENTS: [&str; 5] = [
    "departed_hub",
    "arrived_hub",
    "out_for_delivery",
    "delivered",
    "exception",
];
const HEAVIEST_GRAMS: i64 = 20_000_000;

pub(crate) fn routes(store: Store) -> Router {
    Router::new()
        .route("/shipments", get(list).post(create))
        .route("/shipments/{shipment_id}", get(read).delete(delete))
        .route("/shipments/{shipment_id}/events", post(add_event))
        .route("/shipments/{shipment_id}/label.png", get(picture))
        .with_state(store)
}

async fn list(
    State(store): State<Store>,
    uri: Uri,
    mut parameters: Parameters,
) -> Result<Response, Problem> {
    let window = Window::read(&mut parameters)?;
    let filter = ShipmentFilter {
        statuses: parameters.choices("status", &STATUSES),
        carrier: parameters.choice("carrier", &CARRIERS),
        order: parameters.integer("order_id", 1..=i64::MAX),
    };
    let filter = parameters.finish(filter)?;
    let entries = store.shipments(filter, window.after, window.rows()).await?;
    Ok(window.answer(&uri, entries))
}

async fn create(
    State(store): State<Store>,
    Submission(body): Submission,
) -> Result<Response, Problem> {
    let mut fields = Fields::new(&body);
    let draft = ShipmentDraft {
        order: fields.integer("/order_id", 1..=i64::MAX),
        warehouse: fields.text("/warehouse", 8),
        carrier: fields.choice("/carrier", &CARRIERS),
        weight_grams: fields.integer("/weight_grams", 1..=HEAVIEST_GRAMS),
    };
    let draft = fields.finish(draft)?;
    let (number, document) = store.create_shipment(draft).await?.done("shipment")?;
    Ok((
        StatusCode::CREATED,
        [(LOCATION, format!("/shipments/{number}"))],
        Json(document),
    )
        .into_response())
}

async fn read(
    State(store): State<Store>,
    Named(number): Named<String>,
) -> Result<Json<Document>, Problem> {
    store
        .shipment(&number)
        .await?
        .map(Json)
        .ok_or_else(|| Problem::not_found("shipment"))
}

async fn delete(
    State(store): State<Store>,
    Named(number): Named<String>,
) -> Result<StatusCode, Problem> {
    store.delete_shipment(&number).await?.done("shipment")?;
    Ok(StatusCode::NO_CONTENT)
}

async fn add_event(
    State(store): State<Store>,
    Named(number): Named<String>,
    Submission(body): Submission,
) -> Result<(StatusCode, Json<Document>), Problem> {
    let mut fields = Fields::new(&body);
    let draft = EventDraft {
        kind: fields.required_choice("/kind", &EVENTS),
        place: fields.text("/place", 80),
        note: fields.optional_text("/note", 500),
    };
    let draft = fields.finish(draft)?;
    let shipment = store.add_event(&number, draft).await?.done("shipment")?;
    Ok((StatusCode::CREATED, Json(shipment)))
}

async fn picture(
    State(store): State<Store>,
    Named(number): Named<String>,
) -> Result<Response, Problem> {
    store
        .shipment(&number)
        .await?
        .ok_or_else(|| Problem::not_found("shipment"))?;
    Ok(([(CONTENT_TYPE, "image/png")], label::draw(&number)).into_response())
}
