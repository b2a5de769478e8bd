//! `wharf serve`: the gateway on a port or on standard streams, until somebody ends it.

mod banner;
mod keep;
mod routes;
mod signals;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use wharf_gateway::gateway::Gateway;
use wharf_wire::{http, stdio};

use self::banner::Banner;
use self::keep::Keeper;
use self::signals::Signals;
use crate::cli::ServeArguments;
use crate::config::{Config, Server};
use crate::report::Failure;
use crate::source::Source;

pub(super) async fn run(arguments: ServeArguments) -> Result<ExitCode, Failure> {
    let source = Source::new(arguments.file, arguments.document)?;
    let mut config = source.load().await?;
    if let Some(listen) = arguments.listen {
        config.server.listen = reachable_by_us_alone(listen, &config.server)?;
    }
    let path = source.path().map(ToOwned::to_owned);
    if arguments.stdio {
        serve_stdio(config, path).await
    } else {
        serve_http(config, path, "").await
    }
}

/// Serves over HTTP until a signal comes. `epilogue` is printed below the banner.
pub(super) async fn serve_http(
    config: Config,
    path: Option<PathBuf>,
    epilogue: &str,
) -> Result<ExitCode, Failure> {
    let mut signals = Signals::listen()?;
    // The port first: that it is taken should not be learned after every document was fetched.
    let (listener, address) = bind(config.server.listen).await?;
    let banner = Banner::new(&config);
    let keeper = Keeper::new(path, &config.settings);
    let (gateway, report) = Gateway::start(config.settings).await?;
    let gateway = Arc::new(gateway);
    let endpoint = config
        .server
        .endpoint(address.port())
        .map_err(Failure::new)?;
    let service = http::Service::new(Arc::clone(&gateway) as _, endpoint);

    let mut tasks = JoinSet::new();
    keeper.start(&gateway, &mut tasks)?;
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = http::serve(
        listener,
        routes::routes(service.clone()),
        config.server.limits,
        async {
            // An error is the same signal: the other end is gone.
            let _ = stopped.await;
        },
    );
    let mut serving = std::pin::pin!(serving);
    banner.print(&mut anstream::stdout().lock(), Some(address), &report)?;
    anstream::print!("{epilogue}");

    tokio::select! {
        served = &mut serving => served?,
        () = signals.next() => {
            service.close();
            drop(stop);
            tokio::select! {
                served = &mut serving => served?,
                // Asked twice: whatever still runs is dropped.
                () = signals.next() => {}
            }
        }
    }
    tasks.shutdown().await;
    drop(service);
    close(gateway).await;
    Ok(ExitCode::SUCCESS)
}

/// Serves on standard input and output until the input ends or a signal comes. Everything for people
/// goes to standard error.
async fn serve_stdio(config: Config, path: Option<PathBuf>) -> Result<ExitCode, Failure> {
    let mut signals = Signals::listen()?;
    let banner = Banner::new(&config);
    let keeper = Keeper::new(path, &config.settings);
    let (gateway, report) = Gateway::start(config.settings).await?;
    let gateway = Arc::new(gateway);
    let mut tasks = JoinSet::new();
    keeper.start(&gateway, &mut tasks)?;
    banner.print(&mut anstream::stderr().lock(), None, &report)?;

    let streams = (tokio::io::stdin(), tokio::io::stdout());
    let serving = stdio::serve(
        Arc::clone(&gateway) as _,
        streams.0,
        streams.1,
        stdio::Limits::STANDARD,
    );
    tokio::select! {
        served = serving => served?,
        () = signals.next() => {}
    }
    tasks.shutdown().await;
    close(gateway).await;
    Ok(ExitCode::SUCCESS)
}

/// Writes the audit log to its end. By now nobody else holds the gateway.
async fn close(gateway: Arc<Gateway>) {
    if let Some(gateway) = Arc::into_inner(gateway) {
        gateway.close().await;
    } else {
        tracing::warn!("a call outlived the server; the audit log was not closed");
    }
}

async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), Failure> {
    let failed = |error: std::io::Error| {
        Failure::new(anyhow::Error::new(error).context(format!("cannot listen on {address}")))
            .with_hint("`--listen 127.0.0.1:0` takes any free port")
    };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

/// Holds `--listen` to what a config's `listen` is held to: nobody has to log in.
pub(super) fn reachable_by_us_alone(
    listen: SocketAddr,
    server: &Server,
) -> Result<SocketAddr, Failure> {
    if listen.ip().is_loopback() || server.insecure_listen {
        return Ok(listen);
    }
    let message = format!("{listen} can be reached from other machines, and nobody has to log in");
    Err(Failure::usage(message).with_hint(
        "listen on 127.0.0.1, or set `insecure_listen = true` in the `[server]` of a config if something in front does authentication",
    ))
}
