//! Seeded customers and what they ordered.

use serde_json::json;

use super::calendar::{CLOSING, DAY, HOUR, OPENING, timestamp};
use super::generator::Generator;
use super::vocabulary::{CITIES, COMPANY_FIRST, COMPANY_SECOND, PEOPLE, STREETS};
use super::{Row, inventory, key};

const CUSTOMERS: usize = 400;
/// The last customers are prospects: they never ordered, so they may be deleted.
const PROSPECTS: usize = 20;
const ORDERS: usize = 1_200;

pub(super) struct Customer {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) place: Place,
    joined: i64,
    status: &'static str,
    tier: &'static str,
    credit_limit_cents: i64,
    phone: Option<String>,
    manager: Option<&'static str>,
}

#[derive(Clone)]
pub(super) struct Place {
    street: String,
    pub(super) city: &'static str,
    postal_code: String,
    country: &'static str,
    pub(super) currency: &'static str,
}

pub(super) struct Order {
    pub(super) id: i64,
    pub(super) customer: i64,
    pub(super) place: Place,
    pub(super) status: &'static str,
    pub(super) placed: i64,
    pub(super) total_cents: i64,
    pub(super) weight_grams: i64,
    reference: Option<String>,
    service: &'static str,
}

pub(super) fn customers() -> Vec<Customer> {
    let mut generator = Generator::new(1);
    (0..CUSTOMERS)
        .map(|index| {
            let prospect = index >= CUSTOMERS - PROSPECTS;
            let status = match generator.within(0..100) {
                _ if prospect => "prospect",
                0..88 => "active",
                88..95 => "on_hold",
                _ => "closed",
            };
            Customer {
                id: key(index),
                // Every pair once: the second word moves on each time the first has gone round.
                name: format!(
                    "{} {}",
                    COMPANY_FIRST[index % 20],
                    COMPANY_SECOND[(index + index / 20) % 20]
                ),
                place: place(&mut generator),
                joined: if prospect {
                    generator.within(CLOSING - 30 * DAY..CLOSING)
                } else {
                    OPENING - generator.within(0..900) * DAY
                },
                status,
                tier: generator.pick(&[
                    "standard", "standard", "standard", "silver", "silver", "gold",
                ]),
                credit_limit_cents: generator.within(5..200) * 50_000,
                phone: generator.chance(85).then(|| {
                    format!(
                        "+{} {}",
                        generator.within(31..49),
                        generator.within(200_000_000..999_999_999)
                    )
                }),
                manager: generator.chance(70).then(|| generator.pick(&PEOPLE)),
            }
        })
        .collect()
}

fn place(generator: &mut Generator) -> Place {
    let (city, country, prefix, currency) = generator.pick(&CITIES);
    Place {
        street: format!("{} {}", generator.pick(&STREETS), generator.within(1..180)),
        city,
        postal_code: format!("{prefix}{:03}", generator.within(0..1_000)),
        country,
        currency,
    }
}

pub(super) fn customer_rows(customers: &[Customer]) -> Vec<Row> {
    let rows = customers.iter().map(|customer| {
        let (place, joined) = (&customer.place, timestamp(customer.joined));
        let email = format!(
            "dispatch@{}.example",
            customer.name.to_lowercase().replace(' ', "-")
        );
        json!([
            customer.id,
            customer.name,
            email,
            customer.phone,
            customer.status,
            customer.tier,
            place.street,
            place.city,
            place.postal_code,
            place.country,
            customer.credit_limit_cents,
            place.currency,
            customer.manager,
            1,
            joined,
            joined,
        ])
    });
    rows.collect()
}

/// Orders from the oldest to the newest, and their lines.
pub(super) fn orders(customers: &[Customer]) -> (Vec<Order>, Vec<Row>) {
    let mut generator = Generator::new(2);
    let catalogue = inventory::catalogue();
    let products: Vec<_> = catalogue.iter().collect();
    let buyers: Vec<_> = customers[..CUSTOMERS - PROSPECTS].iter().collect();
    let step = (CLOSING - OPENING) / key(ORDERS);
    let (mut orders, mut lines) = (Vec::with_capacity(ORDERS), Vec::with_capacity(3 * ORDERS));
    let mut placed = OPENING;
    for index in 0..ORDERS {
        placed += generator
            .within(step / 2..step * 3 / 2)
            .min(CLOSING - HOUR - placed);
        let buyer = generator.pick(&buyers);
        let (mut total_cents, mut weight_grams) = (0, 0);
        for line in 1..=generator.within(1..6) {
            let product = generator.pick(&products);
            let quantity = generator.within(1..24);
            total_cents += quantity * product.unit_price_cents;
            weight_grams += quantity * product.weight_grams;
            lines.push(json!([
                key(index),
                line,
                product.sku,
                quantity,
                product.unit_price_cents
            ]));
        }
        orders.push(Order {
            id: key(index),
            customer: buyer.id,
            place: if generator.chance(80) {
                buyer.place.clone()
            } else {
                Place {
                    currency: buyer.place.currency,
                    ..place(&mut generator)
                }
            },
            status: status(&mut generator, placed),
            placed,
            total_cents,
            weight_grams,
            reference: generator
                .chance(60)
                .then(|| format!("PO-{}", generator.within(10_000..99_999))),
            service: generator.pick(&["economy", "standard", "standard", "express"]),
        });
    }
    (orders, lines)
}

/// Old orders have arrived, new ones are on their way or still here.
fn status(generator: &mut Generator, placed: i64) -> &'static str {
    if generator.chance(6) {
        return "cancelled";
    }
    match (CLOSING - placed) / DAY {
        0..5 => generator.pick(&["pending", "pending", "confirmed"]),
        5..25 => generator.pick(&["confirmed", "picking", "picking"]),
        25..60 => "shipped",
        _ => "delivered",
    }
}

pub(super) fn order_rows(orders: &[Order]) -> Vec<Row> {
    let rows = orders.iter().map(|order| {
        let (place, placed) = (&order.place, timestamp(order.placed));
        let cancellation = (order.status == "cancelled").then_some("customer request");
        json!([
            order.id,
            order.customer,
            order.reference,
            order.status,
            order.service,
            place.street,
            place.city,
            place.postal_code,
            place.country,
            order.total_cents,
            place.currency,
            cancellation,
            placed,
            placed,
        ])
    });
    rows.collect()
}
