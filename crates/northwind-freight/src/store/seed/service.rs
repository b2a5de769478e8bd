//! Seeded shipments with their journeys, and tickets with their conversations.

use serde_json::json;

use super::calendar::{CLOSING, DAY, HOUR, timestamp};
use super::generator::Generator;
use super::sales::Order;
use super::vocabulary::{CARRIERS, COMPLAINTS, PEOPLE, REPLIES, WAREHOUSES};
use super::{Row, key};

const SHIPMENTS: usize = 1_500;
const TICKETS: usize = 600;

/// Shipments of the orders that left, and their tracking events.
pub(super) fn shipments(orders: &[Order]) -> (Vec<Row>, Vec<Row>) {
    let mut generator = Generator::new(5);
    let sent: Vec<&Order> = orders
        .iter()
        .filter(|order| matches!(order.status, "shipped" | "delivered"))
        .collect();
    let (mut shipments, mut events) = (
        Vec::with_capacity(SHIPMENTS),
        Vec::with_capacity(4 * SHIPMENTS),
    );
    for index in 0..SHIPMENTS {
        // In the order of the orders, one or two parcels each.
        let order = sent[index * sent.len() / SHIPMENTS];
        let (code, _, origin, ..) = generator.pick(&WAREHOUSES);
        let status = match order.status {
            "delivered" => "delivered",
            _ => generator.pick(&[
                "label_created",
                "in_transit",
                "in_transit",
                "out_for_delivery",
                "exception",
            ]),
        };
        let mut moment = order.placed + generator.within(12..48) * HOUR;
        let created = moment;
        for (kind, place) in journey(status, origin, order.place.city) {
            let note = (*kind == *"exception")
                .then_some("Address not found, the depot is calling the consignee.");
            events.push(json!([
                key(events.len()),
                key(index),
                kind,
                place,
                note,
                timestamp(moment)
            ]));
            moment += generator.within(3..20) * HOUR;
        }
        let delivered = (status == "delivered").then(|| timestamp(moment));
        shipments.push(json!([
            key(index),
            format!("NWF{:09}", 100_000 + key(index) * 37),
            order.id,
            code,
            generator.pick(&CARRIERS),
            status,
            (order.weight_grams / 2).max(100),
            900 + order.weight_grams / 25,
            "EUR",
            timestamp(created),
            delivered,
        ]));
    }
    (shipments, events)
}

/// What happened so far, where, to a shipment that is now `status`.
fn journey<'a>(
    status: &str,
    origin: &'a str,
    destination: &'a str,
) -> Vec<(&'static str, &'a str)> {
    let whole = [
        ("label_created", origin),
        ("departed_hub", origin),
        ("arrived_hub", destination),
        ("out_for_delivery", destination),
        ("delivered", destination),
    ];
    match status {
        "label_created" => whole[..1].to_vec(),
        "in_transit" => whole[..2].to_vec(),
        "out_for_delivery" => whole[..4].to_vec(),
        "exception" => [&whole[..3], &[("exception", destination)]].concat(),
        _ => whole.to_vec(),
    }
}

/// Tickets from the oldest to the newest, and their comments.
pub(super) fn tickets(orders: &[Order]) -> (Vec<Row>, Vec<Row>) {
    let mut generator = Generator::new(6);
    let (mut tickets, mut comments) =
        (Vec::with_capacity(TICKETS), Vec::with_capacity(2 * TICKETS));
    for index in 0..TICKETS {
        let order = &orders[index * orders.len() / TICKETS];
        let (subject, description) = generator.pick(&COMPLAINTS);
        let opened = (order.placed + generator.within(1..8) * DAY).min(CLOSING - HOUR);
        let status = match (CLOSING - opened) / DAY {
            0..30 => generator.pick(&["open", "open", "open", "pending", "solved"]),
            30..90 => generator.pick(&["open", "pending", "solved", "closed"]),
            _ => generator.pick(&["solved", "closed", "closed"]),
        };
        let mut moment = opened;
        for _ in 0..generator.within(0..4) {
            moment = (moment + generator.within(1..30) * HOUR).min(CLOSING - 1);
            comments.push(json!([
                key(comments.len()),
                key(index),
                generator.pick(&PEOPLE),
                generator.pick(&REPLIES),
                i64::from(generator.chance(25)),
                timestamp(moment),
            ]));
        }
        let order_id = generator.chance(75).then_some(order.id);
        let assignee = generator.chance(80).then(|| generator.pick(&PEOPLE));
        let priority = generator.pick(&["low", "normal", "normal", "normal", "high", "urgent"]);
        tickets.push(json!([
            key(index),
            order.customer,
            order_id,
            subject,
            description,
            status,
            priority,
            assignee,
            timestamp(opened),
            timestamp(moment),
        ]));
    }
    (tickets, comments)
}
