//! A read of a resource.

use tracing::error;
use wharf_protocol::error::{ErrorObject, code};
use wharf_protocol::port::{Answer, Exchange, Reply, Request};
use wharf_protocol::resource::{ReadResourceResult, ResourceParams};
use wharf_protocol::revision::Era;

use super::{Entry, Router, refusal};
use crate::call::{Call, Input, Texts};
use crate::resource::Resource;
use crate::survive::{Ended, survive};
use crate::template::Match;

/// The longest URI that is looked for, in bytes.
const LONGEST: usize = 8 << 10;

pub(super) async fn read(router: &Router, request: &Request, exchange: &Exchange) -> Reply {
    let ResourceParams { uri } = request.params()?;
    let not_found = |message: &str| not_found(&uri, message, exchange);
    let Some((entry, texts)) = find(router, &uri).map_err(|reason| not_found(&reason))? else {
        return Err(not_found("Resource not found"));
    };
    let resource = &entry.item;
    let call = Call::new(request, exchange, &entry.home, Input::Texts(&texts));
    match survive(&call, None, resource.run.read(&call)).await {
        Ended::Asked => call.pause(),
        Ended::Returned(Ok(contents)) => Answer::complete(&ReadResourceResult {
            contents: vec![contents.under(&uri, resource.mime_type())],
            cache: None,
        }),
        Ended::Returned(Err(error)) => Err(refusal(error, &entry.name, |told| not_found(&told))),
        Ended::Panicked(message) => {
            error!(resource = entry.name, message, "a resource panicked");
            Err(ErrorObject::internal())
        }
        Ended::TimedOut(_) => Err(ErrorObject::internal()),
    }
}

/// The resource under `uri` and the values of its variables.
fn find<'a>(router: &'a Router, uri: &str) -> Result<Option<(&'a Entry<Resource>, Texts)>, String> {
    if let Some(entry) = router.resources.get(uri) {
        return Ok(Some((entry, Texts::default())));
    }
    if uri.len() > LONGEST {
        return Err("the URI is too long".to_owned());
    }
    let mut refused = None;
    for (template, entry) in &router.templates {
        match template.take(uri) {
            Match::Yes(texts) => return Ok(Some((entry, texts))),
            Match::Refused(reason) => refused = Some(reason),
            Match::No => {}
        }
    }
    refused.map_or(Ok(None), Err)
}

/// The code changed with the era (2026-07-28, resources, error handling).
fn not_found(uri: &str, message: &str, exchange: &Exchange) -> ErrorObject {
    let code = match exchange.revision.era() {
        Era::Modern => code::INVALID_PARAMS,
        Era::Legacy => code::RESOURCE_NOT_FOUND,
    };
    ErrorObject::new(code, message).with_data(&serde_json::json!({ "uri": uri }))
}
