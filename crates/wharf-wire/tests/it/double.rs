//! The handler behind every test, with tools that do one thing each.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::value::RawValue;
use serde_json::{Value, json};
use tokio::sync::{Notify, broadcast};
use wharf_protocol::capability::{
    Implementation, ListCapability, ResourceCapability, ServerCapabilities,
};
use wharf_protocol::error::{ErrorObject, code};
use wharf_protocol::input_required::InputRequest;
use wharf_protocol::inquiry::{Asked, Inquiry};
use wharf_protocol::method::Method;
use wharf_protocol::port::{
    Answer, BoxFuture, Change, Changes, Description, Exchange, Handler, Notification, Reply,
    Request,
};

/// A handler, and what it has seen.
pub(crate) struct Double {
    identity: Implementation,
    pub(crate) announce: broadcast::Sender<Change>,
    /// Requests in progress of the tool `wait`.
    pub(crate) waiting: AtomicUsize,
    /// Told whenever `waiting` has changed.
    pub(crate) moved: Notify,
    /// What some tools wait for.
    pub(crate) released: Notify,
}

impl Double {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            identity: Implementation::new("double", "1"),
            announce: broadcast::Sender::new(16),
            waiting: AtomicUsize::new(0),
            moved: Notify::new(),
            released: Notify::new(),
        })
    }

    /// Waits until `count` calls of `wait` are in progress.
    pub(crate) async fn until_waiting(&self, count: usize) {
        loop {
            let moved = self.moved.notified();
            if self.waiting.load(Ordering::SeqCst) == count {
                return;
            }
            moved.await;
        }
    }

    /// Waits until so many listen for changes.
    pub(crate) async fn until_heard(&self, count: usize) {
        while self.announce.receiver_count() != count {
            tokio::task::yield_now().await;
        }
    }

    async fn answer(&self, request: Request, exchange: &Exchange) -> Reply {
        match request.method.as_str() {
            "tools/list" => Answer::complete(&json!({ "tools": [] })),
            "resources/subscribe"
            | "resources/unsubscribe"
            | "logging/setLevel"
            | "example/extension" => Answer::complete(&json!({})),
            "tools/call" => self.call(&request, exchange).await,
            other => Err(ErrorObject::method_not_found(other)),
        }
    }

    async fn call(&self, request: &Request, exchange: &Exchange) -> Reply {
        let params: Value = request.params()?;
        match params["name"].as_str().unwrap_or_default() {
            "echo" => Answer::complete(&json!({ "echo": params["arguments"] })),
            "progress" => {
                exchange.progress(1.0, Some(2.0), None).await;
                tokio::task::yield_now().await;
                exchange.progress(2.0, Some(2.0), None).await;
                Answer::complete(&json!({}))
            }
            "log" => {
                for level in ["debug", "error"] {
                    let params = json!({ "level": level, "data": level });
                    let notification = Notification::new(Method::MESSAGE, &params)?;
                    exchange.peer.notify(notification).await;
                }
                Answer::complete(&json!({}))
            }
            "flood" => {
                let _flooding = Waiting::new(self);
                let message = "x".repeat(1 << 16);
                loop {
                    exchange.progress(1.0, None, Some(&message)).await;
                }
            }
            "part" => {
                exchange.progress(1.0, None, None).await;
                self.released.notified().await;
                exchange.progress(2.0, None, None).await;
                Answer::complete(&json!({ "whole": true }))
            }
            "hang up" => {
                exchange.peer.hang_up();
                self.released.notified().await;
                Answer::complete(&json!({ "whole": true }))
            }
            "inquire" => {
                let inquiry = Inquiry::begin(request, exchange).await?;
                let question = InputRequest::roots()?;
                match inquiry.ask("roots", question).await? {
                    Asked::Answered(roots) => Answer::complete(&json!({ "heard": roots })),
                    Asked::Pending => inquiry.pause(),
                }
            }
            "job" => {
                exchange.detach_or_refuse().await?;
                self.released.notified().await;
                Answer::complete(&json!({ "content": [] }))
            }
            "asking job" => {
                exchange.detach_or_refuse().await?;
                let inquiry = Inquiry::begin(request, exchange).await?;
                match inquiry.ask("roots", InputRequest::roots()?).await? {
                    Asked::Answered(roots) => Answer::complete(&json!({ "heard": roots })),
                    Asked::Pending => inquiry.pause(),
                }
            }
            "ask" => {
                let request = Request::new(Method::ELICIT, &json!({ "message": "?" }))?;
                let answer = exchange.peer.request(request).await?;
                Answer::complete(&json!({ "heard": answer }))
            }
            "wait" => {
                let _waiting = Waiting::new(self);
                std::future::pending().await
            }
            "panic" => panic!("as asked"),
            "incapable" => Err(ErrorObject::new(code::MISSING_CLIENT_CAPABILITY, "no")),
            "invalid" => Err(ErrorObject::invalid_params("no")),
            "verbatim" => {
                exchange.progress(1.0, None, None).await;
                let pretty = "{\n\"a\":\r\n1}".to_owned();
                Ok(Answer::Verbatim(
                    RawValue::from_string(pretty).expect("JSON"),
                ))
            }
            "origin" => Answer::complete(&json!({
                "origin": format!("{:?}", exchange.origin).contains("127.0.0.1"),
                "header": exchange.header("x-probe"),
                "session": exchange.session.is_some(),
            })),
            _ => Err(ErrorObject::invalid_params("there is no such tool")),
        }
    }
}

/// One call of `wait`, counted while it lasts.
struct Waiting<'a>(&'a Double);

impl<'a> Waiting<'a> {
    fn new(double: &'a Double) -> Self {
        double.waiting.fetch_add(1, Ordering::SeqCst);
        double.moved.notify_one();
        Self(double)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
        self.0.moved.notify_one();
    }
}

impl Handler for Double {
    fn identity(&self) -> &Implementation {
        &self.identity
    }

    fn describe<'a>(&'a self, _: &'a Exchange) -> BoxFuture<'a, Result<Description, ErrorObject>> {
        let capabilities = ServerCapabilities {
            tools: Some(ListCapability { list_changed: true }),
            resources: Some(ResourceCapability {
                subscribe: true,
                list_changed: false,
            }),
            ..ServerCapabilities::default()
        };
        Box::pin(std::future::ready(Ok(Description {
            capabilities,
            instructions: None,
        })))
    }

    fn handle<'a>(&'a self, request: Request, exchange: &'a Exchange) -> BoxFuture<'a, Reply> {
        Box::pin(self.answer(request, exchange))
    }

    fn changes(&self) -> Option<Box<dyn Changes>> {
        Some(Box::new(Announcements(self.announce.subscribe())))
    }
}

struct Announcements(broadcast::Receiver<Change>);

impl Changes for Announcements {
    fn next(&mut self) -> BoxFuture<'_, Option<Change>> {
        Box::pin(async move { self.0.recv().await.ok() })
    }
}
