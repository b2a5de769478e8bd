//! Warehouses and what lies in them, in the books.

use sqlx::AssertSqlSafe;

use super::filter::Filtered;
use super::{Change, Document, Store};

const WAREHOUSE: &str = "json_object('code', code, 'name', name, 'city', city, 'country', country,
    'pallet_places', pallets, 'zones', json(zones))";

const LEVEL: &str = "json_object('warehouse', warehouse, 'sku', sku,
    'product', (SELECT name FROM products WHERE products.sku = stock_levels.sku),
    'zone', zone, 'on_hand', on_hand, 'reserved', reserved, 'reorder_point', reorder_point,
    'below_reorder_point', json(iif(on_hand - reserved < reorder_point, 'true', 'false')), 'updated_at', updated_at)";

const ADJUSTMENT: &str =
    "json_object('id', id, 'warehouse', warehouse, 'sku', sku, 'change', change,
    'reason', reason, 'note', note, 'created_at', created_at)";

/// What a stock count sets.
#[derive(Debug)]
pub(crate) struct LevelDraft {
    pub(crate) on_hand: i64,
    pub(crate) reorder_point: i64,
}

#[derive(Debug)]
pub(crate) struct AdjustmentDraft {
    pub(crate) sku: String,
    pub(crate) change: i64,
    pub(crate) reason: &'static str,
    pub(crate) note: Option<String>,
}

impl Store {
    pub(crate) async fn warehouses(&self) -> Result<Vec<Document>, sqlx::Error> {
        let statement = format!("SELECT {WAREHOUSE} FROM warehouses ORDER BY code");
        sqlx::query_as(AssertSqlSafe(statement))
            .fetch_all(&self.pool)
            .await
    }

    pub(crate) async fn warehouse(&self, code: &str) -> Result<Option<Document>, sqlx::Error> {
        let statement = format!("SELECT {WAREHOUSE} FROM warehouses WHERE code = ?");
        sqlx::query_as(AssertSqlSafe(statement))
            .bind(code)
            .fetch_optional(&self.pool)
            .await
    }

    /// All levels of a warehouse, or those that are low, or those that are not.
    pub(crate) async fn stock(
        &self,
        warehouse: &str,
        low: Option<bool>,
    ) -> Result<Option<Vec<Document>>, sqlx::Error> {
        if self.warehouse(warehouse).await?.is_none() {
            return Ok(None);
        }
        let mut filtered = Filtered::new(&format!("SELECT {LEVEL} FROM stock_levels"));
        filtered
            .when("warehouse =", Some(warehouse.to_owned()))
            .when("(on_hand - reserved < reorder_point) =", low);
        filtered
            .slice("ORDER BY sku", -1, 0)
            .build_query_as()
            .fetch_all(&self.pool)
            .await
            .map(Some)
    }

    pub(crate) async fn level(
        &self,
        warehouse: &str,
        sku: &str,
    ) -> Result<Option<Document>, sqlx::Error> {
        let statement = format!("SELECT {LEVEL} FROM stock_levels WHERE warehouse = ? AND sku = ?");
        sqlx::query_as(AssertSqlSafe(statement))
            .bind(warehouse)
            .bind(sku)
            .fetch_optional(&self.pool)
            .await
    }

    pub(crate) async fn set_level(
        &self,
        warehouse: &str,
        sku: &str,
        draft: LevelDraft,
    ) -> Result<Change<Document>, sqlx::Error> {
        let statement = "UPDATE stock_levels SET on_hand = ?, reorder_point = ?,
            updated_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now') WHERE warehouse = ? AND sku = ?";
        sqlx::query(statement)
            .bind(draft.on_hand)
            .bind(draft.reorder_point)
            .bind(warehouse)
            .bind(sku)
            .execute(&self.pool)
            .await?;
        Ok(Change::from_found(self.level(warehouse, sku).await?))
    }

    pub(crate) async fn adjustments(
        &self,
        warehouse: &str,
    ) -> Result<Option<Vec<Document>>, sqlx::Error> {
        if self.warehouse(warehouse).await?.is_none() {
            return Ok(None);
        }
        let statement = format!(
            "SELECT {ADJUSTMENT} FROM stock_adjustments WHERE warehouse = ? ORDER BY id DESC"
        );
        sqlx::query_as(AssertSqlSafe(statement))
            .bind(warehouse)
            .fetch_all(&self.pool)
            .await
            .map(Some)
    }

    /// Moves a level and writes down why; a level never falls below zero.
    pub(crate) async fn adjust(
        &self,
        warehouse: &str,
        draft: AdjustmentDraft,
    ) -> Result<Change<Document>, sqlx::Error> {
        if self.warehouse(warehouse).await?.is_none() {
            return Ok(Change::Missing);
        }
        if self.level(warehouse, &draft.sku).await?.is_none() {
            return Ok(Change::Unknown {
                field: "/sku".to_owned(),
            });
        }
        let mut transaction = self.pool.begin().await?;
        let statement = "UPDATE stock_levels SET on_hand = on_hand + ?1,
            updated_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now')
            WHERE warehouse = ?2 AND sku = ?3 AND on_hand + ?1 >= 0";
        let moved = sqlx::query(statement)
            .bind(draft.change)
            .bind(warehouse)
            .bind(&draft.sku)
            .execute(&mut *transaction)
            .await?;
        if moved.rows_affected() == 0 {
            return Ok(Change::Refused(
                "There is less on hand than the adjustment takes away.",
            ));
        }
        let statement = format!(
            "INSERT INTO stock_adjustments (warehouse, sku, change, reason, note) VALUES (?, ?, ?, ?, ?)
            RETURNING {ADJUSTMENT}"
        );
        let adjustment = sqlx::query_as(AssertSqlSafe(statement))
            .bind(warehouse)
            .bind(draft.sku)
            .bind(draft.change)
            .bind(draft.reason)
            .bind(draft.note)
            .fetch_one(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(Change::Done(adjustment))
    }
}
