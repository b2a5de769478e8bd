//! A server that a command is connected to.

use std::sync::Arc;

use serde_json::value::RawValue;
use wharf_protocol::capability::{ClientCapabilities, Implementation};
use wharf_protocol::error::ErrorObject;
use wharf_protocol::method::Method;
use wharf_protocol::port::{Peer, Request};
use wharf_wire::client::{
    AskError, Asking, Authorizer, Client, ClientSettings, Command, Learnt, Limits, Speaks, Target,
    connect,
};
use wharf_wire::outbound::{Connection, Egress};

use super::credentials;
use super::named::Named;
use super::person::Person;
use super::sign_in::{self, Occasion};
use crate::cli::{Era, ServerArguments};
use crate::report::Failure;
use crate::signals::Signals;

/// A server, and whoever runs the command behind us.
#[derive(Debug)]
pub(crate) struct Connected {
    client: Client,
    person: Arc<Person>,
    named: Named,
}

impl Connected {
    /// Connects to the server that was named, does `work` with it and says goodbye, whatever came of
    /// it and even where a signal ends it: a process of ours must not be left behind.
    ///
    /// # Errors
    ///
    /// Whatever keeps the server from being spoken with, the failures of `work`, and a signal.
    pub(crate) async fn with<T>(
        named: Named,
        arguments: &ServerArguments,
        occasion: Occasion,
        work: impl AsyncFnOnce(&Self) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let mut signals = Signals::listen()?;
        let server = tokio::select! {
            server = Self::to(named, arguments, occasion) => server?,
            () = signals.next() => return Err(interrupted()),
        };
        let done = tokio::select! {
            done = work(&server) => done,
            () = signals.next() => Err(interrupted()),
        };
        server.client.close().await;
        done
    }

    /// Connects to the server that was named.
    ///
    /// # Errors
    ///
    /// Credentials that cannot be had, and whatever keeps the server from being spoken with.
    async fn to(
        named: Named,
        arguments: &ServerArguments,
        occasion: Occasion,
    ) -> Result<Self, Failure> {
        let person = Arc::new(Person::here(!arguments.sign_in.no_browser));
        let listener = Arc::clone(&person) as Arc<dyn Peer>;
        let settings = settings(&named, arguments, occasion, listener).await?;
        let target = target(&named, arguments).await?;
        match connect(target, settings).await {
            Ok(client) => Ok(Self {
                client,
                person,
                named,
            }),
            Err(error) => {
                let context = format!("cannot connect to `{named}`");
                Err(Failure::new(anyhow::Error::new(error).context(context)))
            }
        }
    }

    pub(crate) fn named(&self) -> &Named {
        &self.named
    }

    pub(crate) fn learnt(&self) -> Arc<Learnt> {
        self.client.learnt()
    }

    /// What the server asked and nobody was there to answer, in its own words.
    pub(crate) fn unanswered(&self) -> Option<String> {
        self.person.unanswered()
    }

    /// Asks for one thing.
    ///
    /// # Errors
    ///
    /// [`AskError`], as the client gives it.
    pub(crate) async fn ask(&self, request: Request) -> Result<Box<RawValue>, AskError> {
        self.client.ask(request, &Asking::default()).await
    }

    /// Every item of a list.
    ///
    /// # Errors
    ///
    /// A list that cannot be had.
    pub(crate) async fn list(&self, method: Method) -> Result<Vec<Box<RawValue>>, Failure> {
        let context = format!("cannot read `{method}` of `{}`", self.named);
        let listed = self.client.list_all(method, &Asking::default()).await;
        listed.map_err(|error| Failure::new(anyhow::Error::new(error).context(context)))
    }
}

fn interrupted() -> Failure {
    Failure::saying("interrupted before it was done")
}

async fn settings(
    named: &Named,
    arguments: &ServerArguments,
    occasion: Occasion,
    listener: Arc<dyn Peer>,
) -> Result<ClientSettings, Failure> {
    let identity = Implementation::new("wharf", env!("CARGO_PKG_VERSION"));
    // What the command line names may be anywhere.
    let egress = match named {
        Named::Url(url) => Egress::new(&[url], false),
        Named::Command { .. } => Egress::default(),
    };
    let headers = credentials::headers(arguments).await?;
    let mut settings = ClientSettings::quiet(identity, Connection::new(egress));
    // Whoever brings credentials of their own is not signed in on top of them.
    if let Named::Url(url) = named
        && !headers.contains_key(http::header::AUTHORIZATION)
    {
        let found = sign_in::authorization(url, &arguments.sign_in, occasion).await?;
        settings.authorizer = found.map(|authorization| authorization as Arc<dyn Authorizer>);
    }
    settings.headers = headers;
    settings.capabilities = capabilities()?;
    settings.listener = listener;
    settings.speaks = speaks(arguments.era);
    settings.limits = limits(arguments);
    Ok(settings)
}

/// Questions to the person. They are declared where nobody is there to answer them too: the question
/// itself says more than a refusal to ask it.
fn capabilities() -> Result<ClientCapabilities, Failure> {
    let modes = RawValue::from_string(r#"{"form":{},"url":{}}"#.to_owned())?;
    Ok(ClientCapabilities {
        elicitation: Some(modes),
        ..ClientCapabilities::default()
    })
}

fn speaks(era: Option<Era>) -> Speaks {
    match era {
        None => Speaks::BothEras,
        Some(Era::Modern) => Speaks::ModernOnly,
        Some(Era::Legacy) => Speaks::LegacyOnly,
    }
}

fn limits(arguments: &ServerArguments) -> Limits {
    let standard = Limits::STANDARD;
    let patience = arguments.timeout.unwrap_or(standard.request_timeout);
    Limits {
        request_timeout: patience,
        longest_request: standard.longest_request.max(patience),
        probe_timeout: standard.probe_timeout.min(patience),
        ..standard
    }
}

async fn target(named: &Named, arguments: &ServerArguments) -> Result<Target, Failure> {
    Ok(match named {
        Named::Url(url) => Target::Url(url.clone()),
        Named::Command {
            program,
            arguments: words,
        } => Target::Command(Command {
            arguments: words.clone(),
            environment: credentials::environment(arguments).await?,
            ..Command::new(program)
        }),
    })
}

/// A request of ours.
///
/// # Errors
///
/// Parameters that cannot be written.
pub(crate) fn request(method: Method, params: &impl serde::Serialize) -> Result<Request, Failure> {
    Request::new(method, params).map_err(|error: ErrorObject| Failure::new(error))
}
