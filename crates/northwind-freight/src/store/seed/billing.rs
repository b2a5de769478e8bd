//! Seeded invoices and the payments that settled them.

use serde_json::json;

use super::calendar::{CLOSING, DAY, date, timestamp};
use super::generator::Generator;
use super::sales::Order;
use super::{Row, key};

const INVOICES: usize = 900;
const DAYS_TO_PAY: i64 = 30;

/// One invoice for each of the last orders that left, and the payments on them.
pub(super) fn invoices(orders: &[Order]) -> (Vec<Row>, Vec<Row>) {
    let mut generator = Generator::new(7);
    let sent: Vec<&Order> = orders
        .iter()
        .filter(|order| matches!(order.status, "shipped" | "delivered"))
        .collect();
    let (mut invoices, mut payments) = (Vec::with_capacity(INVOICES), Vec::with_capacity(INVOICES));
    for (index, order) in sent[sent.len() - INVOICES..].iter().enumerate() {
        let issued = order.placed + 2 * DAY;
        let due = issued + DAYS_TO_PAY * DAY;
        let status = match generator.within(0..100) {
            0..3 => "void",
            _ if due > CLOSING => "open",
            3..15 => "overdue",
            _ => "paid",
        };
        // Some customers have paid the first half of what is still due.
        let paid = match status {
            "paid" => order.total_cents,
            "open" | "overdue" if generator.chance(20) => order.total_cents / 2,
            _ => 0,
        };
        if paid > 0 {
            let method =
                generator.pick(&["bank_transfer", "bank_transfer", "card", "direct_debit"]);
            let received =
                timestamp((issued + generator.within(1..DAYS_TO_PAY) * DAY).min(CLOSING - 1));
            let reference = generator
                .chance(50)
                .then(|| format!("RF{:08}", generator.within(0..99_999_999)));
            payments.push(json!([
                key(payments.len()),
                key(index),
                paid,
                order.place.currency,
                method,
                reference,
                received
            ]));
        }
        let reason = (status == "void").then_some("Issued twice.");
        invoices.push(json!([
            key(index),
            format!("INV-{}-{:05}", &date(issued)[..4], key(index)),
            order.customer,
            order.id,
            status,
            order.total_cents,
            paid,
            order.place.currency,
            date(issued),
            date(due),
            reason,
        ]));
    }
    (invoices, payments)
}
