//! Questions in the middle of a call, in one way for both eras.
//!
//! A client of 2025 is asked and waited for. A client of 2026 gets the questions as the answer to its
//! request, and sends the request again with what it found out. Then the function starts anew: its
//! questions are answered at once, in the order they were asked, until it comes to one that is new.
//! That is why nothing that counts may happen before a question but inside [`Ask::once`].

use std::collections::HashMap;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Waker;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;
use tracing::error;
use wharf_protocol::elicitation::{Choice, Elicited, FormElicitation, UrlElicitation};
use wharf_protocol::error::ErrorObject;
use wharf_protocol::input_required::InputRequest;
use wharf_protocol::inquiry::{Asked, Inquiry};
use wharf_protocol::root::{ListedRoots, Root};
use wharf_protocol::sampling::{Sampled, SamplingParams};

use super::Extract;
use crate::call::Call;
use crate::error::{Error, Result};
use crate::schema::Schema;

/// Asks the person or the model at the other end, and waits for the answer.
///
/// ```
/// use wharf::{Ask, JsonSchema, Result};
///
/// #[derive(serde::Deserialize, JsonSchema)]
/// struct Order {
///     /// How many to buy.
///     count: u8,
/// }
///
/// /// Buys tickets for a show.
/// #[wharf::tool]
/// async fn buy_tickets(show: String, ask: Ask) -> Result<String> {
///     // Done once, however often the function starts.
///     let price: u32 = ask.once("price", async { Ok::<_, wharf::Error>(12) }).await?;
///     let order: Order = ask.form(format!("How many tickets for {show}, at {price} each?")).await?;
///     Ok(format!("{} tickets for {show}: {}", order.count, price * u32::from(order.count)))
/// }
/// # let _ = buy_tickets;
/// ```
///
/// # Both eras
///
/// To a client of 2025 the question goes out while the call runs. To a client of 2026 it is the answer
/// to the call; the client calls again, and the function starts from the top with the answers at hand.
/// So a function that asks must come to the same questions by the same way: a question is known by its
/// words, and one that is worded differently is a new one. Effects before a question belong in
/// [`once`](Self::once). Questions asked together, with `tokio::join!` for example, reach the client
/// together.
///
/// # Errors
///
/// All of these fail with an error of the protocol where the client never said that it can be asked
/// so, and with one for the model where the person says no.
///
/// # Cancellation
///
/// Where the answer is not there yet, the function is dropped at the `.await`, as if it had been
/// cancelled.
#[derive(Clone)]
pub struct Ask(Arc<Questions>);

/// The questions of one call.
pub(crate) struct Questions {
    pub(crate) inquiry: Inquiry,
    /// How often each question has been asked in this round.
    count: Mutex<HashMap<String, u32>>,
    /// Whether one of them waits for the client to come back.
    open: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

impl Ask {
    /// Has a form filled in. `T` is a struct of texts, numbers, booleans and enums without fields.
    ///
    /// A form must not ask for a secret: [`url`](Self::url) is for that.
    ///
    /// # Errors
    ///
    /// Also where the person declines or closes the form.
    pub async fn form<T>(&self, message: impl Into<String>) -> Result<T>
    where
        T: DeserializeOwned + JsonSchema,
    {
        self.try_form(message)
            .await?
            .ok_or_else(|| Error::new("the person was asked and did not want to answer"))
    }

    /// The same, with `None` where the person declines or closes the form.
    ///
    /// # Errors
    ///
    /// As for every question.
    pub async fn try_form<T>(&self, message: impl Into<String>) -> Result<Option<T>>
    where
        T: DeserializeOwned + JsonSchema,
    {
        let schema = Schema::input::<T>();
        check_flat::<T>(&schema)?;
        let params = FormElicitation {
            message: message.into(),
            requested_schema: schema.text.clone(),
        };
        let question = InputRequest::form(&params).map_err(Error::protocol)?;
        let elicited: Elicited = self.question("form", &params, question).await?;
        match (elicited.action, elicited.content) {
            (Choice::Accept, Some(content)) => entered(&schema, &content).map(Some),
            (Choice::Accept, None) => Err(forged("a form was accepted without its content")),
            (Choice::Decline | Choice::Cancel, _) => Ok(None),
        }
    }

    /// Asks for a plain yes or no. Everything but a yes is a no.
    ///
    /// # Errors
    ///
    /// As for every question.
    pub async fn confirm(&self, message: impl Into<String>) -> Result<bool> {
        #[derive(serde::Deserialize, JsonSchema)]
        struct Confirmation {
            /// Tick to go ahead.
            confirmed: bool,
        }
        let answer: Option<Confirmation> = self.try_form(message).await?;
        Ok(answer.is_some_and(|answer| answer.confirmed))
    }

    /// Sends the person to a web page: to sign in, to pay, to enter what the model must not see. It
    /// returns when the person has agreed to go there, not when the page is done.
    ///
    /// # Errors
    ///
    /// Also where the person does not go.
    pub async fn url(&self, message: impl Into<String>, url: impl Into<String>) -> Result<()> {
        let params = UrlElicitation {
            message: message.into(),
            url: url.into(),
            elicitation_id: None,
        };
        let key = key("url", &params);
        let params = UrlElicitation {
            elicitation_id: Some(key),
            ..params
        };
        let question = InputRequest::url(&params).map_err(Error::protocol)?;
        let elicited: Elicited = self.question("url", &params, question).await?;
        match elicited.action {
            Choice::Accept => Ok(()),
            Choice::Decline | Choice::Cancel => {
                Err(Error::new("the person did not want to open the page"))
            }
        }
    }

    /// Asks the client's model, and returns the text of its answer.
    ///
    /// # Errors
    ///
    /// Also where the answer has no text.
    pub async fn model(&self, prompt: &str, max_tokens: u64) -> Result<String> {
        let sampled = self
            .sample(&SamplingParams::question(prompt, max_tokens))
            .await?;
        sampled
            .text()
            .ok_or_else(|| Error::new("the client's model answered without a word"))
    }

    /// Asks the client's model anything.
    ///
    /// # Errors
    ///
    /// As for every question.
    pub async fn sample(&self, params: &SamplingParams) -> Result<Sampled> {
        let question = InputRequest::sample(params).map_err(Error::protocol)?;
        self.question("model", params, question).await
    }

    /// Asks where in the client's file system the server may work.
    ///
    /// # Errors
    ///
    /// As for every question.
    pub async fn roots(&self) -> Result<Vec<Root>> {
        let question = InputRequest::roots().map_err(Error::protocol)?;
        let listed: ListedRoots = self.question("roots", &(), question).await?;
        Ok(listed.roots)
    }

    /// What `work` yields, done once however often the function starts, and remembered under `key`.
    /// Put every effect that comes before a question in here.
    ///
    /// The client carries the output from one round to the next; it can neither read nor change it.
    ///
    /// # Errors
    ///
    /// What `work` fails with, which is not remembered.
    pub async fn once<T, E>(&self, key: &str, work: impl Future<Output = Result<T, E>>) -> Result<T>
    where
        T: Serialize + DeserializeOwned,
        E: Into<Error>,
    {
        let inquiry = &self.0.inquiry;
        if let Some(kept) = inquiry.kept(key) {
            return Ok(kept);
        }
        let output = work.await.map_err(Into::into)?;
        inquiry.keep(key, &output).map_err(Error::protocol)?;
        Ok(output)
    }

    /// Asks, and does not return while there is no answer.
    async fn question<T: DeserializeOwned>(
        &self,
        kind: &str,
        params: &impl Serialize,
        question: InputRequest,
    ) -> Result<T> {
        let key = self.0.numbered(key(kind, params));
        let asked = self.0.inquiry.ask(&key, question).await;
        match asked.map_err(Error::protocol)? {
            Asked::Answered(answer) => serde_json::from_str(answer.get())
                .map_err(|error| forged(&format!("an answer is of another shape: {error}"))),
            Asked::Pending => {
                self.0.pause();
                // The call ends here: whoever polls it sees that a question is open.
                std::future::pending().await
            }
        }
    }
}

impl Questions {
    /// Whether the call waits for its client to come back. Otherwise it is polled again when that
    /// changes.
    pub(crate) fn is_open(&self, waker: &Waker) -> bool {
        if self.open.load(Ordering::Acquire) {
            return true;
        }
        let mut own = self.waker.lock().unwrap_or_else(PoisonError::into_inner);
        *own = Some(waker.clone());
        drop(own);
        self.open.load(Ordering::Acquire)
    }

    fn pause(&self) {
        self.open.store(true, Ordering::Release);
        let waker = self
            .waker
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// The same question may be asked twice, and mean two answers.
    fn numbered(&self, key: String) -> String {
        let mut count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        let times = count.entry(key.clone()).or_default();
        *times += 1;
        match *times {
            1 => key,
            times => format!("{key}-{times}"),
        }
    }
}

impl Extract for Ask {
    async fn extract(call: &Call<'_>) -> Result<Self> {
        if let Some(questions) = call.questions.get() {
            return Ok(Self(Arc::clone(questions)));
        }
        let inquiry = Inquiry::begin(call.request, call.exchange).await;
        let questions = Arc::new(Questions {
            inquiry: inquiry.map_err(Error::protocol)?,
            count: Mutex::default(),
            open: AtomicBool::new(false),
            waker: Mutex::default(),
        });
        Ok(Self(Arc::clone(call.questions.get_or_init(|| questions))))
    }
}

impl fmt::Debug for Ask {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Ask")
    }
}

/// A question's own name: the same in every round, and another one for other words.
fn key(kind: &str, params: &impl Serialize) -> String {
    let mut hasher = DefaultHasher::new();
    // What cannot be written cannot be asked either, and fails there.
    serde_json::to_string(params)
        .unwrap_or_default()
        .hash(&mut hasher);
    format!("{kind}-{:016x}", hasher.finish())
}

/// What was entered, if the form could have yielded it: clients check that for their users, and
/// nobody checks the clients.
fn entered<T: DeserializeOwned>(schema: &Schema, content: &RawValue) -> Result<T> {
    let problems = schema.check(content);
    if !problems.is_empty() {
        return Err(forged(&format!(
            "a form was filled in wrongly:\n{problems}"
        )));
    }
    serde_json::from_str(content.get())
        .map_err(|error| forged(&format!("a form was filled in wrongly: {error}")))
}

fn forged(reason: &str) -> Error {
    Error::protocol(ErrorObject::invalid_params(format!(
        "Invalid params: {reason}"
    )))
}

/// Clients show forms of plain fields only (specification, elicitation, requested schema).
fn check_flat<T>(schema: &Schema) -> Result<()> {
    let schema: Value = serde_json::from_str(schema.text.get())?;
    let fields = schema["properties"].as_object().into_iter().flatten();
    let nested = fields.into_iter().find(|(_, field)| {
        let array_of_choices = field["type"] == "array" && !field["items"]["enum"].is_null();
        (field["type"] == "object" || field["type"] == "array") && !array_of_choices
    });
    match nested {
        None if schema["type"] == "object" => Ok(()),
        found => {
            let field = found.map_or("itself", |(name, _)| name);
            let kind = std::any::type_name::<T>();
            error!(kind, field, "a form has plain fields only");
            Err(Error::protocol(ErrorObject::internal()))
        }
    }
}
