//! A person signs in: the question that their browser takes along, and the answer that it brings.

use url::Url;

use super::error::SignInError;
use super::interaction::Redirected;
use super::pkce::Pkce;
use super::token::word;
use crate::oauth::fetch;
use crate::oauth::metadata::AuthorizationServer;
use crate::oauth::random;
use crate::oauth::scope::Scopes;

/// One attempt to sign in. Everything that its answer is held against is in it.
pub(super) struct Attempt<'a> {
    server: &'a AuthorizationServer,
    state: String,
    pub pkce: Pkce,
}

/// What is asked for.
pub(super) struct Question<'a> {
    pub client_id: &'a str,
    pub redirect_uri: &'a str,
    pub resource: &'a str,
    pub scopes: Option<&'a Scopes>,
    /// The key that the token will be bound to (RFC 9449, section 10).
    pub thumbprint: Option<&'a str>,
}

impl<'a> Attempt<'a> {
    /// An attempt at `server`, whose metadata was found to be its own.
    ///
    /// # Errors
    ///
    /// [`SignInError::NoPkce`].
    pub(super) fn new(server: &'a AuthorizationServer) -> Result<Self, SignInError> {
        if !server.supports_s256() {
            return Err(SignInError::NoPkce {
                issuer: server.issuer.clone(),
            });
        }
        Ok(Self {
            server,
            state: random::text(),
            pkce: Pkce::new(),
        })
    }

    pub(super) fn state(&self) -> &str {
        &self.state
    }

    /// The page that asks the person.
    ///
    /// # Errors
    ///
    /// Where the issuer names none, or one that no browser should be opened at.
    pub(super) fn page(&self, question: &Question<'_>) -> Result<Url, SignInError> {
        let named = self.server.authorization_endpoint.as_deref();
        let named = named.ok_or_else(|| SignInError::Incomplete {
            issuer: self.server.issuer.clone(),
            what: "authorization_endpoint",
        })?;
        let endpoint = fetch::endpoint(named).map_err(|source| SignInError::Endpoint {
            issuer: self.server.issuer.clone(),
            source,
        })?;
        let mut pairs = vec![
            ("response_type", "code"),
            ("client_id", question.client_id),
            ("redirect_uri", question.redirect_uri),
            ("state", &self.state),
            ("code_challenge", &self.pkce.challenge),
            ("code_challenge_method", "S256"),
            ("resource", question.resource),
        ];
        let scopes = question.scopes.map(ToString::to_string);
        if let Some(scopes) = &scopes {
            pairs.push(("scope", scopes));
        }
        if question
            .scopes
            .is_some_and(|scopes| scopes.contains("offline_access"))
        {
            // Without it, offline access is ignored (OpenID Connect Core, section 11).
            pairs.push(("prompt", "consent"));
        }
        if let Some(thumbprint) = question.thumbprint {
            pairs.push(("dpop_jkt", thumbprint));
        }
        Ok(with_pairs(endpoint.url(), &pairs))
    }

    /// The code in an answer that is found to be this attempt's and this issuer's.
    ///
    /// # Errors
    ///
    /// [`SignInError`]; of an answer that is not this issuer's, nothing is told, its error included.
    pub(super) fn code(&self, answer: &Redirected) -> Result<String, SignInError> {
        if answer.parameter("state") != Some(&self.state) {
            return Err(SignInError::State);
        }
        self.check_issuer(answer)?;
        if let Some(error) = answer.parameter("error") {
            return Err(SignInError::Denied {
                issuer: self.server.issuer.clone(),
                code: word(error).unwrap_or_else(|| "no reason given".to_owned()),
            });
        }
        answer
            .parameter("code")
            .map(ToOwned::to_owned)
            .ok_or(SignInError::NoCode)
    }

    /// The table of MCP, authorization response validation (RFC 9207, section 2.4). Compared as the
    /// strings they are.
    fn check_issuer(&self, answer: &Redirected) -> Result<(), SignInError> {
        let promised = self.server.authorization_response_iss_parameter_supported == Some(true);
        match answer.parameter("iss") {
            Some(iss) if iss == self.server.issuer => Ok(()),
            None if !promised && !answer.has("iss") => Ok(()),
            _ => Err(SignInError::Issuer),
        }
    }
}

/// `url` with `pairs` in its query, and what it had there but for what they replace.
fn with_pairs(url: &Url, pairs: &[(&str, &str)]) -> Url {
    let own: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| !pairs.iter().any(|(ours, _)| ours == name))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    let mut url = url.clone();
    url.query_pairs_mut()
        .clear()
        .extend_pairs(own)
        .extend_pairs(pairs);
    url
}

#[cfg(test)]
mod tests {
    use super::Attempt;
    use crate::oauth::client::interaction::Redirected;
    use crate::oauth::metadata::AuthorizationServer;

    const FOREIGN: &str = "the answer to the sign-in comes from another issuer, so it is not used";
    const STRAY: &str = "the answer to the sign-in is not for this attempt, so it is not used";

    /// What becomes of an answer; `STATE` in it stands for the attempt's own.
    #[track_caller]
    fn check(promised: Option<bool>, query: &str, expected: &str) {
        let server = AuthorizationServer {
            issuer: "https://as.example".to_owned(),
            code_challenge_methods_supported: Some(vec!["S256".to_owned()]),
            authorization_response_iss_parameter_supported: promised,
            ..AuthorizationServer::default()
        };
        let attempt = Attempt::new(&server).unwrap();
        let answer = Redirected::parse(&query.replace("STATE", &attempt.state));
        let found = match attempt.code(&answer) {
            Ok(code) => code,
            Err(error) => error.to_string(),
        };
        assert_eq!(found, expected, "{promised:?} {query}");
    }

    /// Row D5.
    #[test]
    fn an_issuer_is_compared_as_the_string_it_is() {
        for promised in [Some(true), Some(false), None] {
            let own = "state=STATE&code=c&iss=https%3A%2F%2Fas.example";
            check(promised, own, "c");
            for other in [
                "https://as.example/",
                "https://AS.example",
                "https://as.example:443",
                "",
            ] {
                check(
                    promised,
                    &format!("state=STATE&code=c&iss={other}"),
                    FOREIGN,
                );
            }
        }
    }

    /// Row D5.
    #[test]
    fn an_issuer_may_be_left_out_only_where_none_was_promised() {
        check(Some(true), "state=STATE&code=c", FOREIGN);
        check(Some(false), "state=STATE&code=c", "c");
        check(None, "state=STATE&code=c", "c");
    }

    /// Row D5.
    #[test]
    fn the_error_of_another_issuer_is_not_even_shown() {
        let query = "state=STATE&iss=https://evil.example&error=call_this_number";
        check(None, query, FOREIGN);
        let denied = "`https://as.example` refused the sign-in: access_denied";
        check(None, "state=STATE&error=access_denied", denied);
    }

    /// Row D12.
    #[test]
    fn an_answer_without_the_very_state_is_discarded() {
        check(None, "code=c", STRAY);
        check(None, "code=c&state=guess", STRAY);
        check(None, "code=c&state=STATE&state=STATE", STRAY);
    }

    #[test]
    fn two_codes_are_none() {
        let none = "the answer to the sign-in holds no code";
        check(None, "code=a&code=b&state=STATE", none);
    }
}
