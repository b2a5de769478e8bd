//! Files of a ticket: in as `multipart/form-data`, out as they came.

use axum::Json;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};

use super::path::Named;
use crate::problem::{FieldError, Problem};
use crate::store::{Store, Upload};

pub(super) async fn attach(
    State(store): State<Store>,
    Named(ticket): Named<i64>,
    request: Request,
) -> Result<Response, Problem> {
    let form = Multipart::from_request(request, &store)
        .await
        .map_err(|_| Problem::media_type("multipart/form-data"))?;
    let upload = read(form).await?;
    let (id, document) = store.attach(ticket, upload).await?.done("ticket")?;
    let location = [(LOCATION, format!("/tickets/{ticket}/attachments/{id}"))];
    Ok((StatusCode::CREATED, location, Json(document)).into_response())
}

/// The part `file`, which has to be there, and the text of the part `note`.
async fn read(mut form: Multipart) -> Result<Upload, Problem> {
    let (mut file, mut note) = (None, None);
    while let Some(part) = form.next_field().await.map_err(refusal)? {
        match part.name() {
            Some("file") => {
                let filename = part.file_name().unwrap_or("unnamed").to_owned();
                let media_type = part
                    .content_type()
                    .unwrap_or("application/octet-stream")
                    .to_owned();
                file = Some((
                    filename,
                    media_type,
                    part.bytes().await.map_err(refusal)?.to_vec(),
                ));
            }
            Some("note") => {
                note = Some(part.text().await.map_err(refusal)?).filter(|text| !text.is_empty());
            }
            _ => {}
        }
    }
    let missing = || {
        Problem::invalid(vec![FieldError {
            field: "file".to_owned(),
            message: "is required".to_owned(),
        }])
    };
    let (filename, media_type, content) = file.ok_or_else(missing)?;
    Ok(Upload {
        filename,
        media_type,
        note,
        content,
    })
}

fn refusal(error: MultipartError) -> Problem {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(),
        _ => Problem::malformed(error.body_text()),
    }
}

pub(super) async fn download(
    State(store): State<Store>,
    Named((ticket, id)): Named<(i64, i64)>,
) -> Result<Response, Problem> {
    let file = store
        .attachment(ticket, id)
        .await?
        .ok_or_else(|| Problem::not_found("attachment"))?;
    // A name from outside may hold quotes or line breaks; what is left fits into the header.
    let name: String = file
        .filename
        .chars()
        .filter(|c| c.is_ascii_graphic() && !matches!(c, '"' | '\\'))
        .collect();
    let media_type = file
        .media_type
        .parse()
        .unwrap_or(axum::http::HeaderValue::from_static(
            "application/octet-stream",
        ));
    let headers = [
        (CONTENT_TYPE, media_type),
        (
            X_CONTENT_TYPE_OPTIONS,
            axum::http::HeaderValue::from_static("nosniff"),
        ),
    ];
    Ok((
        headers,
        [(
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        )],
        file.content,
    )
        .into_response())
}
