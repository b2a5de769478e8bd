//! What a person can do about a server that does not answer as it should.

use std::error::Error;

use serde::Deserialize;
use wharf_protocol::error::ErrorObject;
use wharf_wire::client::{AskError, ConnectError};
use wharf_wire::oauth::client::{InteractionError, SignInError};

/// The server's error that stands for pages to visit first (2025-11-25, elicitation).
const URL_ELICITATION_REQUIRED: i64 = -32042;

/// What to do about `error`, where we know it.
pub(crate) fn advice(error: &(dyn Error + 'static)) -> Option<String> {
    if let Some(error) = error.downcast_ref::<ConnectError>() {
        return match error {
            ConnectError::Start(error) => error.hint(),
            ConnectError::Ask(error) => about_asking(error),
            ConnectError::NoCommonRevision { .. } | ConnectError::Scheme(_) => None,
        };
    }
    about_asking(error.downcast_ref::<AskError>()?)
}

fn about_asking(error: &AskError) -> Option<String> {
    match error {
        AskError::Unauthorized { .. } => Some(
            "it refuses what was shown, if anything: `--bearer '${env:TOKEN}'` shows a token; \
             `wharf login URL` signs in, over https only"
                .to_owned(),
        ),
        AskError::Authorize(error) => about_sign_in(error.source()?.downcast_ref()?),
        AskError::Timeout(_) => Some("`--timeout 5m` waits longer".to_owned()),
        AskError::Refused { error, .. } if error.code == URL_ELICITATION_REQUIRED => pages(error),
        error => error.hint(),
    }
}

/// The pages that a server wants visited before it goes on.
fn pages(error: &ErrorObject) -> Option<String> {
    #[derive(Deserialize)]
    struct Data {
        elicitations: Vec<Page>,
    }
    #[derive(Deserialize)]
    struct Page {
        url: String,
    }
    let data: Data = serde_json::from_str(error.data.as_deref()?.get()).ok()?;
    let pages: Vec<String> = data.elicitations.into_iter().map(|page| page.url).collect();
    (!pages.is_empty()).then(|| {
        let pages = pages.join(", ");
        format!("if you trust it, visit {pages} and run the command again")
    })
}

fn about_sign_in(error: &SignInError) -> Option<String> {
    Some(match error {
        SignInError::Interaction(InteractionError::Nobody) | SignInError::NeedsSignIn { .. } => {
            "`wharf login URL` signs in; `--client-id ID --client-secret-from '${env:SECRET}'` needs \
             nobody to"
                .to_owned()
        }
        SignInError::NoIssuer { .. } => {
            "`--issuer URL` names it; `--bearer '${env:TOKEN}'` shows a token that you have".to_owned()
        }
        SignInError::NoRegistration { .. } | SignInError::RegistrationRefused { .. } => {
            "`--client-id ID` takes what you were given when you registered it".to_owned()
        }
        SignInError::IssuerChanged { .. } => "`--issuer URL` names the issuer to use".to_owned(),
        _ => return None,
    })
}
