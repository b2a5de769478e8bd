//! The answer to `tools/list`: a page of what the caller may use.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use wharf_protocol::cache::{CacheHint, CacheScope};
use wharf_protocol::error::ErrorObject;
use wharf_protocol::port::{Answer, Exchange, Reply, Request};
use wharf_protocol::revision::Era;
use wharf_protocol::tool::{ListToolsParams, ListToolsResult};

use crate::catalog::View;
use crate::gateway::Gateway;
use crate::identify::identify;

/// Milliseconds for which a list may be thought fresh. Short, because not every client listens for
/// changes, and a list is cheap to answer.
const FRESH_MS: u64 = 30_000;

impl Gateway {
    /// Answers `tools/list` from the same view that calls are found in.
    pub(crate) fn list(&self, request: &Request, exchange: &Exchange) -> Reply {
        let params: ListToolsParams = request.params()?;
        let after = params.cursor.as_deref().map(decode).transpose()?;
        let state = self.state();
        let principal = identify(exchange);
        let view = View::new(&state.catalog, &state.policy, &principal);
        let mut tools = view.after(after.as_deref()).peekable();
        let page: Vec<_> = tools.by_ref().take(state.limits().page_tools).collect();
        let next_cursor = match (tools.peek(), page.last()) {
            (Some(_), Some(last)) => Some(URL_SAFE_NO_PAD.encode(&last.name)),
            _ => None,
        };
        Answer::complete(&ListToolsResult {
            tools: page
                .iter()
                .filter_map(|tool| tool.definition())
                .map(ToOwned::to_owned)
                .collect(),
            next_cursor,
            // Rules decide what is listed, so a list is nobody else's.
            cache: (exchange.revision.era() == Era::Modern).then_some(CacheHint {
                ttl_ms: FRESH_MS,
                cache_scope: CacheScope::Private,
            }),
        })
    }
}

/// A cursor is the name of the last tool that was listed: it needs no memory here, and it holds when
/// tools come and go between two pages.
fn decode(cursor: &str) -> Result<String, ErrorObject> {
    URL_SAFE_NO_PAD
        .decode(cursor)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .filter(|name| name.len() <= 128)
        .ok_or_else(|| ErrorObject::invalid_params("Invalid cursor: start again without one"))
}
