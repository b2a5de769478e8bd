//! The billing desk: invoices by page number, payments, voiding.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};

use super::path::Named;
use crate::page::Page;
use crate::parameters::Parameters;
use crate::problem::Problem;
use crate::store::{Document, InvoiceFilter, PaymentDraft, Store};
use crate::submission::{Fields, Submission};

const STATUSES: [&str; 4] = ["open", "overdue", "paid", "void"];
const METHODS: [&str; 3] = ["bank_transfer", "card", "direct_debit"];

pub(crate) fn routes(store: Store) -> Router {
    Router::new()
        .route("/invoices", get(list))
        .route("/invoices/{invoice_id}", get(read))
        .route("/invoices/{invoice_id}/payments", post(pay))
        .route("/invoices/{invoice_id}/void", post(void))
        .with_state(store)
}

async fn list(State(store): State<Store>, mut parameters: Parameters) -> Result<Response, Problem> {
    let page = Page::read(&mut parameters);
    let filter = InvoiceFilter {
        statuses: parameters.choices("status", &STATUSES),
        customer: parameters.integer("customer_id", 1..=i64::MAX),
        from: parameters.date("due_from"),
        to: parameters.date("due_to"),
    };
    let filter = parameters.finish(filter)?;
    Ok(page.answer(store.invoices(filter, page.size, page.offset()).await?))
}

async fn read(
    State(store): State<Store>,
    Named(id): Named<i64>,
) -> Result<Json<Document>, Problem> {
    store
        .invoice(id)
        .await?
        .map(Json)
        .ok_or_else(|| Problem::not_found("invoice"))
}

async fn pay(
    State(store): State<Store>,
    Named(id): Named<i64>,
    Submission(body): Submission,
) -> Result<(StatusCode, Json<Document>), Problem> {
    let mut fields = Fields::new(&body);
    let draft = PaymentDraft {
        amount_cents: fields.integer("/amount_cents", 1..=1_000_000_000_000),
        method: fields.required_choice("/method", &METHODS),
        reference: fields.optional_text("/reference", 60),
    };
    let draft = fields.finish(draft)?;
    let invoice = store.pay(id, draft).await?.done("invoice")?;
    Ok((StatusCode::CREATED, Json(invoice)))
}

async fn void(
    State(store): State<Store>,
    Named(id): Named<i64>,
    Submission(body): Submission,
) -> Result<Json<Document>, Problem> {
    let mut fields = Fields::new(&body);
    let reason = fields.text("/reason", 200);
    let reason = fields.finish(reason)?;
    store
        .void_invoice(id, reason)
        .await?
        .done("invoice")
        .map(Json)
}
