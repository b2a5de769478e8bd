//! Who may call: security schemes of both generations, and what an operation requires.

use std::collections::BTreeMap;

use crate::diagnostic::Findings;
use crate::document::{Document, Site};
use crate::operation::{Location, OAuthFlow, Requirement, SecurityScheme};
use crate::tree::Node;

/// Every scheme that the document defines, by name.
pub(crate) fn schemes(
    document: &Document,
    findings: &mut Findings<'_>,
) -> BTreeMap<String, SecurityScheme> {
    let root = document.root();
    let defined = if document.dialect.is_swagger() {
        root.get("securityDefinitions")
    } else {
        root.get("components")
            .and_then(|components| components.get("securitySchemes"))
    };
    let mut schemes = BTreeMap::new();
    for (name, node) in defined.into_iter().flat_map(Node::members) {
        match document.follow(node) {
            Ok(node) => {
                let scheme = scheme(node);
                if let SecurityScheme::Other { kind } = &scheme {
                    findings
                        .warning(
                            node,
                            "unknown-security-scheme",
                            format!(
                                "`{name}` has the type `{kind}`, which no specification defines"
                            ),
                        )
                        .help("use apiKey, http, oauth2, openIdConnect or mutualTLS");
                }
                schemes.insert(name.to_owned(), scheme);
            }
            Err(broken) => {
                broken.report(findings, node, "the scheme is left out");
            }
        }
    }
    schemes
}

fn scheme(node: Node<'_>) -> SecurityScheme {
    let text = |key| {
        node.get(key)
            .and_then(Node::as_text)
            .unwrap_or_default()
            .to_owned()
    };
    let kind = text("type");
    match kind.to_ascii_lowercase().as_str() {
        "apikey" => SecurityScheme::ApiKey {
            location: key_location(&text("in")),
            name: text("name"),
        },
        "basic" => SecurityScheme::Http {
            scheme: "basic".to_owned(),
        },
        "http" => SecurityScheme::Http {
            scheme: text("scheme").to_ascii_lowercase(),
        },
        "oauth2" => SecurityScheme::OAuth2 { flows: flows(node) },
        "openidconnect" => SecurityScheme::OpenIdConnect {
            url: text("openIdConnectUrl"),
        },
        "mutualtls" => SecurityScheme::MutualTls,
        _ => SecurityScheme::Other { kind },
    }
}

fn key_location(location: &str) -> Location {
    match location.to_ascii_lowercase().as_str() {
        "query" => Location::Query,
        "cookie" => Location::Cookie,
        _ => Location::Header,
    }
}

fn flows(node: Node<'_>) -> Vec<OAuthFlow> {
    match (node.get("flows"), node.str("flow")) {
        (Some(flows), _) => flows
            .members()
            .filter(|(kind, _)| !kind.starts_with("x-"))
            .map(|(kind, flow)| self::flow(kind, flow))
            .collect(),
        (None, Some(kind)) => vec![flow(kind, node)],
        (None, None) => Vec::new(),
    }
}

fn flow(kind: &str, node: Node<'_>) -> OAuthFlow {
    // Swagger 2.0's names for two of them.
    let kind = match kind {
        "application" => "clientCredentials",
        "accessCode" => "authorizationCode",
        other => other,
    };
    let url = |key| node.str(key).map(str::to_owned);
    OAuthFlow {
        kind: kind.to_owned(),
        token_url: url("tokenUrl"),
        authorization_url: url("authorizationUrl"),
        scopes: node
            .get("scopes")
            .into_iter()
            .flat_map(Node::members)
            .map(|(scope, _)| scope.to_owned())
            .collect(),
    }
}

/// What the operation requires: its own list, else the document's. An empty list lifts the
/// document's; an empty object among alternatives means that no credential does as well.
pub(crate) fn requirements(
    site: &Site<'_>,
    known: &BTreeMap<String, SecurityScheme>,
    findings: &mut Findings<'_>,
) -> Vec<Requirement> {
    let Some(list) = site
        .operation
        .get("security")
        .or_else(|| site.document.root().get("security"))
    else {
        return Vec::new();
    };
    let mut requirements = Vec::new();
    for alternative in list.items().filter(|alternative| alternative.is_object()) {
        let mut requirement = Requirement::default();
        for (name, scopes) in alternative.members() {
            if !known.contains_key(name) {
                findings
                    .warning(
                        scopes,
                        "undefined-security-scheme",
                        format!("the security scheme `{name}` is not defined"),
                    )
                    .help("define it, or configure the credential for this upstream by hand");
            }
            let scopes = scopes
                .items()
                .filter_map(Node::as_str)
                .map(str::to_owned)
                .collect();
            requirement.schemes.push((name.to_owned(), scopes));
        }
        requirements.push(requirement);
    }
    requirements
}
