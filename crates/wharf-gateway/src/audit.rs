//! The audit log: append-only, hash-chained, durable before anybody hears of an outcome.

mod chain;
mod reader;
mod store;
mod trail;

pub use self::reader::{StoredRow, Verdict, read, verify};
pub use self::store::{Store, StoreError};
pub use self::trail::{AuditError, Entry, Trail};
