//! List changes on their way to whoever wants to hear of them: `subscriptions/listen` of the modern
//! era, and the notifications that a legacy session hears unasked.

use serde::{Deserialize, Serialize};
use serde_json::value::to_raw_value;
use wharf_protocol::capability::Empty;
use wharf_protocol::error::ErrorObject;
use wharf_protocol::id::RequestId;
use wharf_protocol::meta::{Meta, key};
use wharf_protocol::method::Method;
use wharf_protocol::notification::{CancelledParams, SubscriptionFilter};
use wharf_protocol::port::{
    Answer, Change, Changes, Exchange, Handler, Notification, Origin, Reply, Request,
};
use wharf_protocol::task::NOTIFICATION;

use crate::dispatch::survived;
use crate::mailbox::Outbox;
use crate::session::Session;

/// Parameters of `subscriptions/listen`.
#[derive(Deserialize)]
struct ListenParams {
    notifications: SubscriptionFilter,
}

/// Serves one `subscriptions/listen`: acknowledges it, then notifies the caller until it leaves, the
/// handler runs out of changes, or `closing` completes (2026-07-28, subscriptions).
pub(crate) async fn listen(
    handler: &dyn Handler,
    id: &RequestId,
    request: &Request,
    exchange: &Exchange,
    closing: impl Future<Output = ()>,
) -> Reply {
    let wanted = request.params::<ListenParams>()?.notifications;
    let changes = handler.changes();
    let agreed = match &changes {
        Some(_) => survived(handler.agree(wanted, exchange)).await?,
        None => SubscriptionFilter::default(),
    };
    let meta = subscription_meta(id);
    exchange.peer.notify(acknowledged(&agreed, &meta)?).await;
    if let Some(mut changes) = changes {
        tokio::select! {
            () = closing => {}
            () = forward(&mut *changes, &agreed, &meta, exchange) => {}
        }
    }
    if matches!(exchange.origin, Origin::Stdio) {
        // On a pipe there is no stream whose end could be seen (2026-07-28, cancellation).
        exchange.peer.notify(cancelled(id)?).await;
    }
    let fields = to_raw_value(&Empty {}).map_err(|_| ErrorObject::internal())?;
    Ok(Answer::Complete { fields, meta })
}

/// Sends every change that `session` may hear of, until there are no more or nobody listens.
pub(crate) async fn broadcast(handler: &dyn Handler, session: &Session, outbox: &Outbox) {
    let Some(mut changes) = handler.changes() else {
        return std::future::pending().await;
    };
    while let Some(change) = changes.next().await {
        if let Some(frame) = session.news(&change)
            && outbox.put(frame).await.is_err()
        {
            return;
        }
    }
}

/// The notification of `change`, with `meta` where it belongs to a subscription.
pub(crate) fn news(change: &Change, meta: Option<&Meta>) -> Option<Notification> {
    #[derive(Serialize)]
    struct Params<'a> {
        #[serde(skip_serializing_if = "Option::is_none")]
        uri: Option<&'a str>,
        #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
        meta: Option<&'a Meta>,
    }
    let (method, uri) = match change {
        Change::Tools => (Method::TOOLS_CHANGED, None),
        Change::Prompts => (Method::PROMPTS_CHANGED, None),
        Change::Resources => (Method::RESOURCES_CHANGED, None),
        Change::Resource(uri) => (Method::RESOURCE_UPDATED, Some(uri.as_str())),
        Change::Task { task, .. } => return task_news(task, meta),
    };
    if uri.is_none() && meta.is_none() {
        return Some(Notification {
            method,
            params: None,
        });
    }
    Notification::new(method, &Params { uri, meta }).ok()
}

/// The notification that a task is now what `task` says. Only those hear of it who asked for it by
/// name, so there is no such thing without a subscription.
fn task_news(task: &str, meta: Option<&Meta>) -> Option<Notification> {
    let mut members: Meta = serde_json::from_str(task).ok()?;
    members.insert("_meta", to_raw_value(meta?).ok()?);
    Notification::new(Method::known(NOTIFICATION), &members).ok()
}

async fn forward(
    changes: &mut dyn Changes,
    agreed: &SubscriptionFilter,
    meta: &Meta,
    exchange: &Exchange,
) {
    while let Some(change) = changes.next().await {
        if agreed.covers(&change)
            && let Some(notification) = news(&change, Some(meta))
        {
            exchange.peer.notify(notification).await;
        }
    }
}

fn subscription_meta(id: &RequestId) -> Meta {
    let mut meta = Meta::default();
    let id = to_raw_value(id).expect("an id always serialises");
    meta.insert(key::SUBSCRIPTION_ID, id);
    meta
}

fn acknowledged(agreed: &SubscriptionFilter, meta: &Meta) -> Result<Notification, ErrorObject> {
    #[derive(Serialize)]
    struct Params<'a> {
        notifications: &'a SubscriptionFilter,
        #[serde(rename = "_meta")]
        meta: &'a Meta,
    }
    let params = Params {
        notifications: agreed,
        meta,
    };
    Notification::new(Method::SUBSCRIPTIONS_ACKNOWLEDGED, &params)
}

fn cancelled(id: &RequestId) -> Result<Notification, ErrorObject> {
    let params = CancelledParams {
        request_id: id.clone(),
        reason: None,
    };
    Notification::new(Method::CANCELLED, &params)
}
