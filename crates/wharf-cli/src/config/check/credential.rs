//! Checks one entry of `auth`.

use http::{HeaderName, HeaderValue};
use wharf_gateway::upstream::http::credential::{Credential, CredentialKind, Place};
use wharf_gateway::upstream::http::token::ClientCredentials;
use wharf_policy::secret::Secret;

use super::Check;
use crate::config::file::{Auth, AuthKind, Carrier, Text};

impl Check<'_, '_> {
    pub(super) fn credential(&mut self, typed: &Auth<'_>) -> Option<Credential> {
        let scheme = typed.scheme.as_ref().and_then(|scheme| self.plain(scheme));
        let kind = self.credential_kind(typed.kind.as_ref()?)?;
        Some(Credential { scheme, kind })
    }

    fn credential_kind(&mut self, typed: &AuthKind<'_>) -> Option<CredentialKind> {
        match typed {
            AuthKind::Bearer(token) => self.sendable(token).map(CredentialKind::Bearer),
            AuthKind::Basic { username, password } => {
                let (username, password) = (self.plain(username), self.secret(password));
                Some(CredentialKind::Basic {
                    username: username?,
                    password: password?,
                })
            }
            AuthKind::ApiKey { value, place } => {
                let place = match place {
                    None => Some(None),
                    Some((carrier, name)) => self.place(*carrier, name).map(Some),
                };
                Some(CredentialKind::ApiKey {
                    value: self.sendable(value)?,
                    place: place?,
                })
            }
            AuthKind::OAuth2 {
                token_url,
                client_id,
                client_secret,
                scopes,
                audience,
            } => {
                let (token_url, client_id) = (self.url(token_url), self.plain(client_id));
                let client_secret = self.secret(client_secret);
                let scopes = self.plain_all(scopes);
                let audience = audience.as_ref().and_then(|audience| self.plain(audience));
                Some(CredentialKind::ClientCredentials(ClientCredentials {
                    token_url: token_url?,
                    client_id: client_id?,
                    client_secret: client_secret?,
                    scopes,
                    audience,
                }))
            }
        }
    }

    /// A secret that a header can carry.
    fn sendable(&mut self, text: &Text<'_>) -> Option<Secret> {
        let secret = self.secret(text)?;
        if HeaderValue::from_str(secret.expose()).is_err() {
            self.error(&text.at, "no header can carry this secret")
                .help("it holds a line break or another control character");
            return None;
        }
        Some(secret)
    }

    fn place(&mut self, carrier: Carrier, name: &Text<'_>) -> Option<Place> {
        let plain = self.plain(name)?;
        let place = match carrier {
            Carrier::Header => HeaderName::try_from(plain.as_str())
                .is_ok()
                .then_some(Place::Header(plain)),
            // A cookie's name is a token, like a header's (RFC 6265, section 4.1.1).
            Carrier::Cookie => HeaderName::try_from(plain.as_str())
                .is_ok()
                .then_some(Place::Cookie(plain)),
            Carrier::Query => (!plain.is_empty()).then_some(Place::Query(plain)),
        };
        if place.is_none() {
            self.error(
                &name.at,
                format!("`{}` cannot carry a key", name.raw.escape_debug()),
            );
        }
        place
    }
}
