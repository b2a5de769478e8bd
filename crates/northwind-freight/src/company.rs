//! The company from opening to closing.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::authentication::{CREDENTIALS, Credentials};
use crate::router;
use crate::store::{Database, SchemaError, Store};

/// How long answers under way may take to finish once the company closes.
const FAREWELL: Duration = Duration::from_secs(2);

/// What has to be decided before the company opens.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where to listen: a loopback address; port 0 takes any free one.
    pub address: SocketAddr,
    /// Where the books are kept.
    pub database: Database,
    /// How long the quarterly report takes.
    pub slow_report: Duration,
}

/// Why the company could not open.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The address can be reached from other machines, and the credentials are public.
    #[error("`{0}` is not a loopback address")]
    NotLoopback(SocketAddr),
    /// Another program listens there, or the system said no.
    #[error("cannot listen on `{address}`")]
    Listen {
        /// The address of the settings.
        address: SocketAddr,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The database cannot be read, written, or understood.
    #[error("cannot open the books in {database:?}")]
    Books {
        /// The database of the settings.
        database: Database,
        /// What the database said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl OpenError {
    fn books(database: Database, source: SchemaError) -> Self {
        Self::Books {
            database,
            source: Box::new(source),
        }
    }
}

/// A running company. [`close`](Self::close) waits for answers under way; dropping it just asks the server to stop.
#[derive(Debug)]
pub struct Company {
    address: SocketAddr,
    store: Store,
    /// Never sent through: the server stops when this end is gone.
    stop: oneshot::Sender<()>,
    server: JoinHandle<io::Result<()>>,
}

impl Company {
    /// Opens the books, seeds them if they are new, and listens. It is reachable once this returns.
    ///
    /// # Errors
    ///
    /// [`OpenError`], if the address is not a loopback address or is taken, or the books cannot be opened.
    pub async fn open(settings: Settings) -> Result<Self, OpenError> {
        let Settings {
            address,
            database,
            slow_report,
        } = settings;
        if !address.ip().is_loopback() {
            return Err(OpenError::NotLoopback(address));
        }
        let refused = |source| OpenError::Listen { address, source };
        let store = Store::open(&database)
            .await
            .map_err(|source| OpenError::books(database, source))?;
        let listener = TcpListener::bind(address).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let router = router::build(&store, slow_report, &format!("http://{address}"));
        let (stop, stopped) = oneshot::channel::<()>();
        let server = axum::serve(listener, router).with_graceful_shutdown(async {
            // An error is the same signal: the company was dropped.
            let _closed = stopped.await;
        });
        Ok(Self {
            address,
            store,
            stop,
            server: tokio::spawn(server.into_future()),
        })
    }

    /// Where the company listens, with the port that it was given.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address as a base URL, `http://127.0.0.1:49152`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The credentials of every Northwind Freight: fixed, public, good for a demo and nothing else.
    pub fn credentials() -> &'static Credentials {
        &CREDENTIALS
    }

    /// Stops listening, lets answers under way finish for two seconds, and closes the books.
    pub async fn close(self) {
        let Self {
            store,
            stop,
            mut server,
            ..
        } = self;
        drop(stop);
        let farewell = tokio::time::timeout(FAREWELL, &mut server).await;
        // Ends a report that is still being calculated.
        store.close().await;
        if farewell.is_err() && tokio::time::timeout(FAREWELL, &mut server).await.is_err() {
            server.abort();
        }
    }
}
