//! Where audit rows are kept: one table in embedded SQLite.

use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{
    ConnectOptions as _, Connection as _, QueryBuilder, Row as _, Sqlite, SqliteConnection,
};
use wharf_policy::record::Record;

use super::chain;
use super::reader::StoredRow;

/// Where the log lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Store {
    /// A file, made where it is missing.
    File(PathBuf),
    /// Gone with the process: for tests.
    Memory,
}

/// The log cannot be opened or written.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} the audit log")]
pub struct StoreError {
    action: &'static str,
    #[source]
    source: sqlx::Error,
}

impl StoreError {
    pub(super) fn reading(source: sqlx::Error) -> Self {
        Self {
            action: "read",
            source,
        }
    }
}

/// One row, fields as they are stored.
pub(super) struct Row<'a> {
    pub stage: &'a str,
    pub call: &'a str,
    /// Milliseconds since the Unix epoch.
    pub at_ms: i64,
    pub principal: &'a str,
    pub tool: &'a str,
    pub upstream: Option<&'a str>,
    pub effect: Option<&'a str>,
    pub rule: Option<&'a str>,
    pub arguments: &'a str,
    pub outcome: &'a str,
    pub status: Option<u16>,
    /// Microseconds.
    pub duration_us: i64,
}

/// Opens a connection to where the log is, making the file where it is missing.
pub(super) async fn connect(store: &Store) -> Result<SqliteConnection, StoreError> {
    let options = match store {
        Store::File(path) => SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // Commits survive the death of the process at this setting; only the loss of power can
            // take the last of them, and it never takes the file's soundness.
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(Duration::from_secs(5)),
        Store::Memory => SqliteConnectOptions::new().in_memory(true),
    };
    options
        .disable_statement_logging()
        .connect()
        .await
        .map_err(|source| StoreError {
            action: "open",
            source,
        })
}

/// An open log and the last row that is known of it.
pub(super) struct Log {
    connection: SqliteConnection,
    head: Head,
}

/// The end of the chain.
#[derive(Clone, Debug)]
struct Head {
    sequence: i64,
    hash: String,
}

const SCHEMA: &str = "CREATE TABLE IF NOT EXISTS audit (
    sequence    INTEGER PRIMARY KEY,
    stage       TEXT NOT NULL,
    call        TEXT NOT NULL,
    at_ms       INTEGER NOT NULL,
    principal   TEXT NOT NULL,
    tool        TEXT NOT NULL,
    upstream    TEXT,
    effect      TEXT,
    rule        TEXT,
    arguments   TEXT NOT NULL,
    outcome     TEXT NOT NULL,
    status      INTEGER,
    duration_us INTEGER NOT NULL,
    hash        TEXT NOT NULL
)";

/// How often rows are chained anew because another process was faster.
const ATTEMPTS: usize = 100;

const INSERT: &str = "INSERT INTO audit (sequence, stage, call, at_ms, principal, tool, upstream, effect, \
                      rule, arguments, outcome, status, duration_us, hash) SELECT * FROM (";

/// What makes the rows follow the head that they were chained to, in the same statement that writes
/// them: another process may append to the same file.
const FOLLOWS: &str = ") WHERE (SELECT coalesce(max(sequence), 0) FROM audit) = ";

impl Log {
    /// Opens the log, making table and file where they are missing.
    pub(super) async fn open(store: &Store) -> Result<Self, StoreError> {
        let failed = |source| StoreError {
            action: "open",
            source,
        };
        let mut connection = connect(store).await?;
        sqlx::query(SCHEMA)
            .execute(&mut connection)
            .await
            .map_err(failed)?;
        let head = head(&mut connection).await.map_err(failed)?;
        Ok(Self { connection, head })
    }

    /// Appends rows, all or none; they are durable once this returns.
    pub(super) async fn append(&mut self, records: &[Record]) -> Result<(), StoreError> {
        let failed = |source| StoreError {
            action: "write",
            source,
        };
        for _ in 0..ATTEMPTS {
            if self.append_to_head(records).await.map_err(failed)? {
                return Ok(());
            }
            self.head = head(&mut self.connection).await.map_err(failed)?;
        }
        Err(failed(sqlx::Error::Protocol(
            "other processes write to the log all the time".to_owned(),
        )))
    }

    /// Appends rows if the log still ends where we think it does.
    async fn append_to_head(&mut self, records: &[Record]) -> Result<bool, sqlx::Error> {
        let mut head = self.head.clone();
        let rows: Vec<(Row<'_>, Head)> = records
            .iter()
            .map(|record| {
                let row = Row::from(record);
                head = Head {
                    sequence: head.sequence + 1,
                    hash: chain::hash(&head.hash, &row),
                };
                (row, head.clone())
            })
            .collect();
        let mut insert = QueryBuilder::<Sqlite>::new(INSERT);
        insert.push_values(rows, |mut values, (row, head)| {
            values
                .push_bind(head.sequence)
                .push_bind(row.stage)
                .push_bind(row.call)
                .push_bind(row.at_ms)
                .push_bind(row.principal)
                .push_bind(row.tool)
                .push_bind(row.upstream)
                .push_bind(row.effect)
                .push_bind(row.rule)
                .push_bind(row.arguments)
                .push_bind(row.outcome)
                .push_bind(row.status)
                .push_bind(row.duration_us)
                .push_bind(head.hash);
        });
        insert.push(FOLLOWS).push_bind(self.head.sequence);
        let written = insert.build().execute(&mut self.connection).await?;
        if written.rows_affected() == 0 {
            return Ok(false);
        }
        self.head = head;
        Ok(true)
    }

    /// Folds the write-ahead log back into the file and closes it.
    pub(super) async fn close(self) -> Result<(), StoreError> {
        self.connection.close().await.map_err(|source| StoreError {
            action: "close",
            source,
        })
    }
}

/// Where the log ends now.
async fn head(connection: &mut SqliteConnection) -> Result<Head, sqlx::Error> {
    let last = sqlx::query("SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1")
        .fetch_optional(connection)
        .await?;
    match last {
        None => Ok(Head {
            sequence: 0,
            hash: chain::GENESIS.to_owned(),
        }),
        Some(row) => Ok(Head {
            sequence: row.try_get(0)?,
            hash: row.try_get(1)?,
        }),
    }
}

impl<'a> From<&'a Record> for Row<'a> {
    fn from(record: &'a Record) -> Self {
        Self {
            stage: record.stage.as_str(),
            call: &record.call,
            at_ms: milliseconds(record.at),
            principal: &record.principal,
            tool: &record.tool,
            upstream: record.upstream.as_deref(),
            effect: record.effect.map(wharf_policy::facts::Effect::as_str),
            rule: record.rule.as_deref(),
            arguments: &record.arguments,
            outcome: record.outcome.as_str(),
            status: record.status,
            duration_us: i64::try_from(record.duration.as_micros()).unwrap_or(i64::MAX),
        }
    }
}

impl<'a> From<&'a StoredRow> for Row<'a> {
    fn from(row: &'a StoredRow) -> Self {
        Self {
            stage: &row.stage,
            call: &row.call,
            at_ms: row.at_ms,
            principal: &row.principal,
            tool: &row.tool,
            upstream: row.upstream.as_deref(),
            effect: row.effect.as_deref(),
            rule: row.rule.as_deref(),
            arguments: &row.arguments,
            outcome: &row.outcome,
            status: row.status,
            duration_us: row.duration_us,
        }
    }
}

fn milliseconds(at: SystemTime) -> i64 {
    at.duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .unwrap_or_default()
}
