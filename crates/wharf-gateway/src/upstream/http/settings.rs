//! The settings of one HTTP upstream, every field already checked.

use std::path::PathBuf;
use std::time::Duration;

use http::{HeaderName, HeaderValue};
use url::Url;
use wharf_openapi::answer::AnswerLimits;
use wharf_policy::secret::Secret;

use super::credential::{Credential, CredentialKind};
use super::document::Site;
use wharf_wire::outbound::{Egress, is_loopback, same_origin};

/// One HTTP API as the operator described it.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Its name: what rules call it, and by default the namespace of its tools.
    pub name: String,
    pub document: DocumentSource,
    /// The address of the API, in place of what its document says.
    pub base_url: Option<Url>,
    pub credentials: Vec<Credential>,
    /// Hosts beside the API's own that may be given credentials, as `host` or `host:port`.
    pub credential_hosts: Vec<String>,
    /// Sent with every request. A value that is marked as sensitive is a secret like any other.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// Whether lists show output schemas. They are most of a list's bytes.
    pub output_schemas: bool,
    /// Wall time for one call, retries included.
    pub call_timeout: Duration,
    /// How often a call that may be repeated is repeated.
    pub retries: u32,
    /// Largest answer that is read, in bytes after decompression; a longer one is cut.
    pub answer_bytes: usize,
    /// How much of an answer the model gets.
    pub answer: AnswerLimits,
    /// How often the document is asked for again; `None` never.
    pub refresh: Option<Duration>,
}

/// Where the document is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentSource {
    Url(Url),
    File(PathBuf),
}

impl Settings {
    /// Settings with the values that a config file has where it says nothing.
    pub fn new(name: impl Into<String>, document: DocumentSource) -> Self {
        Self {
            name: name.into(),
            document,
            base_url: None,
            credentials: Vec::new(),
            credential_hosts: Vec::new(),
            headers: Vec::new(),
            output_schemas: false,
            call_timeout: Duration::from_mins(1),
            retries: 2,
            answer_bytes: 8 << 20,
            answer: AnswerLimits {
                text_bytes: 64 * 1024,
                binary_bytes: 1 << 20,
                rows: 1000,
            },
            refresh: Some(Duration::from_mins(1)),
        }
    }

    /// The server of an operation: the configured address in place of the API's own; servers of
    /// other origins, which single operations may name, stay.
    pub(super) fn server(&self, declared: &str, site: &Site) -> String {
        let Some(base) = &self.base_url else {
            return declared.to_owned();
        };
        let own = |declared: &Url| {
            site.server
                .as_ref()
                .is_none_or(|root| same_origin(root, declared))
        };
        match Url::parse(declared) {
            Ok(declared) if !own(&declared) => declared.to_string(),
            Ok(declared) => {
                // What an operation adds to the path of the API's address, it adds to this one too.
                let root = site
                    .server
                    .as_ref()
                    .map_or("", |root| root.path().trim_end_matches('/'));
                let added = declared.path().strip_prefix(root).unwrap_or_default();
                format!(
                    "{}{}",
                    base.as_str().trim_end_matches('/'),
                    added.trim_end_matches('/')
                )
            }
            Err(_) => base.as_str().trim_end_matches('/').to_owned(),
        }
    }

    /// Where this upstream's connections may lead.
    pub(super) fn egress(&self) -> Egress {
        let mut trusted: Vec<&Url> = self.base_url.iter().collect();
        if let DocumentSource::Url(url) = &self.document {
            trusted.push(url);
        }
        for credential in &self.credentials {
            if let CredentialKind::ClientCredentials(client) = &credential.kind {
                trusted.push(&client.token_url);
            }
        }
        let from_here = match &self.document {
            DocumentSource::File(_) => true,
            DocumentSource::Url(url) => is_loopback(url),
        };
        Egress::new(&trusted, from_here)
    }

    /// What of the fixed headers must not appear in any answer.
    pub(super) fn header_secrets(&self) -> impl Iterator<Item = Secret> {
        let sensitive = self
            .headers
            .iter()
            .filter(|(_, value)| value.is_sensitive());
        sensitive.filter_map(|(_, value)| Some(Secret::new(value.to_str().ok()?)))
    }

    /// Whether credentials may go to this host: the API's own, or one that the operator listed.
    pub(super) fn may_have_credentials(&self, host: &str, port: u16, site: &Site) -> bool {
        let own = self.base_url.as_ref().or(site.server.as_ref());
        let is_own = own.is_some_and(|own| {
            own.host_str()
                .is_some_and(|name| name.eq_ignore_ascii_case(host))
                && own.port_or_known_default() == Some(port)
        });
        is_own
            || self.credential_hosts.iter().any(|listed| {
                listed.eq_ignore_ascii_case(host)
                    || listed.eq_ignore_ascii_case(&format!("{host}:{port}"))
            })
    }
}
