//! Whoever runs the command: hears what the server says while it works, and answers what it asks.

mod consent;
mod field;
mod form;
mod news;
mod terminal;

use std::io::{self, IsTerminal as _};
use std::sync::{Mutex, PoisonError};

use serde::Deserialize;
use serde_json::value::{RawValue, to_raw_value};
use url::Url;
use wharf_protocol::elicitation::{Choice, Elicited, FormElicitation, UrlElicitation};
use wharf_protocol::error::ErrorObject;
use wharf_protocol::method::Method;
use wharf_protocol::port::{BoxFuture, Notification, Peer, Request};
use wharf_wire::oauth::client::{Browser as _, SystemBrowser};

use self::terminal::Console;
use crate::printable::first_line;

/// A person at a terminal, or nobody.
#[derive(Debug)]
pub(super) struct Person {
    /// Whether anybody reads what is written on standard error.
    watches: bool,
    /// Whether anybody answers.
    answers: bool,
    /// Whether pages may be opened for them, each with their consent.
    opens: bool,
    unanswered: Mutex<Option<String>>,
    /// Held while somebody is asked: one question at a time.
    asking: tokio::sync::Mutex<()>,
}

/// A question in either mode.
enum Question {
    Form(FormElicitation),
    Url(UrlElicitation),
}

impl Person {
    /// Whoever is there now.
    pub(super) fn here(opens: bool) -> Self {
        let watches = io::stderr().is_terminal();
        Self {
            watches,
            answers: watches && io::stdin().is_terminal(),
            opens,
            unanswered: Mutex::default(),
            asking: tokio::sync::Mutex::default(),
        }
    }

    /// The first question that nobody answered.
    pub(super) fn unanswered(&self) -> Option<String> {
        let unanswered = self.unanswered.lock();
        unanswered.unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn answer(&self, request: &Request) -> Result<Elicited, ErrorObject> {
        let question = Question::read(request)?;
        if !self.answers {
            let mut first = self
                .unanswered
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            first.get_or_insert_with(|| question.told());
            return Err(ErrorObject::invalid_request("Nobody is there to answer"));
        }
        let _asking = self.asking.lock().await;
        let asked = match question {
            Question::Form(form) => {
                let asking = tokio::task::spawn_blocking(move || form::ask(&form, &mut Console));
                asking.await.map_err(io::Error::other)
            }
            Question::Url(page) => Ok(self.send_to(page).await),
        };
        // A terminal that is gone has closed the question without a word.
        Ok(asked.flatten().unwrap_or(Elicited {
            action: Choice::Cancel,
            content: None,
        }))
    }

    /// Has the person agree to visit a page, and opens it only then.
    async fn send_to(&self, page: UrlElicitation) -> io::Result<Elicited> {
        let opens = self.opens;
        let url = page.url.clone();
        let asking = tokio::task::spawn_blocking(move || consent::ask(&page, opens, &mut Console));
        let action = asking.await.map_err(io::Error::other)??;
        if let (Choice::Accept, true, Ok(url)) = (action, opens, Url::parse(&url))
            && SystemBrowser.open(&url).await.is_err()
        {
            news::say("no browser could be opened: open the address yourself");
        }
        Ok(Elicited {
            action,
            content: None,
        })
    }
}

impl Question {
    fn read(request: &Request) -> Result<Self, ErrorObject> {
        #[derive(Deserialize)]
        struct Mode {
            mode: Option<String>,
        }
        if request.method != Method::ELICIT {
            return Err(ErrorObject::method_not_found(request.method.as_str()));
        }
        match request.params::<Mode>()?.mode.as_deref() {
            None | Some("form") => request.params().map(Self::Form),
            Some("url") => request.params().map(Self::Url),
            Some(_) => Err(ErrorObject::invalid_params("Questions are forms or URLs")),
        }
    }

    /// The question in a line, for whoever reads why nothing came of the call.
    fn told(&self) -> String {
        match self {
            Self::Form(form) => {
                let fields = form::names(form).join(", ");
                format!("“{}” ({fields})", first_line(&form.message))
            }
            Self::Url(page) => {
                format!(
                    "“{}” at {}",
                    first_line(&page.message),
                    first_line(&page.url)
                )
            }
        }
    }
}

impl Peer for Person {
    fn request(&self, request: Request) -> BoxFuture<'_, Result<Box<RawValue>, ErrorObject>> {
        Box::pin(async move {
            let answer = self.answer(&request).await?;
            to_raw_value(&answer).map_err(|_| ErrorObject::internal())
        })
    }

    fn notify(&self, notification: Notification) -> BoxFuture<'_, ()> {
        if self.watches {
            news::tell(&notification);
        }
        Box::pin(std::future::ready(()))
    }
}

#[cfg(test)]
mod tests;
