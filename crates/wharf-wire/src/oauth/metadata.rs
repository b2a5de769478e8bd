//! What servers publish of themselves. Fields that we do not read may be there and hold anything.

use serde::{Deserialize, Serialize};

/// Protected resource metadata (RFC 9728, section 2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProtectedResource {
    /// The resource's identifier, byte for byte as tokens name it.
    pub resource: String,
    /// Issuers, byte for byte as they name themselves.
    #[serde(default)]
    pub authorization_servers: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scopes_supported: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bearer_methods_supported: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dpop_signing_alg_values_supported: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dpop_bound_access_tokens_required: Option<bool>,
}

/// Authorization server metadata (RFC 8414, section 2; OpenID Connect Discovery 1.0, section 3).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct AuthorizationServer {
    pub issuer: String,
    pub authorization_endpoint: Option<String>,
    pub token_endpoint: Option<String>,
    pub registration_endpoint: Option<String>,
    pub introspection_endpoint: Option<String>,
    pub jwks_uri: Option<String>,
    pub scopes_supported: Option<Vec<String>>,
    pub code_challenge_methods_supported: Option<Vec<String>>,
    pub token_endpoint_auth_methods_supported: Option<Vec<String>>,
    pub authorization_response_iss_parameter_supported: Option<bool>,
    pub client_id_metadata_document_supported: Option<bool>,
    pub dpop_signing_alg_values_supported: Option<Vec<String>>,
}

impl AuthorizationServer {
    pub fn offers_scope(&self, scope: &str) -> bool {
        lists(self.scopes_supported.as_deref(), scope)
    }

    /// Whether it says that it supports PKCE with `S256`. Where it says nothing it does not (MCP,
    /// authorization code protection).
    pub fn supports_s256(&self) -> bool {
        lists(self.code_challenge_methods_supported.as_deref(), "S256")
    }

    pub fn supports_dpop(&self, algorithm: &str) -> bool {
        lists(self.dpop_signing_alg_values_supported.as_deref(), algorithm)
    }
}

fn lists(values: Option<&[String]>, value: &str) -> bool {
    values.is_some_and(|values| values.iter().any(|own| own == value))
}
