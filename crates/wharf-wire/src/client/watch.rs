//! Listening to a server's changes: on a subscription in the modern era, in the session in the
//! legacy one.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use tokio::time::{Instant, sleep};
use tracing::debug;
use wharf_protocol::capability::{ClientCapabilities, ServerCapabilities};
use wharf_protocol::error::code;
use wharf_protocol::method::Method;
use wharf_protocol::notification::SubscriptionFilter;
use wharf_protocol::revision::Era;

use super::connection::Core;
use super::error::AskError;
use super::params;
use super::settings::Changes;
use super::transport::Opened;

/// Waits between attempts, growing from the first to the last.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LAST_WAIT: Duration = Duration::from_mins(5);
/// A subscription that held this long was a good one.
const GOOD: Duration = Duration::from_mins(1);

/// Listens for as long as the server lets us. `opened` is dropped once it does, or where it will not.
pub(super) async fn watch(core: Arc<Core>, opened: Opened) {
    let settings = &core.line.settings;
    let watched = settings.changes == Changes::Watched;
    match core.learnt().era() {
        Era::Modern if watched => {
            drop(opened);
            subscribe(&core).await;
        }
        // Some servers ask their questions there and nowhere else.
        Era::Legacy if watched || answers_questions(&settings.capabilities) => {
            listen(&core, opened).await;
        }
        _ => {}
    }
}

fn answers_questions(ours: &ClientCapabilities) -> bool {
    ours.elicitation.is_some() || ours.sampling.is_some() || ours.roots.is_some()
}

/// Keeps a subscription to every list that the server says may change.
async fn subscribe(core: &Core) {
    let Some(filter) = filter(&core.learnt().capabilities) else {
        return;
    };
    let mut wait = FIRST_WAIT;
    loop {
        let begun = Instant::now();
        match subscription(core, &filter).await {
            Ok(()) => debug!("the server ended a subscription"),
            Err(error) if is_final(&error) => {
                debug!(%error, "the server takes no subscriptions");
                return;
            }
            Err(error) => debug!(%error, "a subscription broke off"),
        }
        wait = if begun.elapsed() >= GOOD {
            FIRST_WAIT
        } else {
            (wait * 2).min(LAST_WAIT)
        };
        sleep(wait).await;
        // Whatever happened in between was missed.
        core.line.reception.cache.forget_lists();
    }
}

async fn subscription(core: &Core, filter: &SubscriptionFilter) -> Result<(), AskError> {
    #[derive(Serialize)]
    struct Listen<'a> {
        notifications: &'a SubscriptionFilter,
    }
    let raw = params::raw(&Listen {
        notifications: filter,
    });
    let raw = raw.map_err(AskError::Invalid)?;
    let speech = core.learnt().speech();
    let mut attempt = core.line.plain(Method::SUBSCRIPTIONS_LISTEN, speech);
    attempt.params = params::members(Some(&raw)).map_err(AskError::Invalid)?;
    attempt.timeout = None;
    core.line.put(attempt).await.map(drop)
}

/// Whether the server will never say anything else.
fn is_final(error: &AskError) -> bool {
    matches!(
        error.code(),
        Some(code::METHOD_NOT_FOUND | code::INVALID_PARAMS | code::INVALID_REQUEST)
    ) || matches!(
        error,
        AskError::Unauthorized { .. } | AskError::Authorize(_)
    )
}

fn filter(capabilities: &ServerCapabilities) -> Option<SubscriptionFilter> {
    let filter = SubscriptionFilter {
        tools_list_changed: capabilities.tools.is_some_and(|tools| tools.list_changed),
        prompts_list_changed: capabilities
            .prompts
            .is_some_and(|prompts| prompts.list_changed),
        resources_list_changed: capabilities.resources.is_some_and(|list| list.list_changed),
        ..SubscriptionFilter::default()
    };
    (filter != SubscriptionFilter::default()).then_some(filter)
}

/// Listens in the session, and in the one that follows it.
async fn listen(core: &Core, mut opened: Opened) {
    loop {
        let learnt = core.learnt();
        core.line.transport.listen(opened.take()).await;
        if Arc::ptr_eq(&learnt, &core.learnt()) {
            return;
        }
    }
}
