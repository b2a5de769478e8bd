//! Shipments and where they have been, in the books.

use sqlx::AssertSqlSafe;

use super::filter::Filtered;
use super::{Change, Document, Entry, Store};

const DOCUMENT: &str = "json_object(
    'id', tracking_number, 'order_id', order_id, 'warehouse', warehouse, 'carrier', carrier, 'status', status,
    'weight_grams', weight_grams, 'cost', json_object('amount_cents', cost_cents, 'currency', currency),
    'events', (SELECT json_group_array(json_object('kind', kind, 'place', place, 'note', note,
        'happened_at', happened_at) ORDER BY id) FROM tracking_events WHERE shipment_id = shipments.id),
    'created_at', created_at, 'delivered_at', delivered_at)";

#[derive(Debug)]
pub(crate) struct ShipmentDraft {
    pub(crate) order: i64,
    pub(crate) warehouse: String,
    pub(crate) carrier: &'static str,
    pub(crate) weight_grams: i64,
}

#[derive(Debug)]
pub(crate) struct EventDraft {
    pub(crate) kind: &'static str,
    pub(crate) place: String,
    pub(crate) note: Option<String>,
}

impl EventDraft {
    /// The state that a shipment is in once this has happened.
    fn status(&self) -> &'static str {
        match self.kind {
            "label_created" => "label_created",
            "out_for_delivery" => "out_for_delivery",
            "delivered" => "delivered",
            "exception" => "exception",
            _ => "in_transit",
        }
    }
}

#[derive(Debug)]
pub(crate) struct ShipmentFilter {
    pub(crate) statuses: Vec<&'static str>,
    pub(crate) carrier: Option<&'static str>,
    pub(crate) order: Option<i64>,
}

impl Store {
    /// At most `limit` shipments whose key is above `after`.
    pub(crate) async fn shipments(
        &self,
        filter: ShipmentFilter,
        after: i64,
        limit: i64,
    ) -> Result<Vec<Entry>, sqlx::Error> {
        let mut filtered = Filtered::new(&format!("SELECT {DOCUMENT}, id FROM shipments"));
        filtered
            .when("id >", Some(after))
            .any_of("status", &filter.statuses)
            .when("carrier =", filter.carrier)
            .when("order_id =", filter.order);
        filtered
            .slice("ORDER BY id", limit, 0)
            .build_query_as()
            .fetch_all(&self.pool)
            .await
    }

    pub(crate) async fn shipment(&self, number: &str) -> Result<Option<Document>, sqlx::Error> {
        let statement = format!("SELECT {DOCUMENT} FROM shipments WHERE tracking_number = ?");
        sqlx::query_as(AssertSqlSafe(statement))
            .bind(number)
            .fetch_optional(&self.pool)
            .await
    }

    /// Books a shipment with its first event, the label.
    pub(crate) async fn create_shipment(
        &self,
        draft: ShipmentDraft,
    ) -> Result<Change<(String, Document)>, sqlx::Error> {
        let mut transaction = self.pool.begin().await?;
        let city: Option<String> = sqlx::query_scalar("SELECT city FROM warehouses WHERE code = ?")
            .bind(&draft.warehouse)
            .fetch_optional(&mut *transaction)
            .await?;
        let Some(city) = city else {
            return Ok(Change::Unknown {
                field: "/warehouse".to_owned(),
            });
        };
        let status: Option<String> = sqlx::query_scalar("SELECT status FROM orders WHERE id = ?")
            .bind(draft.order)
            .fetch_optional(&mut *transaction)
            .await?;
        match status.as_deref() {
            None => {
                return Ok(Change::Unknown {
                    field: "/order_id".to_owned(),
                });
            }
            Some("cancelled") => return Ok(Change::Refused("The order is cancelled.")),
            Some(_) => {}
        }
        // The same rule that numbered the seeded shipments.
        let statement = "INSERT INTO shipments (id, tracking_number, order_id, warehouse, carrier, status, weight_grams,
            cost_cents, currency)
            SELECT next, printf('NWF%09d', 100000 + next * 37), ?, ?, ?, 'label_created', ?, ?, 'EUR'
            FROM (SELECT seq + 1 AS next FROM sqlite_sequence WHERE name = 'shipments')
            RETURNING id, tracking_number";
        let (id, number): (i64, String) = sqlx::query_as(statement)
            .bind(draft.order)
            .bind(draft.warehouse)
            .bind(draft.carrier)
            .bind(draft.weight_grams)
            .bind(900 + draft.weight_grams / 12)
            .fetch_one(&mut *transaction)
            .await?;
        sqlx::query(
            "INSERT INTO tracking_events (shipment_id, kind, place) VALUES (?, 'label_created', ?)",
        )
        .bind(id)
        .bind(city)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(Change::from_found(
            self.shipment(&number)
                .await?
                .map(|document| (number, document)),
        ))
    }

    /// Adds what happened to a shipment that has not arrived yet.
    pub(crate) async fn add_event(
        &self,
        number: &str,
        draft: EventDraft,
    ) -> Result<Change<Document>, sqlx::Error> {
        let mut transaction = self.pool.begin().await?;
        let status = draft.status();
        let statement = "UPDATE shipments SET status = ?1, delivered_at =
            iif(?1 = 'delivered', strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), NULL)
            WHERE tracking_number = ?2 AND status <> 'delivered' RETURNING id";
        let id: Option<i64> = sqlx::query_scalar(statement)
            .bind(status)
            .bind(number)
            .fetch_optional(&mut *transaction)
            .await?;
        if let Some(id) = id {
            sqlx::query(
                "INSERT INTO tracking_events (shipment_id, kind, place, note) VALUES (?, ?, ?, ?)",
            )
            .bind(id)
            .bind(draft.kind)
            .bind(draft.place)
            .bind(draft.note)
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        match (id, self.shipment(number).await?) {
            (None, Some(_)) => Ok(Change::Refused(
                "The shipment has been delivered; its journey is over.",
            )),
            (_, found) => Ok(Change::from_found(found)),
        }
    }

    /// Deletes a shipment that has a label and nothing more.
    pub(crate) async fn delete_shipment(&self, number: &str) -> Result<Change<()>, sqlx::Error> {
        let statement =
            "DELETE FROM shipments WHERE tracking_number = ? AND status = 'label_created'";
        let result = sqlx::query(statement)
            .bind(number)
            .execute(&self.pool)
            .await?;
        match (result.rows_affected(), self.shipment(number).await?) {
            (0, Some(_)) => Ok(Change::Refused(
                "The shipment has left; only one that waits for its carrier can be deleted.",
            )),
            (0, None) => Ok(Change::Missing),
            _ => Ok(Change::Done(())),
        }
    }
}
