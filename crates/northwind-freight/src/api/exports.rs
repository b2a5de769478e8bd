//! Orders as a table, RFC 4180.

use axum::Router;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::parameters::Parameters;
use crate::problem::Problem;
use crate::store::{ExportRow, Store};

const HEADINGS: &str = "order_id,customer,status,service,total_cents,currency,placed_at\r\n";

pub(crate) fn routes(store: Store) -> Router {
    Router::new()
        .route("/exports/orders.csv", get(orders))
        .with_state(store)
}

async fn orders(
    State(store): State<Store>,
    mut parameters: Parameters,
) -> Result<Response, Problem> {
    let days = (parameters.date("placed_from"), parameters.date("placed_to"));
    let (from, to) = parameters.finish(days)?;
    let rows = store.export(from, to).await?;
    let table = rows
        .into_iter()
        .map(line)
        .fold(HEADINGS.to_owned(), |table, line| table + &line);
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"orders.csv\""),
    ];
    Ok((headers, table).into_response())
}

fn line((id, customer, status, service, total_cents, currency, placed_at): ExportRow) -> String {
    [
        id,
        customer,
        status,
        service,
        total_cents,
        currency,
        placed_at,
    ]
    .map(cell)
    .join(",")
        + "\r\n"
}

fn cell(text: String) -> String {
    if text.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}
