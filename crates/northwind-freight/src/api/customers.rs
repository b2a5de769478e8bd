//! The customer desk: lists by cursor, changes guarded by entity tags.

use axum::Router;
use axum::extract::State;
use axum::http::header::{ETAG, IF_MATCH, IF_NONE_MATCH, LOCATION};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::Value;

use super::path::Named;
use crate::page::Window;
use crate::parameters::Parameters;
use crate::problem::Problem;
use crate::store::{Customer, CustomerDraft, CustomerFilter, Store};
use crate::submission::{Fields, MergePatch, Submission};

const STATUSES: [&str; 4] = ["prospect", "active", "on_hold", "closed"];
const TIERS: [&str; 3] = ["standard", "silver", "gold"];
const MOST_CREDIT_CENTS: i64 = 100_000_000;

pub(crate) fn routes(store: Store) -> Router {
    Router::new()
        .route("/customers", get(list).post(create))
        .route(
            "/customers/{customer_id}",
            get(read).put(replace).patch(update).delete(delete),
        )
        .with_state(store)
}

async fn list(
    State(store): State<Store>,
    uri: Uri,
    mut parameters: Parameters,
) -> Result<Response, Problem> {
    let window = Window::read(&mut parameters)?;
    let filter = CustomerFilter {
        text: parameters.text("q"),
        statuses: parameters.choices("status", &STATUSES),
        country: parameters.text("country"),
    };
    let filter = parameters.finish(filter)?;
    let entries = store.customers(filter, window.after, window.rows()).await?;
    Ok(window.answer(&uri, entries))
}

async fn create(
    State(store): State<Store>,
    Submission(body): Submission,
) -> Result<Response, Problem> {
    let (id, customer) = store.create_customer(draft(&body)?).await?;
    let customer = customer.ok_or_else(|| Problem::not_found("customer"))?;
    Ok((
        StatusCode::CREATED,
        [(LOCATION, format!("/customers/{id}"))],
        shown(customer),
    )
        .into_response())
}

async fn read(
    State(store): State<Store>,
    Named(id): Named<i64>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let customer = store
        .customer(id)
        .await?
        .ok_or_else(|| Problem::not_found("customer"))?;
    let tag = tag(customer.version);
    if headers.get(IF_NONE_MATCH).is_some_and(|seen| *seen == *tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response());
    }
    Ok(shown(customer))
}

async fn replace(
    State(store): State<Store>,
    Named(id): Named<i64>,
    headers: HeaderMap,
    Submission(body): Submission,
) -> Result<Response, Problem> {
    let version = version(&headers)?;
    Ok(shown(
        store
            .replace_customer(id, version, draft(&body)?)
            .await?
            .done("customer")?,
    ))
}

async fn update(
    State(store): State<Store>,
    Named(id): Named<i64>,
    headers: HeaderMap,
    patch: MergePatch,
) -> Result<Response, Problem> {
    let version = version(&headers)?;
    let before = store
        .customer(id)
        .await?
        .ok_or_else(|| Problem::not_found("customer"))?;
    if version.is_some_and(|seen| seen != before.version) {
        return Err(Problem::stale());
    }
    // The patch was made for what has just been read, whether or not the caller insisted on a version.
    let draft = draft(&patch.apply(before.document.to_value()))?;
    Ok(shown(
        store
            .replace_customer(id, Some(before.version), draft)
            .await?
            .done("customer")?,
    ))
}

async fn delete(
    State(store): State<Store>,
    Named(id): Named<i64>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    store
        .delete_customer(id, version(&headers)?)
        .await?
        .done("customer")?;
    Ok(StatusCode::NO_CONTENT)
}

fn shown(customer: Customer) -> Response {
    (
        [(ETAG, tag(customer.version))],
        axum::Json(customer.document),
    )
        .into_response()
}

fn tag(version: i64) -> String {
    format!("\"v{version}\"")
}

/// The version that `If-Match` insists on; `*` and no header insist on none.
fn version(headers: &HeaderMap) -> Result<Option<i64>, Problem> {
    let Some(value) = headers.get(IF_MATCH) else {
        return Ok(None);
    };
    let tag = value.to_str().unwrap_or_default().trim();
    if tag == "*" {
        return Ok(None);
    }
    // A tag that this API never gave out matches no version.
    let version = tag
        .strip_prefix("\"v")
        .and_then(|rest| rest.strip_suffix('"'))
        .and_then(|number| number.parse().ok());
    version.map(Some).ok_or_else(Problem::stale)
}

fn draft(body: &Value) -> Result<CustomerDraft, Problem> {
    let mut fields = Fields::new(body);
    let draft = CustomerDraft {
        name: fields.text("/name", 120),
        email: fields.email("/email"),
        phone: fields.optional_text("/phone", 32),
        status: fields.choice("/status", &STATUSES),
        tier: fields.choice("/tier", &TIERS),
        address: fields.address("/address"),
        credit_limit_cents: fields.integer("/credit_limit/amount_cents", 0..=MOST_CREDIT_CENTS),
        currency: fields.code("/credit_limit/currency", 3),
        account_manager: fields.optional_text("/account_manager", 80),
    };
    fields.finish(draft)
}
