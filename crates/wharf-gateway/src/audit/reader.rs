//! Reading the log back: the newest rows, and the proof that none was changed.

use serde::Serialize;
use sqlx::sqlite::SqliteRow;
use sqlx::{Connection as _, Row as _};

use super::chain::{self, GENESIS};
use super::store::{self, Row, Store, StoreError};

/// One row as it stands in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StoredRow {
    pub sequence: i64,
    /// `attempt` or `outcome`.
    pub stage: String,
    pub call: String,
    /// Milliseconds since the Unix epoch.
    pub at_ms: i64,
    pub principal: String,
    pub tool: String,
    pub upstream: Option<String>,
    pub effect: Option<String>,
    pub rule: Option<String>,
    /// Masked arguments as JSON.
    pub arguments: String,
    pub outcome: String,
    pub status: Option<u16>,
    /// Microseconds.
    pub duration_us: i64,
    pub hash: String,
}

/// What a check of the whole log found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every row follows from the one before it.
    Sound { rows: u64 },
    /// The first row that does not: it was changed, or something before it is gone.
    Broken { sequence: i64 },
}

/// The newest rows, newest first.
///
/// # Errors
///
/// [`StoreError`] where the log cannot be opened or read.
pub async fn read(store: &Store, rows: u32) -> Result<Vec<StoredRow>, StoreError> {
    let mut connection = store::connect(store).await?;
    let found = sqlx::query("SELECT * FROM audit ORDER BY sequence DESC LIMIT ?")
        .bind(rows)
        .fetch_all(&mut connection)
        .await
        .map_err(StoreError::reading)?;
    let rows = found.iter().map(stored).collect::<Result<_, _>>();
    connection.close().await.map_err(StoreError::reading)?;
    rows.map_err(StoreError::reading)
}

/// Follows the chain from the first row to the last.
///
/// # Errors
///
/// [`StoreError`] where the log cannot be opened or read.
pub async fn verify(store: &Store) -> Result<Verdict, StoreError> {
    /// Rows held in memory at one time.
    const STRIDE: i64 = 1000;
    let mut connection = store::connect(store).await?;
    let (mut previous, mut rows, mut last) = (GENESIS.to_owned(), 0, 0);
    loop {
        let stride =
            sqlx::query("SELECT * FROM audit WHERE sequence > ? ORDER BY sequence LIMIT ?")
                .bind(last)
                .bind(STRIDE)
                .fetch_all(&mut connection)
                .await
                .map_err(StoreError::reading)?;
        if stride.is_empty() {
            return Ok(Verdict::Sound { rows });
        }
        for row in &stride {
            let row = stored(row).map_err(StoreError::reading)?;
            last = row.sequence;
            let expected = chain::hash(&previous, &Row::from(&row));
            if row.hash != expected {
                return Ok(Verdict::Broken { sequence: last });
            }
            previous = expected;
            rows += 1;
        }
    }
}

fn stored(row: &SqliteRow) -> Result<StoredRow, sqlx::Error> {
    Ok(StoredRow {
        sequence: row.try_get("sequence")?,
        stage: row.try_get("stage")?,
        call: row.try_get("call")?,
        at_ms: row.try_get("at_ms")?,
        principal: row.try_get("principal")?,
        tool: row.try_get("tool")?,
        upstream: row.try_get("upstream")?,
        effect: row.try_get("effect")?,
        rule: row.try_get("rule")?,
        arguments: row.try_get("arguments")?,
        outcome: row.try_get("outcome")?,
        status: row.try_get("status")?,
        duration_us: row.try_get("duration_us")?,
        hash: row.try_get("hash")?,
    })
}
