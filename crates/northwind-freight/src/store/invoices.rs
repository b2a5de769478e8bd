//! Invoices and payments in the books.

use sqlx::AssertSqlSafe;

use super::filter::Filtered;
use super::{Change, Document, Store};

const DOCUMENT: &str = "json_object(
    'id', id, 'number', number, 'customer_id', customer_id, 'order_id', order_id, 'status', status,
    'total', json_object('amount_cents', total_cents, 'currency', currency),
    'paid', json_object('amount_cents', paid_cents, 'currency', currency),
    'payments', (SELECT json_group_array(json_object('id', id, 'amount',
        json_object('amount_cents', amount_cents, 'currency', currency), 'method', method,
        'reference', reference, 'received_at', received_at) ORDER BY id)
        FROM payments WHERE invoice_id = invoices.id),
    'issued_on', issued_on, 'due_on', due_on, 'void_reason', void_reason)";

#[derive(Debug)]
pub(crate) struct PaymentDraft {
    pub(crate) amount_cents: i64,
    pub(crate) method: &'static str,
    pub(crate) reference: Option<String>,
}

#[derive(Debug)]
pub(crate) struct InvoiceFilter {
    pub(crate) statuses: Vec<&'static str>,
    pub(crate) customer: Option<i64>,
    /// First due day, `2025-03-14`.
    pub(crate) from: Option<String>,
    /// Last due day.
    pub(crate) to: Option<String>,
}

impl InvoiceFilter {
    fn apply(&self, select: &str) -> Filtered {
        let mut filtered = Filtered::new(select);
        filtered
            .any_of("status", &self.statuses)
            .when("customer_id =", self.customer)
            .when("due_on >=", self.from.clone())
            .when("due_on <=", self.to.clone());
        filtered
    }
}

impl Store {
    /// The newest first, and how many there are in all.
    pub(crate) async fn invoices(
        &self,
        filter: InvoiceFilter,
        limit: i64,
        offset: i64,
    ) -> Result<(Vec<Document>, i64), sqlx::Error> {
        let mut count = filter.apply("SELECT count(*) FROM invoices").into_query();
        let total = count.build_query_scalar().fetch_one(&self.pool).await?;
        let page = filter.apply(&format!("SELECT {DOCUMENT} FROM invoices"));
        let mut page = page.slice("ORDER BY id DESC", limit, offset);
        Ok((page.build_query_as().fetch_all(&self.pool).await?, total))
    }

    pub(crate) async fn invoice(&self, id: i64) -> Result<Option<Document>, sqlx::Error> {
        let statement = format!("SELECT {DOCUMENT} FROM invoices WHERE id = ?");
        sqlx::query_as(AssertSqlSafe(statement))
            .bind(id)
            .fetch_optional(&self.pool)
            .await
    }

    /// Books a payment in the currency of the invoice; the last cent makes it paid.
    pub(crate) async fn pay(
        &self,
        id: i64,
        draft: PaymentDraft,
    ) -> Result<Change<Document>, sqlx::Error> {
        let mut transaction = self.pool.begin().await?;
        let statement = "UPDATE invoices SET paid_cents = paid_cents + ?1,
            status = iif(paid_cents + ?1 = total_cents, 'paid', status)
            WHERE id = ?2 AND status IN ('open', 'overdue') AND paid_cents + ?1 <= total_cents RETURNING currency";
        let currency: Option<String> = sqlx::query_scalar(statement)
            .bind(draft.amount_cents)
            .bind(id)
            .fetch_optional(&mut *transaction)
            .await?;
        let booked = currency.is_some();
        if let Some(currency) = currency {
            let statement = "INSERT INTO payments (invoice_id, amount_cents, currency, method, reference) VALUES (?, ?, ?, ?, ?)";
            sqlx::query(statement)
                .bind(id)
                .bind(draft.amount_cents)
                .bind(currency)
                .bind(draft.method)
                .bind(draft.reference)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        match (booked, self.invoice(id).await?) {
            (false, Some(_)) => Ok(Change::Refused(
                "The invoice is paid, void, or owes less than this payment.",
            )),
            (_, found) => Ok(Change::from_found(found)),
        }
    }

    /// Voids an invoice on which nothing was paid.
    pub(crate) async fn void_invoice(
        &self,
        id: i64,
        reason: String,
    ) -> Result<Change<Document>, sqlx::Error> {
        let statement = "UPDATE invoices SET status = 'void', void_reason = ?
            WHERE id = ? AND paid_cents = 0 AND status IN ('open', 'overdue')";
        let result = sqlx::query(statement)
            .bind(reason)
            .bind(id)
            .execute(&self.pool)
            .await?;
        match (result.rows_affected(), self.invoice(id).await?) {
            (0, Some(_)) => Ok(Change::Refused(
                "Only an open or overdue invoice without payments can be voided.",
            )),
            (_, found) => Ok(Change::from_found(found)),
        }
    }
}
