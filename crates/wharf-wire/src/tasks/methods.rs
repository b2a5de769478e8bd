//! The methods of the extension, each for the owner of the task alone.

use std::sync::Arc;

use tracing::error;
use wharf_protocol::capability::Empty;
use wharf_protocol::error::ErrorObject;
use wharf_protocol::notification::SubscriptionFilter;
use wharf_protocol::port::{Answer, Exchange, Reply, Request};
use wharf_protocol::task::{self, CANCEL, GET, TaskParams, UPDATE, UpdateTaskParams};

use super::Shared;
use super::job::Job;
use super::record::Record;
use crate::owner::Owner;

/// The most tasks that one subscription may name.
const MAX_WATCHED: usize = 1000;

/// Answers a request whose method begins like those of the extension.
pub(super) async fn answer(shared: &Shared, request: &Request, exchange: &Exchange) -> Reply {
    let method = request.method.as_str();
    if ![GET, UPDATE, CANCEL].contains(&method) {
        return Err(ErrorObject::method_not_found(method));
    }
    task::check_declared(&exchange.capabilities)?;
    let owner = Owner::of(exchange);
    match method {
        GET => {
            let params: TaskParams = request.params()?;
            let record = load(shared, &params.task_id, owner).await?;
            Answer::complete(&*record.ok_or_else(unknown)?.task)
        }
        UPDATE => {
            let params: UpdateTaskParams = request.params()?;
            if let Some(job) = job(shared, &params.task_id, owner).await? {
                job.update(&params.input_responses).await?;
            }
            Answer::complete(&Empty {})
        }
        _ => {
            let params: TaskParams = request.params()?;
            if let Some(job) = job(shared, &params.task_id, owner).await? {
                job.cancel().await;
            }
            Answer::complete(&Empty {})
        }
    }
}

/// Adds to what the handler inside agrees to the tasks that are the caller's own.
pub(super) async fn agree(
    shared: &Shared,
    mut wanted: SubscriptionFilter,
    exchange: &Exchange,
) -> Result<SubscriptionFilter, ErrorObject> {
    let ids = std::mem::take(&mut wanted.task_ids);
    if !ids.is_empty() {
        task::check_declared(&exchange.capabilities)?;
    }
    let mut agreed = shared.inner.agree(wanted, exchange).await?;
    let owner = Owner::of(exchange);
    for id in ids.into_iter().take(MAX_WATCHED) {
        if load(shared, &id, owner).await?.is_some() {
            agreed.task_ids.push(id);
        }
    }
    Ok(agreed)
}

/// The running job of a task; `None` for one that runs no more, or elsewhere.
async fn job(shared: &Shared, id: &str, owner: Owner) -> Result<Option<Arc<Job>>, ErrorObject> {
    load(shared, id, owner).await?.ok_or_else(unknown)?;
    Ok(shared.live().get(id).cloned())
}

async fn load(shared: &Shared, id: &str, owner: Owner) -> Result<Option<Record>, ErrorObject> {
    shared.store.load(id, owner).await.map_err(|failure| {
        error!(%failure, "cannot look up a task");
        ErrorObject::internal()
    })
}

/// The same for a task of somebody else: nobody learns that there is one.
fn unknown() -> ErrorObject {
    ErrorObject::invalid_params("Invalid params: there is no such task")
}
