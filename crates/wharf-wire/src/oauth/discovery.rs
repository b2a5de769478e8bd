//! Metadata of an authorization server, found from its issuer alone.

use url::Url;

use super::endpoint::Endpoint;
use super::fetch::{self, Fetch, FetchError};
use super::metadata::AuthorizationServer;

/// No metadata of an issuer can be used.
#[derive(Debug, thiserror::Error)]
pub enum DiscoveryError {
    #[error("the issuer `{issuer}` publishes no metadata at any of its well-known addresses")]
    None { issuer: String },
    #[error("the metadata of the issuer `{issuer}` speaks for another one")]
    Mismatch { issuer: String },
    #[error("the metadata of the issuer `{issuer}` cannot be read")]
    Fetch {
        issuer: String,
        #[source]
        source: FetchError,
    },
}

/// The metadata that `issuer` publishes of itself. The first well-known address that has a document
/// decides, in the order that MCP fixes (authorization server metadata discovery).
///
/// # Errors
///
/// [`DiscoveryError`]. A document that names another issuer is never used (RFC 8414, section 3.3).
pub(crate) async fn authorization_server(
    fetch: &Fetch,
    issuer: &str,
) -> Result<AuthorizationServer, DiscoveryError> {
    let failed = |source| DiscoveryError::Fetch {
        issuer: issuer.to_owned(),
        source,
    };
    let base = fetch::endpoint(issuer).map_err(failed)?;
    for candidate in well_known(&base) {
        match fetch.document::<AuthorizationServer>(&candidate).await {
            // Compared as the strings they are: any normalisation would let one issuer pass as
            // another.
            Ok(found) if found.issuer == issuer => return Ok(found),
            Ok(_) => {
                return Err(DiscoveryError::Mismatch {
                    issuer: issuer.to_owned(),
                });
            }
            // Not here. Some sites answer every address with a page, so what is no metadata is
            // as good as nothing.
            Err(FetchError::Status { .. } | FetchError::Malformed { .. }) => {}
            Err(error) => return Err(failed(error)),
        }
    }
    Err(DiscoveryError::None {
        issuer: issuer.to_owned(),
    })
}

/// Where metadata of `issuer` may be: RFC 8414 with the path inserted, OpenID Connect with the path
/// inserted, OpenID Connect with the path before it.
fn well_known(issuer: &Endpoint) -> Vec<Endpoint> {
    let path = issuer.url().path().trim_end_matches('/');
    let mut paths = vec![
        format!("/.well-known/oauth-authorization-server{path}"),
        format!("/.well-known/openid-configuration{path}"),
    ];
    if !path.is_empty() {
        paths.push(format!("{path}/.well-known/openid-configuration"));
    }
    paths
        .into_iter()
        .filter_map(|path| Endpoint::new(at(issuer.url(), &path)).ok())
        .collect()
}

/// `path` on the server of `url`.
fn at(url: &Url, path: &str) -> Url {
    let mut url = url.clone();
    url.set_path(path);
    url.set_query(None);
    url
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::well_known;
    use crate::oauth::endpoint::Endpoint;

    #[track_caller]
    fn check(issuer: &str, expected: Expect) {
        let found = well_known(&Endpoint::parse(issuer).unwrap());
        let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
        expected.assert_eq(&lines.join("\n"));
    }

    /// Row D2.
    #[test]
    fn an_issuer_without_a_path_has_two_addresses() {
        check(
            "https://as.example",
            expect![[r"
                https://as.example/.well-known/oauth-authorization-server
                https://as.example/.well-known/openid-configuration"]],
        );
    }

    /// Row D2.
    #[test]
    fn an_issuer_with_a_path_has_three() {
        check(
            "https://as.example/tenant1/",
            expect![[r"
                https://as.example/.well-known/oauth-authorization-server/tenant1
                https://as.example/.well-known/openid-configuration/tenant1
                https://as.example/tenant1/.well-known/openid-configuration"]],
        );
    }
}
