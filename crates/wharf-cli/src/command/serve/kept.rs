//! A gateway, and the tasks beside it that keep it current.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::JoinSet;
use wharf_gateway::gateway::{Gateway, Report};
use wharf_protocol::port::Handler;

use super::banner::Banner;
use super::refresh::{interval, refresh};
use super::watch::Watch;
use crate::config::Config;
use crate::report::Failure;
use crate::signals::hang_up;

/// Owns the tasks; ended with [`Kept::end`].
pub(super) struct Kept {
    gateway: Arc<Gateway>,
    banner: Banner,
    report: Report,
    tasks: JoinSet<()>,
}

impl Kept {
    pub(super) async fn start(config: Config) -> Result<Self, Failure> {
        let banner = Banner::new(&config.settings.policy);
        let every = watch::Sender::new(interval(&config.settings));
        let changing = every.subscribe();
        let watch = Watch::new(&config, every);
        let hang_up = hang_up()?;

        let (gateway, report) = Gateway::start(config.settings).await?;
        let gateway = Arc::new(gateway);
        let mut tasks = JoinSet::new();
        tasks.spawn(refresh(Arc::clone(&gateway), changing));
        // Without a config there is nothing to reload, and nothing to hang up on.
        if let Some(watch) = watch {
            tasks.spawn(watch.run(Arc::clone(&gateway), hang_up));
        }
        Ok(Self {
            gateway,
            banner,
            report,
            tasks,
        })
    }

    pub(super) fn handler(&self) -> Arc<dyn Handler> {
        Arc::clone(&self.gateway) as _
    }

    /// Says what was started, and where it listens if it does.
    pub(super) fn banner(
        &self,
        out: &mut impl Write,
        address: Option<SocketAddr>,
    ) -> io::Result<()> {
        self.banner.print(out, address, &self.report)
    }

    /// Ends the tasks and writes the audit log to its end. A stream that a client still holds open
    /// keeps the gateway in memory, and nothing more.
    pub(super) async fn end(mut self) {
        self.tasks.shutdown().await;
        self.gateway.close().await;
    }
}
