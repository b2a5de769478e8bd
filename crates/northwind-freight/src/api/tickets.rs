//! The support desk: tickets by page number, comments by form.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::Value;

use super::attachments;
use super::path::Named;
use crate::page::Page;
use crate::parameters::{FormFields, Parameters};
use crate::problem::Problem;
use crate::store::{CommentDraft, Document, Store, TicketDraft, TicketFilter};
use crate::submission::{Fields, MergePatch, Submission};

const STATUSES: [&str; 4] = ["open", "pending", "solved", "closed"];
const PRIORITIES: [&str; 4] = ["normal", "low", "high", "urgent"];

pub(crate) fn routes(store: Store) -> Router {
    Router::new()
        .route("/tickets", get(list).post(create))
        .route(
            "/tickets/{ticket_id}",
            get(read).patch(update).delete(delete),
        )
        .route("/tickets/{ticket_id}/comments", get(comments).post(comment))
        .route(
            "/tickets/{ticket_id}/attachments",
            post(attachments::attach),
        )
        .route(
            "/tickets/{ticket_id}/attachments/{attachment_id}",
            get(attachments::download),
        )
        .with_state(store)
}

async fn list(State(store): State<Store>, mut parameters: Parameters) -> Result<Response, Problem> {
    let page = Page::read(&mut parameters);
    let filter = TicketFilter {
        statuses: parameters.choices("status", &STATUSES),
        priority: parameters.choice("priority", &PRIORITIES),
        customer: parameters.integer("customer_id", 1..=i64::MAX),
    };
    let filter = parameters.finish(filter)?;
    Ok(page.answer(store.tickets(filter, page.size, page.offset()).await?))
}

async fn create(
    State(store): State<Store>,
    Submission(body): Submission,
) -> Result<Response, Problem> {
    let (id, document) = store.create_ticket(draft(&body)?).await?.done("ticket")?;
    Ok((
        StatusCode::CREATED,
        [(LOCATION, format!("/tickets/{id}"))],
        Json(document),
    )
        .into_response())
}

async fn read(
    State(store): State<Store>,
    Named(id): Named<i64>,
) -> Result<Json<Document>, Problem> {
    store
        .ticket(id)
        .await?
        .map(Json)
        .ok_or_else(|| Problem::not_found("ticket"))
}

async fn update(
    State(store): State<Store>,
    Named(id): Named<i64>,
    patch: MergePatch,
) -> Result<Json<Document>, Problem> {
    let before = store
        .ticket(id)
        .await?
        .ok_or_else(|| Problem::not_found("ticket"))?;
    let draft = draft(&patch.apply(before.to_value()))?;
    store
        .update_ticket(id, draft)
        .await?
        .done("ticket")
        .map(Json)
}

async fn delete(State(store): State<Store>, Named(id): Named<i64>) -> Result<StatusCode, Problem> {
    store.delete_ticket(id).await?.done("ticket")?;
    Ok(StatusCode::NO_CONTENT)
}

async fn comments(
    State(store): State<Store>,
    Named(id): Named<i64>,
) -> Result<Json<Vec<Document>>, Problem> {
    store
        .comments(id)
        .await?
        .map(Json)
        .ok_or_else(|| Problem::not_found("ticket"))
}

async fn comment(
    State(store): State<Store>,
    Named(id): Named<i64>,
    FormFields(mut form): FormFields,
) -> Result<(StatusCode, Json<Document>), Problem> {
    let draft = CommentDraft {
        author: form.required_text("author", 80),
        body: form.required_text("body", 2_000),
        internal: form.flag("internal").unwrap_or(false),
    };
    let draft = form.finish_form(draft)?;
    let comment = store.add_comment(id, draft).await?.done("ticket")?;
    Ok((StatusCode::CREATED, Json(comment)))
}

fn draft(body: &Value) -> Result<TicketDraft, Problem> {
    let mut fields = Fields::new(body);
    let draft = TicketDraft {
        customer: fields.integer("/customer_id", 1..=i64::MAX),
        order: fields.optional_integer("/order_id", 1..=i64::MAX),
        subject: fields.text("/subject", 120),
        description: fields.text("/description", 4_000),
        status: fields.choice("/status", &STATUSES),
        priority: fields.choice("/priority", &PRIORITIES),
        assignee: fields.optional_text("/assignee", 80),
    };
    fields.finish(draft)
}
