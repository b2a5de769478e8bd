//! One call while it is answered: what arguments and extractors are read from.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use tokio::sync::{broadcast, watch};
use wharf_protocol::error::ErrorObject;
use wharf_protocol::port::{Change, Exchange, Reply, Request};

use crate::error::{Error, Result};
use crate::extract::ask::Questions;

/// A call of a tool, a read of a resource or a request for a prompt.
///
/// [`Extract`](crate::Extract) reads from it what a function wants to know beside its arguments.
pub struct Call<'a> {
    pub(crate) request: &'a Request,
    pub(crate) exchange: &'a Exchange,
    pub(crate) shared: &'a Shared,
    input: Input<'a>,
    pub(crate) questions: OnceLock<Arc<Questions>>,
    /// Closed when the call is over, whichever way.
    over: OnceLock<watch::Sender<()>>,
}

/// What the caller sent.
pub(crate) enum Input<'a> {
    /// A tool's arguments, checked against its schema.
    Json(&'a RawValue),
    /// A template's variables or a prompt's arguments.
    Texts(&'a Texts),
}

/// Texts by their names: few, so a lookup is a walk.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts(pub(crate) Vec<(Box<str>, String)>);

/// What the calls of one server share.
#[derive(Clone, Default)]
pub(crate) struct Shared {
    pub(crate) states: HashMap<TypeId, Arc<dyn Any + Send + Sync>>,
    pub(crate) announce: Option<broadcast::Sender<Change>>,
}

impl<'a> Call<'a> {
    pub(crate) fn new(
        request: &'a Request,
        exchange: &'a Exchange,
        shared: &'a Shared,
        input: Input<'a>,
    ) -> Self {
        Self {
            request,
            exchange,
            shared,
            input,
            questions: OnceLock::new(),
            over: OnceLock::new(),
        }
    }

    /// How the request came in, and who sent it.
    pub fn exchange(&self) -> &Exchange {
        self.exchange
    }

    /// The state of type `T` that the server was given.
    pub fn state<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        let state = self.shared.states.get(&TypeId::of::<T>())?;
        Arc::clone(state).downcast().ok()
    }

    /// A tool's arguments as `T`.
    ///
    /// # Errors
    ///
    /// What `T` has against them, in words for the caller.
    pub fn arguments<T: DeserializeOwned>(&self) -> Result<T> {
        let Input::Json(arguments) = &self.input else {
            return Err(Error::protocol(ErrorObject::internal()));
        };
        serde_json::from_str(arguments.get()).map_err(|error| Error::new(refusal(&error)))
    }

    /// The variable of a template or the argument of a prompt called `name`.
    ///
    /// # Errors
    ///
    /// `-32602` where it is missing, or its text is no `T`.
    pub fn variable<T>(&self, name: &str) -> Result<T>
    where
        T: FromStr<Err: fmt::Display>,
    {
        self.optional(name)?.ok_or_else(|| {
            let message = format!("Invalid params: `{name}` is required and missing");
            Error::protocol(ErrorObject::invalid_params(message))
        })
    }

    /// The same for an argument that may be left out.
    ///
    /// # Errors
    ///
    /// `-32602` where its text is no `T`.
    pub fn optional<T>(&self, name: &str) -> Result<Option<T>>
    where
        T: FromStr<Err: fmt::Display>,
    {
        let Input::Texts(texts) = &self.input else {
            return Err(Error::protocol(ErrorObject::internal()));
        };
        let parse = |text: &str| {
            text.parse().map_err(|error| {
                let message = format!("Invalid params: `{name}`: {error}");
                Error::protocol(ErrorObject::invalid_params(message))
            })
        };
        texts.get(name).map(parse).transpose()
    }

    /// The answer that puts every open question to the caller.
    pub(crate) fn pause(&self) -> Reply {
        match self.questions.get() {
            Some(questions) => questions.inquiry.pause(),
            None => Err(ErrorObject::internal()),
        }
    }

    /// A receiver that is closed once the call is over.
    pub(crate) fn over(&self) -> watch::Receiver<()> {
        self.over.get_or_init(|| watch::Sender::new(())).subscribe()
    }
}

impl Texts {
    fn get(&self, name: &str) -> Option<&str> {
        let (_, text) = self.0.iter().find(|(known, _)| **known == *name)?;
        Some(text)
    }
}

/// What a type says of a value that its schema took.
fn refusal(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let reason = text
        .rsplit_once(" at line ")
        .map_or(&*text, |(reason, _)| reason);
    format!("The arguments are not valid: {reason}")
}

impl fmt::Debug for Call<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Call")
            .field("method", &self.request.method.as_str())
            .field("exchange", &self.exchange)
            .finish_non_exhaustive()
    }
}
