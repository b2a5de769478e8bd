//! Northwind Freight: a small believable logistics company behind a real HTTP API, for the demo and the tests.
//!
//! The company keeps its books in an embedded SQLite database that is seeded with the same few thousand rows every
//! time, and answers on a loopback address:
//!
//! ```no_run
//! # use std::time::Duration;
//! # use northwind_freight::{Company, Database, OpenError, Settings};
//! # async fn example() -> Result<(), OpenError> {
//! let settings = Settings {
//!     address: ([127, 0, 0, 1], 0).into(),
//!     database: Database::InMemory,
//!     slow_report: Duration::from_secs(5),
//! };
//! let company = Company::open(settings).await?;
//! println!("{}/openapi.json", company.url());
//! company.close().await;
//! # Ok(())
//! # }
//! ```

mod company;

mod authentication;
mod document;
mod router;

mod api;
mod page;
mod parameters;
mod problem;
mod submission;

mod label;
mod png;

mod store;

pub use authentication::Credentials;
pub use company::{Company, OpenError, Settings};
pub use document::openapi_document;
pub use store::Database;
