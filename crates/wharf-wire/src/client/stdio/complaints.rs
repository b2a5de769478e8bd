//! What a process writes on its standard error: into the log, and the end of it into error messages.

use std::collections::VecDeque;
use std::process::ExitStatus;

use tokio::io::AsyncRead;
use tracing::debug;

use crate::client::target::Command;
use crate::line::{Line, Lines};

/// Longest line that is kept.
const LINE_BYTES: usize = 8 << 10;
/// How much of the end is kept: lines, and characters of each.
const TAIL_LINES: usize = 8;
const TAIL_CHARACTERS: usize = 400;

/// The complaints of one process. They need not mean that anything is wrong.
pub(super) struct Complaints {
    lines: Option<Lines>,
    program: String,
    tail: VecDeque<String>,
}

impl Complaints {
    pub(super) fn new(reader: Box<dyn AsyncRead + Send + Unpin>, command: &Command) -> Self {
        Self {
            lines: Some(Lines::new(reader, LINE_BYTES)),
            program: command.program.to_string_lossy().into_owned(),
            tail: VecDeque::new(),
        }
    }

    /// Those of a server that has no such stream.
    pub(super) fn none() -> Self {
        Self {
            lines: None,
            program: String::new(),
            tail: VecDeque::new(),
        }
    }

    /// Reads for ever: a process that has closed this stream may go on all the same.
    pub(super) async fn read(&mut self) {
        self.rest().await;
        std::future::pending::<()>().await;
    }

    /// Reads to the end.
    pub(super) async fn rest(&mut self) {
        let Some(lines) = &mut self.lines else {
            return;
        };
        loop {
            let text = match lines.next().await {
                Ok(Line::Frame(bytes)) => shown(&bytes),
                Ok(Line::TooLong) => "[a line that is too long]".to_owned(),
                Ok(Line::End) | Err(_) => break,
            };
            debug!(program = ?self.program, %text, "the server says on its standard error");
            if self.tail.len() == TAIL_LINES {
                self.tail.pop_front();
            }
            self.tail.push_back(text);
        }
        self.lines = None;
    }

    /// How it ended and what it said last.
    pub(super) fn last_words(&self, status: Option<ExitStatus>) -> Option<String> {
        let status = status.map(|status| status.to_string());
        let words: Vec<_> = status
            .into_iter()
            .chain(self.tail.iter().cloned())
            .collect();
        (!words.is_empty()).then(|| words.join("\n"))
    }
}

/// One line, without what could fool a terminal.
fn shown(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_end();
    let characters = text.chars().take(TAIL_CHARACTERS);
    characters
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect()
}
