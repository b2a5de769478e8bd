//! Who may call what.

use wharf_protocol::error::ErrorObject;
use wharf_protocol::port::{Exchange, Origin};

/// The header by which the guard in front of an endpoint hands on what a token allows. A client's own
/// is taken away there.
pub(crate) const SCOPES: &str = "x-wharf-granted-scopes";

/// Lets a caller through that has all of `needed`.
///
/// Over a pipe, or inside a process, the caller is whoever started us, and may do what it may do.
///
/// # Errors
///
/// `-32602`, naming all of `needed` at once.
pub(crate) fn admit(needed: &[String], exchange: &Exchange) -> Result<(), ErrorObject> {
    if needed.is_empty() || !matches!(exchange.origin, Origin::Http { .. }) {
        return Ok(());
    }
    let granted = exchange.header(SCOPES).unwrap_or_default();
    let has = |scope: &String| granted.split(' ').any(|own| own == scope);
    if needed.iter().all(has) {
        return Ok(());
    }
    let message = format!("Forbidden: this tool needs the scopes {}", needed.join(" "));
    Err(ErrorObject::invalid_params(message))
}
