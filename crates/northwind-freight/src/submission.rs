//! A JSON body, read field by field so that every mistake is reported at once.

use std::ops::RangeInclusive;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use serde_json::Value;

use crate::problem::{FieldError, Problem};
use crate::store::Address;

/// A body sent as `application/json`.
#[derive(Debug)]
pub(crate) struct Submission(pub(crate) Value);

impl<S: Send + Sync> FromRequest<S> for Submission {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        read(request, state, "application/json").await.map(Self)
    }
}

/// A body sent as `application/merge-patch+json`, RFC 7396.
#[derive(Debug)]
pub(crate) struct MergePatch(Value);

impl<S: Send + Sync> FromRequest<S> for MergePatch {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        read(request, state, "application/merge-patch+json")
            .await
            .map(Self)
    }
}

impl MergePatch {
    /// `document` with this patch applied: null removes, objects merge, anything else replaces.
    pub(crate) fn apply(self, mut document: Value) -> Value {
        merge(&mut document, self.0);
        document
    }
}

fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Value::Object(target) = target else {
        return;
    };
    for (name, value) in patch {
        if value.is_null() {
            target.remove(&name);
        } else {
            merge(target.entry(name).or_insert(Value::Null), value);
        }
    }
}

async fn read<S: Send + Sync>(
    request: Request,
    state: &S,
    expected: &'static str,
) -> Result<Value, Problem> {
    if media_type(request.headers()) != Some(expected) {
        return Err(Problem::media_type(expected));
    }
    let body = Bytes::from_request(request, state)
        .await
        .map_err(|_| Problem::too_large())?;
    serde_json::from_slice(&body)
        .map_err(|error| Problem::malformed(format!("The body is not JSON: {error}.")))
}

/// The media type without its parameters.
pub(crate) fn media_type(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    value.split(';').next().map(str::trim)
}

/// Reads fields by JSON pointer and collects what is wrong with them.
#[derive(Debug)]
pub(crate) struct Fields<'a> {
    root: &'a Value,
    errors: Vec<FieldError>,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(root: &'a Value) -> Self {
        Self {
            root,
            errors: Vec::new(),
        }
    }

    /// A field that is null is a field that is absent.
    fn raw(&self, pointer: &str) -> Option<&'a Value> {
        self.root.pointer(pointer).filter(|value| !value.is_null())
    }

    fn wrong(&mut self, pointer: &str, message: impl Into<String>) {
        self.errors.push(FieldError {
            field: pointer.to_owned(),
            message: message.into(),
        });
    }

    pub(crate) fn optional_text(&mut self, pointer: &str, most: usize) -> Option<String> {
        let text = self
            .raw(pointer)?
            .as_str()
            .filter(|text| !text.trim().is_empty() && text.chars().count() <= most);
        if text.is_none() {
            self.wrong(pointer, format!("must be text of 1 to {most} characters"));
        }
        text.map(str::to_owned)
    }

    pub(crate) fn text(&mut self, pointer: &str, most: usize) -> String {
        if self.raw(pointer).is_none() {
            self.wrong(pointer, "is required");
        }
        self.optional_text(pointer, most).unwrap_or_default()
    }

    pub(crate) fn email(&mut self, pointer: &str) -> String {
        let text = self.text(pointer, 254);
        let parts = text.split_once('@');
        if !text.is_empty()
            && parts.is_none_or(|(user, host)| user.is_empty() || !host.contains('.'))
        {
            self.wrong(pointer, "must be an e-mail address");
        }
        text
    }

    /// Exactly `length` capital letters, as country and currency codes are.
    pub(crate) fn code(&mut self, pointer: &str, length: usize) -> String {
        let text = self.text(pointer, 64);
        if !text.is_empty()
            && (text.len() != length || !text.bytes().all(|byte| byte.is_ascii_uppercase()))
        {
            self.wrong(pointer, format!("must be {length} capital letters"));
        }
        text
    }

    pub(crate) fn optional_integer(
        &mut self,
        pointer: &str,
        range: RangeInclusive<i64>,
    ) -> Option<i64> {
        let value = self
            .raw(pointer)?
            .as_i64()
            .filter(|value| range.contains(value));
        if value.is_none() {
            self.wrong(
                pointer,
                format!(
                    "must be a whole number from {} to {}",
                    range.start(),
                    range.end()
                ),
            );
        }
        value
    }

    pub(crate) fn integer(&mut self, pointer: &str, range: RangeInclusive<i64>) -> i64 {
        if self.raw(pointer).is_none() {
            self.wrong(pointer, "is required");
        }
        self.optional_integer(pointer, range).unwrap_or_default()
    }

    /// One of `choices`; the first one where the field is absent.
    pub(crate) fn choice(&mut self, pointer: &str, choices: &[&'static str]) -> &'static str {
        let Some(value) = self.raw(pointer) else {
            return choices[0];
        };
        let found = choices.iter().find(|choice| value.as_str() == Some(choice));
        found.copied().unwrap_or_else(|| {
            self.wrong(pointer, format!("must be one of {}", choices.join(", ")));
            choices[0]
        })
    }

    pub(crate) fn required_choice(
        &mut self,
        pointer: &str,
        choices: &[&'static str],
    ) -> &'static str {
        if self.raw(pointer).is_none() {
            self.wrong(pointer, "is required");
        }
        self.choice(pointer, choices)
    }

    pub(crate) fn address(&mut self, pointer: &str) -> Address {
        Address {
            street: self.text(&format!("{pointer}/street"), 120),
            city: self.text(&format!("{pointer}/city"), 80),
            postal_code: self.text(&format!("{pointer}/postal_code"), 12),
            country: self.code(&format!("{pointer}/country"), 2),
        }
    }

    /// Reads each of the 1 to `most` elements of a list with `read`, which gets the element's pointer.
    pub(crate) fn list<T>(
        &mut self,
        pointer: &str,
        most: usize,
        read: impl Fn(&mut Self, &str) -> T,
    ) -> Vec<T> {
        let length = self
            .raw(pointer)
            .and_then(Value::as_array)
            .map_or(0, Vec::len);
        if !(1..=most).contains(&length) {
            self.wrong(pointer, format!("must be a list of 1 to {most}"));
            return Vec::new();
        }
        (0..length)
            .map(|index| read(self, &format!("{pointer}/{index}")))
            .collect()
    }

    /// `value`, if nothing read so far was wrong.
    pub(crate) fn finish<T>(self, value: T) -> Result<T, Problem> {
        if self.errors.is_empty() {
            Ok(value)
        } else {
            Err(Problem::invalid(self.errors))
        }
    }
}
