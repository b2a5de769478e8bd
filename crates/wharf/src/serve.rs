//! A server at work: on a transport until it is told to stop.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;

use tokio::net::TcpListener;
use tracing::info;
use url::Url;
use wharf_protocol::port::Handler;
use wharf_wire::http::{Hosts, Origins, Service, Settings};
use wharf_wire::oauth::resource::{ResourceServer, Verifier};
use wharf_wire::{http, stdio};

use crate::Server;
use crate::error::{Context as _, Error, Result};
use crate::guard::{Endpoint, Guard};
use crate::router::App;
use crate::transport::{HttpSettings, Transport};

impl Server {
    /// Serves until its input ends or the process is told to stop, on the transport that the command
    /// line names: the standard streams, or with `--http 127.0.0.1:8000` an address, at `/mcp`. The
    /// environment variable `WHARF_HTTP` stands for the flag.
    ///
    /// It brings its own runtime; inside another one, use [`serve`](Self::serve).
    ///
    /// # Errors
    ///
    /// Every mistake in what was put together, a lifespan that failed, an address that is taken.
    pub fn run(self) -> Result {
        let transport = Transport::from_command_line()?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .context("the runtime cannot start")?;
        let served = runtime.block_on(self.serve(transport));
        // A read of standard input cannot be called off, so nobody waits for it.
        runtime.shutdown_background();
        served
    }

    /// The same inside a runtime. Running calls are let finish for a while after the process has been
    /// told to stop. Dropping the future drops them.
    ///
    /// # Errors
    ///
    /// As for [`run`](Self::run).
    pub async fn serve(self, transport: Transport) -> Result {
        match transport {
            Transport::Stdio => self.on_standard_streams().await,
            Transport::Http(address) => {
                let listener = TcpListener::bind(address);
                let listener = listener
                    .await
                    .context(format!("{address} cannot be listened at"))?;
                self.serve_at(listener, stopped()).await
            }
        }
    }

    /// Serves at a listener that is there already, until `shutdown` completes.
    ///
    /// # Errors
    ///
    /// As for [`run`](Self::run).
    pub async fn serve_at(
        mut self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send,
    ) -> Result {
        let address = listener.local_addr()?;
        let settings = std::mem::take(&mut self.settings).at(address)?;
        let limits = settings.limits;
        let guard = self.guard.take();
        let started = self.start().await?;
        started.check_guarded(guard.is_some())?;
        let service = Endpoint {
            service: service(&started.app, settings),
            guard,
        };
        info!(%address, "listening at /mcp");
        let closing = service.service.clone();
        let shutdown = async move {
            shutdown.await;
            closing.close();
        };
        http::serve(listener, service, limits, shutdown).await?;
        started.stop().await;
        Ok(())
    }

    /// A `tower` service, to be mounted in a router of `axum`. Lifespans begin here; what they should
    /// do at the end is left undone.
    ///
    /// Requests must name one of [`hosts`](Self::hosts), or else this machine.
    ///
    /// # Errors
    ///
    /// As for [`run`](Self::run).
    pub async fn into_service(mut self, address: SocketAddr) -> Result<Endpoint> {
        let settings = std::mem::take(&mut self.settings).at(address)?;
        let guard = self.guard.take();
        let started = self.start().await?;
        started.check_guarded(guard.is_some())?;
        Ok(Endpoint {
            service: service(&started.app, settings),
            guard,
        })
    }

    /// Lets in, over HTTP, only those with a token that `resource` takes, and tells clients where to
    /// get one. A tool's `scopes` are checked against the token's.
    #[must_use]
    pub fn protect(mut self, resource: Arc<ResourceServer>) -> Self {
        self.guard = Some(Arc::new(Guard::of(resource)));
        self
    }

    /// The same with a check of one's own. `address` is how clients know the server.
    #[must_use]
    pub fn protect_with(mut self, address: Url, verifier: Arc<dyn Verifier>) -> Self {
        self.guard = Some(Arc::new(Guard::new(address, verifier)));
        self
    }

    /// The bare port, for a transport or a test of one's own.
    ///
    /// # Errors
    ///
    /// As for [`run`](Self::run).
    pub async fn into_handler(self) -> Result<Arc<dyn Handler>> {
        let started = self.start().await?;
        Ok(started.app)
    }

    /// The names by which clients know this server, such as `mcp.example.com`. Without any, it
    /// answers only those who call it by a name of this machine, which keeps strangers' web pages
    /// out.
    #[must_use]
    pub fn hosts<T: Into<String>>(mut self, hosts: impl IntoIterator<Item = T>) -> Self {
        self.settings
            .hosts
            .extend(hosts.into_iter().map(Into::into));
        self
    }

    /// The web pages that may call this server from a browser, such as `https://app.example.com`.
    #[must_use]
    pub fn origins<T: Into<String>>(mut self, origins: impl IntoIterator<Item = T>) -> Self {
        self.settings
            .origins
            .extend(origins.into_iter().map(Into::into));
        self
    }

    async fn on_standard_streams(self) -> Result {
        let started = self.start().await?;
        let app = Arc::clone(&started.app);
        let (input, output) = (tokio::io::stdin(), tokio::io::stdout());
        let served = pin!(stdio::serve(app, input, output, stdio::Limits::STANDARD));
        tokio::select! {
            served = served => served?,
            () = stopped() => {}
        }
        started.stop().await;
        Ok(())
    }
}

impl HttpSettings {
    /// What the wire is told of an endpoint at `address`.
    fn at(self, address: SocketAddr) -> Result<Settings> {
        let mut settings = Settings::local(address);
        if self.hosts.is_empty() && !address.ip().is_loopback() {
            return Err(Error::new(format!(
                "{address} can be reached from other machines, so say by what names: add \
                 `.hosts([\"mcp.example.com\"])`"
            )));
        }
        if !self.hosts.is_empty() {
            let hosts = Hosts::listed(self.hosts.iter().map(String::as_str));
            settings.hosts = hosts.context("`hosts` names something that is no host")?;
        }
        if !self.origins.is_empty() {
            let origins = Origins::listed(self.origins.iter().map(String::as_str));
            let origins = origins.context("`origins` names something that is no origin")?;
            settings.origins = settings.origins.and(origins);
        }
        Ok(settings)
    }
}

fn service(app: &Arc<App>, settings: Settings) -> Service {
    let app: Arc<App> = Arc::clone(app);
    Service::new(app, settings)
}

/// Waits until the process is told to stop: by the keyboard, or by whatever runs it.
async fn stopped() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut terminate) = signal(SignalKind::terminate()) else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    let _ = tokio::signal::ctrl_c().await;
}
