//! What goes wrong in every company, here on purpose and always in the same way.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::Html;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::problem::Problem;

/// What a careless framework shows to the world. A gateway must not hand it on.
const TRACE: &str = "<!doctype html>
<html><head><title>500 Internal Server Error</title></head>
<body><h1>NullPointerException at /flaky/broken</h1>
<pre>java.lang.NullPointerException: Cannot invoke \"Carrier.getTariff()\" because \"carrier\" is null
    at com.northwind.freight.tariff.TariffService.lookup(TariffService.java:218)
    at com.northwind.freight.tariff.TariffController.show(TariffController.java:41)
    at org.springframework.web.servlet.FrameworkServlet.service(FrameworkServlet.java:897)
datasource: jdbc:postgresql://tariff_rw:Sommer2019!@db-internal-3.northwind.example:5432/tariffs
</pre></body></html>
";

pub(crate) fn routes() -> Router {
    Router::new()
        .route("/flaky/carrier-status", get(carrier_status))
        .route("/flaky/broken", get(broken))
        .with_state(Arc::new(AtomicU64::new(1)))
}

/// Call one and two fail, call three succeeds, and so on.
async fn carrier_status(State(calls): State<Arc<AtomicU64>>) -> Result<Json<Value>, Problem> {
    let call = calls.fetch_add(1, Ordering::Relaxed);
    if call.is_multiple_of(3) {
        return Ok(Json(
            json!({"carrier": "baltic_express", "status": "operational", "call": call}),
        ));
    }
    Err(Problem::unavailable(
        "The carrier does not answer. Try again in a moment.",
        (RETRY_AFTER, "1"),
    ))
}

async fn broken() -> (StatusCode, Html<&'static str>) {
    (StatusCode::INTERNAL_SERVER_ERROR, Html(TRACE))
}
