//! Customers in the books.

use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, FromRow, Row};

use super::filter::Filtered;
use super::{Address, Change, Document, Entry, Store};

const DOCUMENT: &str = "json_object(
    'id', id, 'name', name, 'email', email, 'phone', phone, 'status', status, 'tier', tier,
    'address', json_object('street', street, 'city', city, 'postal_code', postal_code, 'country', country),
    'credit_limit', json_object('amount_cents', credit_limit_cents, 'currency', currency),
    'account_manager', account_manager, 'version', version, 'created_at', created_at, 'updated_at', updated_at)";

/// A customer with the version that its entity tag shows.
#[derive(Debug)]
pub(crate) struct Customer {
    pub(crate) document: Document,
    pub(crate) version: i64,
}

impl FromRow<'_, SqliteRow> for Customer {
    fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            document: Document::parse(row.try_get(0)?)?,
            version: row.try_get(1)?,
        })
    }
}

/// Everything about a customer that a caller may set.
#[derive(Debug)]
pub(crate) struct CustomerDraft {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) phone: Option<String>,
    pub(crate) status: &'static str,
    pub(crate) tier: &'static str,
    pub(crate) address: Address,
    pub(crate) credit_limit_cents: i64,
    pub(crate) currency: String,
    pub(crate) account_manager: Option<String>,
}

#[derive(Debug)]
pub(crate) struct CustomerFilter {
    /// Words looked for in name, e-mail address and city.
    pub(crate) text: Option<String>,
    pub(crate) statuses: Vec<&'static str>,
    pub(crate) country: Option<String>,
}

impl Store {
    /// At most `limit` customers whose id is above `after`.
    pub(crate) async fn customers(
        &self,
        filter: CustomerFilter,
        after: i64,
        limit: i64,
    ) -> Result<Vec<Entry>, sqlx::Error> {
        let mut filtered = Filtered::new(&format!("SELECT {DOCUMENT}, id FROM customers"));
        filtered
            .when("id >", Some(after))
            .any_of("status", &filter.statuses)
            .when("country =", filter.country)
            .containing("name || ' ' || email || ' ' || city", filter.text);
        filtered
            .slice("ORDER BY id", limit, 0)
            .build_query_as()
            .fetch_all(&self.pool)
            .await
    }

    pub(crate) async fn customer(&self, id: i64) -> Result<Option<Customer>, sqlx::Error> {
        let statement = format!("SELECT {DOCUMENT}, version FROM customers WHERE id = ?");
        sqlx::query_as(AssertSqlSafe(statement))
            .bind(id)
            .fetch_optional(&self.pool)
            .await
    }

    pub(crate) async fn create_customer(
        &self,
        draft: CustomerDraft,
    ) -> Result<(i64, Option<Customer>), sqlx::Error> {
        let statement = "INSERT INTO customers (name, email, phone, status, tier, street, city, postal_code, country,
            credit_limit_cents, currency, account_manager) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
        let id = sqlx::query_scalar(statement)
            .bind(draft.name)
            .bind(draft.email)
            .bind(draft.phone)
            .bind(draft.status)
            .bind(draft.tier)
            .bind(draft.address.street)
            .bind(draft.address.city)
            .bind(draft.address.postal_code)
            .bind(draft.address.country)
            .bind(draft.credit_limit_cents)
            .bind(draft.currency)
            .bind(draft.account_manager)
            .fetch_one(&self.pool)
            .await?;
        Ok((id, self.customer(id).await?))
    }

    /// Replaces the customer if it still is in `version`, or whatever its version is.
    pub(crate) async fn replace_customer(
        &self,
        id: i64,
        version: Option<i64>,
        draft: CustomerDraft,
    ) -> Result<Change<Customer>, sqlx::Error> {
        let statement = "UPDATE customers SET name = ?, email = ?, phone = ?, status = ?, tier = ?, street = ?, city = ?,
            postal_code = ?, country = ?, credit_limit_cents = ?, currency = ?, account_manager = ?,
            version = version + 1, updated_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now')
            WHERE id = ? AND version = coalesce(?, version)";
        let result = sqlx::query(statement)
            .bind(draft.name)
            .bind(draft.email)
            .bind(draft.phone)
            .bind(draft.status)
            .bind(draft.tier)
            .bind(draft.address.street)
            .bind(draft.address.city)
            .bind(draft.address.postal_code)
            .bind(draft.address.country)
            .bind(draft.credit_limit_cents)
            .bind(draft.currency)
            .bind(draft.account_manager)
            .bind(id)
            .bind(version)
            .execute(&self.pool)
            .await?;
        match (result.rows_affected(), self.customer(id).await?) {
            (0, Some(_)) => Ok(Change::Stale),
            (_, found) => Ok(Change::from_found(found)),
        }
    }

    /// A customer goes with its tickets; one that ever ordered stays, closed at most.
    pub(crate) async fn delete_customer(
        &self,
        id: i64,
        version: Option<i64>,
    ) -> Result<Change<()>, sqlx::Error> {
        let Some(customer) = self.customer(id).await? else {
            return Ok(Change::Missing);
        };
        if version.is_some_and(|seen| seen != customer.version) {
            return Ok(Change::Stale);
        }
        let statement =
            "DELETE FROM customers WHERE id = ? AND id NOT IN (SELECT customer_id FROM orders)";
        match sqlx::query(statement)
            .bind(id)
            .execute(&self.pool)
            .await?
            .rows_affected()
        {
            0 => Ok(Change::Refused(
                "The customer has orders. Set its status to `closed` instead.",
            )),
            _ => Ok(Change::Done(())),
        }
    }
}
