//! Whether an answer may be sent to whoever asked: what a client did not declare, it never gets,
//! whatever a handler says.

use tracing::error;
use wharf_protocol::error::ErrorObject;
use wharf_protocol::input_required::InputRequired;
use wharf_protocol::inquiry::ASKING;
use wharf_protocol::method::Method;
use wharf_protocol::port::{Answer, Exchange, Reply};
use wharf_protocol::revision::Era;
use wharf_protocol::task;

/// `reply`, if it may be the answer to a request for `method`.
pub(crate) fn lawful(reply: Reply, method: &Method, exchange: &Exchange) -> Reply {
    match &reply {
        Ok(Answer::InputRequired(asked)) => check_question(asked, method, exchange)?,
        Ok(Answer::Task(_)) => check_task(method, exchange)?,
        Ok(Answer::Complete { .. } | Answer::Verbatim(_)) | Err(_) => {}
    }
    reply
}

/// (2026-07-28, multi round-trip requests, server requirements.)
fn check_question(
    asked: &InputRequired,
    method: &Method,
    exchange: &Exchange,
) -> Result<(), ErrorObject> {
    let empty = asked.input_requests.is_empty() && asked.request_state.is_none();
    if empty || exchange.revision.era() == Era::Legacy || !ASKING.contains(method) {
        error!(method = ?method.as_str(), "a handler asked where nobody may ask");
        return Err(ErrorObject::internal());
    }
    for (_, question) in asked.input_requests.iter() {
        question.need().check(&exchange.capabilities)?;
    }
    Ok(())
}

/// (SEP-2663, capability negotiation and supported methods.)
fn check_task(method: &Method, exchange: &Exchange) -> Result<(), ErrorObject> {
    if exchange.revision.era() == Era::Legacy || *method != Method::TOOLS_CALL {
        error!(method = ?method.as_str(), "a handler made a task of what cannot be one");
        return Err(ErrorObject::internal());
    }
    task::check_declared(&exchange.capabilities)
}
