//! Everything that can be called, as one immutable snapshot; and what one principal sees of it.

mod name;
mod snapshot;
mod tool;
mod view;

pub(crate) use self::name::room;
pub use self::snapshot::{Berth, Snapshot};
pub use self::tool::Tool;
pub use self::view::{Unseen, View};
