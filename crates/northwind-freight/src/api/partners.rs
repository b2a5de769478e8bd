//! What partner carriers fetch: every shipment under way, in the XML that their systems have read for twenty years.

use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::problem::Problem;
use crate::store::{Consignment, Store};

pub(crate) fn routes(store: Store) -> Router {
    Router::new()
        .route("/partner/feed.xml", get(feed))
        .with_state(store)
}

async fn feed(State(store): State<Store>) -> Result<Response, Problem> {
    let consignments = store.consignments().await?;
    let opening = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <feed xmlns=\"https://northwind.example/partner/1\" consignments=\"{}\">\n",
        consignments.len()
    );
    let document = consignments
        .iter()
        .map(element)
        .fold(opening, |document, element| document + &element)
        + "</feed>\n";
    Ok(([(CONTENT_TYPE, "application/xml; charset=utf-8")], document).into_response())
}

fn element(consignment: &Consignment) -> String {
    let Consignment {
        tracking_number,
        status,
        customer,
        city,
        country,
        weight_grams,
    } = consignment;
    format!(
        "  <consignment id=\"{}\" status=\"{}\">\n    <consignee>{}</consignee>\n    \
         <destination country=\"{}\">{}</destination>\n    <weight unit=\"g\">{weight_grams}</weight>\n  </consignment>\n",
        escape(tracking_number),
        escape(status),
        escape(customer),
        escape(country),
        escape(city),
    )
}

/// Names come from callers. A control character cannot stand in XML 1.0 at all, so it becomes a space.
fn escape(text: &str) -> String {
    text.chars().fold(
        String::with_capacity(text.len()),
        |mut escaped, character| {
            match character {
                '&' => escaped.push_str("&amp;"),
                '<' => escaped.push_str("&lt;"),
                '>' => escaped.push_str("&gt;"),
                '"' => escaped.push_str("&quot;"),
                control if control.is_control() => escaped.push(' '),
                other => escaped.push(other),
            }
            escaped
        },
    )
}
