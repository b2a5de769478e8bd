//! Which door leads to which desk.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderMap;
use axum::middleware::from_fn;
use axum::routing::get;

use crate::api::{
    customers, exports, flaky, health, invoices, orders, partners, reports, shipments, tickets,
    warehouses,
};
use crate::authentication;
use crate::document::Published;
use crate::problem::Problem;
use crate::store::Store;

/// Largest body that is read.
const BODY_BYTES: usize = 1024 * 1024;

/// Every route of the company, each behind its kind of credential.
pub(crate) fn build(store: &Store, slow_report: Duration, base_url: &str) -> Router {
    let sales = customers::routes(store.clone())
        .merge(orders::routes(store.clone()))
        .merge(tickets::routes(store.clone()))
        .merge(exports::routes(store.clone()))
        .merge(partners::routes(store.clone()))
        .merge(flaky::routes())
        .route_layer(from_fn(authentication::api_key));
    let stockroom = warehouses::routes(store.clone()).route_layer(from_fn(authentication::basic));
    let billing = invoices::routes(store.clone())
        .merge(shipments::routes(store.clone()))
        .merge(reports::routes(store.clone(), slow_report))
        .route_layer(from_fn(authentication::bearer));
    let published = Arc::new(Published::new(base_url));
    let open = health::routes().route(
        "/openapi.json",
        get(move |headers: HeaderMap| async move { published.answer(&headers) }),
    );

    sales
        .merge(stockroom)
        .merge(billing)
        .merge(open)
        .fallback(async || Problem::not_found("resource"))
        .method_not_allowed_fallback(async || Problem::method_not_allowed())
        .layer(DefaultBodyLimit::max(BODY_BYTES))
}
