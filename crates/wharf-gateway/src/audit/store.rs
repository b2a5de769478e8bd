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

/// An open log and the hash of its last row.
pub(super) struct Log {
    connection: SqliteConnection,
    head: String,
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

const INSERT: &str = "INSERT INTO audit (stage, call, at_ms, principal, tool, upstream, effect, \
                      rule, arguments, outcome, status, duration_us, hash) ";

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
        let last = sqlx::query("SELECT hash FROM audit ORDER BY sequence DESC LIMIT 1")
            .fetch_optional(&mut connection)
            .await
            .map_err(failed)?;
        let head = last.map_or_else(|| chain::GENESIS.to_owned(), |row| row.get(0));
        Ok(Self { connection, head })
    }

    /// Appends rows, all or none; they are durable once this returns.
    pub(super) async fn append(&mut self, records: &[Record]) -> Result<(), StoreError> {
        let mut head = self.head.clone();
        let rows: Vec<(Row<'_>, String)> = records
            .iter()
            .map(|record| {
                let row = Row::from(record);
                head = chain::hash(&head, &row);
                (row, head.clone())
            })
            .collect();
        let mut insert = QueryBuilder::<Sqlite>::new(INSERT);
        insert.push_values(rows, |mut values, (row, hash)| {
            values
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
                .push_bind(hash);
        });
        insert
            .build()
            .execute(&mut self.connection)
            .await
            .map_err(|source| StoreError {
                action: "write",
                source,
            })?;
        self.head = head;
        Ok(())
    }

    /// Folds the write-ahead log back into the file and closes it.
    pub(super) async fn close(self) -> Result<(), StoreError> {
        self.connection.close().await.map_err(|source| StoreError {
            action: "close",
            source,
        })
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
