//! Addresses that somebody else named, and to which credentials go.

use std::fmt;

use url::{Position, Url};

use crate::outbound::is_loopback;

/// An address that credentials may be sent to: `https`, or `http` on this very machine; no user in
/// it, no fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint(Url);

/// An address that nothing is sent to and no browser is opened at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadEndpoint {
    #[error("it is no absolute address")]
    Malformed,
    #[error("it is neither https nor http on this machine")]
    Insecure,
    #[error("it has a user name or a password in it")]
    User,
    #[error("it has a fragment")]
    Fragment,
}

impl Endpoint {
    /// Takes `raw` as it stands.
    ///
    /// # Errors
    ///
    /// [`BadEndpoint`], the first rule that it breaks.
    pub fn parse(raw: &str) -> Result<Self, BadEndpoint> {
        Self::new(Url::parse(raw).map_err(|_| BadEndpoint::Malformed)?)
    }

    /// As [`Endpoint::parse`], for what is parsed already.
    ///
    /// # Errors
    ///
    /// [`BadEndpoint`], the first rule that it breaks.
    pub fn new(url: Url) -> Result<Self, BadEndpoint> {
        let secure = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
        if !secure || url.host().is_none() {
            return Err(BadEndpoint::Insecure);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BadEndpoint::User);
        }
        if url.fragment().is_some() {
            return Err(BadEndpoint::Fragment);
        }
        Ok(Self(url))
    }

    pub fn url(&self) -> &Url {
        &self.0
    }

    /// Scheme, host and port: what nonces and keys of one server are kept under.
    pub(crate) fn origin(&self) -> &str {
        &self.0[..Position::BeforePath]
    }
}

impl fmt::Display for Endpoint {
    // A query may hold what no log should.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0[..Position::AfterPath])
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::Endpoint;

    #[track_caller]
    fn check(raw: &str, expected: Expect) {
        expected.assert_eq(&match Endpoint::parse(raw) {
            Ok(endpoint) => endpoint.to_string(),
            Err(error) => error.to_string(),
        });
    }

    #[test]
    fn a_query_is_never_printed() {
        check(
            "https://as.example/authorize?tenant=a",
            expect!["https://as.example/authorize"],
        );
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        check(
            "http://127.0.0.1:9/token",
            expect!["http://127.0.0.1:9/token"],
        );
        check(
            "http://as.example/token",
            expect!["it is neither https nor http on this machine"],
        );
    }

    #[test]
    fn a_user_or_a_fragment_is_refused() {
        check(
            "https://as.example@evil.example/",
            expect!["it has a user name or a password in it"],
        );
        check("https://as.example/#token", expect!["it has a fragment"]);
    }
}
