//! One error: what the caller may read, and what only the log may.

use std::error::Error as StdError;
use std::fmt::{self, Debug, Display};

use wharf_protocol::error::ErrorObject;

/// What a function that is served fails with, and what a server that cannot start fails with.
///
/// It has two halves. The message is read by the model, so it says what to do differently. The cause
/// goes to the log and nowhere else, for it may hold addresses, queries or secrets.
///
/// ```
/// use wharf::{Context, Error};
///
/// fn read(name: &str) -> wharf::Result<String> {
///     if name.contains('/') {
///         return Err(Error::new("a name has no slashes: give the last part of the path"));
///     }
///     // The model reads the text; the cause is logged.
///     std::fs::read_to_string(name).context("there is no note of that name")
/// }
/// assert_eq!(read("nothing").unwrap_err().to_string(), "there is no note of that name");
/// ```
///
/// With a bare `?` on somebody else's error, the caller learns no more than that the tool failed.
pub struct Error {
    told: Told,
    cause: Option<Box<dyn StdError + Send + Sync>>,
}

/// What the caller learns.
enum Told {
    /// Nothing but that something went wrong.
    Nothing,
    Message(String),
    /// An error of the protocol, in place of a result.
    Protocol(Box<ErrorObject>),
}

/// What functions that are served return.
pub type Result<T = (), E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error whose `message` the caller reads.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            told: Told::Message(message.into()),
            cause: None,
        }
    }

    /// An error of the protocol itself, which a client handles and a model never sees.
    pub fn protocol(error: ErrorObject) -> Self {
        Self {
            told: Told::Protocol(Box::new(error)),
            cause: None,
        }
    }

    /// The message that the caller reads in place of what was there; the rest becomes the cause.
    #[must_use]
    pub fn context(self, message: impl Into<String>) -> Self {
        Self {
            told: Told::Message(message.into()),
            cause: self.cause,
        }
    }

    /// What the log should know.
    pub fn cause(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        self.cause.as_deref()
    }

    /// Whether there is anything for the caller to read.
    pub(crate) fn is_told(&self) -> bool {
        !matches!(self.told, Told::Nothing)
    }

    /// What the protocol calls it, where it is an error of the protocol.
    pub(crate) fn into_protocol(self) -> std::result::Result<ErrorObject, Self> {
        match self.told {
            Told::Protocol(error) => Ok(*error),
            _ => Err(self),
        }
    }

    /// The causes one after the other, for the log.
    pub(crate) fn causes(&self) -> String {
        let mut text = String::new();
        let mut next = self.cause.as_deref().map(|cause| cause as &dyn StdError);
        while let Some(cause) = next {
            if !text.is_empty() {
                text.push_str(": ");
            }
            text.push_str(&cause.to_string());
            next = cause.source();
        }
        text
    }
}

/// The caller's half.
impl Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.told {
            Told::Nothing => formatter.write_str("it failed; the reason is in the server's log"),
            Told::Message(message) => formatter.write_str(message),
            Told::Protocol(error) => Display::fmt(error, formatter),
        }
    }
}

/// Both halves, since this is what `main` prints.
impl Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.told, self.causes()) {
            (Told::Nothing, causes) => formatter.write_str(&causes),
            (_, causes) if causes.is_empty() => Display::fmt(self, formatter),
            (_, causes) => write!(formatter, "{self}\n  because: {causes}"),
        }
    }
}

/// What `?` does: the caller is told nothing of it.
impl<E: StdError + Send + Sync + 'static> From<E> for Error {
    fn from(cause: E) -> Self {
        Self {
            told: Told::Nothing,
            cause: Some(Box::new(cause)),
        }
    }
}

/// Says what the caller should read of somebody else's error.
pub trait Context<T> {
    /// The caller reads `message`, and the log keeps the cause.
    ///
    /// # Errors
    ///
    /// Where there was an error, or nothing, before.
    fn context(self, message: impl Into<String>) -> Result<T>;
}

impl<T, E: Into<Error>> Context<T> for std::result::Result<T, E> {
    fn context(self, message: impl Into<String>) -> Result<T> {
        self.map_err(|error| error.into().context(message))
    }
}

impl<T> Context<T> for Option<T> {
    fn context(self, message: impl Into<String>) -> Result<T> {
        self.ok_or_else(|| Error::new(message))
    }
}

/// An error whose text was written for the caller.
///
/// Implement it for an error of your own with `impl wharf::ToolError for MyError {}`. Errors of other
/// libraries do not have it, since nobody has thought about who reads them: return
/// [`wharf::Result`](crate::Result) and say what the caller should know with [`Context`].
#[diagnostic::on_unimplemented(
    message = "nothing says what a model may read of `{Self}`",
    label = "the error of a function that is served",
    note = "return `wharf::Result<…>`, and in the body write `.context(\"what the model should know\")?`",
    note = "or, for an error of your own: `impl wharf::ToolError for {Self} {{}}`"
)]
pub trait ToolError: Display + Sized {
    /// The same as our error.
    fn into_error(self) -> Error {
        Error::new(self.to_string())
    }
}

impl ToolError for Error {
    fn into_error(self) -> Error {
        self
    }
}

impl ToolError for String {}
impl ToolError for &'static str {}
impl ToolError for std::convert::Infallible {}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::{Context, Error, Result};

    #[test]
    fn the_caller_reads_the_message_and_the_log_the_cause() {
        let failed: Result<u8> = "x".parse::<u8>().context("give a number");
        let error = failed.unwrap_err();
        expect!["give a number"].assert_eq(&error.to_string());
        expect!["invalid digit found in string"].assert_eq(&error.causes());
    }

    #[test]
    fn a_foreign_error_tells_the_caller_nothing() {
        let error = Error::from("x".parse::<u8>().unwrap_err());
        expect!["it failed; the reason is in the server's log"].assert_eq(&error.to_string());
    }
}
