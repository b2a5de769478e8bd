//! `wharf serve`: the gateway on a port or on standard streams, until somebody ends it.

mod banner;
mod kept;
mod refresh;
mod routes;
mod watch;

use std::io::Write as _;
use std::net::SocketAddr;
use std::process::ExitCode;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use wharf_wire::http::Limits;
use wharf_wire::{http, stdio};

use self::kept::Kept;
use crate::cli::ServeArguments;
use crate::config::{Config, Server};
use crate::report::Failure;
use crate::signals::Signals;
use crate::source::Source;

pub(super) async fn run(arguments: ServeArguments) -> Result<ExitCode, Failure> {
    let source = Source::new(arguments.file, arguments.document)?;
    let config = source.load().await?;
    if arguments.stdio {
        serve_stdio(config).await
    } else {
        serve_http(config, arguments.listen, "").await
    }
}

/// Serves over HTTP until a signal comes. `listen` stands for the address of the config; `epilogue`
/// is printed below the banner.
pub(super) async fn serve_http(
    config: Config,
    listen: Option<SocketAddr>,
    epilogue: &str,
) -> Result<ExitCode, Failure> {
    let signals = Signals::listen()?;
    // The port first: that it is taken should not be learned after every document was fetched.
    let server = config.server.clone();
    let (listener, address) = bind(listen.unwrap_or(server.listen), &server).await?;
    let endpoint = server.endpoint(address.port()).map_err(Failure::new)?;
    let kept = Kept::start(config).await?;
    let service = http::Service::new(kept.handler(), endpoint);

    let mut out = anstream::stdout();
    kept.banner(&mut out, Some(address))?;
    write!(out, "{epilogue}")?;
    out.flush()?;

    serve_until_signal(listener, service, server.limits, signals).await?;
    kept.end().await;
    Ok(ExitCode::SUCCESS)
}

/// The first signal lets running calls end, the second drops them.
async fn serve_until_signal(
    listener: TcpListener,
    service: http::Service,
    limits: Limits,
    mut signals: Signals,
) -> Result<(), Failure> {
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = http::serve(listener, routes::routes(service.clone()), limits, async {
        // An error is the same signal: the other end is gone.
        let _ = stopped.await;
    });
    let mut serving = std::pin::pin!(serving);
    tokio::select! {
        served = &mut serving => return Ok(served?),
        () = signals.next() => {}
    }
    service.close();
    drop(stop);
    tokio::select! {
        served = &mut serving => Ok(served?),
        () = signals.next() => Ok(()),
    }
}

/// Serves on standard input and output until the input ends or a signal comes. Everything for people
/// goes to standard error.
async fn serve_stdio(config: Config) -> Result<ExitCode, Failure> {
    let mut signals = Signals::listen()?;
    let kept = Kept::start(config).await?;
    kept.banner(&mut anstream::stderr(), None)?;
    let (input, output) = (tokio::io::stdin(), tokio::io::stdout());
    tokio::select! {
        served = stdio::serve(kept.handler(), input, output, stdio::Limits::STANDARD) => served?,
        () = signals.next() => {}
    }
    kept.end().await;
    Ok(ExitCode::SUCCESS)
}

async fn bind(address: SocketAddr, server: &Server) -> Result<(TcpListener, SocketAddr), Failure> {
    // A config is held to this when it is checked; `--listen` is held to it here.
    if !address.ip().is_loopback() && !server.insecure_listen {
        let message =
            format!("{address} can be reached from other machines, and nobody has to log in");
        return Err(Failure::usage(message).with_hint(
            "listen on 127.0.0.1, or set `insecure_listen = true` in the `[server]` of a config if something in front does authentication",
        ));
    }
    let failed = |error: std::io::Error| {
        Failure::new(anyhow::Error::new(error).context(format!("cannot listen on {address}")))
            .with_hint("`--listen 127.0.0.1:0` takes any free port")
    };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}
