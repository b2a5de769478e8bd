//! Where requests go: servers, variables, hosts and base paths.

use url::Url;

use crate::diagnostic::Findings;
use crate::document::{Document, Site};
use crate::tree::Node;

/// The server that an operation or its path names for itself, without trailing slash.
pub(crate) fn of_operation(site: &Site<'_>, findings: &mut Findings<'_>) -> Option<String> {
    let document = site.document;
    if document.dialect.is_swagger() {
        let has_own = site.operation.list("schemes").next().is_some();
        return has_own.then(|| swagger(document, site.operation));
    }
    let levels = [site.operation.get("servers"), site.path_item.get("servers")];
    let servers = levels
        .into_iter()
        .flatten()
        .find(|servers| servers.items().len() > 0)?;
    let server = first(document, servers, findings);
    if !is_complete(&server) {
        incomplete(servers, &server, findings);
    }
    Some(server)
}

/// The server of every operation that names none itself: the document's first one. Relative where
/// nobody knows where the document came from.
pub(crate) fn of_document(document: &Document, findings: &mut Findings<'_>) -> String {
    let servers = document
        .root()
        .get("servers")
        .filter(|servers| servers.items().len() > 0);
    let server = match servers {
        _ if document.dialect.is_swagger() => swagger(document, document.root()),
        Some(servers) => first(document, servers, findings),
        None => absolute(document, "/"),
    };
    if !is_complete(&server) {
        incomplete(servers.unwrap_or(document.root()), &server, findings);
    }
    server
}

fn incomplete(at: Node<'_>, server: &str, findings: &mut Findings<'_>) {
    let message = match server {
        "" => "the document does not say where its API is".to_owned(),
        partial => format!("the server `{partial}` is not a complete address"),
    };
    findings
        .warning(at, "no-server", message)
        .help("set the upstream's address");
}

fn first(document: &Document, servers: Node<'_>, findings: &mut Findings<'_>) -> String {
    let mut urls = servers.items();
    let Some(server) = urls.next() else {
        return absolute(document, "/");
    };
    if urls.len() > 0 {
        let message = format!(
            "{} servers are declared; the first one is used",
            urls.len() + 1
        );
        findings
            .note(servers, "several-servers", message)
            .help("set the upstream's address to choose another");
    }
    let written = server.str("url").unwrap_or("/");
    absolute(document, &fill(written, server, findings))
}

/// Replaces `{variables}` by their defaults, or by the first value they allow.
fn fill(url: &str, server: Node<'_>, findings: &mut Findings<'_>) -> String {
    let mut filled = String::with_capacity(url.len());
    let mut rest = url;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else {
            break;
        };
        filled.push_str(before);
        let variable = server
            .get("variables")
            .and_then(|variables| variables.get(name));
        let default = variable
            .and_then(|variable| variable.get("default"))
            .and_then(Node::as_text);
        let allowed = || {
            variable
                .and_then(|variable| variable.list("enum").next())
                .and_then(Node::as_text)
        };
        if let Some(value) = default.or_else(allowed) {
            filled.push_str(value);
        } else {
            let message = format!("the server variable `{name}` has no default");
            findings
                .warning(server, "server-variable", message)
                .help("set the upstream's address");
            filled.extend(["{", name, "}"]);
        }
        rest = behind;
    }
    filled + rest
}

fn swagger(document: &Document, operation: Node<'_>) -> String {
    let root = document.root();
    let schemes = |node: Node<'_>| -> Vec<String> {
        node.list("schemes")
            .filter_map(Node::as_str)
            .map(str::to_ascii_lowercase)
            .collect()
    };
    let declared = Some(schemes(operation))
        .filter(|own| !own.is_empty())
        .unwrap_or_else(|| schemes(root));
    let fetched_by = document
        .base
        .as_ref()
        .map(|base| base.scheme().to_owned())
        .filter(|scheme| scheme.starts_with("http"));
    let scheme = if declared.iter().any(|scheme| scheme == "https") {
        "https".to_owned()
    } else {
        declared
            .into_iter()
            .next()
            .or(fetched_by)
            .unwrap_or_else(|| "https".to_owned())
    };
    let base_path = root.str("basePath").unwrap_or_default();
    let slash = if base_path.starts_with('/') || base_path.is_empty() {
        ""
    } else {
        "/"
    };
    let path = format!("{slash}{base_path}");
    match root
        .str("host")
        .map(str::trim)
        .filter(|host| !host.is_empty())
    {
        // Some write the scheme, or the path, into the host.
        Some(host) if host.contains("://") => {
            absolute(document, &format!("{}{path}", host.trim_end_matches('/')))
        }
        Some(host) => absolute(
            document,
            &format!("{scheme}://{}{path}", host.trim_end_matches('/')),
        ),
        None => absolute(document, if path.is_empty() { "/" } else { &path }),
    }
}

/// Resolves a relative server against where the document came from.
fn absolute(document: &Document, server: &str) -> String {
    let server = server.trim();
    let has_host = server.contains("://");
    let joined = match &document.base {
        Some(base) if !has_host => base.join(server).ok().map(String::from),
        _ => None,
    };
    let server = joined.unwrap_or_else(|| {
        if server.starts_with("//") {
            format!("https:{server}")
        } else {
            server.to_owned()
        }
    });
    // A query on a server has no meaning that an operation's path could be appended to.
    let server = server.split(['?', '#']).next().unwrap_or_default();
    server.trim_end_matches('/').to_owned()
}

/// Whether requests can be sent there as it stands.
fn is_complete(server: &str) -> bool {
    Url::parse(server).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        && !server.contains('{')
}
