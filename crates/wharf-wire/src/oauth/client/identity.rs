//! As whom this client asks for tokens, and how it shows that.

use std::sync::Arc;

use http::{HeaderName, HeaderValue};
use serde_json::json;

use crate::oauth::fetch;
use crate::oauth::jose::SigningKey;
use crate::oauth::metadata::AuthorizationServer;
use crate::oauth::random;
use crate::oauth::secret::Secret;

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// How long an assertion of ours counts, in seconds: as long as one request may take.
const ASSERTION_LIFE: u64 = 60;

/// What a client is registered with.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// Where; these credentials are shown to nobody else. `None` binds them to the first issuer
    /// that the server names, which is good enough only where the server is trusted with them.
    pub issuer: Option<String>,
    pub client_id: String,
    pub authentication: Authentication,
}

/// How a client shows who it is.
#[derive(Clone, Debug)]
pub enum Authentication {
    /// It cannot: whoever has its name can use it.
    None,
    Secret(Secret),
    /// By signing (`private_key_jwt`, RFC 7523, section 2.2).
    Key(Arc<SigningKey>),
}

/// Credentials as they are used at one issuer.
#[derive(Clone, Debug)]
pub(super) struct Identity {
    pub client_id: String,
    pub authentication: Authentication,
    /// What the issuer settled for when the client was registered.
    pub method: Option<String>,
}

/// Fields of a form and a header that say who a client is.
pub(super) struct Shown {
    pub form: Vec<(&'static str, String)>,
    pub header: Option<(HeaderName, HeaderValue)>,
}

impl Shown {
    fn form(fields: impl Into<Vec<(&'static str, String)>>) -> Self {
        Self {
            form: fields.into(),
            header: None,
        }
    }
}

/// How a secret travels (RFC 6749, section 2.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Header,
    Form,
    Nowhere,
}

impl Identity {
    pub(super) fn new(credentials: &Credentials) -> Self {
        Self {
            client_id: credentials.client_id.clone(),
            authentication: credentials.authentication.clone(),
            method: None,
        }
    }

    pub(super) fn public(client_id: &str) -> Self {
        Self {
            client_id: client_id.to_owned(),
            authentication: Authentication::None,
            method: None,
        }
    }

    /// What shows this client to the token endpoint of `server`.
    pub(super) fn shown_to(&self, server: &AuthorizationServer, now: u64) -> Shown {
        let name = || ("client_id", self.client_id.clone());
        match &self.authentication {
            Authentication::None => Shown::form([name()]),
            Authentication::Secret(secret) => match self.way(server) {
                Way::Header => Shown {
                    form: Vec::new(),
                    header: Some(fetch::basic(&self.client_id, secret)),
                },
                Way::Form => Shown::form([name(), ("client_secret", secret.expose().to_owned())]),
                Way::Nowhere => Shown::form([name()]),
            },
            Authentication::Key(key) => Shown::form([
                name(),
                ("client_assertion_type", ASSERTION_TYPE.to_owned()),
                ("client_assertion", self.assertion(key, &server.issuer, now)),
            ]),
        }
    }

    fn way(&self, server: &AuthorizationServer) -> Way {
        let offered = server.token_endpoint_auth_methods_supported.as_deref();
        let offers = |method: &str| match (&self.method, offered) {
            (Some(settled), _) => settled == method,
            (None, Some(offered)) => offered.iter().any(|one| one == method),
            // What an issuer supports that names nothing (RFC 8414, section 2).
            (None, None) => method == "client_secret_basic",
        };
        if offers("client_secret_basic") {
            Way::Header
        } else if offers("client_secret_post") {
            Way::Form
        } else if offers("none") {
            Way::Nowhere
        } else {
            Way::Header
        }
    }

    fn assertion(&self, key: &SigningKey, issuer: &str, now: u64) -> String {
        key.sign(
            "JWT",
            &json!({
                "iss": self.client_id,
                "sub": self.client_id,
                // The issuer and nothing else: an endpoint's address can be another server's.
                "aud": issuer,
                "iat": now,
                "exp": now + ASSERTION_LIFE,
                "jti": random::text(),
            }),
        )
    }
}
