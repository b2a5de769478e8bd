//! What a function may want to know beside its arguments, asked for by type.
//!
//! A parameter of one of these types is not part of the tool's schema: the framework hands it in.
//! They may stand in any order, as many as are needed.

pub(crate) mod announce;
pub(crate) mod ask;
pub(crate) mod caller;
pub(crate) mod cancellation;
pub(crate) mod log;
pub(crate) mod metadata;
pub(crate) mod progress;
pub(crate) mod state;

use std::any::TypeId;

use crate::call::Call;
use crate::error::Result;

/// Something that a call can be asked for.
///
/// Implement it for a type of your own, and mark the parameter with `#[extract]`:
///
/// ```
/// use wharf::{Call, Context, Extract, Result};
///
/// struct Tenant(String);
///
/// impl Extract for Tenant {
///     async fn extract(call: &Call<'_>) -> Result<Self> {
///         let tenant = call.exchange().header("x-tenant").context("say which tenant it is for")?;
///         Ok(Self(tenant.to_owned()))
///     }
/// }
///
/// /// The open orders of the tenant.
/// #[wharf::tool]
/// fn open_orders(#[extract] tenant: Tenant) -> String {
///     format!("none for {}", tenant.0)
/// }
/// # let _ = open_orders;
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is nothing that a call can be asked for",
    label = "taken for an extractor",
    note = "if it is an argument that the model fills, write `#[arg]` before it",
    note = "otherwise implement `wharf::Extract` for it"
)]
pub trait Extract: Sized {
    /// Reads it from the call.
    ///
    /// # Errors
    ///
    /// Whatever the call lacks, in words for the caller; the function does not run.
    fn extract(call: &Call<'_>) -> impl Future<Output = Result<Self>> + Send;

    /// Says what the server must have for it, so that one that lacks it does not start.
    fn needs(_needs: &mut Needs) {}
}

/// What a function needs of its server.
#[derive(Clone, Debug, Default)]
pub struct Needs {
    pub(crate) states: Vec<(TypeId, &'static str)>,
    pub(crate) logs: bool,
    pub(crate) announces: bool,
}

impl Needs {
    /// The server must have been given a state of type `T`.
    pub fn state<T: 'static>(&mut self) {
        self.states
            .push((TypeId::of::<T>(), std::any::type_name::<T>()));
    }
}
