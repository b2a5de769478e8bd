//! How failures look to people: `error: …`, the causes, `hint: …`; and how they look to scripts: the
//! exit code. The one place for both.

use std::error::Error;
use std::fmt;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use wharf_gateway::gateway::{ReloadError, StartError};
use wharf_gateway::upstream::http::document::DocumentError;

use crate::client;
use crate::config::{ConfigError, Diagnostic, Severity};
use crate::paint;
use crate::printable::printable;

/// A command that did not do what it was asked.
#[derive(Debug)]
pub struct Failure {
    kind: Kind,
    error: anyhow::Error,
    hint: Option<String>,
}

/// What went wrong, as far as scripts tell it apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Failed,
    Usage,
    Configuration,
}

impl Failure {
    pub(crate) fn new(error: impl Into<anyhow::Error>) -> Self {
        Self {
            kind: Kind::Failed,
            error: error.into(),
            hint: None,
        }
    }

    /// Something that does not work, in our own words.
    pub(crate) fn saying(message: impl Into<String>) -> Self {
        Self::new(anyhow::Error::msg(message.into()))
    }

    /// A command line that means nothing.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self {
            kind: Kind::Usage,
            ..Self::saying(message)
        }
    }

    #[must_use]
    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    fn is_broken_pipe(&self) -> bool {
        let io = |cause: &(dyn Error + 'static)| {
            cause
                .downcast_ref::<io::Error>()
                .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
        };
        self.error.chain().any(io)
    }

    /// What the reader can do next, from whatever in the chain knows it.
    fn hint(&self) -> Option<String> {
        self.hint
            .clone()
            .or_else(|| self.error.chain().find_map(hint_of))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.hint() {
            Some(hint) => write!(formatter, "{} (hint: {hint})", self.error),
            None => write!(formatter, "{}", self.error),
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self {
            kind: Kind::Configuration,
            ..Self::new(error)
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::new(error)
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        // What was written stands in the cause: a broken pipe is still found there.
        Self::new(io::Error::from(error))
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        Self::new(error)
    }
}

fn hint_of(error: &(dyn Error + 'static)) -> Option<String> {
    if let Some(config) = error.downcast_ref::<ConfigError>() {
        return config.hint();
    }
    if let Some(reload) = error.downcast_ref::<ReloadError>() {
        return reload.source.hint();
    }
    if let Some(advice) = client::advice(error) {
        return Some(advice);
    }
    error
        .downcast_ref::<DocumentError>()
        .and_then(DocumentError::hint)
}

/// Prints what there is to say about the end of a command.
pub(crate) fn conclude(ended: Result<ExitCode, Failure>) -> ExitCode {
    let failure = match ended {
        Ok(code) => return code,
        // Whoever read our output has seen enough.
        Err(failure) if failure.is_broken_pipe() => return ExitCode::SUCCESS,
        Err(failure) => failure,
    };
    print(&failure);
    match failure.kind {
        Kind::Failed => ExitCode::FAILURE,
        Kind::Usage => ExitCode::from(2),
        Kind::Configuration => ExitCode::from(78),
    }
}

/// Prints a failure to standard error.
pub(crate) fn print(failure: &Failure) {
    let mut out = anstream::stderr().lock();
    if let Some(ConfigError::Mistakes { path, diagnostics }) = failure.error.downcast_ref() {
        // Where standard error is closed there is nobody to tell.
        let _ = write_diagnostics(&mut out, path, diagnostics);
    }
    let _ = write_chain(&mut out, failure.error.as_ref(), failure.hint());
}

/// Prints an error that does not end the program.
pub(crate) fn print_error(error: &(dyn Error + 'static)) {
    let _ = write_chain(&mut anstream::stderr().lock(), error, hint_of(error));
}

/// Prints what is odd about a config that can be used.
pub(crate) fn print_warnings(path: &Path, warnings: &[Diagnostic]) {
    let _ = write_diagnostics(&mut anstream::stderr().lock(), path, warnings);
}

/// One finding a line, its place first, so that editors and terminals make links of it.
pub(crate) fn write_diagnostics(
    out: &mut impl Write,
    path: &Path,
    found: &[Diagnostic],
) -> io::Result<()> {
    let path = path.display();
    for Diagnostic {
        severity,
        line,
        column,
        message,
        help,
    } in found
    {
        let style = match severity {
            Severity::Error => paint::ERROR,
            Severity::Warning => paint::WARNING,
        };
        writeln!(
            out,
            "{path}:{line}:{column}: {style}{severity}{style:#}: {message}"
        )?;
        if let Some(help) = help {
            writeln!(out, "  help: {help}")?;
        }
    }
    Ok(())
}

fn write_chain(
    out: &mut impl Write,
    error: &(dyn Error + 'static),
    hint: Option<String>,
) -> io::Result<()> {
    let (style, strong) = (paint::ERROR, paint::STRONG);
    let mut said = error.to_string();
    // Some of it was said by a server.
    writeln!(out, "{style}error{style:#}: {}", printable(&said))?;
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        // Errors of other crates often repeat their cause.
        if !said.ends_with(&text) {
            writeln!(out, "  cause: {}", printable(&text))?;
        }
        said = text;
        cause = error.source();
    }
    match hint {
        Some(hint) => writeln!(out, "{strong}hint{strong:#}: {}", printable(&hint)),
        None => Ok(()),
    }
}
