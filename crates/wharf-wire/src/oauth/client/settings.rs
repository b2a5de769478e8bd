//! As whom a server is used, and how tokens for it are come by.

use std::fmt;
use std::sync::Arc;

use url::Url;
use wharf_protocol::port::BoxFuture;

use super::identity::Credentials;
use super::interaction::Interaction;
use super::store::TokenStore;
use crate::oauth::clock::Clock;
use crate::oauth::endpoint::Endpoint;
use crate::oauth::secret::Secret;
use crate::outbound::Cause;

/// What there is to know to get into one server.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The MCP endpoint, as the operator named it.
    pub server: Endpoint,
    pub grant: Grant,
    /// Who issues tokens for a server that publishes no metadata.
    pub issuer: Option<String>,
    /// Further servers that may be called wherever they are, authorization servers inside the
    /// company for example. All others must have a public address.
    pub trusted: Vec<Url>,
    pub proof: ProofUse,
    pub store: Arc<dyn TokenStore>,
    pub clock: Arc<dyn Clock>,
}

/// On whose behalf, and how that is shown.
#[derive(Clone, Debug)]
pub enum Grant {
    /// A person signs in (OAuth 2.1, section 4.1).
    Person(Person),
    /// The program itself (OAuth 2.1, section 4.2; extension `oauth-client-credentials`).
    Program(Credentials),
    /// A person who is signed in with the company (extension `enterprise-managed-authorization`).
    Enterprise(Enterprise),
    /// The workload that this program runs as (RFC 7523, section 2.1).
    Workload(Workload),
}

/// How a person signs in, and how this client is known to whoever asks.
#[derive(Clone, Debug)]
pub struct Person {
    pub interaction: Arc<dyn Interaction>,
    /// What this client is registered with, if it is.
    pub credentials: Option<Credentials>,
    /// Where this client describes itself (Client ID Metadata Document): `https`, with a path.
    pub metadata_document: Option<Url>,
    /// What people read when they are asked.
    pub client_name: String,
    /// Whether to ask for tokens that can be refreshed while nobody is there.
    pub offline: bool,
}

/// From the company's identity provider to a server's own issuer (RFC 8693, then RFC 7523).
#[derive(Clone, Debug)]
pub struct Enterprise {
    /// What this client is registered with at the server's issuer.
    pub credentials: Credentials,
    /// The token endpoint of the identity provider.
    pub provider: Endpoint,
    /// What this client is registered with there.
    pub provider_credentials: Credentials,
    /// What the person's sign-in left.
    pub subject: Arc<dyn AssertionSource>,
    pub subject_kind: SubjectKind,
}

/// What kind of token speaks for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubjectKind {
    IdToken,
    Saml2,
}

/// A workload and the token that its platform gives it.
#[derive(Clone, Debug)]
pub struct Workload {
    pub client_id: Option<String>,
    pub assertion: Arc<dyn AssertionSource>,
}

/// Where signed statements come from that last for minutes: asked each time one is needed.
pub trait AssertionSource: Send + Sync + fmt::Debug {
    fn assertion(&self) -> BoxFuture<'_, Result<Secret, Cause>>;
}

/// A statement that is there already.
#[derive(Clone, Debug)]
pub struct Fixed(pub Secret);

impl AssertionSource for Fixed {
    fn assertion(&self) -> BoxFuture<'_, Result<Secret, Cause>> {
        Box::pin(std::future::ready(Ok(self.0.clone())))
    }
}

/// Whether tokens are bound to a key of ours (RFC 9449).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofUse {
    Never,
    /// Where issuer or server says that it knows how.
    WhenOffered,
    /// Tokens that are not bound are not used.
    Always,
}
