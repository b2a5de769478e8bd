//! A service on a socket, behind the limits that strangers need.

use std::convert::Infallible;
use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tracing::{debug, warn};

use super::guard::Guarded;
use super::limits::Limits;

/// Who is at the other end of the connection, as an extension of each request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerAddress(pub SocketAddr);

/// The smallest buffer that `hyper` works with.
const LEAST_HEAD_BYTES: usize = 8 << 10;
/// How long to wait before the next attempt where a connection cannot be accepted, which is mostly
/// for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// How long a connection that is turned away may take to read why.
const FAREWELL: Duration = Duration::from_secs(1);
/// Connections turned away at one time; more are closed without a word.
const FAREWELLS: usize = 64;
const TURNED_AWAY: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// Serves `service` on `listener` until `shutdown` completes, then lets running requests end within
/// the grace period. Dropping the future closes every connection.
///
/// `service` is a [`Service`](super::Service), or a router that has one. Messages that could be read
/// in two ways never reach it: not those with both `Content-Length` and `Transfer-Encoding`, with two
/// lengths, with lines that end in a bare line feed, or with any other number of `Host` than one.
///
/// # Errors
///
/// None at present: what goes wrong with one connection ends that connection.
pub async fn serve<S, B>(
    listener: TcpListener,
    service: S,
    limits: Limits,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()>
where
    S: tower_service::Service<Request<Incoming>, Response = Response<B>, Error = Infallible>,
    S: Clone + Send + Sync + 'static,
    S::Future: Send,
    B: Body<Data: Send, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
{
    let mut server = Server::new(limits);
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            () = &mut shutdown => break,
            Some(_) = server.connections.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => match server.slot() {
                Some(slot) => {
                    let (stream, closing) = (server.guarded(stream), server.closing.subscribe());
                    let http = http(&server.limits);
                    let conversation = converse(http, stream, peer, service.clone(), closing);
                    server.hold(slot, conversation);
                }
                None => server.turn_away(stream),
            },
            Err(error) => {
                warn!(%error, "cannot accept a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    server.finish().await;
    Ok(())
}

/// The connections there are.
struct Server {
    limits: Limits,
    slots: Arc<Semaphore>,
    farewells: Arc<Semaphore>,
    closing: watch::Sender<bool>,
    connections: JoinSet<()>,
}

impl Server {
    fn new(limits: Limits) -> Self {
        Self {
            limits,
            slots: Arc::new(Semaphore::new(limits.connections)),
            farewells: Arc::new(Semaphore::new(FAREWELLS)),
            closing: watch::Sender::new(false),
            connections: JoinSet::new(),
        }
    }

    /// Room for one more connection, if there is any.
    fn slot(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.slots).try_acquire_owned().ok()
    }

    fn guarded(&self, stream: TcpStream) -> Guarded<TcpStream> {
        // Answers are small and somebody waits for each: no reason to wait for more to send.
        let _ = stream.set_nodelay(true);
        Guarded::new(
            stream,
            buffer_bytes(&self.limits),
            self.limits.write_timeout,
        )
    }

    fn hold(
        &mut self,
        slot: OwnedSemaphorePermit,
        conversation: impl Future<Output = ()> + Send + 'static,
    ) {
        self.connections.spawn(async move {
            let _slot = slot;
            conversation.await;
        });
    }

    fn turn_away(&mut self, mut stream: TcpStream) {
        let Ok(farewell) = Arc::clone(&self.farewells).try_acquire_owned() else {
            return;
        };
        self.connections.spawn(async move {
            let _farewell = farewell;
            let said = async {
                stream.write_all(TURNED_AWAY).await?;
                stream.shutdown().await?;
                // Closed with unread data, the socket would be reset, and the answer with it.
                while stream.read(&mut [0; 1024]).await? > 0 {}
                io::Result::Ok(())
            };
            let _ = tokio::time::timeout(FAREWELL, said).await;
        });
    }

    async fn finish(mut self) {
        self.closing.send_replace(true);
        let ended = tokio::time::timeout(self.limits.grace, async {
            while self.connections.join_next().await.is_some() {}
        });
        if ended.await.is_err() {
            warn!(
                connections = self.connections.len(),
                "closing connections that did not end"
            );
            self.connections.shutdown().await;
        }
    }
}

fn http(limits: &Limits) -> http1::Builder {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.head_timeout)
        .max_buf_size(buffer_bytes(limits));
    http
}

fn buffer_bytes(limits: &Limits) -> usize {
    limits.head_bytes.max(LEAST_HEAD_BYTES)
}

/// Speaks HTTP with one client until it leaves, or until `closing` and the end of its request.
async fn converse<S, B>(
    http: http1::Builder,
    stream: Guarded<TcpStream>,
    peer: SocketAddr,
    service: S,
    mut closing: watch::Receiver<bool>,
) where
    S: tower_service::Service<Request<Incoming>, Response = Response<B>, Error = Infallible>,
    S: Clone + Send + Sync + 'static,
    S::Future: Send,
    B: Body<Data: Send, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
{
    let release = stream.release();
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(PeerAddress(peer));
        request.extensions_mut().insert(release.clone());
        let mut service = service.clone();
        async move {
            std::future::poll_fn(|context| service.poll_ready(context)).await?;
            service.call(request).await
        }
    });
    let connection = http.serve_connection(TokioIo::new(stream), service);
    #[cfg(feature = "websocket")]
    let connection = connection.with_upgrades();
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = &mut connection => ended,
        () = begun(&mut closing) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        debug!(error = ?error.to_string(), "a connection broke off");
    }
}

async fn begun(closing: &mut watch::Receiver<bool>) {
    // An error means that the server is gone, which is a shutdown too.
    let _ = closing.wait_for(|closing| *closing).await;
}
