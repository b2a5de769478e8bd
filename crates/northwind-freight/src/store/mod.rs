//! The books of the company: an embedded SQLite database, and every statement that reads or changes it.

mod attachments;
mod change;
mod customers;
mod document;
mod filter;
mod invoices;
mod orders;
mod reports;
mod schema;
mod seed;
mod shipments;
mod stock;
mod tickets;

use std::path::PathBuf;

use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

pub(crate) use self::attachments::Upload;
pub(crate) use self::change::Change;
pub(crate) use self::customers::{Customer, CustomerDraft, CustomerFilter};
pub(crate) use self::document::{Document, Entry};
pub(crate) use self::invoices::{InvoiceFilter, PaymentDraft};
pub(crate) use self::orders::{LineDraft, OrderDraft, OrderFilter};
pub(crate) use self::reports::{Consignment, ExportRow};
pub(crate) use self::schema::SchemaError;
pub(crate) use self::shipments::{EventDraft, ShipmentDraft, ShipmentFilter};
pub(crate) use self::stock::{AdjustmentDraft, LevelDraft};
pub(crate) use self::tickets::{CommentDraft, TicketDraft, TicketFilter};

/// Where the books are kept.
#[derive(Clone, Debug)]
pub enum Database {
    /// In memory: every opening starts from the same seeded rows.
    InMemory,
    /// In a file, created and seeded when it is missing, continued when it is there.
    File(PathBuf),
}

/// A postal address, as customers and orders have one.
#[derive(Debug)]
pub(crate) struct Address {
    pub(crate) street: String,
    pub(crate) city: String,
    pub(crate) postal_code: String,
    pub(crate) country: String,
}

/// A handle on the open books; clones share them.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    pool: SqlitePool,
}

impl Store {
    pub(crate) async fn open(database: &Database) -> Result<Self, SchemaError> {
        let options = match database {
            Database::InMemory => SqliteConnectOptions::new().in_memory(true),
            Database::File(path) => SqliteConnectOptions::new()
                .filename(path)
                .create_if_missing(true),
        };
        // One connection that never expires: SQLite has one writer anyway, and books in memory live as long as it.
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.foreign_keys(true))
            .await?;
        schema::prepare(&pool).await?;
        Ok(Self { pool })
    }

    /// Waits for `work`, but not beyond the closing of the books.
    pub(crate) async fn until_closed<T>(
        &self,
        work: impl Future<Output = T>,
    ) -> Result<T, sqlx::Error> {
        self.pool.close_event().do_until(work).await
    }

    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }
}
