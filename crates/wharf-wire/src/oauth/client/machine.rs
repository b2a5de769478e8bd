//! Tokens that nobody is asked for: what a program, an enterprise or a workload shows instead.

use super::error::SignInError;
use super::identity::{Credentials, Identity};
use super::obtain::Obtainer;
use super::registration::bound;
use super::settings::{Enterprise, SubjectKind, Workload};
use super::store::TokenKind;
use super::token::{Issued, TokenError, TokenRequest};
use crate::oauth::metadata::AuthorizationServer;
use crate::oauth::secret::Secret;

const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ID_JAG: &str = "urn:ietf:params:oauth:token-type:id-jag";

impl Obtainer<'_> {
    /// Client credentials (OAuth 2.1, section 4.2).
    pub(super) async fn as_program(
        &self,
        credentials: &Credentials,
    ) -> Result<(Identity, Issued), SignInError> {
        let identity = bound(credentials, &self.server.issuer)?;
        let fields = vec![("grant_type", "client_credentials".to_owned())];
        let issued = self.ask(Some(&identity), fields).await?;
        Ok((identity, issued))
    }

    /// From the sign-in at the company's provider to a grant for the server's issuer (RFC 8693), and
    /// from that to a token (RFC 7523, section 2.1).
    pub(super) async fn as_enterprise(
        &self,
        enterprise: &Enterprise,
    ) -> Result<(Identity, Issued), SignInError> {
        let identity = bound(&enterprise.credentials, &self.server.issuer)?;
        let grant = self.id_jag(enterprise).await?;
        let issued = self.ask(Some(&identity), assertion(&grant)).await?;
        Ok((identity, issued))
    }

    /// What the workload's platform says of it is all that it shows. A refusal is final: no second
    /// question, no other kind of grant.
    pub(super) async fn as_workload(
        &self,
        workload: &Workload,
    ) -> Result<(Identity, Issued), SignInError> {
        let statement = workload
            .assertion
            .assertion()
            .await
            .map_err(SignInError::Assertion)?;
        let client_id = workload.client_id.as_deref();
        let identity = client_id.map(Identity::public);
        let issued = self.ask(identity.as_ref(), assertion(&statement)).await?;
        Ok((Identity::public(client_id.unwrap_or_default()), issued))
    }

    async fn id_jag(&self, enterprise: &Enterprise) -> Result<Secret, SignInError> {
        let subject = enterprise
            .subject
            .assertion()
            .await
            .map_err(SignInError::Assertion)?;
        let mut fields = vec![
            ("grant_type", TOKEN_EXCHANGE.to_owned()),
            ("requested_token_type", ID_JAG.to_owned()),
            ("audience", self.server.issuer.clone()),
            ("resource", self.protected.resource.clone()),
            ("subject_token", subject.expose().to_owned()),
            (
                "subject_token_type",
                subject_type(enterprise.subject_kind).to_owned(),
            ),
        ];
        fields.extend(self.scope_field());
        let provider = provider(enterprise);
        let request = TokenRequest {
            endpoint: &enterprise.provider,
            server: &provider,
            identity: Some(&Identity::new(&enterprise.provider_credentials)),
            fields,
            proofs: None,
        };
        let issued = request.send(self.fetch, self.now).await;
        grant(issued).map_err(|source| SignInError::Token {
            issuer: provider.issuer,
            source,
        })
    }
}

/// All that is known of the company's provider: its name, which it may go by its address for.
fn provider(enterprise: &Enterprise) -> AuthorizationServer {
    let named = enterprise.provider_credentials.issuer.clone();
    AuthorizationServer {
        issuer: named.unwrap_or_else(|| enterprise.provider.url().to_string()),
        ..AuthorizationServer::default()
    }
}

/// The grant in an answer, if it is one. Anything else must not be shown to another server.
fn grant(issued: Result<Issued, TokenError>) -> Result<Secret, TokenError> {
    let issued = issued?;
    let kind = issued.token_type.as_deref() == Some(ID_JAG);
    if kind && issued.kind == TokenKind::Other {
        Ok(issued.access_token)
    } else {
        Err(TokenError::Unusable("it is no grant for another issuer"))
    }
}

fn assertion(statement: &Secret) -> Vec<(&'static str, String)> {
    vec![
        ("grant_type", JWT_BEARER.to_owned()),
        ("assertion", statement.expose().to_owned()),
    ]
}

fn subject_type(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::IdToken => "urn:ietf:params:oauth:token-type:id_token",
        SubjectKind::Saml2 => "urn:ietf:params:oauth:token-type:saml2",
    }
}
