//! Whoever stands behind a request: agrees to everything and remembers what it heard.

use std::sync::{Arc, Mutex};

use serde_json::json;
use serde_json::value::{RawValue, to_raw_value};
use tokio::sync::Notify;
use wharf_protocol::error::ErrorObject;
use wharf_protocol::port::{BoxFuture, Notification, Peer, Request};

#[derive(Default)]
pub(crate) struct Listener {
    heard: Mutex<Vec<String>>,
    more: Notify,
}

impl Listener {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self::default())
    }

    /// Everything that was heard, one a line.
    pub(crate) fn heard(&self) -> String {
        self.heard.lock().expect("no panic").join("\n")
    }

    /// Waits until so many things were heard.
    pub(crate) async fn until_heard(&self, count: usize) -> String {
        loop {
            let more = self.more.notified();
            if self.heard.lock().expect("no panic").len() >= count {
                return self.heard();
            }
            more.await;
        }
    }

    fn hear(&self, method: &str, params: Option<&RawValue>) {
        let params = params.map_or("", RawValue::get);
        let line = format!("{method} {params}");
        self.heard.lock().expect("no panic").push(line);
        self.more.notify_one();
    }
}

impl Peer for Listener {
    fn request(&self, request: Request) -> BoxFuture<'_, Result<Box<RawValue>, ErrorObject>> {
        self.hear(request.method.as_str(), request.params.as_deref());
        let answer = json!({ "action": "accept" });
        let raw = to_raw_value(&answer).map_err(|_| ErrorObject::internal());
        Box::pin(std::future::ready(raw))
    }

    fn notify(&self, notification: Notification) -> BoxFuture<'_, ()> {
        self.hear(notification.method.as_str(), notification.params.as_deref());
        Box::pin(std::future::ready(()))
    }
}
