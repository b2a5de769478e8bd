//! The pipeline from a tool call to an upstream and back, recorded.
//!
//! Start with [`call`]: the life of a tool call on one page. What it passes through, in that order:
//! [`identify`], [`catalog`], `wharf_policy`, [`upstream`], [`guard`], [`audit`]. [`list`] answers
//! from the same view, [`rescue`] turns failures into replies, [`gateway`] holds it all together.
//!
//! Nothing here reads an environment variable, or a file that its [`settings`] do not name.

pub mod call;
pub mod list;

pub mod audit;
pub mod catalog;
pub mod guard;
pub mod identify;
pub mod rescue;
pub mod upstream;

pub mod gateway;
pub mod settings;
