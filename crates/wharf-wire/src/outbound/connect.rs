//! Connections to other servers: resolved, checked against the egress rules, then opened.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, Uri};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::{TcpStream, lookup_host};
use tower_service::Service;

use super::egress::Egress;

/// Whatever lay beneath a failure.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// How long name and address of a host are tried before it counts as unreachable.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a connection that nobody uses is kept.
const IDLE: Duration = Duration::from_mins(1);

/// A pool of connections that only lead where the egress rules permit.
#[derive(Clone, Debug)]
pub struct Connection {
    client: Client<HttpsConnector<Guarded>, Full<Bytes>>,
}

impl Connection {
    pub fn new(egress: Egress) -> Self {
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls())
            .https_or_http()
            .enable_http1()
            .wrap_connector(Guarded {
                egress: Arc::new(egress),
            });
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(IDLE)
            .pool_timer(hyper_util::rt::TokioTimer::new())
            .build(connector);
        Self { client }
    }

    /// Sends one request and waits for the head of its answer. Redirects are not followed.
    ///
    /// # Errors
    ///
    /// Whatever kept the head from coming; a [`Forbidden`] among the causes where an address was
    /// not permitted.
    pub async fn send(&self, request: Request<Bytes>) -> Result<Response<Incoming>, Cause> {
        Ok(self.client.request(request.map(Full::new)).await?)
    }
}

/// The address is not one that may be called.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{host}` stands for {address}, which is neither public nor named in the config")]
pub struct Forbidden {
    host: String,
    address: IpAddr,
}

/// Opens connections, to permitted addresses only. The check stands between resolution and
/// connection, so a name that changes its address in between gains nothing.
#[derive(Clone, Debug)]
struct Guarded {
    egress: Arc<Egress>,
}

impl Service<Uri> for Guarded {
    type Response = TokioIo<TcpStream>;
    type Error = Cause;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Cause>> + Send>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Cause>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let egress = Arc::clone(&self.egress);
        Box::pin(async move {
            tokio::time::timeout(CONNECT, open(&egress, &uri))
                .await
                .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
        })
    }
}

async fn open(egress: &Egress, uri: &Uri) -> Result<TokioIo<TcpStream>, Cause> {
    let host = uri.host().ok_or("the address has no host")?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let default_port = if uri.scheme_str() == Some("https") {
        443
    } else {
        80
    };
    let port = uri.port_u16().unwrap_or(default_port);
    let addresses: Vec<SocketAddr> = lookup_host((host, port)).await?.collect();
    // All of them or none: a name that stands for a public and a private address is up to no good.
    if let Some(address) = addresses
        .iter()
        .find(|at| !egress.permits(host, port, at.ip()))
    {
        return Err(Box::new(Forbidden {
            host: host.to_owned(),
            address: address.ip(),
        }));
    }
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name stands for no address");
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => {
                stream.set_nodelay(true)?;
                return Ok(TokioIo::new(stream));
            }
            Err(error) => last = error,
        }
    }
    Err(Box::new(last))
}

/// TLS with the roots of the operating system; read once, shared by all connections.
fn tls() -> rustls::ClientConfig {
    static CONFIG: OnceLock<rustls::ClientConfig> = OnceLock::new();
    CONFIG
        .get_or_init(|| {
            let mut roots = rustls::RootCertStore::empty();
            let found = rustls_native_certs::load_native_certs();
            let (usable, _) = roots.add_parsable_certificates(found.certs);
            if usable == 0 {
                tracing::warn!(
                    "no root certificates found: https upstreams cannot be verified and will fail"
                );
            }
            let provider = Arc::new(rustls::crypto::ring::default_provider());
            rustls::ClientConfig::builder_with_provider(provider)
                .with_safe_default_protocol_versions()
                .expect("ring has the cipher suites of every version that rustls offers")
                .with_root_certificates(roots)
                .with_no_client_auth()
        })
        .clone()
}
