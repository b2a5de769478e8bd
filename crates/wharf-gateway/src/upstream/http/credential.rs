//! Credentials of an HTTP upstream: which one an operation asks for, and how it is put on.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use wharf_openapi::operation::{Location, Requirement, SecurityScheme};
use wharf_policy::redact::MASK;
use wharf_policy::secret::Secret;

use super::token::{ClientCredentials, TokenSource};

/// One credential as configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// The security scheme of the document that it answers; `None` lets its kind decide.
    pub scheme: Option<String>,
    pub kind: CredentialKind,
}

/// What a credential is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CredentialKind {
    /// A key; where it goes, the document says, unless `place` does.
    ApiKey {
        value: Secret,
        place: Option<Place>,
    },
    Basic {
        username: String,
        password: Secret,
    },
    Bearer(Secret),
    /// A token that is fetched with the client's own credentials.
    ClientCredentials(ClientCredentials),
}

/// Where a key goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Header(String),
    Query(String),
    Cookie(String),
}

/// A credential and the place where it goes, ready to be put on a request.
#[derive(Clone, Debug)]
pub struct Ready {
    pub place: Place,
    pub value: Value,
}

/// What goes there.
#[derive(Clone, Debug)]
pub enum Value {
    Known(Secret),
    /// `Bearer` and a token that is yet to be fetched.
    Token(Arc<TokenSource>),
}

impl Ready {
    /// What a dry run shows in place of the credential: enough to see its kind.
    pub fn mask(&self) -> String {
        match &self.value {
            Value::Known(secret) if secret.expose().starts_with("Basic ") => {
                format!("Basic {MASK}")
            }
            Value::Known(secret) if secret.expose().starts_with("Bearer ") => {
                format!("Bearer {MASK}")
            }
            Value::Known(_) => MASK.to_owned(),
            Value::Token(_) => format!("Bearer {MASK}"),
        }
    }
}

/// The credentials of one upstream, and the tokens that were had with them.
#[derive(Debug)]
pub struct Wallet(Vec<Held>);

#[derive(Debug)]
struct Held {
    credential: Credential,
    tokens: Option<Arc<TokenSource>>,
}

impl Wallet {
    pub fn new(credentials: &[Credential]) -> Self {
        let held = credentials.iter().map(|credential| Held {
            credential: credential.clone(),
            tokens: match &credential.kind {
                CredentialKind::ClientCredentials(client) => {
                    Some(Arc::new(TokenSource::new(client.clone())))
                }
                _ => None,
            },
        });
        Self(held.collect())
    }

    /// The credentials for an operation that declares `security`.
    ///
    /// The first alternative that the configured credentials satisfy is taken. Where the document
    /// knows no security schemes at all, every credential that knows its place is put on: many
    /// documents declare none although one is needed. Where it does and none fits, nothing is sent,
    /// and the upstream's 401 will say so.
    pub fn choose<'s>(
        &self,
        security: &[Requirement],
        scheme: impl Fn(&str) -> Option<&'s SecurityScheme>,
        document_has_schemes: bool,
    ) -> Vec<Ready> {
        if !document_has_schemes {
            return self.0.iter().filter_map(Held::on_its_own).collect();
        }
        security
            .iter()
            .find_map(|requirement| {
                requirement
                    .schemes
                    .iter()
                    .map(|(name, _)| {
                        let scheme = scheme(name)?;
                        self.0.iter().find_map(|held| held.answers(name, scheme))
                    })
                    .collect::<Option<Vec<Ready>>>()
            })
            .unwrap_or_default()
    }

    /// Texts that must not appear in any answer: the credentials, and the tokens of the moment.
    pub fn secrets(&self) -> Vec<Secret> {
        let credentials = self.0.iter().flat_map(|held| held.credential.secrets());
        let tokens = self
            .0
            .iter()
            .filter_map(|held| held.tokens.as_ref()?.current());
        credentials.chain(tokens).collect()
    }
}

impl Credential {
    fn secrets(&self) -> Vec<Secret> {
        match &self.kind {
            CredentialKind::ApiKey { value, .. } => vec![value.clone()],
            CredentialKind::Basic { username, password } => {
                vec![password.clone(), basic_pair(username, password)]
            }
            CredentialKind::Bearer(token) => vec![token.clone()],
            CredentialKind::ClientCredentials(client) => vec![client.client_secret.clone()],
        }
    }
}

impl Held {
    /// This credential as an answer to `scheme`, if it is one.
    fn answers(&self, name: &str, scheme: &SecurityScheme) -> Option<Ready> {
        let meant = self.credential.scheme.as_deref();
        if meant.is_some_and(|own| own != name) {
            return None;
        }
        match (&self.credential.kind, scheme) {
            (
                CredentialKind::ApiKey { value, place },
                SecurityScheme::ApiKey { location, name },
            ) => {
                let place = place.clone().or_else(|| declared(*location, name))?;
                Some(known(place, value.clone()))
            }
            (CredentialKind::Basic { .. }, SecurityScheme::Http { scheme })
                if scheme == "basic" =>
            {
                self.on_its_own()
            }
            // A token is a token, however the document says it was come by.
            (
                CredentialKind::Bearer(_) | CredentialKind::ClientCredentials(_),
                SecurityScheme::OAuth2 { .. } | SecurityScheme::OpenIdConnect { .. },
            ) => self.on_its_own(),
            (
                CredentialKind::Bearer(_) | CredentialKind::ClientCredentials(_),
                SecurityScheme::Http { scheme },
            ) if scheme == "bearer" => self.on_its_own(),
            // The operator said that it answers this scheme, so it does.
            _ if meant.is_some() => self.on_its_own(),
            _ => None,
        }
    }

    /// This credential where no scheme says anything: possible if it knows its own place.
    fn on_its_own(&self) -> Option<Ready> {
        let authorization = || Place::Header("Authorization".to_owned());
        match &self.credential.kind {
            CredentialKind::ApiKey { value, place } => Some(known(place.clone()?, value.clone())),
            CredentialKind::Basic { username, password } => {
                let pair = basic_pair(username, password);
                Some(known(
                    authorization(),
                    Secret::new(format!("Basic {}", pair.expose())),
                ))
            }
            CredentialKind::Bearer(token) => Some(known(
                authorization(),
                Secret::new(format!("Bearer {}", token.expose())),
            )),
            CredentialKind::ClientCredentials(_) => Some(Ready {
                place: authorization(),
                value: Value::Token(Arc::clone(self.tokens.as_ref()?)),
            }),
        }
    }
}

/// The user-pass of RFC 7617, encoded.
fn basic_pair(username: &str, password: &Secret) -> Secret {
    Secret::new(STANDARD.encode(format!("{username}:{}", password.expose())))
}

fn known(place: Place, value: Secret) -> Ready {
    Ready {
        place,
        value: Value::Known(value),
    }
}

fn declared(location: Location, name: &str) -> Option<Place> {
    match location {
        Location::Header => Some(Place::Header(name.to_owned())),
        Location::Query => Some(Place::Query(name.to_owned())),
        Location::Cookie => Some(Place::Cookie(name.to_owned())),
        Location::Path | Location::QueryString => None,
    }
}
