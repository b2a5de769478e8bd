//! Support tickets and their comments in the books.

use sqlx::AssertSqlSafe;

use super::filter::Filtered;
use super::{Change, Document, Store};

const DOCUMENT: &str = "json_object(
    'id', id, 'customer_id', customer_id, 'order_id', order_id, 'subject', subject, 'description', description,
    'status', status, 'priority', priority, 'assignee', assignee,
    'attachments', (SELECT json_group_array(json_object('id', id, 'filename', filename, 'media_type', media_type,
        'bytes', length(content), 'note', note, 'created_at', created_at) ORDER BY id)
        FROM ticket_attachments WHERE ticket_id = tickets.id),
    'created_at', created_at, 'updated_at', updated_at)";

const COMMENT: &str =
    "json_object('id', id, 'ticket_id', ticket_id, 'author', author, 'body', body,
    'internal', json(iif(internal, 'true', 'false')), 'created_at', created_at)";

#[derive(Debug)]
pub(crate) struct TicketDraft {
    pub(crate) customer: i64,
    pub(crate) order: Option<i64>,
    pub(crate) subject: String,
    pub(crate) description: String,
    pub(crate) status: &'static str,
    pub(crate) priority: &'static str,
    pub(crate) assignee: Option<String>,
}

#[derive(Debug)]
pub(crate) struct CommentDraft {
    pub(crate) author: String,
    pub(crate) body: String,
    pub(crate) internal: bool,
}

#[derive(Debug)]
pub(crate) struct TicketFilter {
    pub(crate) statuses: Vec<&'static str>,
    pub(crate) priority: Option<&'static str>,
    pub(crate) customer: Option<i64>,
}

impl TicketFilter {
    fn apply(&self, select: &str) -> Filtered {
        let mut filtered = Filtered::new(select);
        filtered
            .any_of("status", &self.statuses)
            .when("priority =", self.priority)
            .when("customer_id =", self.customer);
        filtered
    }
}

impl Store {
    /// The newest first, and how many there are in all.
    pub(crate) async fn tickets(
        &self,
        filter: TicketFilter,
        limit: i64,
        offset: i64,
    ) -> Result<(Vec<Document>, i64), sqlx::Error> {
        let mut count = filter.apply("SELECT count(*) FROM tickets").into_query();
        let total = count.build_query_scalar().fetch_one(&self.pool).await?;
        let page = filter.apply(&format!("SELECT {DOCUMENT} FROM tickets"));
        let mut page = page.slice("ORDER BY id DESC", limit, offset);
        Ok((page.build_query_as().fetch_all(&self.pool).await?, total))
    }

    pub(crate) async fn ticket(&self, id: i64) -> Result<Option<Document>, sqlx::Error> {
        let statement = format!("SELECT {DOCUMENT} FROM tickets WHERE id = ?");
        sqlx::query_as(AssertSqlSafe(statement))
            .bind(id)
            .fetch_optional(&self.pool)
            .await
    }

    pub(crate) async fn create_ticket(
        &self,
        draft: TicketDraft,
    ) -> Result<Change<(i64, Document)>, sqlx::Error> {
        if self.customer(draft.customer).await?.is_none() {
            return Ok(Change::Unknown {
                field: "/customer_id".to_owned(),
            });
        }
        if let Some(order) = draft.order
            && self.order(order).await?.is_none()
        {
            return Ok(Change::Unknown {
                field: "/order_id".to_owned(),
            });
        }
        let statement = "INSERT INTO tickets (customer_id, order_id, subject, description, status, priority, assignee)
            VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id";
        let id = sqlx::query_scalar(statement)
            .bind(draft.customer)
            .bind(draft.order)
            .bind(draft.subject)
            .bind(draft.description)
            .bind(draft.status)
            .bind(draft.priority)
            .bind(draft.assignee)
            .fetch_one(&self.pool)
            .await?;
        Ok(Change::from_found(
            self.ticket(id).await?.map(|document| (id, document)),
        ))
    }

    /// Sets all of a ticket but whose it is.
    pub(crate) async fn update_ticket(
        &self,
        id: i64,
        draft: TicketDraft,
    ) -> Result<Change<Document>, sqlx::Error> {
        let statement = "UPDATE tickets SET subject = ?, description = ?, status = ?, priority = ?, assignee = ?,
            updated_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now') WHERE id = ?";
        sqlx::query(statement)
            .bind(draft.subject)
            .bind(draft.description)
            .bind(draft.status)
            .bind(draft.priority)
            .bind(draft.assignee)
            .bind(id)
            .execute(&self.pool)
            .await?;
        Ok(Change::from_found(self.ticket(id).await?))
    }

    /// A ticket goes with its comments and attachments.
    pub(crate) async fn delete_ticket(&self, id: i64) -> Result<Change<()>, sqlx::Error> {
        let result = sqlx::query("DELETE FROM tickets WHERE id = ?")
            .bind(id)
            .execute(&self.pool)
            .await?;
        Ok(Change::from_found(
            (result.rows_affected() > 0).then_some(()),
        ))
    }

    pub(crate) async fn comments(&self, ticket: i64) -> Result<Option<Vec<Document>>, sqlx::Error> {
        if self.ticket(ticket).await?.is_none() {
            return Ok(None);
        }
        let statement =
            format!("SELECT {COMMENT} FROM ticket_comments WHERE ticket_id = ? ORDER BY id");
        sqlx::query_as(AssertSqlSafe(statement))
            .bind(ticket)
            .fetch_all(&self.pool)
            .await
            .map(Some)
    }

    pub(crate) async fn add_comment(
        &self,
        ticket: i64,
        draft: CommentDraft,
    ) -> Result<Change<Document>, sqlx::Error> {
        let statement = format!(
            "INSERT INTO ticket_comments (ticket_id, author, body, internal)
            SELECT id, ?, ?, ? FROM tickets WHERE id = ? RETURNING {COMMENT}"
        );
        let added = sqlx::query_as(AssertSqlSafe(statement))
            .bind(draft.author)
            .bind(draft.body)
            .bind(draft.internal)
            .bind(ticket)
            .fetch_optional(&self.pool)
            .await?;
        Ok(Change::from_found(added))
    }
}
