//! From a server as it was put together to one that answers: every mistake told at once, then the
//! states made, then the names settled.

use std::any::{Any, TypeId};
use std::collections::HashSet;
use std::fmt::Write as _;
use std::sync::Arc;

use tokio::sync::broadcast;
use wharf_protocol::port::BoxFuture;

use super::{Item, Lifespan, Server};
use crate::call::Shared;
use crate::error::{Error, Result};
use crate::extract::Needs;
use crate::layer::Next;
use crate::router::{App, Entries, Entry, Offered, Router};
use crate::template::Template;
use crate::tool::Defined;

/// Announcements that a slow subscriber may miss before it is told that it missed some.
const ANNOUNCEMENTS: usize = 64;

/// A server that answers.
pub(crate) struct Started {
    pub(crate) app: Arc<App>,
    /// What its tools ask of tokens.
    pub(crate) scopes: Vec<String>,
    stops: Vec<Stop>,
}

type Stop = Box<dyn FnOnce() -> BoxFuture<'static, ()> + Send>;

impl Server {
    /// Makes a server that answers.
    ///
    /// # Errors
    ///
    /// Every mistake there is, or what a lifespan failed with.
    pub(crate) async fn start(mut self) -> Result<Started> {
        let mut problems = Vec::new();
        let needs = self.review("", &mut HashSet::new(), &mut problems);
        if !problems.is_empty() {
            return Err(refused(&self.identity.name, &problems));
        }
        let mut offered = Offered {
            logs: needs.logs,
            news: needs
                .announces
                .then(|| broadcast::Sender::new(ANNOUNCEMENTS)),
            ..Offered::default()
        };
        let (identity, instructions) = (self.identity.clone(), self.instructions.take());
        let layers = std::mem::take(&mut self.layers);
        let mut stops = Vec::new();
        self.settle("", &mut offered, &mut stops).await?;
        let scopes = offered
            .tools
            .iter()
            .flat_map(|entry| entry.item.scopes.clone());
        let mut scopes: Vec<String> = scopes.collect();
        scopes.sort();
        scopes.dedup();
        let router = Arc::new(Router::new(identity, instructions, offered)?);
        // The layer that was added first is to be the outermost one.
        let layers = (!layers.is_empty()).then(|| {
            let functions = Next::functions(Arc::clone(&router));
            layers
                .into_iter()
                .rev()
                .fold(functions, |next, layer| layer(next))
        });
        Ok(Started {
            app: Arc::new(App { router, layers }),
            scopes,
            stops,
        })
    }

    /// Looks for mistakes, here and in everything that is mounted; says what is needed.
    fn review(
        &self,
        namespace: &str,
        taken: &mut HashSet<String>,
        problems: &mut Vec<String>,
    ) -> Needs {
        let mut all = Needs::default();
        let states: HashSet<TypeId> = self
            .states
            .iter()
            .map(|(kind, _)| *kind)
            .chain(self.lifespans.iter().map(|lifespan| lifespan.kind))
            .collect();
        for item in &self.items {
            let (what, name, needs, defined) = item.facts();
            let place = place(defined);
            let name = match item {
                Item::Resource(_) => name.to_owned(),
                _ => joined(namespace, name),
            };
            problems.extend(
                item.problem(&name)
                    .map(|problem| format!("{problem}{place}")),
            );
            if !taken.insert(format!("{what} {name}")) {
                problems.push(format!("there is another {what} `{name}`{place}"));
            }
            for (kind, type_name) in &needs.states {
                if !states.contains(kind) {
                    problems.push(format!(
                        "the {what} `{name}` asks for a `State<{type_name}>`, and there is none: add \
                         `.state(…)` or `.lifespan(…)`{place}"
                    ));
                }
            }
            all.logs |= needs.logs;
            all.announces |= needs.announces;
        }
        for (own, other) in &self.mounts {
            if !other.layers.is_empty() {
                problems.push(format!(
                    "the server mounted as `{own}` has layers, which would see nothing: add them to \
                     the outer server"
                ));
            }
            let needs = other.review(&joined(namespace, own), taken, problems);
            all.logs |= needs.logs;
            all.announces |= needs.announces;
        }
        all
    }

    /// Makes the states, and adds everything under its final name.
    fn settle<'a>(
        self,
        namespace: &'a str,
        offered: &'a mut Offered,
        stops: &'a mut Vec<Stop>,
    ) -> BoxFuture<'a, Result> {
        Box::pin(async move {
            let mut shared = Shared {
                states: self.states.into_iter().collect(),
                announce: offered.news.clone(),
            };
            for lifespan in self.lifespans {
                let (kind, state) = lifespan.begin(stops).await?;
                shared.states.insert(kind, state);
            }
            let home = Arc::new(shared);
            for item in self.items {
                add(item, namespace, &home, offered);
            }
            for (own, other) in self.mounts {
                other
                    .settle(&joined(namespace, &own), offered, stops)
                    .await?;
            }
            Ok(())
        })
    }
}

impl Lifespan {
    async fn begin(self, stops: &mut Vec<Stop>) -> Result<(TypeId, Arc<dyn Any + Send + Sync>)> {
        let state = (self.start)().await?;
        if let Some(stop) = self.stop {
            let state = Arc::clone(&state);
            stops.push(Box::new(move || stop(state)));
        }
        Ok((self.kind, state))
    }
}

impl Started {
    /// Where strangers can call, a tool that asks for scopes needs somebody who knows them.
    ///
    /// # Errors
    ///
    /// Where nobody does.
    pub(crate) fn check_guarded(&self, guarded: bool) -> Result {
        if guarded || self.scopes.is_empty() {
            return Ok(());
        }
        let scopes = self.scopes.join(" ");
        Err(Error::new(format!(
            "tools ask for the scopes {scopes}, and nothing checks tokens over HTTP: add \
             `.protect(…)`"
        )))
    }

    /// Ends what lifespans began, the last one first.
    pub(crate) async fn stop(self) {
        for stop in self.stops.into_iter().rev() {
            stop().await;
        }
    }
}

impl Item {
    fn facts(&self) -> (&'static str, &str, &Needs, Option<Defined>) {
        match self {
            Self::Tool(tool) => ("tool", &tool.name, &tool.needs, tool.defined),
            Self::Resource(resource) => {
                ("resource", &resource.uri, &resource.needs, resource.defined)
            }
            Self::Prompt(prompt) => ("prompt", &prompt.name, &prompt.needs, prompt.defined),
        }
    }

    /// What is wrong with it on its own, under the name that it will have.
    fn problem(&self, name: &str) -> Option<String> {
        match self {
            Self::Resource(resource) => Template::parse(&resource.uri)
                .is_none()
                .then(|| format!("`{}` is no URI template", resource.uri)),
            Self::Tool(tool) if !tool.input.is_object => Some(format!(
                "the arguments of `{name}` are no object: use a struct with named fields"
            )),
            Self::Tool(_) | Self::Prompt(_) => illegal(name),
        }
    }
}

/// 2025-11-25, tools, tool names; 64 is what the clients around take.
fn illegal(name: &str) -> Option<String> {
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if name.is_empty() || name.len() > 64 {
        return Some(format!(
            "`{name}` has {} characters: a name has 1 to 64",
            name.len()
        ));
    }
    let found = name.chars().find(|c| !legal(*c))?;
    Some(format!(
        "`{name}` is no legal name: {found:?} is not allowed in it"
    ))
}

fn joined(namespace: &str, name: &str) -> String {
    if namespace.is_empty() {
        return name.to_owned();
    }
    format!("{namespace}_{name}")
}

/// Names are known to be unique, and templates to be sound.
fn add(item: Item, namespace: &str, home: &Arc<Shared>, offered: &mut Offered) {
    let home = Arc::clone(home);
    match item {
        Item::Tool(item) => {
            let name = joined(namespace, &item.name);
            insert(&mut offered.tools, Entry { name, item, home });
        }
        Item::Prompt(item) => {
            let name = joined(namespace, &item.name);
            insert(&mut offered.prompts, Entry { name, item, home });
        }
        Item::Resource(item) => {
            let name = item.uri.clone();
            match Template::parse(&item.uri) {
                Some(template) if template.has_variables() => {
                    offered
                        .templates
                        .push((template, Entry { name, item, home }));
                }
                _ => insert(&mut offered.resources, Entry { name, item, home }),
            }
        }
    }
}

fn insert<T>(entries: &mut Entries<T>, entry: Entry<T>) {
    let taken = entries.insert(entry).is_err();
    debug_assert!(!taken, "the review finds names that are taken");
}

fn place(defined: Option<Defined>) -> String {
    defined.map_or_else(String::new, |it| format!(" ({}:{})", it.file, it.line))
}

fn refused(name: &str, problems: &[String]) -> Error {
    let mut message = format!("the server `{name}` cannot start:");
    for problem in problems {
        let _ = write!(message, "\n- {problem}");
    }
    Error::new(message)
}
