//! Reads across the books: the quarterly report, the export, the partner feed.

use super::{Document, Store};

/// One order as the export lists it, its cells already text.
pub(crate) type ExportRow = (String, String, String, String, String, String, String);

/// One open shipment as partners see it.
#[derive(Debug)]
pub(crate) struct Consignment {
    pub(crate) tracking_number: String,
    pub(crate) status: String,
    pub(crate) customer: String,
    pub(crate) city: String,
    pub(crate) country: String,
    pub(crate) weight_grams: i64,
}

impl Store {
    /// Orders and shipments of the quarter that `from` starts and `to`, a day after its end, ends.
    pub(crate) async fn quarter(
        &self,
        quarter: &str,
        from: String,
        to: String,
    ) -> Result<Document, sqlx::Error> {
        let statement = "WITH placed AS (SELECT * FROM orders WHERE placed_at >= ?2 AND placed_at < ?3),
            revenue AS (SELECT currency, sum(total_cents) AS cents FROM placed WHERE status <> 'cancelled'
                GROUP BY currency ORDER BY currency),
            destinations AS (SELECT country, count(*) AS orders FROM placed GROUP BY country
                ORDER BY orders DESC, country LIMIT 5)
            SELECT json_object('quarter', ?1,
                'orders', (SELECT count(*) FROM placed),
                'cancelled_orders', (SELECT count(*) FROM placed WHERE status = 'cancelled'),
                'shipments', (SELECT count(*) FROM shipments WHERE created_at >= ?2 AND created_at < ?3),
                'revenue', (SELECT json_group_array(json_object('amount_cents', cents, 'currency', currency)) FROM revenue),
                'top_destinations', (SELECT json_group_array(json_object('country', country, 'orders', orders))
                    FROM destinations))";
        sqlx::query_as(statement)
            .bind(quarter)
            .bind(from)
            .bind(to)
            .fetch_one(&self.pool)
            .await
    }

    /// Orders placed on the days `from` to `to`, the oldest first.
    pub(crate) async fn export(
        &self,
        from: Option<String>,
        to: Option<String>,
    ) -> Result<Vec<ExportRow>, sqlx::Error> {
        let statement = "SELECT CAST(orders.id AS TEXT), customers.name, orders.status, orders.service,
            CAST(total_cents AS TEXT), orders.currency, placed_at
            FROM orders JOIN customers ON customers.id = customer_id
            WHERE date(placed_at) >= coalesce(?1, '') AND date(placed_at) <= coalesce(?2, '9999-12-31')
            ORDER BY orders.id";
        sqlx::query_as(statement)
            .bind(from)
            .bind(to)
            .fetch_all(&self.pool)
            .await
    }

    /// Every shipment that is still on its way.
    pub(crate) async fn consignments(&self) -> Result<Vec<Consignment>, sqlx::Error> {
        let statement = "SELECT tracking_number, shipments.status, customers.name, orders.city, orders.country, weight_grams
            FROM shipments JOIN orders ON orders.id = order_id JOIN customers ON customers.id = customer_id
            WHERE shipments.status <> 'delivered' ORDER BY shipments.id";
        let rows: Vec<(String, String, String, String, String, i64)> =
            sqlx::query_as(statement).fetch_all(&self.pool).await?;
        let consignments = rows.into_iter().map(
            |(tracking_number, status, customer, city, country, weight_grams)| Consignment {
                tracking_number,
                status,
                customer,
                city,
                country,
                weight_grams,
            },
        );
        Ok(consignments.collect())
    }
}
