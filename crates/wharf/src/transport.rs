//! Where a server listens: on its standard streams, or at an address.

use std::ffi::OsString;
use std::net::SocketAddr;

use crate::error::{Context, Error, Result};

/// The environment variable that stands for `--http ADDRESS`.
pub const HTTP_VARIABLE: &str = "WHARF_HTTP";

/// Where a server listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// On the standard streams, for the program that started it.
    Stdio,
    /// At `http://ADDRESS/mcp`.
    Http(SocketAddr),
}

/// What an endpoint is told beside its address.
#[derive(Debug, Default)]
pub(crate) struct HttpSettings {
    /// The names by which clients know the server; without any, only those of this machine.
    pub(crate) hosts: Vec<String>,
    /// The web pages that may call it, as origins.
    pub(crate) origins: Vec<String>,
}

impl Transport {
    /// What the command line says, or else the environment: `--http ADDRESS` or `--stdio`.
    ///
    /// # Errors
    ///
    /// What cannot be understood, and how it is written.
    pub fn from_command_line() -> Result<Self> {
        let variable = std::env::var(HTTP_VARIABLE).ok();
        Self::read(std::env::args_os().skip(1), variable.as_deref())
    }

    fn read(mut arguments: impl Iterator<Item = OsString>, variable: Option<&str>) -> Result<Self> {
        let transport = match arguments.next() {
            None => match variable {
                Some(address) => Self::http(address)?,
                None => Self::Stdio,
            },
            Some(flag) if flag == "--stdio" => Self::Stdio,
            Some(flag) if flag == "--http" => {
                let address = arguments.next().unwrap_or_default();
                Self::http(&address.to_string_lossy())?
            }
            Some(other) => return Err(usage(&other)),
        };
        match arguments.next() {
            None => Ok(transport),
            Some(other) => Err(usage(&other)),
        }
    }

    fn http(address: &str) -> Result<Self> {
        let message = format!("`{address}` is no address: write `--http 127.0.0.1:8000`");
        address.parse().map(Self::Http).context(message)
    }
}

fn usage(found: &OsString) -> Error {
    let found = found.to_string_lossy();
    Error::new(format!(
        "`{found}` is not understood: write `--http ADDRESS:PORT`, or nothing for standard input \
         and output"
    ))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use expect_test::{Expect, expect};

    use super::Transport;

    #[track_caller]
    fn check(arguments: &str, variable: Option<&str>, expected: Expect) {
        let arguments = arguments.split_whitespace().map(OsString::from);
        let found = match Transport::read(arguments, variable) {
            Ok(transport) => format!("{transport:?}"),
            Err(error) => error.to_string(),
        };
        expected.assert_eq(&found);
    }

    #[test]
    fn the_command_line_counts_more_than_the_environment() {
        check("", None, expect!["Stdio"]);
        check("", Some("127.0.0.1:8000"), expect!["Http(127.0.0.1:8000)"]);
        check(
            "--http [::1]:1",
            Some("127.0.0.1:8000"),
            expect!["Http([::1]:1)"],
        );
        check("--stdio", Some("127.0.0.1:8000"), expect!["Stdio"]);
    }

    #[test]
    fn what_is_not_understood_is_answered_with_how_to_write_it() {
        check(
            "--http",
            None,
            expect!["`` is no address: write `--http 127.0.0.1:8000`"],
        );
        check(
            "--port 1",
            None,
            expect![
                "`--port` is not understood: write `--http ADDRESS:PORT`, or nothing for standard input and output"
            ],
        );
        check(
            "--stdio more",
            None,
            expect![
                "`more` is not understood: write `--http ADDRESS:PORT`, or nothing for standard input and output"
            ],
        );
    }
}
