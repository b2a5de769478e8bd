//! Whoever is at the other end, and answers questions.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};
use wharf_protocol::error::ErrorObject;
use wharf_protocol::method::Method;
use wharf_protocol::port::{BoxFuture, Notification, Peer, Request};

/// A question that a tool asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// `elicitation/create`, `sampling/createMessage` or `roots/list`.
    pub method: String,
    /// Its parameters, as a client reads them.
    pub params: Value,
}

impl Question {
    /// The words that a person is asked in; empty where a model or a program is asked.
    pub fn message(&self) -> &str {
        self.params["message"].as_str().unwrap_or_default()
    }
}

pub(super) type Answers = Arc<dyn Fn(&Question) -> Option<Value> + Send + Sync>;

/// The answer as it travels: `None` declines.
pub(super) fn answered(question: &Question, answer: Option<Value>) -> Box<RawValue> {
    let answer = match (question.method.as_str(), answer) {
        ("elicitation/create", None) => json!({ "action": "decline" }),
        ("elicitation/create", Some(_)) if question.params["mode"] == "url" => {
            json!({ "action": "accept" })
        }
        ("elicitation/create", Some(content)) => json!({ "action": "accept", "content": content }),
        ("sampling/createMessage", Some(Value::String(text))) => json!({
            "role": "assistant",
            "model": "test",
            "content": { "type": "text", "text": text }
        }),
        (_, Some(answer)) => answer,
        (method, None) => panic!("nobody answers `{method}`: add it to `answering`"),
    };
    to_raw_value(&answer).expect("a JSON value always serialises")
}

/// The other end of a call: takes notes, and answers where its era lets it.
pub(super) struct Person {
    pub(super) takes_requests: bool,
    pub(super) answers: Answers,
    pub(super) heard: Arc<Mutex<Vec<Value>>>,
}

impl Peer for Person {
    fn request(&self, request: Request) -> BoxFuture<'_, Result<Box<RawValue>, ErrorObject>> {
        let question = Question {
            method: request.method.as_str().to_owned(),
            params: read(request.params.as_deref()),
        };
        let answer = (self.answers)(&question);
        Box::pin(std::future::ready(Ok(answered(&question, answer))))
    }

    fn notify(&self, notification: Notification) -> BoxFuture<'_, ()> {
        let mut note = read(notification.params.as_deref());
        if notification.method != Method::PROGRESS && notification.method != Method::MESSAGE {
            note["method"] = notification.method.as_str().into();
        }
        self.heard
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(note);
        Box::pin(std::future::ready(()))
    }

    fn takes_requests(&self) -> bool {
        self.takes_requests
    }
}

fn read(params: Option<&RawValue>) -> Value {
    params.map_or(Value::Null, |params| {
        serde_json::from_str(params.get()).expect("raw JSON parses")
    })
}
