//! What signs in, in the scenarios whose names begin with `auth/`.

use std::env;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use url::Url;
use wharf_wire::client::Authorizer;
use wharf_wire::oauth::client::{
    Authentication, Authorization, Credentials, Enterprise, Fixed, Grant, Headless, Loopback,
    MemoryStore, Person, ProofUse, Settings, SubjectKind, Workload,
};
use wharf_wire::oauth::clock::System;
use wharf_wire::oauth::endpoint::Endpoint;
use wharf_wire::oauth::jose::{Algorithm, SigningKey};
use wharf_wire::oauth::secret::Secret;
use wharf_wire::outbound::Egress;

type Failure = Box<dyn Error + Send + Sync>;

/// Where the suite pretends that its client describes itself.
const METADATA_DOCUMENT: &str = "https://conformance-test.local/client-metadata.json";

/// What lets this client in at `server`, where the scenario is about that.
pub(crate) fn authorizer(server: &Url) -> Result<Option<Arc<dyn Authorizer>>, Failure> {
    let scenario = env::var("MCP_CONFORMANCE_SCENARIO").unwrap_or_default();
    let Some(scenario) = scenario.strip_prefix("auth/") else {
        return Ok(None);
    };
    let context = match env::var("MCP_CONFORMANCE_CONTEXT") {
        Ok(text) => serde_json::from_str(&text)?,
        Err(_) => Context::default(),
    };
    Ok(Some(Arc::new(Authorization::new(Settings {
        server: Endpoint::new(server.clone())?,
        grant: context.grant(scenario)?,
        issuer: None,
        trusted: Vec::new(),
        proof: ProofUse::WhenOffered,
        store: Arc::new(MemoryStore::default()),
        clock: System::shared(),
    }))))
}

/// What a scenario gives its client.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Context {
    issuer: Option<String>,
    client_id: String,
    client_secret: Option<String>,
    private_key_pem: Option<String>,
    signing_algorithm: Option<String>,
    idp_client_id: String,
    idp_id_token: String,
    idp_issuer: Option<String>,
    idp_token_endpoint: String,
    valid_jwt: String,
}

impl Context {
    fn grant(&self, scenario: &str) -> Result<Grant, Failure> {
        Ok(match scenario {
            "client-credentials-basic" | "client-credentials-jwt" => {
                Grant::Program(self.credentials()?)
            }
            "enterprise-managed-authorization" => Grant::Enterprise(Enterprise {
                credentials: self.credentials()?,
                provider: Endpoint::parse(&self.idp_token_endpoint)?,
                provider_credentials: Credentials {
                    issuer: self.idp_issuer.clone(),
                    client_id: self.idp_client_id.clone(),
                    authentication: Authentication::None,
                },
                subject: Arc::new(Fixed(Secret::new(self.idp_id_token.as_str()))),
                subject_kind: SubjectKind::IdToken,
            }),
            "wif-jwt-bearer" => Grant::Workload(Workload {
                client_id: Some(self.client_id.clone()),
                assertion: Arc::new(Fixed(Secret::new(self.valid_jwt.as_str()))),
            }),
            _ => Grant::Person(self.person()?),
        })
    }

    fn person(&self) -> Result<Person, Failure> {
        let browser = Headless::new(Egress::new(&[], true));
        let known = !self.client_id.is_empty();
        Ok(Person {
            interaction: Arc::new(Loopback::new(Arc::new(browser), Duration::from_secs(10))),
            credentials: known.then(|| self.credentials()).transpose()?,
            metadata_document: Some(METADATA_DOCUMENT.parse()?),
            client_name: "wharf-conformance-client".to_owned(),
            offline: true,
        })
    }

    fn credentials(&self) -> Result<Credentials, Failure> {
        let authentication = match (&self.private_key_pem, &self.client_secret) {
            (Some(pem), _) => {
                let algorithm = self.signing_algorithm.as_deref().and_then(Algorithm::named);
                Authentication::Key(Arc::new(SigningKey::from_pem(pem, algorithm)?))
            }
            (None, Some(secret)) => Authentication::Secret(Secret::new(secret.as_str())),
            (None, None) => Authentication::None,
        };
        Ok(Credentials {
            issuer: self.issuer.clone(),
            client_id: self.client_id.clone(),
            authentication,
        })
    }
}
