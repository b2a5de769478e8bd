//! A config is reloaded when it changes: all of it, or nothing.

use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::signal::unix::Signal;
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;
use wharf_gateway::audit::Store;
use wharf_gateway::gateway::{Gateway, Report};

use super::banner;
use super::refresh::interval;
use crate::config::{self, Config, ConfigFile, Loaded, Server};
use crate::paint;
use crate::report;

/// How often the config is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// Watches one config file for a gateway.
///
/// Its bytes are compared once a second. Notifications of the kernel would be sooner, but they say
/// nothing of files on network mounts, and of the wrong file where a link is swapped for another, as
/// Kubernetes does with its config maps.
pub(super) struct Watch {
    file: ConfigFile,
    /// What a reload cannot change.
    fixed: (Server, Store),
    /// Told of the refresh interval of a config that was taken.
    refresh: watch::Sender<Option<Duration>>,
}

impl Watch {
    /// For the file that a config was read from; `None` where it was made from nothing.
    pub(super) fn new(config: &Config, refresh: watch::Sender<Option<Duration>>) -> Option<Self> {
        Some(Self {
            file: config.file.clone()?,
            fixed: (config.server.clone(), config.settings.store.clone()),
            refresh,
        })
    }

    /// Watches until it is dropped, which leaves the settings in force that are.
    pub(super) async fn run(mut self, gateway: Arc<Gateway>, mut hang_up: Signal) {
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
            let Ok(bytes) = config::read(&self.file.path).await else {
                continue;
            };
            if is_asked || bytes != self.file.bytes {
                self.file.bytes = bytes;
                self.reload(&gateway).await;
            }
        }
    }

    async fn reload(&self, gateway: &Gateway) {
        let ConfigFile { path, bytes } = &self.file;
        let Loaded { config, warnings } = match config::from_bytes(path, bytes).await {
            Ok(loaded) => loaded,
            Err(error) => {
                report::print(&error.into());
                return kept();
            }
        };
        report::print_warnings(path, &warnings);
        let Config {
            server, settings, ..
        } = config;
        let (interval, store) = (interval(&settings), settings.store.clone());
        match gateway.reload(settings).await {
            Ok(outcome) => {
                self.refresh.send_replace(interval);
                let needs_restart = server != self.fixed.0 || store != self.fixed.1;
                // Where standard error is closed there is nobody to tell.
                let _ = announce(path, &outcome, needs_restart);
            }
            Err(error) => {
                report::print_error(&error);
                kept();
            }
        }
    }
}

fn announce(path: &Path, outcome: &Report, needs_restart: bool) -> io::Result<()> {
    let mut err = anstream::stderr().lock();
    let (good, warning) = (paint::GOOD, paint::WARNING);
    writeln!(err, "{good}reloaded{good:#} {}", path.display())?;
    banner::upstreams(&mut err, outcome)?;
    if needs_restart {
        writeln!(
            err,
            "  {warning}changes of `[server]`{warning:#} take effect at the next start"
        )?;
    }
    Ok(())
}

fn kept() {
    let _ = writeln!(anstream::stderr(), "the old config stays in force");
}
