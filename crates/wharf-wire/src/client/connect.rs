//! From a target to a client.

use std::sync::Arc;

use http::StatusCode;
use tokio::task::JoinSet;
use tracing::debug;
use url::Url;
use wharf_protocol::port::BoxFuture;

use super::connection::Client;
use super::error::{AskError, ConnectError};
use super::handshake;
use super::http::{Http, Pair};
use super::line_out::LineOut;
use super::reception::Reception;
use super::settings::{ClientSettings, Speaks};
use super::stdio::Pipe;
use super::target::{Command, Target};
use super::transport::Transport;

/// Connects to a server, in whichever era and over whichever transport it speaks.
///
/// # Errors
///
/// [`ConnectError`], where there is no such server or none that can be spoken with.
pub async fn connect(target: Target, settings: ClientSettings) -> Result<Client, ConnectError> {
    let settings = Arc::new(settings);
    match target {
        Target::Url(url) => at_url(url, settings).await,
        Target::Command(command) => by_command(&command, settings).await,
        Target::Pipe(reader, writer) => {
            let reception = reception(&settings);
            let opened = Pipe::open(reader, writer, &settings, Arc::clone(&reception));
            on_pipe(opened, settings, reception).await
        }
    }
}

async fn at_url(url: Url, settings: Arc<ClientSettings>) -> Result<Client, ConnectError> {
    if !matches!(url.scheme(), "https" | "http") {
        return Err(ConnectError::Scheme(url));
    }
    let reception = reception(&settings);
    let (http, errands) = Http::new(url, Arc::clone(&settings), Arc::clone(&reception));
    let tasks = running(errands);
    let transport: Arc<dyn Transport> = Arc::clone(&http) as Arc<dyn Transport>;
    let line = LineOut::new(Arc::clone(&settings), Arc::clone(&reception), transport);
    let error = match handshake::over_http(&line).await {
        Ok(learnt) => return Ok(Client::ready(line, learnt, tasks).await),
        Err(ConnectError::Ask(error)) if may_be_older(&error, &settings) => error,
        Err(error) => return Err(error),
    };
    // The oldest kind of server has nothing at this address but a stream (2026-07-28, HTTP+SSE).
    let Ok((pair, reading)) = Pair::open(&http, &settings, Arc::clone(&reception)).await else {
        return Err(ConnectError::Ask(error));
    };
    debug!("the server speaks HTTP+SSE, which newer ones have given up");
    let tasks = running(reading);
    let line = LineOut::new(settings, reception, pair);
    let learnt = handshake::initialize(&line).await?;
    Ok(Client::ready(line, learnt, tasks).await)
}

/// Whether a server that refused `initialize` so may be of 2024-11-05.
fn may_be_older(error: &AskError, settings: &ClientSettings) -> bool {
    let status = match error {
        AskError::Status { status, .. } => Some(*status),
        AskError::Refused { status, .. } if !error.is_modern() => *status,
        _ => None,
    };
    settings.speaks != Speaks::ModernOnly
        && matches!(
            status,
            Some(StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED)
        )
}

async fn by_command(
    command: &Command,
    settings: Arc<ClientSettings>,
) -> Result<Client, ConnectError> {
    let reception = reception(&settings);
    let start = |settings: &ClientSettings| {
        let started = Pipe::start(command, settings, Arc::clone(&reception));
        started.map_err(ConnectError::Start)
    };
    let first = on_pipe(
        start(&settings)?,
        Arc::clone(&settings),
        Arc::clone(&reception),
    )
    .await;
    match first {
        // Some servers of the legacy era exit when the first thing they read is no `initialize`.
        Err(ConnectError::Ask(error))
            if matches!(*error, AskError::Lost { .. }) && settings.speaks == Speaks::BothEras =>
        {
            let settings = Arc::new(ClientSettings {
                speaks: Speaks::LegacyOnly,
                ..ClientSettings::clone(&settings)
            });
            let again = start(&settings)?;
            on_pipe(again, settings, reception).await
        }
        other => other,
    }
}

async fn on_pipe(
    (pipe, reading): (Arc<Pipe>, BoxFuture<'static, ()>),
    settings: Arc<ClientSettings>,
    reception: Arc<Reception>,
) -> Result<Client, ConnectError> {
    let tasks = running(reading);
    let line = LineOut::new(settings, reception, pipe);
    let learnt = handshake::on_pipe(&line).await?;
    Ok(Client::ready(line, learnt, tasks).await)
}

fn reception(settings: &ClientSettings) -> Arc<Reception> {
    let limits = &settings.limits;
    Arc::new(Reception::new(limits.cache_bytes, limits.queued_frames))
}

fn running(work: BoxFuture<'static, ()>) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    tasks.spawn(work);
    tasks
}
