//! Who issues tokens for a server: its own word, found in the order that MCP fixes.

use url::Url;

use super::error::SignInError;
use crate::oauth::endpoint::Endpoint;
use crate::oauth::fetch::{self, Fetch, FetchError};
use crate::oauth::metadata::ProtectedResource;
use crate::oauth::scope::Scopes;
use crate::outbound::same_origin;

const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// A server as tokens name it, and where they come from.
#[derive(Clone, Debug)]
pub(super) struct Protected {
    /// Byte for byte as it was published: a parser may write it otherwise, and then it is another.
    pub resource: String,
    pub issuers: Vec<String>,
    pub scopes: Option<Scopes>,
    /// Whether it says that tokens should, or must, be bound to a key.
    pub binds: bool,
}

impl Protected {
    /// What `server` says of itself: at the address in its challenge, or else at the well-known
    /// address of its path, or else at that of its host (MCP, protected resource metadata
    /// discovery). `None` where it says nothing.
    ///
    /// # Errors
    ///
    /// Where metadata cannot be read, or speaks for another server.
    pub(super) async fn of(
        fetch: &Fetch,
        server: &Endpoint,
        challenged: Option<&str>,
    ) -> Result<Option<Self>, SignInError> {
        let failed = |source| SignInError::Protected {
            server: server.to_string(),
            source,
        };
        if let Some(named) = challenged {
            let location = fetch::endpoint(named).map_err(failed)?;
            let document = fetch.document(&location).await.map_err(failed)?;
            return Self::read(server, document).map(Some);
        }
        for location in well_known(server) {
            match fetch.document(&location).await {
                Ok(document) => return Self::read(server, document).map(Some),
                // Not here; what is no metadata is as good as nothing.
                Err(FetchError::Status { .. } | FetchError::Malformed { .. }) => {}
                Err(error) => return Err(failed(error)),
            }
        }
        Ok(None)
    }

    /// A server that says nothing of itself; `issuer` is what its operator knows.
    pub(super) fn silent(server: &Endpoint, issuer: &str) -> Self {
        Self {
            resource: canonical(server.url()),
            issuers: vec![issuer.to_owned()],
            scopes: None,
            binds: false,
        }
    }

    fn read(server: &Endpoint, document: ProtectedResource) -> Result<Self, SignInError> {
        // Otherwise a server could have us sign in for another one, and use our token there (RFC
        // 9728, section 3.3).
        let covers =
            Url::parse(&document.resource).is_ok_and(|resource| covers(&resource, server.url()));
        if !covers {
            return Err(SignInError::ResourceMismatch {
                server: server.to_string(),
            });
        }
        let binds = document.dpop_bound_access_tokens_required == Some(true)
            || document.dpop_signing_alg_values_supported.is_some();
        Ok(Self {
            resource: document.resource,
            issuers: document.authorization_servers,
            scopes: document
                .scopes_supported
                .map(|scopes| scopes.iter().map(String::as_str).collect()),
            binds,
        })
    }
}

/// Whether `resource` is `server` or a place above it on the same host: metadata at the root of a
/// host may speak for everything there.
fn covers(resource: &Url, server: &Url) -> bool {
    let above = resource.path().trim_end_matches('/');
    let below = server.path().strip_prefix(above);
    same_origin(resource, server)
        && resource.fragment().is_none()
        && (resource.query().is_none() || resource.query() == server.query())
        && below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The address of a server as its resource identifier: no fragment, and no slash that means nothing
/// (MCP, canonical server URI).
fn canonical(server: &Url) -> String {
    let text = server.as_str();
    match server.path() {
        "/" if server.query().is_none() => text.trim_end_matches('/').to_owned(),
        _ => text.to_owned(),
    }
}

fn well_known(server: &Endpoint) -> Vec<Endpoint> {
    let path = server.url().path().trim_end_matches('/');
    let mut paths = vec![format!("{WELL_KNOWN}{path}")];
    if !path.is_empty() {
        paths.push(WELL_KNOWN.to_owned());
    }
    let at = |path: String| {
        let mut url = server.url().clone();
        url.set_path(&path);
        url.set_query(None);
        Endpoint::new(url).ok()
    };
    paths.into_iter().filter_map(at).collect()
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::covers;

    #[test]
    fn metadata_speaks_for_its_server_or_for_everything_below_it() {
        let server = Url::parse("https://mcp.example/a/mcp").unwrap();
        for (resource, expected) in [
            ("https://mcp.example/a/mcp", true),
            ("https://mcp.example", true),
            ("https://MCP.example:443/a/", true),
            ("https://mcp.example/a/mc", false),
            ("https://mcp.example/b", false),
            ("https://evil.example/a/mcp", false),
            ("http://mcp.example/a/mcp", false),
            ("https://mcp.example/a/mcp#x", false),
        ] {
            let resource = Url::parse(resource).unwrap();
            assert_eq!(covers(&resource, &server), expected, "{resource}");
        }
    }
}
