//! What the server was given for all its calls.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use super::{Extract, Needs};
use crate::call::Call;
use crate::error::{Error, Result};

/// Something that all calls share: a connection pool, an HTTP client, a cache.
///
/// Given with [`Server::state`](crate::Server::state) or made by
/// [`Server::lifespan`](crate::Server::lifespan); a server whose tools ask for a state that it was not
/// given does not start.
///
/// ```
/// use wharf::{Server, State};
///
/// struct Greeting(&'static str);
///
/// /// Greets somebody.
/// #[wharf::tool]
/// fn greet(name: String, greeting: State<Greeting>) -> String {
///     format!("{} {name}", greeting.0)
/// }
///
/// let server = Server::new("greeter").state(Greeting("Hello")).tool(greet);
/// ```
pub struct State<T> {
    // Not by number: a `.0` would hide that of `T`.
    shared: Arc<T>,
}

impl<T: Send + Sync + 'static> Extract for State<T> {
    async fn extract(call: &Call<'_>) -> Result<Self> {
        let missing = || Error::new("it failed; the reason is in the server's log");
        let shared = call.state().ok_or_else(missing)?;
        Ok(Self { shared })
    }

    fn needs(needs: &mut Needs) {
        needs.state::<T>();
    }
}

impl<T> State<T> {
    /// The same to keep: for a task that outlives the call.
    pub fn into_shared(self) -> Arc<T> {
        self.shared
    }
}

impl<T> Deref for State<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.shared
    }
}

impl<T> Clone for State<T> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
        }
    }
}

impl<T> fmt::Debug for State<T> {
    // What is shared often holds credentials.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "State<{}>", std::any::type_name::<T>())
    }
}
