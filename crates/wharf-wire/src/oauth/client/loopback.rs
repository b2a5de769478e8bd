//! A browser on this machine, and a listener that its answer comes back to (RFC 8252, section 7.3).

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use url::Url;
use wharf_protocol::port::BoxFuture;

use super::browser::Browser;
use super::interaction::{Interaction, InteractionError, Redirect, Redirected};

const PATH: &str = "/callback";
/// How long one connection may take to say what it wants.
const PATIENCE: Duration = Duration::from_secs(10);
/// Most connections at once; browsers open a few ahead of need.
const CONNECTIONS: usize = 16;

/// Signs a person in through a browser here.
#[derive(Clone, Debug)]
pub struct Loopback {
    browser: Arc<dyn Browser>,
    /// How long a person may take.
    patience: Duration,
}

impl Loopback {
    pub fn new(browser: Arc<dyn Browser>, patience: Duration) -> Self {
        Self { browser, patience }
    }
}

impl Interaction for Loopback {
    fn prepare<'a>(
        &'a self,
        preferred: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Box<dyn Redirect>, InteractionError>> {
        Box::pin(async move {
            let listener = listen(preferred).await.map_err(InteractionError::Listen)?;
            let port = listener
                .local_addr()
                .map_err(InteractionError::Listen)?
                .port();
            let waiting: Box<dyn Redirect> = Box::new(Waiting {
                listener,
                uri: format!("http://127.0.0.1:{port}{PATH}"),
                browser: Arc::clone(&self.browser),
                patience: self.patience,
            });
            Ok(waiting)
        })
    }
}

/// A listener at the port of `preferred`, where it is an address of ours and free; at any other
/// else.
async fn listen(preferred: Option<&str>) -> std::io::Result<TcpListener> {
    let port = preferred
        .and_then(|uri| Url::parse(uri).ok())
        .filter(|url| url.host_str() == Some("127.0.0.1") && url.path() == PATH)
        .and_then(|url| url.port());
    let at = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    if let Some(port) = port
        && let Ok(listener) = TcpListener::bind(at(port)).await
    {
        return Ok(listener);
    }
    TcpListener::bind(at(0)).await
}

struct Waiting {
    listener: TcpListener,
    uri: String,
    browser: Arc<dyn Browser>,
    patience: Duration,
}

impl Redirect for Waiting {
    fn uri(&self) -> &str {
        &self.uri
    }

    fn answer<'a>(
        self: Box<Self>,
        page: &'a Url,
        state: &'a str,
    ) -> BoxFuture<'a, Result<Redirected, InteractionError>> {
        Box::pin(async move {
            let both = async {
                // The page first, then its answer; but a browser that follows redirects itself is
                // only done when it was answered here.
                let answered = answered(&self.listener, state);
                tokio::pin!(answered);
                tokio::select! {
                    answer = &mut answered => return answer,
                    opened = self.browser.open(page) => opened.map_err(InteractionError::Browser)?,
                }
                answered.await
            };
            tokio::time::timeout(self.patience, both)
                .await
                .map_err(|_| InteractionError::Silence)?
        })
    }
}

/// The first answer that carries `state`, whatever else connects.
async fn answered(listener: &TcpListener, state: &str) -> Result<Redirected, InteractionError> {
    let (found, mut answers) = mpsc::channel(1);
    let state: Arc<str> = Arc::from(state);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Some(answer) = answers.recv() => {
                // So that the browser is told that it is done.
                while connections.join_next().await.is_some() {}
                return Ok(answer);
            }
            accepted = listener.accept(), if connections.len() < CONNECTIONS => {
                let (stream, _) = accepted.map_err(InteractionError::Listen)?;
                connections.spawn(serve(stream, Arc::clone(&state), found.clone()));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(stream: TcpStream, state: Arc<str>, found: mpsc::Sender<Redirected>) {
    let service = service_fn(|request| {
        let response = respond(&request, &state, &found);
        async move { Ok::<_, Infallible>(response) }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service);
    // Whoever breaks off learns nothing and costs nothing.
    let _ = tokio::time::timeout(PATIENCE, connection).await;
}

fn respond(
    request: &Request<Incoming>,
    state: &str,
    found: &mpsc::Sender<Redirected>,
) -> Response<Full<Bytes>> {
    if request.method() != Method::GET || request.uri().path() != PATH {
        return page(StatusCode::NOT_FOUND, "There is nothing here.");
    }
    let answer = Redirected::parse(request.uri().query().unwrap_or_default());
    if answer.parameter("state") != Some(state) {
        return page(
            StatusCode::BAD_REQUEST,
            "This is not the answer that is waited for.",
        );
    }
    match found.try_send(answer) {
        Ok(()) => page(
            StatusCode::OK,
            "You can close this window and go back to where you came from.",
        ),
        Err(_) => page(StatusCode::CONFLICT, "There was an answer already."),
    }
}

/// A page that says one thing, loads nothing and is kept nowhere. It does not say whether the
/// sign-in worked: that is not known yet.
fn page(status: StatusCode, text: &str) -> Response<Full<Bytes>> {
    let body = format!("<!doctype html><meta charset=utf-8><title>Sign-in</title><p>{text}</p>\n");
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    for (name, value) in [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        ),
        (REFERRER_POLICY, "no-referrer"),
    ] {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}
