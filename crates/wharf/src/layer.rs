//! Middleware: whatever stands between the wire and the functions, as `tower` layers.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use tower_service::Service;
use tracing::error;
use wharf_protocol::error::ErrorObject;
use wharf_protocol::port::{Answer, BoxFuture, Exchange, Reply, Request};

use crate::router::Router;

/// A request on its way through the middleware, and everything that is known of who sent it.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// What is asked, of any method.
    pub request: Request,
    /// Who asks and how.
    pub exchange: Exchange,
}

/// What comes after a layer: the next layer, or the functions.
#[derive(Clone)]
pub struct Next(Arc<dyn Run>);

trait Run: Send + Sync {
    fn run(&self, incoming: Incoming) -> BoxFuture<'static, Reply>;
}

/// The innermost service.
struct Functions(Arc<Router>);

impl Run for Functions {
    fn run(&self, incoming: Incoming) -> BoxFuture<'static, Reply> {
        let router = Arc::clone(&self.0);
        Box::pin(async move { router.answer(&incoming.request, &incoming.exchange).await })
    }
}

/// A service that a layer has made.
struct Layered<S>(S);

impl<S> Run for Layered<S>
where
    S: Service<Incoming, Response = Answer> + Clone + Send + Sync + 'static,
    S::Error: Into<Box<dyn StdError + Send + Sync>>,
    S::Future: Send,
{
    fn run(&self, incoming: Incoming) -> BoxFuture<'static, Reply> {
        let mut service = self.0.clone();
        Box::pin(async move {
            let ready = std::future::poll_fn(|context| service.poll_ready(context)).await;
            ready.map_err(refused)?;
            service.call(incoming).await.map_err(refused)
        })
    }
}

impl Next {
    pub(crate) fn functions(router: Arc<Router>) -> Self {
        Self(Arc::new(Functions(router)))
    }

    pub(crate) fn layered<S>(service: S) -> Self
    where
        S: Service<Incoming, Response = Answer> + Clone + Send + Sync + 'static,
        S::Error: Into<Box<dyn StdError + Send + Sync>>,
        S::Future: Send,
    {
        Self(Arc::new(Layered(service)))
    }

    pub(crate) fn run(&self, incoming: Incoming) -> BoxFuture<'static, Reply> {
        self.0.run(incoming)
    }
}

impl Service<Incoming> for Next {
    type Response = Answer;
    type Error = ErrorObject;
    type Future = BoxFuture<'static, Reply>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ErrorObject>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, incoming: Incoming) -> Self::Future {
        self.run(incoming)
    }
}

impl fmt::Debug for Next {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Next")
    }
}

/// A layer's own error. One of the protocol is what the caller reads; any other is for the log.
fn refused(error: impl Into<Box<dyn StdError + Send + Sync>>) -> ErrorObject {
    match error.into().downcast::<ErrorObject>() {
        Ok(error) => *error,
        Err(error) => {
            error!(%error, "a layer failed");
            ErrorObject::internal()
        }
    }
}
