//! Files attached to tickets.

use sqlx::AssertSqlSafe;

use super::{Change, Document, Store};

const DOCUMENT: &str = "json_object('id', id, 'filename', filename, 'media_type', media_type,
    'bytes', length(content), 'note', note, 'created_at', created_at)";

/// A file as it was sent and as it is sent back.
#[derive(Debug)]
pub(crate) struct Upload {
    pub(crate) filename: String,
    pub(crate) media_type: String,
    pub(crate) note: Option<String>,
    pub(crate) content: Vec<u8>,
}

impl Store {
    pub(crate) async fn attach(
        &self,
        ticket: i64,
        upload: Upload,
    ) -> Result<Change<(i64, Document)>, sqlx::Error> {
        let statement =
            "INSERT INTO ticket_attachments (ticket_id, filename, media_type, note, content)
            SELECT id, ?, ?, ?, ? FROM tickets WHERE id = ? RETURNING id";
        let id: Option<i64> = sqlx::query_scalar(statement)
            .bind(upload.filename)
            .bind(upload.media_type)
            .bind(upload.note)
            .bind(upload.content)
            .bind(ticket)
            .fetch_optional(&self.pool)
            .await?;
        let Some(id) = id else {
            return Ok(Change::Missing);
        };
        let statement = format!("SELECT {DOCUMENT} FROM ticket_attachments WHERE id = ?");
        let document = sqlx::query_as(AssertSqlSafe(statement))
            .bind(id)
            .fetch_one(&self.pool)
            .await?;
        Ok(Change::Done((id, document)))
    }

    pub(crate) async fn attachment(
        &self,
        ticket: i64,
        id: i64,
    ) -> Result<Option<Upload>, sqlx::Error> {
        let statement = "SELECT filename, media_type, note, content FROM ticket_attachments WHERE ticket_id = ? AND id = ?";
        let found: Option<(String, String, Option<String>, Vec<u8>)> = sqlx::query_as(statement)
            .bind(ticket)
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        Ok(found.map(|(filename, media_type, note, content)| Upload {
            filename,
            media_type,
            note,
            content,
        }))
    }
}
