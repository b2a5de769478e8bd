//! The report that takes its time.

use std::time::Duration;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};

use crate::parameters::Parameters;
use crate::problem::{FieldError, Problem};
use crate::store::{Document, Store};

/// Months in which the quarters start.
const STARTS: [&str; 4] = ["01", "04", "07", "10"];

pub(crate) fn routes(store: Store, takes: Duration) -> Router {
    Router::new()
        .route("/reports/quarterly", get(quarterly))
        .with_state((store, takes))
}

async fn quarterly(
    State((store, takes)): State<(Store, Duration)>,
    mut parameters: Parameters,
) -> Result<Json<Document>, Problem> {
    let quarter = parameters.required_text("quarter", 7);
    let quarter = parameters.finish(quarter)?;
    let (from, to) = bounds(&quarter).ok_or_else(|| {
        let message = "must be a quarter like 2025-Q3".to_owned();
        Problem::parameters(vec![FieldError {
            field: "quarter".to_owned(),
            message,
        }])
    })?;
    // Slow on purpose: what timeouts, progress and cancellation are tried on.
    store.until_closed(tokio::time::sleep(takes)).await?;
    Ok(Json(store.quarter(&quarter, from, to).await?))
}

/// First day of `2025-Q3` and first day after it.
fn bounds(quarter: &str) -> Option<(String, String)> {
    let (year, number) = quarter.split_once("-Q")?;
    let (year, number) = (year.parse::<u16>().ok()?, number.parse::<usize>().ok()?);
    let from = format!("{year:04}-{}-01", STARTS.get(number.checked_sub(1)?)?);
    let to = match STARTS.get(number) {
        Some(month) => format!("{year:04}-{month}-01"),
        None => format!("{:04}-01-01", u32::from(year) + 1),
    };
    Some((from, to))
}
