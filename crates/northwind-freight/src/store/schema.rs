//! Tables: made and seeded once, recognised afterwards.

use sqlx::SqlitePool;

use super::seed;

/// Kept in the file itself as SQLite's `user_version`; zero is a file without tables.
const VERSION: i64 = 1;

/// Why a database cannot be the company's books.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SchemaError {
    #[error("the database refused")]
    Database(#[from] sqlx::Error),
    #[error("the database holds the books of version {0}, this program keeps version {VERSION}")]
    Version(i64),
}

/// Either all tables and rows are there afterwards or none is: it is one transaction.
pub(super) async fn prepare(pool: &SqlitePool) -> Result<(), SchemaError> {
    let mut transaction = pool.begin().await?;
    let version = sqlx::query_scalar("PRAGMA user_version")
        .fetch_one(&mut *transaction)
        .await?;
    match version {
        0 => {
            sqlx::raw_sql(include_str!("schema.sql"))
                .execute(&mut *transaction)
                .await?;
            seed::plant(&mut transaction).await?;
            sqlx::raw_sql("PRAGMA user_version = 1")
                .execute(&mut *transaction)
                .await?;
            Ok(transaction.commit().await?)
        }
        VERSION => Ok(()),
        other => Err(SchemaError::Version(other)),
    }
}
