//! Frames as lines: one JSON text, one line feed.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};

/// Takes the line breaks out of one JSON text. Between tokens they are white space, and inside a
/// string JSON has none.
pub(crate) fn flatten(frame: &mut [u8]) {
    for byte in frame {
        if matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
}

/// What was read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// One line, without its line feed.
    Frame(Vec<u8>),
    /// A line longer than the limit. It was read to its end and not kept.
    TooLong,
    End,
}

/// Reads lines in bounded memory.
pub(crate) struct Lines {
    reader: BufReader<Box<dyn AsyncRead + Send + Unpin>>,
    /// What was read of the current line; empty again once it is too long.
    line: Vec<u8>,
    skipping: bool,
    max_bytes: usize,
}

impl Lines {
    pub(crate) fn new(reader: Box<dyn AsyncRead + Send + Unpin>, max_bytes: usize) -> Self {
        Self {
            reader: BufReader::new(reader),
            line: Vec::new(),
            skipping: false,
            max_bytes,
        }
    }

    /// The next line that is not blank. Dropping the future loses nothing.
    pub(crate) async fn next(&mut self) -> io::Result<Line> {
        loop {
            let available = self.reader.fill_buf().await?;
            if available.is_empty() {
                return Ok(self.last());
            }
            let end = available.iter().position(|byte| *byte == b'\n');
            let part = &available[..end.unwrap_or(available.len())];
            if self.line.len() + part.len() > self.max_bytes {
                self.skipping = true;
                self.line = Vec::new();
            } else if !self.skipping {
                self.line.extend_from_slice(part);
            }
            let read = part.len() + usize::from(end.is_some());
            self.reader.consume(read);
            if end.is_some()
                && let Some(line) = self.finished()
            {
                return Ok(line);
            }
        }
    }

    /// The line that has just ended; `None` for a blank one.
    fn finished(&mut self) -> Option<Line> {
        if std::mem::take(&mut self.skipping) {
            return Some(Line::TooLong);
        }
        let line = std::mem::take(&mut self.line);
        (!line.trim_ascii().is_empty()).then_some(Line::Frame(line))
    }

    /// What stood after the last line feed: a peer that stops in the middle of a line has not said
    /// it, but some end their last one with the end of the input.
    fn last(&mut self) -> Line {
        self.finished().unwrap_or(Line::End)
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::{Line, Lines};

    async fn check(input: &'static [u8], expected: Expect) {
        let mut lines = Lines::new(Box::new(input), 8);
        let mut read = Vec::new();
        loop {
            match lines.next().await.expect("memory can be read") {
                Line::Frame(line) => {
                    read.push(format!("{:?}", String::from_utf8_lossy(&line)));
                }
                Line::TooLong => read.push("too long".to_owned()),
                Line::End => break,
            }
        }
        expected.assert_eq(&read.join("\n"));
    }

    #[tokio::test]
    async fn lines_end_at_a_line_feed_or_at_the_end() {
        check(
            b"one\ntwo\r\n\n  \nthree",
            expect![[r#"
                "one"
                "two\r"
                "three""#]],
        )
        .await;
    }

    #[tokio::test]
    async fn a_line_that_is_too_long_is_skipped_and_the_next_one_is_read() {
        check(
            b"123456789\n12345678\n0123456789abcdef",
            expect![[r#"
                too long
                "12345678"
                too long"#]],
        )
        .await;
    }
}
