//! A request for a prompt.

use tracing::error;
use wharf_protocol::error::ErrorObject;
use wharf_protocol::port::{Answer, Exchange, Reply, Request};
use wharf_protocol::prompt::{GetPromptParams, GetPromptResult};

use super::{Router, refusal, texts};
use crate::call::{Call, Input};
use crate::survive::{Ended, survive};

pub(super) async fn get(router: &Router, request: &Request, exchange: &Exchange) -> Reply {
    let GetPromptParams { name, arguments } = request.params()?;
    let entry = router
        .prompts
        .get(&name)
        .ok_or_else(|| ErrorObject::invalid_params("Invalid params: there is no such prompt"))?;
    let (prompt, texts) = (&entry.item, texts(arguments.as_deref())?);
    if let Some(unknown) = prompt.unknown(texts.0.iter().map(|(name, _)| &**name)) {
        let message = format!("Invalid params: `{unknown}` is no argument of this prompt");
        return Err(ErrorObject::invalid_params(message));
    }
    let call = Call::new(request, exchange, &entry.home, Input::Texts(&texts));
    match survive(&call, None, prompt.run.write(&call)).await {
        Ended::Asked => call.pause(),
        Ended::Returned(Ok(messages)) => Answer::complete(&GetPromptResult {
            description: prompt.description.clone(),
            messages: messages.0,
        }),
        Ended::Returned(Err(error)) => {
            Err(refusal(error, &entry.name, ErrorObject::invalid_params))
        }
        Ended::Panicked(message) => {
            error!(prompt = entry.name, message, "a prompt panicked");
            Err(ErrorObject::internal())
        }
        Ended::TimedOut(_) => Err(ErrorObject::internal()),
    }
}
