//! What keeps a running gateway current: its config is reloaded when it changes, the documents of
//! its upstreams are asked for again.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;
use wharf_gateway::gateway::Gateway;
use wharf_gateway::settings::{Settings, UpstreamKind};

use super::banner;
use super::signals::hang_up;
use crate::config::{self, Loaded};
use crate::paint;
use crate::report::{self, Failure};

/// How often the config is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// Knows what to look at, and how often.
pub(super) struct Keeper {
    config: Option<PathBuf>,
    refresh: watch::Sender<Option<Duration>>,
}

impl Keeper {
    /// `config` is the file to watch, where there is one.
    pub(super) fn new(config: Option<PathBuf>, settings: &Settings) -> Self {
        Self {
            config,
            refresh: watch::Sender::new(interval(settings)),
        }
    }

    /// Starts what runs beside the gateway. `tasks` owns it; ended with it, a reload that is under
    /// way is dropped, which leaves the old settings in force.
    pub(super) fn start(
        self,
        gateway: &Arc<Gateway>,
        tasks: &mut JoinSet<()>,
    ) -> Result<(), Failure> {
        tasks.spawn(refresh(Arc::clone(gateway), self.refresh.subscribe()));
        if let Some(path) = self.config {
            // Read before the signal can come, so that the first look has something to compare with.
            let known = std::fs::read(&path).unwrap_or_default();
            let hang_up = hang_up()?;
            let watch = Watch {
                gateway: Arc::clone(gateway),
                path,
                known,
                refresh: self.refresh,
            };
            tasks.spawn(watch.run(hang_up));
        }
        Ok(())
    }
}

/// Watches one config file.
///
/// Its bytes are compared once a second. Notifications of the kernel would be sooner, but they say
/// nothing of files on network mounts, and of the wrong file where a link is swapped for another, as
/// Kubernetes does with its config maps.
struct Watch {
    gateway: Arc<Gateway>,
    path: PathBuf,
    known: Vec<u8>,
    refresh: watch::Sender<Option<Duration>>,
}

impl Watch {
    async fn run(mut self, mut hang_up: tokio::signal::unix::Signal) {
        let mut look = tokio::time::interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            // A signal asks for a reload even if the file is the same: a secret that it refers to
            // may be another one.
            let is_asked = tokio::select! {
                _ = look.tick() => false,
                _ = hang_up.recv() => true,
            };
            // A file that is not there may be in the middle of being replaced.
            let Ok(bytes) = config::read(&self.path).await else {
                continue;
            };
            if is_asked || bytes != self.known {
                self.known = bytes;
                self.reload().await;
            }
        }
    }

    async fn reload(&self) {
        let loaded = match config::from_bytes(&self.path, &self.known).await {
            Ok(loaded) => loaded,
            Err(error) => {
                report::print(&error.into());
                return kept();
            }
        };
        let Loaded { config, warnings } = loaded;
        report::print_warnings(&self.path, &warnings);
        let next = interval(&config.settings);
        match self.gateway.reload(config.settings).await {
            Ok(outcome) => {
                self.refresh.send_replace(next);
                announce(&self.path, &outcome);
            }
            Err(error) => {
                report::print_error(&error);
                kept();
            }
        }
    }
}

fn announce(path: &Path, outcome: &wharf_gateway::gateway::Report) {
    let mut err = anstream::stderr().lock();
    let good = paint::GOOD;
    // Where standard error is closed there is nobody to tell.
    let _ = std::io::Write::write_fmt(
        &mut err,
        format_args!("{good}reloaded{good:#} {}\n", path.display()),
    );
    let _ = banner::upstreams(&mut err, outcome);
}

fn kept() {
    anstream::eprintln!("the old config stays in force");
}

/// Asks for documents again, as often as the most impatient upstream wants.
async fn refresh(gateway: Arc<Gateway>, mut every: watch::Receiver<Option<Duration>>) {
    loop {
        let interval = *every.borrow_and_update();
        let pause = async {
            match interval {
                Some(interval) => tokio::time::sleep(interval).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = pause => gateway.refresh().await,
            changed = every.changed() => {
                // Nobody is left who could change it; what it says now goes on.
                if changed.is_err() {
                    return keep_on(&gateway, interval).await;
                }
            }
        }
    }
}

/// The same for a gateway whose config nobody watches.
async fn keep_on(gateway: &Gateway, interval: Option<Duration>) {
    let Some(interval) = interval else { return };
    loop {
        tokio::time::sleep(interval).await;
        gateway.refresh().await;
    }
}

fn interval(settings: &Settings) -> Option<Duration> {
    let each = settings.upstreams.iter().filter_map(|upstream| {
        let UpstreamKind::Http(http) = &upstream.kind;
        http.refresh
    });
    each.min()
}
