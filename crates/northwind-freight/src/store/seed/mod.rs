//! The first rows of the books: the same few thousand on every machine, in one transaction.

mod billing;
mod calendar;
mod generator;
mod inventory;
mod sales;
mod service;
mod vocabulary;

use serde_json::Value;
use sqlx::{AssertSqlSafe, SqliteConnection};

/// One row, its columns in the order of the schema.
type Row = Value;

/// Fills the empty tables, parents before children.
pub(super) async fn plant(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let customers = sales::customers();
    let (orders, lines) = sales::orders(&customers);
    let (shipments, events) = service::shipments(&orders);
    let (tickets, comments) = service::tickets(&orders);
    let (invoices, payments) = billing::invoices(&orders);

    insert(connection, "products", &inventory::products()).await?;
    insert(connection, "warehouses", &inventory::warehouses()).await?;
    insert(connection, "stock_levels", &inventory::stock_levels()).await?;
    insert(connection, "stock_adjustments", &inventory::adjustments()).await?;
    insert(connection, "customers", &sales::customer_rows(&customers)).await?;
    insert(connection, "orders", &sales::order_rows(&orders)).await?;
    insert(connection, "order_lines", &lines).await?;
    insert(connection, "shipments", &shipments).await?;
    insert(connection, "tracking_events", &events).await?;
    insert(connection, "tickets", &tickets).await?;
    insert(connection, "ticket_comments", &comments).await?;
    insert(connection, "invoices", &invoices).await?;
    insert(connection, "payments", &payments).await
}

/// All rows of a table in one statement: thirteen round trips to the database instead of thirteen thousand.
async fn insert(
    connection: &mut SqliteConnection,
    table: &'static str,
    rows: &[Row],
) -> Result<(), sqlx::Error> {
    let width = rows.first().and_then(Value::as_array).map_or(0, Vec::len);
    let columns: Vec<String> = (0..width)
        .map(|index| format!("value ->> {index}"))
        .collect();
    let statement = format!(
        "INSERT INTO {table} SELECT {} FROM json_each(?) ORDER BY key",
        columns.join(", ")
    );
    // Only a table name of this file and counted indexes are spliced in.
    sqlx::query(AssertSqlSafe(statement))
        .bind(Value::from(rows).to_string())
        .execute(connection)
        .await?;
    Ok(())
}

/// `index` of a table whose primary keys start at one.
fn key(index: usize) -> i64 {
    i64::try_from(index).expect("a few thousand rows") + 1
}
