//! Conditions that a list request adds to a statement.

use sqlx::sqlite::Sqlite;
use sqlx::{Encode, QueryBuilder, Type};

/// A `SELECT` that ends in `WHERE true`, so that each condition is one `AND` more.
pub(super) struct Filtered {
    query: QueryBuilder<Sqlite>,
}

impl Filtered {
    pub(super) fn new(select: &str) -> Self {
        Self {
            query: QueryBuilder::new(format!("{select} WHERE true")),
        }
    }

    /// `condition` ends where its value belongs, as in `total_cents >=`; nothing is added for `None`.
    pub(super) fn when<T>(&mut self, condition: &'static str, value: Option<T>) -> &mut Self
    where
        T: for<'q> Encode<'q, Sqlite> + Type<Sqlite> + Send + 'static,
    {
        if let Some(value) = value {
            self.query
                .push(" AND ")
                .push(condition)
                .push(" ")
                .push_bind(value);
        }
        self
    }

    /// `column` is one of `values`; nothing is added for an empty list.
    pub(super) fn any_of(&mut self, column: &'static str, values: &[&'static str]) -> &mut Self {
        if !values.is_empty() {
            self.query.push(" AND ").push(column).push(" IN (");
            let mut list = self.query.separated(", ");
            for value in values {
                list.push_bind(*value);
            }
            self.query.push(")");
        }
        self
    }

    /// `expression` holds `text`, in any case of ASCII letters; no character of it is a wildcard.
    pub(super) fn containing(
        &mut self,
        expression: &'static str,
        text: Option<String>,
    ) -> &mut Self {
        if let Some(text) = text {
            self.query
                .push(" AND instr(lower(")
                .push(expression)
                .push("), lower(")
                .push_bind(text)
                .push(")) > 0");
        }
        self
    }

    /// Closes the statement with `tail` and two numbers, as in `LIMIT` and `OFFSET`.
    pub(super) fn slice(
        mut self,
        tail: &'static str,
        limit: i64,
        offset: i64,
    ) -> QueryBuilder<Sqlite> {
        self.query
            .push(" ")
            .push(tail)
            .push(" LIMIT ")
            .push_bind(limit)
            .push(" OFFSET ")
            .push_bind(offset);
        self.query
    }

    pub(super) fn into_query(self) -> QueryBuilder<Sqlite> {
        self.query
    }
}
