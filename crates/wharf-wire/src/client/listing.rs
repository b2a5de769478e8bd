//! Lists that come in pages, within bounds.

use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;
use wharf_protocol::method::Method;
use wharf_protocol::port::Request;

use super::asking::{Asking, Freshness};
use super::connection::Core;
use super::error::AskError;

/// One page, as far as going on is concerned.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    next_cursor: Option<String>,
    #[serde(alias = "resources", alias = "resourceTemplates", alias = "prompts")]
    tools: Vec<Box<RawValue>>,
}

/// Every item of the list that `method` asks for.
pub(super) async fn all(
    core: &Core,
    method: &Method,
    asking: &Asking,
) -> Result<Vec<Box<RawValue>>, AskError> {
    let limits = core.line.settings.limits;
    let mut items = Vec::new();
    let mut cursor: Option<String> = None;
    for _ in 0..limits.pages {
        let params = cursor
            .as_ref()
            .map_or(json!({}), |cursor| json!({ "cursor": cursor }));
        let request = Request::new(method.clone(), &params).map_err(AskError::Invalid)?;
        let result = core.ask(&request, asking).await?;
        let page: Page = serde_json::from_str(result.get())
            .map_err(|error| AskError::malformed(error.to_string()))?;
        items.extend(page.tools);
        if items.len() > limits.items {
            return Err(AskError::malformed(format!(
                "its list has more than {} items",
                limits.items
            )));
        }
        match page.next_cursor {
            None => return Ok(items),
            Some(next) if cursor.as_ref() == Some(&next) => {
                return Err(AskError::malformed("its list goes in circles"));
            }
            next => cursor = next,
        }
    }
    Err(AskError::malformed(format!(
        "its list has more than {} pages",
        limits.pages
    )))
}

/// Reads the list of tools again, for what it says about headers.
pub(super) async fn again(core: &Core) -> Result<(), AskError> {
    let asking = Asking {
        freshness: Freshness::Now,
        ..Asking::default()
    };
    // Boxed: reading a list is asking, which may come here.
    let method = Method::TOOLS_LIST;
    let reading = Box::pin(all(core, &method, &asking));
    reading.await.map(drop)
}
