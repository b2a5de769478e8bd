//! A request that is answered with questions first (2026-07-28, multi round-trip requests).

use serde::Deserialize;
use serde_json::value::RawValue;
use wharf_protocol::error::ErrorObject;
use wharf_protocol::method::Method;
use wharf_protocol::port::{Peer, Request};

use super::error::AskError;
use super::params::{self, Members};

const RESPONSES: &str = "inputResponses";
const STATE: &str = "requestState";
/// Most questions in one result.
const MAX_QUESTIONS: usize = 64;

/// What a result of the modern era is.
#[derive(Debug)]
pub(super) enum Outcome {
    /// The end of the request.
    Complete,
    /// Answers are wanted first.
    Questions(Questions),
}

/// A result of the type `input_required`.
#[derive(Debug)]
pub(super) struct Questions {
    /// Under the server's names for them, in its order.
    asked: Members,
    /// Raw: a client echoes it and never looks inside.
    state: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Typed {
    result_type: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Required {
    #[serde(default)]
    input_requests: Members,
    #[serde(default)]
    request_state: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
struct Asked {
    method: Method,
    params: Option<Box<RawValue>>,
}

impl Outcome {
    /// Tells what `result` is that answers `method`. No type means that it is complete.
    ///
    /// # Errors
    ///
    /// [`AskError::Malformed`] for a type that is neither of the core nor among `others`.
    pub(super) fn of(
        result: &RawValue,
        method: &Method,
        others: &[String],
    ) -> Result<Self, AskError> {
        let typed: Result<Typed, _> = serde_json::from_str(result.get());
        let Ok(Typed { result_type }) = typed else {
            return Err(AskError::malformed("its result has no sound `resultType`"));
        };
        match result_type.as_deref() {
            None | Some("complete") => Ok(Self::Complete),
            Some("input_required") if may_ask(method) => Questions::of(result).map(Self::Questions),
            Some(other) if others.iter().any(|known| known == other) => Ok(Self::Complete),
            Some(other) => {
                let shown: String = other
                    .chars()
                    .take(64)
                    .flat_map(char::escape_debug)
                    .collect();
                Err(AskError::malformed(format!(
                    "it answers `{method}` with a result of type `{shown}`"
                )))
            }
        }
    }
}

/// Only these requests may be answered with questions.
fn may_ask(method: &Method) -> bool {
    [
        Method::TOOLS_CALL,
        Method::PROMPTS_GET,
        Method::RESOURCES_READ,
    ]
    .contains(method)
}

impl Questions {
    fn of(result: &RawValue) -> Result<Self, AskError> {
        let required: Required = serde_json::from_str(result.get())
            .map_err(|error| AskError::malformed(error.to_string()))?;
        let state = required.request_state;
        if state
            .as_ref()
            .is_some_and(|state| !state.get().starts_with('"'))
        {
            return Err(AskError::malformed("its `requestState` is no string"));
        }
        if required.input_requests.is_empty() && state.is_none() {
            return Err(AskError::malformed("it wants input and does not say which"));
        }
        if required.input_requests.iter().count() > MAX_QUESTIONS {
            return Err(AskError::malformed("it asks too many questions at once"));
        }
        Ok(Self {
            asked: required.input_requests,
            state,
        })
    }

    /// Has `listener` answer them, one after the other, for mostly it is one person who does. Then
    /// `params` become those of the next attempt.
    pub(super) async fn answer(
        self,
        params: &mut Members,
        listener: &dyn Peer,
    ) -> Result<(), AskError> {
        let mut answers = Members::default();
        for (name, question) in self.asked.iter() {
            let asked: Asked = serde_json::from_str(question.get())
                .map_err(|error| AskError::malformed(error.to_string()))?;
            let method = asked.method.clone();
            let request = Request {
                method: asked.method,
                params: asked.params,
            };
            let answered = listener.request(request).await;
            let answer = answered.map_err(|error| AskError::Unanswered { method, error })?;
            answers.insert(name, answer);
        }
        params.remove(RESPONSES);
        params.remove(STATE);
        if !self.asked.is_empty() {
            let raw: Result<_, ErrorObject> = params::raw(&answers);
            params.insert(RESPONSES, raw.map_err(AskError::Invalid)?);
        }
        if let Some(state) = self.state {
            params.insert(STATE, state);
        }
        Ok(())
    }
}
