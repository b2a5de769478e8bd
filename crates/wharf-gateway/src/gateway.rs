//! The gateway as a whole: what it holds, how it starts, changes and ends, and what it answers.

use std::sync::Arc;

use arc_swap::ArcSwap;
use tokio::sync::broadcast;
use tracing::{info, warn};
use wharf_policy::decide::Policy;
use wharf_protocol::capability::{Implementation, ListCapability, ServerCapabilities};
use wharf_protocol::error::ErrorObject;
use wharf_protocol::method::Method;
use wharf_protocol::port::{
    BoxFuture, Change, Changes, Description, Exchange, Handler, Reply, Request,
};
use wharf_protocol::revision::Era;

use crate::audit::{StoreError, Trail};
use crate::call::DRY_RUN;
use crate::catalog::{self, Snapshot};
use crate::settings::{Limits, Settings, UpstreamKind, UpstreamSettings};
use crate::upstream::Upstream;
use crate::upstream::http::HttpUpstream;
use crate::upstream::http::document::{self, DocumentError, Version};

/// Everything that a reload replaces, replaced together. A call keeps the state it started with.
#[derive(Debug)]
pub(crate) struct State {
    pub catalog: Snapshot,
    pub policy: Policy,
    upstreams: Vec<Berthed>,
    limits: Limits,
}

/// An upstream as it is configured and as it is.
#[derive(Clone, Debug)]
struct Berthed {
    settings: UpstreamSettings,
    /// `None` while its document cannot be had.
    open: Option<Open>,
}

#[derive(Clone, Debug)]
struct Open {
    upstream: Arc<HttpUpstream>,
    version: Version,
}

/// A running gateway.
#[derive(Debug)]
pub struct Gateway {
    identity: Implementation,
    state: ArcSwap<State>,
    // Reloads and refreshes read the state, wait for documents, and write the state: one at a time.
    changing: tokio::sync::Mutex<()>,
    changes: broadcast::Sender<Change>,
    trail: Trail,
}

/// What became of the upstreams at a start or a reload.
#[derive(Debug, Default)]
pub struct Report {
    /// Name and number of tools of each upstream that is open.
    pub open: Vec<(String, usize)>,
    /// Name of each upstream that is not, and why.
    pub failed: Vec<(String, DocumentError)>,
}

/// The gateway cannot start.
#[derive(Debug, thiserror::Error)]
#[error("the gateway cannot start")]
pub struct StartError(#[from] StoreError);

/// The new settings were not taken; the old ones are in force.
#[derive(Debug, thiserror::Error)]
#[error("the upstream `{upstream}` cannot be opened, so the new config was not taken")]
pub struct ReloadError {
    pub upstream: String,
    #[source]
    pub source: DocumentError,
}

impl Gateway {
    /// Opens the audit log and every upstream. An upstream that cannot be opened now does not keep
    /// the others from serving; it is tried again by [`Gateway::refresh`].
    ///
    /// # Errors
    ///
    /// [`StartError`] where the log cannot be opened: without it nothing may be called.
    pub async fn start(settings: Settings) -> Result<(Self, Report), StartError> {
        let trail = Trail::open(&settings.store).await?;
        let mut report = Report::default();
        let mut upstreams = Vec::new();
        for settings in settings.upstreams {
            let open = match open(&settings).await {
                Ok(open) => {
                    let tools = open.upstream.tools().len();
                    report.open.push((settings.name().to_owned(), tools));
                    Some(open)
                }
                Err(error) => {
                    report.failed.push((settings.name().to_owned(), error));
                    None
                }
            };
            upstreams.push(Berthed { settings, open });
        }
        let gateway = Self {
            identity: Implementation::new("wharf", env!("CARGO_PKG_VERSION")),
            state: ArcSwap::from_pointee(State::new(upstreams, settings.policy, settings.limits)),
            changing: tokio::sync::Mutex::new(()),
            changes: broadcast::channel(16).0,
            trail,
        };
        Ok((gateway, report))
    }

    /// Puts new settings in force, all of them or none. Calls in flight end under the old ones. The
    /// store stays the one that was opened at the start.
    ///
    /// # Errors
    ///
    /// [`ReloadError`] where an upstream that is new or changed cannot be opened.
    pub async fn reload(&self, settings: Settings) -> Result<Report, ReloadError> {
        let _changing = self.changing.lock().await;
        let old = self.state();
        let mut report = Report::default();
        let mut upstreams = Vec::new();
        for settings in settings.upstreams {
            let open = match old.unchanged(&settings) {
                Some(open) => open,
                None => open(&settings).await.map_err(|source| ReloadError {
                    upstream: settings.name().to_owned(),
                    source,
                })?,
            };
            let tools = open.upstream.tools().len();
            report.open.push((settings.name().to_owned(), tools));
            upstreams.push(Berthed {
                settings,
                open: Some(open),
            });
        }
        self.install(State::new(upstreams, settings.policy, settings.limits));
        Ok(report)
    }

    /// Asks every upstream whether its document has changed, and opens those that were not open.
    /// What has changed is swapped in and announced; what fails stays as it was.
    pub async fn refresh(&self) {
        let _changing = self.changing.lock().await;
        let state = self.state();
        let mut upstreams = state.upstreams.clone();
        let mut changed = false;
        for berthed in &mut upstreams {
            let known = berthed.open.as_ref().map(|open| &open.version);
            match fetch(&berthed.settings, known).await {
                Ok(Some(open)) => {
                    info!(
                        upstream = berthed.settings.name(),
                        tools = open.upstream.tools().len(),
                        "upstream document changed"
                    );
                    berthed.open = Some(open);
                    changed = true;
                }
                Ok(None) => {}
                Err(error) => {
                    let cause: &(dyn std::error::Error + 'static) = &error;
                    warn!(
                        upstream = berthed.settings.name(),
                        error = cause,
                        "document not refreshed"
                    );
                }
            }
        }
        if changed {
            self.install(State::new(upstreams, state.policy.clone(), state.limits));
        }
    }

    /// Every tool, whoever may use it.
    pub fn catalog(&self) -> impl std::ops::Deref<Target = Snapshot> + use<> {
        CatalogOf(self.state())
    }

    /// Ends what was begun: the log is written to its end and closed. Whatever still calls is refused.
    pub async fn close(&self) {
        self.trail.close().await;
    }

    pub(crate) fn state(&self) -> Arc<State> {
        self.state.load_full()
    }

    pub(crate) fn trail(&self) -> &Trail {
        &self.trail
    }

    fn install(&self, state: State) {
        self.state.store(Arc::new(state));
        // Nobody listens: then nobody has to be told.
        let _ = self.changes.send(Change::Tools);
    }
}

impl State {
    fn new(upstreams: Vec<Berthed>, policy: Policy, limits: Limits) -> Self {
        let berths = upstreams
            .iter()
            .filter_map(|berthed| {
                let open = berthed.open.as_ref()?;
                let upstream: Arc<dyn Upstream> = Arc::clone(&open.upstream) as _;
                Some((berthed.settings.namespace.clone(), upstream))
            })
            .collect();
        Self {
            catalog: Snapshot::new(berths),
            policy,
            upstreams,
            limits,
        }
    }

    pub(crate) fn limits(&self) -> Limits {
        self.limits
    }

    /// The upstream as it is open now, if nothing about its settings is new.
    fn unchanged(&self, settings: &UpstreamSettings) -> Option<Open> {
        self.upstreams
            .iter()
            .find(|berthed| berthed.settings == *settings)
            .and_then(|berthed| berthed.open.clone())
    }
}

impl Handler for Gateway {
    fn identity(&self) -> &Implementation {
        &self.identity
    }

    fn describe<'a>(
        &'a self,
        exchange: &'a Exchange,
    ) -> BoxFuture<'a, Result<Description, ErrorObject>> {
        let mut capabilities = ServerCapabilities {
            tools: Some(ListCapability { list_changed: true }),
            ..ServerCapabilities::default()
        };
        // Whoever asks for a dry run must know that it will be one. Extensions came with the modern era.
        if exchange.revision.era() == Era::Modern {
            capabilities.add_extension(DRY_RUN, &serde_json::Map::new());
        }
        Box::pin(std::future::ready(Ok(Description {
            capabilities,
            instructions: None,
        })))
    }

    fn handle<'a>(&'a self, request: Request, exchange: &'a Exchange) -> BoxFuture<'a, Reply> {
        Box::pin(async move {
            match &request.method {
                method if *method == Method::TOOLS_CALL => self.call(&request, exchange).await,
                method if *method == Method::TOOLS_LIST => self.list(&request, exchange),
                method => Err(ErrorObject::method_not_found(method.as_str())),
            }
        })
    }

    fn changes(&self) -> Option<Box<dyn Changes>> {
        Some(Box::new(ListChanges(self.changes.subscribe())))
    }
}

/// One subscriber's share of the changes.
struct ListChanges(broadcast::Receiver<Change>);

impl Changes for ListChanges {
    fn next(&mut self) -> BoxFuture<'_, Option<Change>> {
        Box::pin(async {
            match self.0.recv().await {
                Ok(change) => Some(change),
                // Whoever fell behind missed changes to the one list there is: it hears of one.
                Err(broadcast::error::RecvError::Lagged(_)) => Some(Change::Tools),
                Err(broadcast::error::RecvError::Closed) => None,
            }
        })
    }
}

struct CatalogOf(Arc<State>);

impl std::ops::Deref for CatalogOf {
    type Target = Snapshot;

    fn deref(&self) -> &Snapshot {
        &self.0.catalog
    }
}

async fn open(settings: &UpstreamSettings) -> Result<Open, DocumentError> {
    match fetch(settings, None).await? {
        Some(open) => Ok(open),
        None => unreachable!("a document that nothing is known of has always changed"),
    }
}

async fn fetch(
    settings: &UpstreamSettings,
    known: Option<&Version>,
) -> Result<Option<Open>, DocumentError> {
    let UpstreamKind::Http(http) = &settings.kind;
    let Some(fetched) = document::fetch(http, catalog::room(&settings.namespace), known).await?
    else {
        return Ok(None);
    };
    let upstream = HttpUpstream::new(
        Arc::new(http.clone()),
        Arc::new(fetched.compiled),
        fetched.site,
    );
    Ok(Some(Open {
        upstream: Arc::new(upstream),
        version: fetched.version,
    }))
}
