//! Pictures beside names.

use wharf_protocol::icon::Icon;

use crate::reply::mime_type;

/// The picture at `uri`, its type told by the URI where it can be.
pub(crate) fn icon(uri: impl Into<String>) -> Icon {
    let src = uri.into();
    let told = mime_type(&src);
    Icon {
        mime_type: told.starts_with("image/").then(|| told.to_owned()),
        sizes: Vec::new(),
        theme: None,
        src,
    }
}
