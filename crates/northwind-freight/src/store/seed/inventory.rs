//! Seeded products, warehouses, and what lies in them.

use serde_json::{Value, json};

use super::Row;
use super::calendar::{CLOSING, DAY, timestamp};
use super::generator::Generator;
use super::vocabulary::{PEOPLE, PRODUCTS, SIZES, WAREHOUSES};

const ADJUSTMENTS: i64 = 120;

pub(super) struct Product {
    pub(super) sku: String,
    pub(super) weight_grams: i64,
    pub(super) unit_price_cents: i64,
    name: String,
}

/// Each of twenty things in each of five sizes: `NF-0103-M`.
pub(super) fn catalogue() -> Vec<Product> {
    let kinds = PRODUCTS.iter().zip(101..);
    kinds
        .flat_map(|((name, weight_grams, unit_price_cents), number)| {
            SIZES
                .iter()
                .zip(2..)
                .map(move |((size, spoken), factor)| Product {
                    sku: format!("NF-{number:04}-{size}"),
                    // The third size is the one of the list.
                    weight_grams: weight_grams * factor / 4,
                    unit_price_cents: unit_price_cents * factor / 4,
                    name: format!("{name}, {spoken}"),
                })
        })
        .collect()
}

pub(super) fn products() -> Vec<Row> {
    let rows = catalogue().into_iter();
    rows.map(|product| {
        json!([
            product.sku,
            product.name,
            product.weight_grams,
            product.unit_price_cents
        ])
    })
    .collect()
}

pub(super) fn warehouses() -> Vec<Row> {
    let rows = WAREHOUSES.iter().zip(4..);
    rows.map(|((code, name, city, country, pallets), manager)| {
        let zones = json!([
            halls(code, "A", "ambient", 3, PEOPLE[manager]),
            halls(code, "C", "chilled", 2, PEOPLE[manager + 5]),
            zone(format!("{code}-Y"), "yard", None, &[]),
        ]);
        json!([code, name, city, country, pallets, zones.to_string()])
    })
    .collect()
}

/// A hall with `aisles`, each with two racks: three levels of one and the same shape.
fn halls(code: &str, letter: &str, climate: &str, aisles: i64, lead: &str) -> Value {
    let aisles: Vec<Value> = (1..=aisles)
        .map(|aisle| {
            let name = format!("{code}-{letter}{aisle:02}");
            let racks: Vec<Value> = (1..=2)
                .map(|rack| zone(format!("{name}-R{rack}"), climate, None, &[]))
                .collect();
            zone(name, climate, None, &racks)
        })
        .collect();
    zone(format!("{code}-{letter}"), climate, Some(lead), &aisles)
}

fn zone(name: String, climate: &str, lead: Option<&str>, zones: &[Value]) -> Value {
    json!({"code": name, "climate": climate, "lead": lead, "zones": zones})
}

pub(super) fn stock_levels() -> Vec<Row> {
    let mut generator = Generator::new(3);
    let catalogue = catalogue();
    let mut rows = Vec::with_capacity(WAREHOUSES.len() * catalogue.len());
    for (code, ..) in WAREHOUSES {
        for product in &catalogue {
            let on_hand = generator.within(0..900);
            rows.push(json!([
                code,
                product.sku,
                format!(
                    "{code}-A{:02}-R{}",
                    generator.within(1..4),
                    generator.within(1..3)
                ),
                on_hand,
                generator.within(0..on_hand / 4 + 1),
                generator.within(2..12) * 10,
                timestamp(CLOSING - generator.within(0..90 * DAY)),
            ]));
        }
    }
    rows
}

pub(super) fn adjustments() -> Vec<Row> {
    let mut generator = Generator::new(4);
    let catalogue = catalogue();
    let products: Vec<_> = catalogue.iter().collect();
    let rows = (1..=ADJUSTMENTS).map(|id| {
        let reason = generator.pick(&["count", "damage", "receipt", "return", "theft"]);
        let change = match reason {
            "receipt" | "return" => generator.within(1..200),
            _ => -generator.within(1..20),
        };
        let note = generator
            .chance(40)
            .then_some("Found at the monthly count.");
        let when = timestamp(CLOSING - (ADJUSTMENTS - id + 1) * DAY);
        json!([
            id,
            generator.pick(&WAREHOUSES).0,
            generator.pick(&products).sku,
            change,
            reason,
            note,
            when
        ])
    });
    rows.collect()
}
