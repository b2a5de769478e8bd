//! Who hears what a server says while it works on a request.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;
use wharf_protocol::id::RequestId;
use wharf_protocol::meta::key;
use wharf_protocol::method::Method;
use wharf_protocol::port::{Notification, Peer};

use super::clock::{Clock, Stopped};
use super::params;
use super::reception::Reception;

/// The ears of one request, or of a whole connection.
#[derive(Clone)]
pub(super) struct Hearing {
    pub clock: Arc<Clock>,
    /// Whoever stands behind the request.
    pub listener: Arc<dyn Peer>,
    /// The token under which they asked to hear of progress, if they did. On the way the token is the
    /// request's id, which nobody else has.
    pub token: Option<Box<RawValue>>,
    /// Where whatever concerns everybody goes.
    pub reception: Arc<Reception>,
}

impl Hearing {
    /// Takes note of something that was said while the request runs. Waits for the listener, so a
    /// server that says too much waits too.
    pub(super) async fn hear(&self, notification: Notification) {
        match notification.method.as_str() {
            "notifications/progress" => self.hear_progress(notification).await,
            "notifications/message" => self.listener.notify(notification).await,
            _ => self.reception.take(notification),
        }
    }

    async fn hear_progress(&self, notification: Notification) {
        self.clock.progressed();
        let Some(token) = &self.token else {
            return;
        };
        if let Ok(mut members) = params::members(notification.params.as_deref()) {
            members.insert(key::PROGRESS_TOKEN, token.clone());
            let params = params::raw(&members).ok();
            let restored = Notification {
                method: Method::PROGRESS,
                params,
            };
            self.listener.notify(restored).await;
        }
    }
}

/// Who answers a question that does not say which request it is about, and the clocks that stand
/// still meanwhile. Where only one request runs, whoever stands behind that one; otherwise
/// `nobodys`, for no caller should be asked on another's account.
pub(super) fn attribute<'a>(
    running: impl Iterator<Item = &'a Hearing>,
    nobodys: &Arc<dyn Peer>,
) -> (Arc<dyn Peer>, Vec<Stopped>) {
    let mut listener = nobodys;
    let mut stopped = Vec::new();
    for hearing in running {
        listener = if stopped.is_empty() {
            &hearing.listener
        } else {
            nobodys
        };
        stopped.push(hearing.clock.stop());
    }
    (Arc::clone(listener), stopped)
}

/// The number under which a notification belongs to a request of ours: its progress token, or the
/// subscription that it came by.
pub(super) fn subject(notification: &Notification) -> Option<i64> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct About {
        progress_token: Option<RequestId>,
        request_id: Option<RequestId>,
        #[serde(default, rename = "_meta")]
        meta: Belonging,
    }
    #[derive(Default, Deserialize)]
    struct Belonging {
        #[serde(rename = "io.modelcontextprotocol/subscriptionId")]
        subscription: Option<RequestId>,
    }
    let params = notification.params.as_deref()?;
    let about: About = serde_json::from_str(params.get()).ok()?;
    let id = match notification.method.as_str() {
        "notifications/progress" => about.progress_token,
        "notifications/cancelled" => about.request_id,
        _ => about.meta.subscription,
    };
    match id? {
        RequestId::Integer(id) => Some(id),
        _ => None,
    }
}
