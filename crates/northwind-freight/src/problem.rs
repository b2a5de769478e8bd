//! Every answer that is not a success: `application/problem+json`, RFC 9457.

use axum::http::header::{CONTENT_TYPE, HeaderValue, WWW_AUTHENTICATE};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::store::Change;

/// What is wrong with one field of a request.
#[derive(Debug, Serialize)]
pub(crate) struct FieldError {
    /// A JSON pointer into the body, or the name of a parameter.
    pub(crate) field: String,
    pub(crate) message: String,
}

/// A refusal, ready to be sent.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    detail: String,
    errors: Vec<FieldError>,
    header: Option<(HeaderName, &'static str)>,
}

impl Problem {
    fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            detail: detail.into(),
            errors: Vec::new(),
            header: None,
        }
    }

    /// 404 for `thing`, as in "customer".
    pub(crate) fn not_found(thing: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("There is no such {thing}."))
    }

    pub(crate) fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "The path exists, the method does not; see `Allow`.",
        )
    }

    /// 400: the request cannot be read as what it claims to be.
    pub(crate) fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// 400 with what is wrong with each query parameter.
    pub(crate) fn parameters(errors: Vec<FieldError>) -> Self {
        Self {
            errors,
            ..Self::malformed("Some query parameters cannot be used.")
        }
    }

    /// 422 with what is wrong with each field of the body.
    pub(crate) fn invalid(errors: Vec<FieldError>) -> Self {
        Self {
            errors,
            ..Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "Some fields cannot be accepted.",
            )
        }
    }

    pub(crate) fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, detail)
    }

    pub(crate) fn stale() -> Self {
        let detail = "The resource has changed since the version of `If-Match`. Read it again and repeat the change.";
        Self::new(StatusCode::PRECONDITION_FAILED, detail)
    }

    /// 401 with the `WWW-Authenticate` that says which credential is asked for.
    pub(crate) fn unauthenticated(challenge: &'static str) -> Self {
        let problem = Self::new(
            StatusCode::UNAUTHORIZED,
            "The credential is missing or wrong.",
        );
        Self {
            header: Some((WWW_AUTHENTICATE, challenge)),
            ..problem
        }
    }

    pub(crate) fn media_type(expected: &'static str) -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            format!("The body has to be `{expected}`."),
        )
    }

    pub(crate) fn too_large() -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "The body is larger than this company accepts.",
        )
    }

    pub(crate) fn unavailable(
        detail: &'static str,
        retry_after: (HeaderName, &'static str),
    ) -> Self {
        Self {
            header: Some(retry_after),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, detail)
        }
    }
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        match error.as_database_error() {
            Some(refusal) if refusal.is_unique_violation() => {
                Self::conflict("Another one with this unique value exists.")
            }
            // A demo has no log: whoever runs it is also who reads the answer.
            _ => Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                format!("The database failed: {error}"),
            ),
        }
    }
}

impl<T> Change<T> {
    /// What was done, or the refusal to send; `thing` is what the path names.
    pub(crate) fn done(self, thing: &str) -> Result<T, Problem> {
        match self {
            Self::Done(value) => Ok(value),
            Self::Missing => Err(Problem::not_found(thing)),
            Self::Stale => Err(Problem::stale()),
            Self::Refused(reason) => Err(Problem::conflict(reason)),
            Self::Unknown { field } => Err(Problem::invalid(vec![FieldError {
                field,
                message: "names something that does not exist".to_owned(),
            }])),
        }
    }
}

#[derive(Serialize)]
struct Body<'a> {
    r#type: String,
    title: &'static str,
    status: u16,
    detail: &'a str,
    #[serde(skip_serializing_if = "<[FieldError]>::is_empty")]
    errors: &'a [FieldError],
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let title = self.status.canonical_reason().unwrap_or("Refused");
        let body = Body {
            r#type: format!(
                "https://northwind.example/problems/{}",
                title.to_lowercase().replace(' ', "-")
            ),
            title,
            status: self.status.as_u16(),
            detail: &self.detail,
            errors: &self.errors,
        };
        let mut response = (self.status, axum::Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some((name, value)) = self.header {
            headers.insert(name, HeaderValue::from_static(value));
        }
        response
    }
}
