//! `wharf.toml`: what is typed becomes what is meant, and every mistake is reported at once.
//!
//! In reading order: the table of [`keys`]; the file as typed (`file`) and held against the table
//! (`shape`); references (`reference`) to secrets, resolved in one place (`secret`), those of the
//! command line too (`expand`); the file as meant (`check`); all of it in one go ([`load`]). From the same table: [`schema`] and [`manual`].

pub(crate) mod keys;

mod file;
mod shape;

mod duration;
mod expand;
mod reference;
mod secret;
mod size;

mod check;
mod server;

mod diagnostic;
mod load;

pub(crate) mod manual;
pub(crate) mod schema;

use std::path::PathBuf;

use wharf_gateway::settings::Settings;

pub use self::diagnostic::{Diagnostic, Severity};
pub use self::load::{ConfigError, Loaded, from_bytes, load, read};
pub use self::server::Server;

pub(crate) use self::check::{PAGE_TOOLS, listen_address};
pub(crate) use self::duration::parse as parse_duration;
pub(crate) use self::expand::{expand, refers};

/// A checked config.
#[derive(Clone, Debug)]
pub struct Config {
    pub server: Server,
    pub settings: Settings,
    /// Where it was read from; `None` for one that was made from nothing.
    pub file: Option<ConfigFile>,
}

/// A config file as it was when it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigFile {
    pub path: PathBuf,
    pub bytes: Vec<u8>,
}
