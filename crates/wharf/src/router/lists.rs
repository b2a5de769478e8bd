//! The lists, rendered once.

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use wharf_protocol::app;
use wharf_protocol::cache::{CacheHint, CacheScope};
use wharf_protocol::error::ErrorObject;
use wharf_protocol::meta::Meta;
use wharf_protocol::port::{Answer, Exchange, Reply, Request};
use wharf_protocol::revision::Revision;
use wharf_protocol::tool::ListToolsParams;

use super::Offered;
use crate::error::Error;

/// How long a client may think a list fresh. Lists stand still while a server runs, and the next
/// version of it may start at any time.
const FRESHNESS: CacheHint = CacheHint {
    ttl_ms: 60_000,
    cache_scope: CacheScope::Public,
};

/// The whole answers, one page each.
pub(super) struct Lists {
    /// By whether only objects may be structured content, and whether interfaces are shown.
    tools: [Box<RawValue>; 4],
    prompts: Box<RawValue>,
    resources: Box<RawValue>,
    templates: Box<RawValue>,
    offers: [bool; 3],
}

impl Lists {
    pub(super) fn render(offered: &Offered) -> Result<Self, Error> {
        let tools = |objects_only, shows_views| {
            let tools = offered.tools.iter();
            let tools = tools.map(|it| it.item.definition(&it.name, objects_only, shows_views));
            list("tools", tools.collect())
        };
        let prompts = offered.prompts.iter().map(|it| it.item.listed(&it.name));
        let resources = offered.resources.iter().map(|it| it.item.listed());
        let templates = offered
            .templates
            .iter()
            .map(|(_, it)| it.item.listed_as_template());
        let has_resources = !offered.resources.is_empty() || !offered.templates.is_empty();
        Ok(Self {
            tools: [
                tools(false, false)?,
                tools(false, true)?,
                tools(true, false)?,
                tools(true, true)?,
            ],
            prompts: list("prompts", prompts.collect())?,
            resources: list("resources", resources.collect())?,
            templates: list("resourceTemplates", templates.collect())?,
            offers: [
                !offered.tools.is_empty(),
                !offered.prompts.is_empty(),
                has_resources,
            ],
        })
    }

    pub(super) fn answer(&self, request: &Request, exchange: &Exchange) -> Reply {
        let [tools, prompts, resources] = self.offers;
        let fields = match request.method.as_str() {
            "tools/list" if tools => self.tools(exchange),
            "prompts/list" if prompts => &self.prompts,
            "resources/list" if resources => &self.resources,
            "resources/templates/list" if resources => &self.templates,
            other => return Err(ErrorObject::method_not_found(other)),
        };
        if request.params::<ListToolsParams>()?.cursor.is_some() {
            let message = "Invalid params: there is no such page";
            return Err(ErrorObject::invalid_params(message));
        }
        Ok(Answer::Complete {
            fields: fields.to_owned(),
            meta: Meta::default(),
        })
    }

    fn tools(&self, exchange: &Exchange) -> &RawValue {
        let objects_only = exchange.revision < Revision::V2026_07_28;
        let shows_views = app::is_shown_by(&exchange.capabilities);
        &self.tools[usize::from(objects_only) * 2 + usize::from(shows_views)]
    }
}

fn list<T: Serialize>(name: &str, items: Vec<T>) -> Result<Box<RawValue>, Error> {
    #[derive(Serialize)]
    struct Page<'a, T> {
        #[serde(flatten)]
        items: std::collections::BTreeMap<&'a str, Vec<T>>,
        #[serde(flatten)]
        cache: CacheHint,
    }
    Ok(to_raw_value(&Page {
        items: [(name, items)].into(),
        cache: FRESHNESS,
    })?)
}
