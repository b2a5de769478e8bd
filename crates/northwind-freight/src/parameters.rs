//! What a caller wrote in the query string or in a form: text, read field by field, every mistake reported at once.

use std::ops::RangeInclusive;

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;

use crate::problem::{FieldError, Problem};

/// Names with values, in the order they came.
#[derive(Debug)]
pub(crate) struct Parameters {
    pairs: Vec<(String, String)>,
    /// Names that were asked for; any other is a mistake of the caller, not something to ignore.
    known: Vec<&'static str>,
    errors: Vec<FieldError>,
}

impl<S: Send + Sync> FromRequestParts<S> for Parameters {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let Query(pairs) = Query::try_from_uri(&parts.uri)
            .map_err(|error| Problem::malformed(error.body_text()))?;
        Ok(Self::new(pairs))
    }
}

/// The same for the fields of an `application/x-www-form-urlencoded` body.
#[derive(Debug)]
pub(crate) struct FormFields(pub(crate) Parameters);

impl<S: Send + Sync> FromRequest<S> for FormFields {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match Form::from_request(request, state).await {
            Ok(Form(pairs)) => Ok(Self(Parameters::new(pairs))),
            Err(FormRejection::InvalidFormContentType(_)) => {
                Err(Problem::media_type("application/x-www-form-urlencoded"))
            }
            Err(other) if other.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(Problem::too_large())
            }
            Err(other) => Err(Problem::malformed(other.body_text())),
        }
    }
}

impl Parameters {
    fn new(pairs: Vec<(String, String)>) -> Self {
        Self {
            pairs,
            known: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// An empty value is the same as none: `?status=` asks for nothing.
    fn raw(&mut self, name: &'static str) -> Option<&str> {
        self.known.push(name);
        self.pairs
            .iter()
            .find(|(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// Reads one value with `read`, which says what it expected.
    fn optional<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        match read(self.raw(name)?) {
            Ok(value) => Some(value),
            Err(message) => {
                self.errors.push(FieldError {
                    field: name.to_owned(),
                    message,
                });
                None
            }
        }
    }

    pub(crate) fn text(&mut self, name: &'static str) -> Option<String> {
        self.optional(name, |raw| match raw.chars().count() {
            0..=200 => Ok(raw.to_owned()),
            _ => Err("must have at most 200 characters".to_owned()),
        })
    }

    /// Text of a form that has to be there.
    pub(crate) fn required_text(&mut self, name: &'static str, most: usize) -> String {
        let value = self.raw(name).unwrap_or_default().to_owned();
        if value.trim().is_empty() || value.chars().count() > most {
            self.errors.push(FieldError {
                field: name.to_owned(),
                message: format!("must have 1 to {most} characters"),
            });
        }
        value
    }

    pub(crate) fn integer(
        &mut self,
        name: &'static str,
        range: RangeInclusive<i64>,
    ) -> Option<i64> {
        self.optional(name, |raw| match raw.parse() {
            Ok(value) if range.contains(&value) => Ok(value),
            _ => Err(format!(
                "must be a whole number from {} to {}",
                range.start(),
                range.end()
            )),
        })
    }

    pub(crate) fn flag(&mut self, name: &'static str) -> Option<bool> {
        self.optional(name, |raw| {
            raw.parse()
                .map_err(|_| "must be `true` or `false`".to_owned())
        })
    }

    /// A day, `2025-03-14`.
    pub(crate) fn date(&mut self, name: &'static str) -> Option<String> {
        self.optional(name, |raw| {
            is_date(raw)
                .then(|| raw.to_owned())
                .ok_or_else(|| "must be a date like 2025-03-14".to_owned())
        })
    }

    pub(crate) fn choice(
        &mut self,
        name: &'static str,
        choices: &[&'static str],
    ) -> Option<&'static str> {
        self.optional(name, |raw| known(raw, choices))
    }

    /// Several choices in one value, `status=open,pending` (style form, explode false).
    pub(crate) fn choices(
        &mut self,
        name: &'static str,
        choices: &[&'static str],
    ) -> Vec<&'static str> {
        self.optional(name, |raw| {
            raw.split(',').map(|part| known(part, choices)).collect()
        })
        .unwrap_or_default()
    }

    /// `value`, if nothing was wrong; for query parameters.
    pub(crate) fn finish<T>(self, value: T) -> Result<T, Problem> {
        let errors = self.into_errors();
        if errors.is_empty() {
            Ok(value)
        } else {
            Err(Problem::parameters(errors))
        }
    }

    /// `value`, if nothing was wrong; for the fields of a form.
    pub(crate) fn finish_form<T>(self, value: T) -> Result<T, Problem> {
        let errors = self.into_errors();
        if errors.is_empty() {
            Ok(value)
        } else {
            Err(Problem::invalid(errors))
        }
    }

    fn into_errors(self) -> Vec<FieldError> {
        let Self {
            pairs,
            known,
            mut errors,
        } = self;
        let strangers = pairs
            .into_iter()
            .filter(|(name, _)| !known.contains(&name.as_str()));
        errors.extend(strangers.map(|(field, _)| FieldError {
            field,
            message: "is not known here".to_owned(),
        }));
        errors
    }
}

fn known(raw: &str, choices: &[&'static str]) -> Result<&'static str, String> {
    let found = choices.iter().find(|choice| **choice == raw);
    found
        .copied()
        .ok_or_else(|| format!("must be one of {}", choices.join(", ")))
}

/// Shape and ranges only: a day that a month does not have sorts after its last one, which is all a range needs.
fn is_date(raw: &str) -> bool {
    let shape = raw
        .bytes()
        .map(|byte| if byte.is_ascii_digit() { b'0' } else { byte });
    shape.eq(*b"0000-00-00")
        && ("01"..="12").contains(&&raw[5..7])
        && ("01"..="31").contains(&&raw[8..])
}
