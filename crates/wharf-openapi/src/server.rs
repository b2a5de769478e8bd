//! Where requests go: servers, variables, hosts and base paths.

use url::Url;

use crate::diagnostic::Findings;
use crate::document::{Document, Site};
use crate::tree::Node;

/// The server of an operation: its own, its path's or the document's first one, without trailing
/// slash. Relative where the document does not say and nobody knows where it came from.
pub(crate) fn of(site: &Site<'_>, findings: &mut Findings<'_>) -> String {
    let document = site.document;
    if document.dialect.is_swagger() {
        return swagger(document, site.operation);
    }
    let own = site
        .operation
        .get("servers")
        .filter(|servers| servers.items().len() > 0);
    let servers = own.or_else(|| {
        site.path_item
            .get("servers")
            .filter(|servers| servers.items().len() > 0)
    });
    match servers {
        Some(servers) => first(document, servers, findings),
        None => of_document(document, findings),
    }
}

/// The server of every operation that names none itself.
pub(crate) fn of_document(document: &Document, findings: &mut Findings<'_>) -> String {
    if document.dialect.is_swagger() {
        return swagger(document, document.root());
    }
    match document.root().get("servers") {
        Some(servers) if servers.items().len() > 0 => first(document, servers, findings),
        _ => absolute(document, "/"),
    }
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
        match default.or_else(allowed) {
            Some(value) => filled.push_str(value),
            None => {
                findings
                    .warning(
                        server,
                        "server-variable",
                        format!("the server variable `{name}` has no default"),
                    )
                    .help("set the upstream's address");
                filled.push_str(&format!("{{{name}}}"));
            }
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
    let scheme = match declared.iter().any(|scheme| scheme == "https") {
        true => "https".to_owned(),
        false => declared
            .into_iter()
            .next()
            .or(fetched_by)
            .unwrap_or_else(|| "https".to_owned()),
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
    let server = joined.unwrap_or_else(|| server.to_owned());
    // A query on a server has no meaning that an operation's path could be appended to.
    let server = server.split(['?', '#']).next().unwrap_or_default();
    server.trim_end_matches('/').to_owned()
}

/// Whether requests can be sent there as it stands.
pub(crate) fn is_complete(server: &str) -> bool {
    Url::parse(server).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        && !server.contains('{')
}
