//! Sign-ins that outlive the command: tokens in a file of our own state, which nobody else can read.

use std::sync::Arc;

use url::Url;
use wharf_wire::oauth::client::{FileStore, Granted, MemoryStore, TokenStore};

use crate::environment;
use crate::report::Failure;
use crate::source::state_folder;

const FILE: &str = "tokens.json";

/// Where tokens are kept; in memory where no folder is ours.
///
/// # Errors
///
/// A file that cannot be read, or that others can read too.
pub(super) fn store() -> Result<Arc<dyn TokenStore>, Failure> {
    if environment::state_folder().is_none() {
        return Ok(Arc::new(MemoryStore::default()));
    }
    let path = state_folder()?.join(FILE);
    match FileStore::open(&path) {
        Ok(store) => Ok(Arc::new(store)),
        Err(error) => {
            let context = format!("cannot use the tokens in `{}`", path.display());
            Err(Failure::new(anyhow::Error::new(error).context(context)))
        }
    }
}

/// What was granted for the server at `url`, if somebody is signed in there.
///
/// # Errors
///
/// As [`store`].
pub(crate) async fn kept(url: &Url) -> Result<Option<Granted>, Failure> {
    Ok(store()?.granted(url.as_str()).await)
}

/// Forgets what was granted for the server at `url`.
///
/// # Errors
///
/// As [`store`].
pub(crate) async fn forget(url: &Url) -> Result<(), Failure> {
    store()?.keep_granted(url.as_str(), None).await;
    Ok(())
}
