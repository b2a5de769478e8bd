//! Orders and their lines in the books.

use sqlx::AssertSqlSafe;

use super::filter::Filtered;
use super::{Address, Change, Document, Entry, Store};

const DOCUMENT: &str = "json_object(
    'id', id, 'customer_id', customer_id, 'reference', reference, 'status', status, 'service', service,
    'destination', json_object('street', street, 'city', city, 'postal_code', postal_code, 'country', country),
    'lines', (SELECT json_group_array(json_object('line', line, 'sku', sku, 'quantity', quantity,
        'unit_price', json_object('amount_cents', unit_price_cents, 'currency', currency)) ORDER BY line)
        FROM order_lines WHERE order_id = orders.id),
    'total', json_object('amount_cents', total_cents, 'currency', currency),
    'cancellation_reason', cancellation, 'placed_at', placed_at, 'updated_at', updated_at)";

#[derive(Debug)]
pub(crate) struct OrderDraft {
    pub(crate) customer: i64,
    pub(crate) reference: Option<String>,
    pub(crate) service: &'static str,
    pub(crate) destination: Address,
    pub(crate) lines: Vec<LineDraft>,
}

#[derive(Debug)]
pub(crate) struct LineDraft {
    pub(crate) sku: String,
    pub(crate) quantity: i64,
}

#[derive(Debug)]
pub(crate) struct OrderFilter {
    pub(crate) statuses: Vec<&'static str>,
    pub(crate) customer: Option<i64>,
    /// First day, `2025-03-14`.
    pub(crate) from: Option<String>,
    /// Last day.
    pub(crate) to: Option<String>,
    pub(crate) country: Option<String>,
    pub(crate) service: Option<&'static str>,
    pub(crate) minimum_cents: Option<i64>,
    pub(crate) maximum_cents: Option<i64>,
}

impl Store {
    /// At most `limit` orders whose id is above `after`.
    pub(crate) async fn orders(
        &self,
        filter: OrderFilter,
        after: i64,
        limit: i64,
    ) -> Result<Vec<Entry>, sqlx::Error> {
        let mut filtered = Filtered::new(&format!("SELECT {DOCUMENT}, id FROM orders"));
        filtered
            .when("id >", Some(after))
            .any_of("status", &filter.statuses)
            .when("customer_id =", filter.customer)
            .when("date(placed_at) >=", filter.from)
            .when("date(placed_at) <=", filter.to)
            .when("country =", filter.country)
            .when("service =", filter.service)
            .when("total_cents >=", filter.minimum_cents)
            .when("total_cents <=", filter.maximum_cents);
        filtered
            .slice("ORDER BY id", limit, 0)
            .build_query_as()
            .fetch_all(&self.pool)
            .await
    }

    pub(crate) async fn order(&self, id: i64) -> Result<Option<Document>, sqlx::Error> {
        let statement = format!("SELECT {DOCUMENT} FROM orders WHERE id = ?");
        sqlx::query_as(AssertSqlSafe(statement))
            .bind(id)
            .fetch_optional(&self.pool)
            .await
    }

    /// Places the order at today's prices, in the currency of the customer.
    pub(crate) async fn create_order(
        &self,
        draft: OrderDraft,
    ) -> Result<Change<(i64, Document)>, sqlx::Error> {
        let mut transaction = self.pool.begin().await?;
        let customer: Option<(String, String)> =
            sqlx::query_as("SELECT status, currency FROM customers WHERE id = ?")
                .bind(draft.customer)
                .fetch_optional(&mut *transaction)
                .await?;
        let Some((status, currency)) = customer else {
            return Ok(Change::Unknown {
                field: "/customer_id".to_owned(),
            });
        };
        if matches!(&*status, "on_hold" | "closed") {
            return Ok(Change::Refused(
                "The customer is on hold or closed and cannot order.",
            ));
        }
        let statement = "INSERT INTO orders (customer_id, reference, status, service, street, city, postal_code, country,
            total_cents, currency) VALUES (?, ?, 'pending', ?, ?, ?, ?, ?, 0, ?) RETURNING id";
        let id: i64 = sqlx::query_scalar(statement)
            .bind(draft.customer)
            .bind(draft.reference)
            .bind(draft.service)
            .bind(draft.destination.street)
            .bind(draft.destination.city)
            .bind(draft.destination.postal_code)
            .bind(draft.destination.country)
            .bind(currency)
            .fetch_one(&mut *transaction)
            .await?;
        for (number, line) in (1..).zip(draft.lines) {
            let statement = "INSERT INTO order_lines SELECT ?, ?, sku, ?, unit_price_cents FROM products WHERE sku = ?";
            let inserted = sqlx::query(statement)
                .bind(id)
                .bind(number)
                .bind(line.quantity)
                .bind(line.sku)
                .execute(&mut *transaction)
                .await?;
            if inserted.rows_affected() == 0 {
                return Ok(Change::Unknown {
                    field: format!("/lines/{}/sku", number - 1),
                });
            }
        }
        let statement = "UPDATE orders SET total_cents =
            (SELECT sum(quantity * unit_price_cents) FROM order_lines WHERE order_id = orders.id) WHERE id = ?";
        sqlx::query(statement)
            .bind(id)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(Change::from_found(
            self.order(id).await?.map(|document| (id, document)),
        ))
    }

    /// Cancels an order that has not left yet.
    pub(crate) async fn cancel_order(
        &self,
        id: i64,
        reason: String,
    ) -> Result<Change<Document>, sqlx::Error> {
        let statement = "UPDATE orders SET status = 'cancelled', cancellation = ?,
            updated_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now')
            WHERE id = ? AND status IN ('pending', 'confirmed', 'picking')";
        let result = sqlx::query(statement)
            .bind(reason)
            .bind(id)
            .execute(&self.pool)
            .await?;
        match (result.rows_affected(), self.order(id).await?) {
            (0, Some(_)) => Ok(Change::Refused(
                "Only a pending, confirmed or picking order can be cancelled.",
            )),
            (_, found) => Ok(Change::from_found(found)),
        }
    }
}
