//! Getting in at a server that asks who we are.

use std::io::IsTerminal as _;
use std::sync::Arc;
use std::time::Duration;

use url::Url;
use wharf_protocol::port::BoxFuture;
use wharf_wire::oauth::client::{
    Authentication, Authorization, Credentials, Grant, Interaction, InteractionError, Loopback,
    MemoryStore, Person, ProofUse, Redirect, Registration, Settings, TokenStore,
};
use wharf_wire::oauth::clock::System;
use wharf_wire::oauth::endpoint::Endpoint;
use wharf_wire::oauth::secret::Secret;

use super::browser::Printed;
use super::kept;
use crate::cli::SignInArguments;
use crate::config::expand;
use crate::report::Failure;

/// How long a person may take to sign in.
const PATIENCE: Duration = Duration::from_mins(5);

/// Whether the command is there to sign a person in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// It is `wharf login`.
    Asked,
    /// It does something else, for which it may turn out that somebody has to sign in.
    OnDemand,
}

/// What lets requests in at the server at `url`; `None` where tokens must not be sent there.
///
/// # Errors
///
/// A reference that leads to nothing, an issuer that is no address, tokens that cannot be read.
pub(super) async fn authorization(
    url: &Url,
    arguments: &SignInArguments,
    occasion: Occasion,
) -> Result<Option<Arc<Authorization>>, Failure> {
    // Plain http to another machine: everybody on the way would read the token.
    let Ok(server) = Endpoint::new(url.clone()) else {
        return Ok(None);
    };
    let credentials = credentials(arguments).await?;
    let by_itself = arguments.client_secret_from.is_some() && occasion == Occasion::OnDemand;
    let (grant, store): (Grant, Arc<dyn TokenStore>) = match credentials {
        // Had again without asking anybody, and nothing to mix up with a person's tokens.
        Some(credentials) if by_itself => (
            Grant::Program(credentials),
            Arc::new(MemoryStore::default()),
        ),
        credentials => (
            Grant::Person(person(arguments, credentials, occasion)),
            kept::store()?,
        ),
    };
    Ok(Some(Arc::new(Authorization::new(Settings {
        server,
        grant,
        issuer: arguments.issuer.clone(),
        trusted: issuer(arguments)?.into_iter().collect(),
        proof: ProofUse::WhenOffered,
        store,
        clock: System::shared(),
    }))))
}

/// Keeps the credentials that a person named when they signed in, for whenever their token has to be
/// refreshed.
///
/// # Errors
///
/// As [`authorization`].
pub(crate) async fn keep_credentials(
    arguments: &SignInArguments,
    issuer: &str,
) -> Result<(), Failure> {
    let Some(credentials) = credentials(arguments).await? else {
        return Ok(());
    };
    let client_secret = match credentials.authentication {
        Authentication::Secret(secret) => Some(secret),
        _ => None,
    };
    let registration = Registration {
        issuer: issuer.to_owned(),
        client_id: credentials.client_id,
        client_secret,
        secret_expires_at: None,
        method: None,
        // None that we know of: the next sign-in names its credentials again.
        redirect_uri: String::new(),
    };
    kept::store()?.keep_registration(registration).await;
    Ok(())
}

async fn credentials(arguments: &SignInArguments) -> Result<Option<Credentials>, Failure> {
    let Some(client_id) = arguments.client_id.clone() else {
        return Ok(None);
    };
    let authentication = match &arguments.client_secret_from {
        Some(reference) => {
            let secret = expand("--client-secret-from", reference).await?;
            Authentication::Secret(Secret::new(secret.expose()))
        }
        None => Authentication::None,
    };
    Ok(Some(Credentials {
        issuer: arguments.issuer.clone(),
        client_id,
        authentication,
    }))
}

fn person(
    arguments: &SignInArguments,
    credentials: Option<Credentials>,
    occasion: Occasion,
) -> Person {
    let opens = !arguments.no_browser;
    // A script that nobody watches must not wait for somebody to sign in.
    let somebody = occasion == Occasion::Asked || !opens || std::io::stderr().is_terminal();
    let interaction: Arc<dyn Interaction> = if somebody {
        Arc::new(Loopback::new(Arc::new(Printed { opens }), PATIENCE))
    } else {
        Arc::new(Unwatched)
    };
    Person {
        interaction,
        credentials,
        metadata_document: None,
        client_name: "Wharf".to_owned(),
        offline: true,
    }
}

fn issuer(arguments: &SignInArguments) -> Result<Option<Url>, Failure> {
    let Some(issuer) = &arguments.issuer else {
        return Ok(None);
    };
    match Endpoint::parse(issuer) {
        Ok(endpoint) => Ok(Some(endpoint.url().clone())),
        Err(error) => Err(Failure::usage(format!(
            "`--issuer` cannot be used: {error}"
        ))),
    }
}

/// Nobody is there to sign in.
#[derive(Clone, Copy, Debug)]
struct Unwatched;

impl Interaction for Unwatched {
    fn prepare<'a>(
        &'a self,
        _preferred: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Box<dyn Redirect>, InteractionError>> {
        Box::pin(std::future::ready(Err(InteractionError::Nobody)))
    }
}
