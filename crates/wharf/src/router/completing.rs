//! A request for completions.

use wharf_protocol::completion::{CompleteParams, CompleteResult, Completion, CompletionReference};
use wharf_protocol::error::ErrorObject;
use wharf_protocol::port::{Answer, Reply, Request};

use super::Router;
use crate::completion::Completions;

pub(super) async fn complete(router: &Router, request: &Request) -> Reply {
    let params: CompleteParams = request.params()?;
    let completions = completions(router, &params.reference).ok_or_else(|| {
        ErrorObject::invalid_params("Invalid params: `ref` names nothing that is here")
    })?;
    let values = match completions.get(&params.argument.name) {
        Some(complete) => complete.complete(params.argument.value).await,
        None => Vec::new(),
    };
    Answer::complete(&CompleteResult {
        completion: Completion::of(values),
    })
}

fn completions<'a>(router: &'a Router, reference: &CompletionReference) -> Option<&'a Completions> {
    match reference {
        CompletionReference::Prompt { name } => Some(&router.prompts.get(name)?.item.completions),
        CompletionReference::Resource { uri } => {
            let mut templates = router.templates.iter();
            let (_, entry) = templates.find(|(_, entry)| entry.item.uri == *uri)?;
            Some(&entry.item.completions)
        }
    }
}
