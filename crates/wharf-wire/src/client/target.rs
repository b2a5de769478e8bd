//! Where a server is.

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use tokio::io::{AsyncRead, AsyncWrite};
use url::Url;

/// A server to connect to.
pub enum Target {
    /// Over HTTP: Streamable HTTP of either era, or the HTTP+SSE pair of 2024-11-05.
    Url(Url),
    /// A process of our own that speaks on its standard streams.
    Command(Command),
    /// Streams that are open already, one message a line.
    Pipe(
        Box<dyn AsyncRead + Send + Unpin>,
        Box<dyn AsyncWrite + Send + Unpin>,
    ),
}

impl fmt::Debug for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(url) => formatter.debug_tuple("Url").field(&url.as_str()).finish(),
            Self::Command(command) => command.fmt(formatter),
            Self::Pipe(..) => formatter.write_str("Pipe"),
        }
    }
}

/// A program and what it is given.
///
/// Of our own environment it inherits only what a program needs to run at all (`PATH`, `HOME` and
/// their like), never the rest, where our credentials may be.
#[derive(Clone)]
pub struct Command {
    /// A path, or a name that is looked up in `PATH`.
    pub program: OsString,
    pub arguments: Vec<OsString>,
    /// Set beside what is inherited, or in place of it.
    pub environment: Vec<(OsString, OsString)>,
    /// Where it runs; here, where nothing is said.
    pub directory: Option<PathBuf>,
}

impl Command {
    pub fn new(program: impl Into<OsString>) -> Self {
        Self {
            program: program.into(),
            arguments: Vec::new(),
            environment: Vec::new(),
            directory: None,
        }
    }
}

impl fmt::Debug for Command {
    // Arguments and environment carry credentials, so they are not shown.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Command")
            .field("program", &self.program)
            .finish_non_exhaustive()
    }
}
