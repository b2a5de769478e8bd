//! The stockroom: warehouses, their trees of zones, and what lies in them.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};

use super::path::Named;
use crate::parameters::Parameters;
use crate::problem::Problem;
use crate::store::{AdjustmentDraft, Document, LevelDraft, Store};
use crate::submission::{Fields, Submission};

const REASONS: [&str; 5] = ["count", "damage", "receipt", "return", "theft"];
const MOST_PIECES: i64 = 1_000_000;

pub(crate) fn routes(store: Store) -> Router {
    Router::new()
        .route("/warehouses", get(list))
        .route("/warehouses/{warehouse}", get(read))
        .route("/warehouses/{warehouse}/stock", get(stock))
        .route(
            "/warehouses/{warehouse}/stock/{sku}",
            get(level).put(set_level),
        )
        .route(
            "/warehouses/{warehouse}/adjustments",
            get(adjustments).post(adjust),
        )
        .with_state(store)
}

async fn list(State(store): State<Store>) -> Result<Json<Vec<Document>>, Problem> {
    Ok(Json(store.warehouses().await?))
}

async fn read(
    State(store): State<Store>,
    Named(code): Named<String>,
) -> Result<Json<Document>, Problem> {
    store
        .warehouse(&code)
        .await?
        .map(Json)
        .ok_or_else(|| Problem::not_found("warehouse"))
}

async fn stock(
    State(store): State<Store>,
    Named(code): Named<String>,
    mut parameters: Parameters,
) -> Result<Json<Vec<Document>>, Problem> {
    let low = parameters.flag("below_reorder_point");
    let low = parameters.finish(low)?;
    store
        .stock(&code, low)
        .await?
        .map(Json)
        .ok_or_else(|| Problem::not_found("warehouse"))
}

async fn level(
    State(store): State<Store>,
    Named((code, sku)): Named<(String, String)>,
) -> Result<Json<Document>, Problem> {
    store
        .level(&code, &sku)
        .await?
        .map(Json)
        .ok_or_else(|| Problem::not_found("stock level"))
}

async fn set_level(
    State(store): State<Store>,
    Named((code, sku)): Named<(String, String)>,
    Submission(body): Submission,
) -> Result<Json<Document>, Problem> {
    let mut fields = Fields::new(&body);
    let draft = LevelDraft {
        on_hand: fields.integer("/on_hand", 0..=MOST_PIECES),
        reorder_point: fields.integer("/reorder_point", 0..=MOST_PIECES),
    };
    let draft = fields.finish(draft)?;
    store
        .set_level(&code, &sku, draft)
        .await?
        .done("stock level")
        .map(Json)
}

async fn adjustments(
    State(store): State<Store>,
    Named(code): Named<String>,
) -> Result<Json<Vec<Document>>, Problem> {
    store
        .adjustments(&code)
        .await?
        .map(Json)
        .ok_or_else(|| Problem::not_found("warehouse"))
}

async fn adjust(
    State(store): State<Store>,
    Named(code): Named<String>,
    Submission(body): Submission,
) -> Result<(StatusCode, Json<Document>), Problem> {
    let mut fields = Fields::new(&body);
    let draft = AdjustmentDraft {
        sku: fields.text("/sku", 24),
        change: fields.integer("/change", -MOST_PIECES..=MOST_PIECES),
        reason: fields.required_choice("/reason", &REASONS),
        note: fields.optional_text("/note", 500),
    };
    let draft = fields.finish(draft)?;
    let adjustment = store.adjust(&code, draft).await?.done("warehouse")?;
    Ok((StatusCode::CREATED, Json(adjustment)))
}
