//! Where questions are shown and answers typed.

use std::io::{self, BufRead as _, Write as _};

/// A conversation, line by line. Implemented by the console, and by a script in tests.
pub(super) trait Terminal {
    /// Shows `text` as it stands.
    fn say(&mut self, text: &str) -> io::Result<()>;

    /// A line without its end; `None` once there will be none.
    fn read(&mut self) -> io::Result<Option<String>>;
}

/// Standard error and standard input: what the command prints stays free for the result.
#[derive(Clone, Copy, Debug)]
pub(super) struct Console;

impl Terminal for Console {
    fn say(&mut self, text: &str) -> io::Result<()> {
        let mut out = anstream::stderr().lock();
        out.write_all(text.as_bytes())?;
        out.flush()
    }

    fn read(&mut self) -> io::Result<Option<String>> {
        let mut line = String::new();
        let length = io::stdin().lock().read_line(&mut line)?;
        Ok((length > 0).then(|| line.trim().to_owned()))
    }
}
