//! Asking the other end while its request is answered: one way for every era.
//!
//! Whoever can take a question at once is asked and waited for: a client of the legacy era, or one
//! that watches a task. A client of the modern era gets an `input_required` result instead, and comes
//! back with the answers and with what was kept for it, sealed, as if nothing had happened in between
//! (2026-07-28, multi round-trip requests).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use crate::capability::ClientCapabilities;
use crate::error::ErrorObject;
use crate::input_required::{InputRequest, InputRequests, InputRequired, RetryParams};
use crate::meta::Meta;
use crate::method::Method;
use crate::port::{Answer, BoxFuture, Exchange, Peer, Reply, Request};

/// Requests that may be answered with a question (2026-07-28, multi round-trip requests).
pub const ASKING: [Method; 3] = [
    Method::TOOLS_CALL,
    Method::RESOURCES_READ,
    Method::PROMPTS_GET,
];

/// Makes seals. Implemented by transports, which know the keys.
pub trait Sealer: Send + Sync {
    /// A seal that only this request of this caller opens again.
    fn seal_for(&self, request: &Request, exchange: &Exchange) -> Box<dyn Seal>;
}

/// Closes what a client carries for us, so that it can neither be read nor changed nor used elsewhere.
pub trait Seal: Send + Sync {
    /// `state` as a text for the client to carry.
    ///
    /// # Errors
    ///
    /// `-32603` where it cannot be sealed.
    fn close(&self, state: &[u8]) -> Result<String, ErrorObject>;

    /// What `sealed` was before.
    ///
    /// # Errors
    ///
    /// `-32602` for anything that this seal did not close, or not for this request, or too long ago.
    fn open<'a>(&'a self, sealed: &'a str) -> BoxFuture<'a, Result<Vec<u8>, ErrorObject>>;
}

/// Seals nothing: for exchanges inside one process, whose state no stranger carries.
#[derive(Clone, Copy, Debug)]
pub struct Unsealed;

impl Sealer for Unsealed {
    fn seal_for(&self, _: &Request, _: &Exchange) -> Box<dyn Seal> {
        Box::new(Self)
    }
}

impl Seal for Unsealed {
    fn close(&self, state: &[u8]) -> Result<String, ErrorObject> {
        String::from_utf8(state.to_vec()).map_err(|_| ErrorObject::internal())
    }

    fn open<'a>(&'a self, sealed: &'a str) -> BoxFuture<'a, Result<Vec<u8>, ErrorObject>> {
        Box::pin(std::future::ready(Ok(sealed.as_bytes().to_vec())))
    }
}

/// The questions of one request.
///
/// ```
/// # use wharf_protocol::error::ErrorObject;
/// # use wharf_protocol::inquiry::{Asked, Inquiry};
/// # use wharf_protocol::input_required::InputRequest;
/// # use wharf_protocol::port::{Answer, Exchange, Reply, Request};
/// async fn handle(request: Request, exchange: &Exchange) -> Reply {
///     let inquiry = Inquiry::begin(&request, exchange).await?;
///     let draft: String = inquiry.once("draft", async { Ok("written once".to_owned()) }).await?;
///     match inquiry.ask("roots", InputRequest::roots()?).await? {
///         Asked::Answered(roots) => Answer::complete(&serde_json::json!({ draft: roots })),
///         Asked::Pending => inquiry.pause(),
///     }
/// }
/// ```
pub struct Inquiry {
    peer: Arc<dyn Peer>,
    capabilities: ClientCapabilities,
    method: Method,
    seal: Box<dyn Seal>,
    progress: Mutex<Progress>,
}

/// How a question stands.
#[derive(Clone, Debug)]
pub enum Asked {
    /// What the client answered, as it wrote it.
    Answered(Box<RawValue>),
    /// The client does not know yet. Ask what else there is to ask, then [`Inquiry::pause`].
    Pending,
}

#[derive(Default)]
struct Progress {
    /// What the client brought with this round.
    brought: Meta,
    /// What it brought before, and what was done in between.
    past: Past,
    open: InputRequests,
}

/// What travels under the seal.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Past {
    #[serde(skip_serializing_if = "Meta::is_empty")]
    answers: Meta,
    #[serde(skip_serializing_if = "Meta::is_empty")]
    kept: Meta,
}

impl Inquiry {
    /// Begins with what earlier rounds of `request` have brought.
    ///
    /// # Errors
    ///
    /// `-32602` for a `requestState` that was not made for this request of this caller, and for
    /// `inputResponses` that are no object.
    pub async fn begin(request: &Request, exchange: &Exchange) -> Result<Self, ErrorObject> {
        let seal = exchange.sealer.seal_for(request, exchange);
        let mut progress = Progress::default();
        if ASKING.contains(&request.method) {
            let RetryParams {
                input_responses,
                request_state,
            } = request.params()?;
            progress.brought = input_responses;
            if let Some(sealed) = request_state {
                let past = seal.open(&sealed).await?;
                progress.past =
                    serde_json::from_slice(&past).map_err(|_| ErrorObject::internal())?;
            }
        }
        Ok(Self {
            peer: Arc::clone(&exchange.peer),
            capabilities: exchange.capabilities.clone(),
            method: request.method.clone(),
            seal,
            progress: Mutex::new(progress),
        })
    }

    /// Asks `question`, unless `key` has been answered already. A key means the same question in
    /// every round.
    ///
    /// # Errors
    ///
    /// `-32021` for a client that did not declare what the question needs, `-32602` for an answer that
    /// is none, `-32603` in answer to a method that may not ask; from a client that is asked at once,
    /// whatever it answers.
    pub async fn ask(&self, key: &str, question: InputRequest) -> Result<Asked, ErrorObject> {
        question.need().check(&self.capabilities)?;
        if let Some(answer) = self.answered(key, &question)? {
            return Ok(Asked::Answered(answer));
        }
        if self.peer.takes_requests() {
            let answer = self.peer.request(question.to_request()).await?;
            return Ok(Asked::Answered(answer));
        }
        if !ASKING.contains(&self.method) {
            return Err(ErrorObject::internal());
        }
        self.progress().open.insert(key, question);
        Ok(Asked::Pending)
    }

    /// What `work` yields, done in the first round and remembered in the others.
    ///
    /// # Errors
    ///
    /// What `work` fails with, which is not remembered; `-32603` where its output is not JSON.
    pub async fn once<T: Serialize + DeserializeOwned>(
        &self,
        key: &str,
        work: impl Future<Output = Result<T, ErrorObject>>,
    ) -> Result<T, ErrorObject> {
        if let Some(kept) = self.kept(key) {
            return Ok(kept);
        }
        let output = work.await?;
        self.keep(key, &output)?;
        Ok(output)
    }

    /// What was kept under `key` in this round or an earlier one.
    pub fn kept<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        serde_json::from_str(self.progress().past.kept.get(key)?.get()).ok()
    }

    /// Keeps `value` for the rounds to come. The client carries it, and cannot read it.
    ///
    /// # Errors
    ///
    /// `-32603` where it cannot be written as JSON.
    pub fn keep(&self, key: &str, value: &impl Serialize) -> Result<(), ErrorObject> {
        let value = to_raw_value(value).map_err(|_| ErrorObject::internal())?;
        self.progress().past.kept.insert(key, value);
        Ok(())
    }

    /// The answer that puts every pending question to the client.
    ///
    /// # Errors
    ///
    /// `-32603` where no question is pending, or what was kept cannot be sealed.
    pub fn pause(&self) -> Reply {
        let progress = self.progress();
        if progress.open.is_empty() {
            return Err(ErrorObject::internal());
        }
        let past = serde_json::to_vec(&progress.past).map_err(|_| ErrorObject::internal())?;
        Ok(Answer::InputRequired(InputRequired {
            input_requests: progress.open.clone(),
            request_state: Some(self.seal.close(&past)?),
        }))
    }

    /// The answer to `question`, where one came with this round or an earlier one. It is kept, for
    /// the client brings only the answers to its last questions.
    fn answered(
        &self,
        key: &str,
        question: &InputRequest,
    ) -> Result<Option<Box<RawValue>>, ErrorObject> {
        let mut progress = self.progress();
        let Some(answer) = progress.brought.get(key).map(ToOwned::to_owned) else {
            return Ok(progress.past.answers.get(key).map(ToOwned::to_owned));
        };
        if !question.takes(&answer) {
            return Err(ErrorObject::invalid_params(format!(
                "Invalid params: an entry of `inputResponses` is no answer to {}",
                question.method()
            )));
        }
        progress.past.answers.insert(key, answer.clone());
        Ok(Some(answer))
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Asked {
    /// The answer as `T`; `None` while there is none.
    ///
    /// # Errors
    ///
    /// `-32602` for an answer of another shape.
    pub fn read<T: DeserializeOwned>(&self) -> Result<Option<T>, ErrorObject> {
        match self {
            Self::Pending => Ok(None),
            Self::Answered(answer) => serde_json::from_str(answer.get())
                .map(Some)
                .map_err(|error| ErrorObject::invalid_params(format!("Invalid answer: {error}"))),
        }
    }
}

impl std::fmt::Debug for Inquiry {
    // What was kept is nobody's business.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Inquiry")
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
