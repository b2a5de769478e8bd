//! The client.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value, json};
use wharf_protocol::capability::ClientCapabilities;
use wharf_protocol::error::ErrorObject;
use wharf_protocol::input_required::InputRequired;
use wharf_protocol::meta::{Meta, key};
use wharf_protocol::method::Method;
use wharf_protocol::port::{Answer, Exchange, Handler, Request};
use wharf_protocol::revision::{Era, Revision};

use super::called::Called;
use super::person::{Answers, Person, Question, answered};
use crate::{IntoTool, Server};

/// Rounds of questions after which a tool is taken to ask for ever.
const ROUNDS: usize = 16;

/// A client of a server in this process.
pub struct Client {
    app: Arc<dyn Handler>,
    revision: Revision,
    answers: Answers,
    heard: Arc<Mutex<Vec<Value>>>,
}

impl Client {
    /// Starts `server`, lifespans included, and connects to it.
    ///
    /// # Panics
    ///
    /// Where the server cannot start.
    pub async fn new(server: Server) -> Self {
        match server.start().await {
            Ok(started) => Self {
                app: started.app,
                revision: Revision::LATEST,
                answers: Arc::new(|_| None),
                heard: Arc::default(),
            },
            Err(error) => panic!("{error:?}"),
        }
    }

    /// Connects to a server of nothing but `tool`.
    ///
    /// # Panics
    ///
    /// Where the server cannot start.
    pub async fn of(tool: impl IntoTool) -> Self {
        Self::new(Server::new("test").tool(tool)).await
    }

    /// Speaks another revision than the latest.
    #[must_use]
    pub fn speaking(mut self, revision: Revision) -> Self {
        self.revision = revision;
        self
    }

    /// Answers questions: forms with their content, models with a text. `None` declines.
    #[must_use]
    pub fn answering<F>(mut self, answers: F) -> Self
    where
        F: Fn(&Question) -> Option<Value> + Send + Sync + 'static,
    {
        self.answers = Arc::new(answers);
        self
    }

    /// Calls a tool, and answers its questions.
    ///
    /// # Panics
    ///
    /// Where it is answered with an error of the protocol: [`request`](Self::request) returns those.
    #[track_caller]
    pub fn call(&self, tool: &str, arguments: Value) -> impl Future<Output = Called> {
        let place = std::panic::Location::caller();
        let params = json!({ "name": tool, "arguments": arguments });
        async move {
            match self.request("tools/call", params).await {
                Ok(result) => Called(result),
                Err(error) => panic!("at {place}: {error}"),
            }
        }
    }

    /// Reads a resource that holds one text.
    ///
    /// # Errors
    ///
    /// What the server answers instead.
    pub async fn read(&self, uri: &str) -> Result<String, ErrorObject> {
        let result = self
            .request("resources/read", json!({ "uri": uri }))
            .await?;
        let contents = &result["contents"][0];
        let body = contents["text"]
            .as_str()
            .or_else(|| contents["blob"].as_str());
        Ok(body.unwrap_or_default().to_owned())
    }

    /// The texts of a prompt, one a line.
    ///
    /// # Errors
    ///
    /// What the server answers instead.
    pub async fn prompt(&self, name: &str, arguments: Value) -> Result<String, ErrorObject> {
        let params = json!({ "name": name, "arguments": arguments });
        let result = self.request("prompts/get", params).await?;
        let messages = result["messages"].as_array().into_iter().flatten();
        let texts: Vec<_> = messages
            .filter_map(|it| it["content"]["text"].as_str())
            .collect();
        Ok(texts.join("\n"))
    }

    /// The definitions of all tools.
    ///
    /// # Panics
    ///
    /// Where there are none.
    pub async fn tools(&self) -> Vec<Value> {
        match self.request("tools/list", json!({})).await {
            Ok(result) => result["tools"].as_array().cloned().unwrap_or_default(),
            Err(error) => panic!("{error}"),
        }
    }

    /// The parameters of everything that was told without being asked: progress, log messages.
    pub fn heard(&self) -> Vec<Value> {
        self.heard
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Asks anything, and answers what is asked back.
    ///
    /// # Errors
    ///
    /// What the server answers instead.
    ///
    /// # Panics
    ///
    /// Where the server never stops asking.
    pub async fn request(&self, method: &str, params: Value) -> Result<Value, ErrorObject> {
        let mut params = match params {
            Value::Object(params) => params,
            other => panic!("the parameters of `{method}` are an object, not {other}"),
        };
        for _ in 0..ROUNDS {
            let request = Request {
                method: Method::from(method),
                params: Some(raw(&params)),
            };
            match self.app.handle(request, &self.exchange()).await? {
                Answer::Complete { fields, meta } => return Ok(completed(&fields, &meta)),
                Answer::Verbatim(result) => return Ok(value(&result)),
                Answer::InputRequired(asked) => self.bring(&asked, &mut params),
                Answer::Task(task) => panic!("a task, and nobody waits for it: {task:?}"),
            }
        }
        panic!("`{method}` still asks after {ROUNDS} rounds: is a question worded anew each time?")
    }

    /// Adds the answers to what was asked.
    fn bring(&self, asked: &InputRequired, params: &mut Map<String, Value>) {
        let answers = asked.input_requests.iter().map(|(key, asked)| {
            let request = asked.to_request();
            let question = Question {
                method: request.method.as_str().to_owned(),
                params: request.params.as_deref().map_or(Value::Null, value),
            };
            let answer = answered(&question, (self.answers)(&question));
            (key.to_owned(), value(&answer))
        });
        params.insert(
            "inputResponses".to_owned(),
            Value::Object(answers.collect()),
        );
        if let Some(state) = &asked.request_state {
            params.insert("requestState".to_owned(), state.as_str().into());
        }
    }

    fn exchange(&self) -> Exchange {
        let mut exchange = Exchange::in_process(self.revision);
        exchange.capabilities = everything();
        exchange.meta.insert(key::PROGRESS_TOKEN, raw(&1));
        exchange.peer = Arc::new(Person {
            takes_requests: self.revision.era() == Era::Legacy,
            answers: Arc::clone(&self.answers),
            heard: Arc::clone(&self.heard),
        });
        exchange
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("revision", &self.revision)
            .finish_non_exhaustive()
    }
}

/// A client that can be asked for anything.
fn everything() -> ClientCapabilities {
    let capabilities = json!({
        "elicitation": { "form": {}, "url": {} },
        "sampling": { "tools": {} },
        "roots": {}
    });
    serde_json::from_value(capabilities).expect("capabilities of our own")
}

fn completed(fields: &RawValue, meta: &Meta) -> Value {
    let mut result = value(fields);
    if !meta.is_empty() {
        result["_meta"] = serde_json::to_value(meta).expect("raw JSON serialises");
    }
    result
}

fn value(raw: &RawValue) -> Value {
    serde_json::from_str(raw.get()).expect("raw JSON parses")
}

fn raw(value: &impl serde::Serialize) -> Box<RawValue> {
    to_raw_value(value).expect("a JSON value always serialises")
}
