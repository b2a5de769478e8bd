//! What answers requests: everything a server offers, by name, and the lists of it.

mod calling;
mod completing;
mod entries;
mod lists;
mod news;
mod prompting;
mod reading;

use std::fmt;
use std::sync::Arc;

use serde_json::Value;
use tokio::sync::broadcast;
use tracing::error;
use wharf_protocol::capability::{
    Empty, Implementation, ListCapability, ResourceCapability, ServerCapabilities,
};
use wharf_protocol::error::ErrorObject;
use wharf_protocol::method::Method;
use wharf_protocol::port::{
    Answer, BoxFuture, Change, Changes, Description, Exchange, Handler, Reply, Request,
};

pub(crate) use self::entries::{Entries, Entry};

use self::lists::Lists;
use self::news::News;
use crate::error::Error;
use crate::layer::{Incoming, Next};
use crate::prompt::Prompt;
use crate::resource::Resource;
use crate::template::Template;
use crate::tool::Tool;

/// Everything that one server offers. It stands still from its start to its end.
pub(crate) struct Router {
    pub(crate) identity: Implementation,
    pub(crate) description: Description,
    pub(crate) tools: Entries<Tool>,
    pub(crate) prompts: Entries<Prompt>,
    /// By URI.
    pub(crate) resources: Entries<Resource>,
    pub(crate) templates: Vec<(Template, Entry<Resource>)>,
    lists: Lists,
    news: Option<broadcast::Sender<Change>>,
}

impl Router {
    pub(crate) fn new(
        identity: Implementation,
        instructions: Option<String>,
        offered: Offered,
    ) -> Result<Self, Error> {
        let lists = Lists::render(&offered)?;
        let capabilities = capabilities(&offered);
        let Offered {
            tools,
            prompts,
            resources,
            templates,
            news,
            ..
        } = offered;
        Ok(Self {
            identity,
            description: Description {
                capabilities,
                instructions,
            },
            tools,
            prompts,
            resources,
            templates,
            lists,
            news,
        })
    }

    pub(crate) async fn answer(&self, request: &Request, exchange: &Exchange) -> Reply {
        let method = &request.method;
        // The call comes first: it is what is asked for most.
        if *method == Method::TOOLS_CALL {
            calling::call(self, request, exchange).await
        } else if *method == Method::RESOURCES_READ {
            reading::read(self, request, exchange).await
        } else if *method == Method::PROMPTS_GET {
            prompting::get(self, request, exchange).await
        } else if *method == Method::COMPLETE {
            completing::complete(self, request).await
        } else if [
            Method::SET_LOG_LEVEL,
            Method::RESOURCES_SUBSCRIBE,
            Method::RESOURCES_UNSUBSCRIBE,
        ]
        .contains(method)
        {
            // The wire has taken note of it.
            Answer::complete(&Empty {})
        } else {
            self.lists.answer(request, exchange)
        }
    }
}

/// What a server is made of, once names are known to be unique.
#[derive(Default)]
pub(crate) struct Offered {
    pub(crate) tools: Entries<Tool>,
    pub(crate) prompts: Entries<Prompt>,
    pub(crate) resources: Entries<Resource>,
    pub(crate) templates: Vec<(Template, Entry<Resource>)>,
    pub(crate) logs: bool,
    pub(crate) news: Option<broadcast::Sender<Change>>,
}

fn capabilities(offered: &Offered) -> ServerCapabilities {
    let list_changed = offered.news.is_some();
    let completes = offered
        .prompts
        .iter()
        .any(|it| !it.item.completions.is_empty())
        || offered
            .templates
            .iter()
            .any(|(_, it)| !it.item.completions.is_empty());
    let resources = !offered.resources.is_empty() || !offered.templates.is_empty();
    ServerCapabilities {
        tools: (!offered.tools.is_empty()).then_some(ListCapability { list_changed }),
        prompts: (!offered.prompts.is_empty()).then_some(ListCapability { list_changed }),
        resources: resources.then_some(ResourceCapability {
            subscribe: list_changed,
            list_changed,
        }),
        completions: completes.then_some(Empty {}),
        logging: offered.logs.then_some(Empty {}),
        extensions: None,
    }
}

/// A router behind its middleware: what transports are given.
pub(crate) struct App {
    pub(crate) router: Arc<Router>,
    /// `None` where there is no middleware, so that nothing is cloned for it.
    pub(crate) layers: Option<Next>,
}

impl Handler for App {
    fn identity(&self) -> &Implementation {
        &self.router.identity
    }

    fn describe<'a>(&'a self, _: &'a Exchange) -> BoxFuture<'a, Result<Description, ErrorObject>> {
        Box::pin(std::future::ready(Ok(self.router.description.clone())))
    }

    fn handle<'a>(&'a self, request: Request, exchange: &'a Exchange) -> BoxFuture<'a, Reply> {
        match &self.layers {
            None => Box::pin(async move { self.router.answer(&request, exchange).await }),
            Some(layers) => layers.run(Incoming {
                request,
                exchange: exchange.clone(),
            }),
        }
    }

    fn changes(&self) -> Option<Box<dyn Changes>> {
        let news = self.router.news.as_ref()?;
        Some(Box::new(News(news.subscribe())))
    }
}

impl fmt::Debug for App {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("App")
            .field("server", &self.router.identity.name)
            .finish_non_exhaustive()
    }
}

/// An error as the protocol has it, for requests that have no other way to fail.
fn refusal(error: Error, what: &str, told: impl FnOnce(String) -> ErrorObject) -> ErrorObject {
    match error.into_protocol() {
        Ok(error) => error,
        Err(error) => {
            if error.cause().is_some() {
                error!(what, error = ?error, "failed");
            }
            if error.is_told() {
                told(error.to_string())
            } else {
                ErrorObject::internal()
            }
        }
    }
}

/// The texts of an object, by name; values of other types by their JSON.
fn texts(object: Option<&serde_json::value::RawValue>) -> Result<crate::call::Texts, ErrorObject> {
    let members = match object.map(|object| serde_json::from_str::<Value>(object.get())) {
        None | Some(Ok(Value::Null)) => return Ok(crate::call::Texts::default()),
        Some(Ok(Value::Object(members))) => members,
        _ => {
            let message = "Invalid params: `arguments` is no object";
            return Err(ErrorObject::invalid_params(message));
        }
    };
    let text = |value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    let texts = members
        .into_iter()
        .map(|(name, value)| (name.into(), text(value)));
    Ok(crate::call::Texts(texts.collect()))
}
