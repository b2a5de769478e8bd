//! The suite's resources.

use serde_json::{Value, json};
use wharf_protocol::error::{ErrorObject, code};
use wharf_protocol::port::{Answer, Reply, Request};
use wharf_protocol::revision::{Era, Revision};

use crate::text;
use crate::tools::RED_PIXEL;

pub(crate) fn all() -> Value {
    json!([
        {
            "uri": "test://static-text",
            "name": "static-text",
            "description": "A text that never changes",
            "mimeType": "text/plain"
        },
        {
            "uri": "test://static-binary",
            "name": "static-binary",
            "description": "An image that never changes",
            "mimeType": "image/png"
        },
        {
            "uri": "test://watched-resource",
            "name": "watched-resource",
            "description": "A text that may be watched",
            "mimeType": "text/plain"
        }
    ])
}

pub(crate) fn templates() -> Value {
    json!([{
        "uriTemplate": "test://template/{id}/data",
        "name": "template",
        "description": "Data of one id",
        "mimeType": "application/json"
    }])
}

pub(crate) fn read(request: &Request, revision: Revision) -> Reply {
    let params: Value = request.params()?;
    let uri = text(&params, "uri");
    let contents = contents(uri).ok_or_else(|| not_found(uri, revision))?;
    Answer::complete(&json!({
        "contents": [contents],
        "ttlMs": 0,
        "cacheScope": "private"
    }))
}

fn contents(uri: &str) -> Option<Value> {
    let written = |text: &str| json!({ "uri": uri, "mimeType": "text/plain", "text": text });
    match uri {
        "test://static-text" => Some(written("This is the content of the static text resource.")),
        "test://watched-resource" => Some(written("This resource may be watched.")),
        "test://static-binary" => {
            Some(json!({ "uri": uri, "mimeType": "image/png", "blob": RED_PIXEL }))
        }
        _ => {
            let id = uri
                .strip_prefix("test://template/")?
                .strip_suffix("/data")?;
            let data =
                json!({ "id": id, "templateTest": true, "data": format!("Data for ID: {id}") });
            Some(json!({ "uri": uri, "mimeType": "application/json", "text": data.to_string() }))
        }
    }
}

/// The code changed with the era (2026-07-28, resources, error handling).
fn not_found(uri: &str, revision: Revision) -> ErrorObject {
    let code = match revision.era() {
        Era::Modern => code::INVALID_PARAMS,
        Era::Legacy => code::RESOURCE_NOT_FOUND,
    };
    ErrorObject::new(code, "Resource not found").with_data(&json!({ "uri": uri }))
}
