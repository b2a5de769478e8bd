//! Parameters and results with one member changed and the rest as it was written.

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use wharf_protocol::error::ErrorObject;
use wharf_protocol::meta::Meta;

/// The members of a JSON object, in order, each as its sender wrote it. `_meta` is such an object,
/// and so is whatever it travels in.
pub(super) type Members = Meta;

pub(super) const META: &str = "_meta";

/// The members of `params`; none where there are no parameters.
///
/// # Errors
///
/// `-32602` for anything but an object.
pub(super) fn members(params: Option<&RawValue>) -> Result<Members, ErrorObject> {
    let raw = params.map_or("{}", RawValue::get);
    serde_json::from_str(raw)
        .map_err(|error| ErrorObject::invalid_params(format!("Invalid params: {error}")))
}

/// The `_meta` of `params`.
///
/// # Errors
///
/// `-32602` where it is not an object.
pub(super) fn meta_of(params: &Members) -> Result<Meta, ErrorObject> {
    members(params.get(META))
}

/// `value` as raw JSON.
///
/// # Errors
///
/// `-32603` where it cannot be written.
pub(super) fn raw(value: &(impl Serialize + ?Sized)) -> Result<Box<RawValue>, ErrorObject> {
    to_raw_value(value).map_err(|_| ErrorObject::internal())
}
