//! Which server is meant: an address or a command.

use std::ffi::OsString;
use std::fmt;

use url::{Position, Url};

use crate::cli::ServerArguments;
use crate::report::Failure;

/// A server, as the command line names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    Url(Url),
    Command {
        program: OsString,
        arguments: Vec<OsString>,
    },
}

impl Named {
    /// The server of `arguments`, or the one at `place`, which stands without an option; `None` where
    /// none is named.
    ///
    /// # Errors
    ///
    /// An address that is none, and two servers at once.
    pub(crate) fn of(
        arguments: &ServerArguments,
        place: Option<&str>,
    ) -> Result<Option<Self>, Failure> {
        let command = arguments.command.split_first();
        match (place.or(arguments.url.as_deref()), command) {
            (Some(_), Some(_)) => Err(Failure::usage("give one server: a URL or a command")),
            (Some(url), None) => Self::at(url).map(Some),
            (None, Some((program, arguments))) => Ok(Some(Self::Command {
                program: program.clone(),
                arguments: arguments.to_vec(),
            })),
            (None, None) => Ok(None),
        }
    }

    /// The server at `url`.
    ///
    /// # Errors
    ///
    /// An address that is none, or that has a password in it.
    pub(crate) fn at(url: &str) -> Result<Self, Failure> {
        let parsed = Url::parse(url)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let Some(parsed) = parsed else {
            return Err(Failure::usage("this is no address of an MCP server")
                .with_hint("give a URL that begins with http:// or https://"));
        };
        if !parsed.username().is_empty() || parsed.password().is_some() {
            return Err(
                Failure::usage("an address must not hold a user or a password")
                    .with_hint("give them as a header: `--header 'Authorization: Basic ${env:…}'`"),
            );
        }
        Ok(Self::Url(parsed))
    }
}

impl fmt::Display for Named {
    // A query, and the arguments of a command, may hold what nobody should read.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(url) => formatter.write_str(&url[..Position::AfterPath]),
            Self::Command { program, .. } => formatter.write_str(&program.to_string_lossy()),
        }
    }
}

/// Whether a word of the command line is an address, rather than a file or something to look for.
pub(crate) fn is_address(word: &str) -> bool {
    word.contains("://")
}
