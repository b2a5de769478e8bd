//! Server-sent events, read as the HTML standard says (section 9.2), in bounded memory.

use std::collections::VecDeque;
use std::time::Duration;

/// Longest event id that is kept; it goes into a header when the stream is resumed.
const MAX_ID_BYTES: usize = 1024;

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Event {
    /// `message` where the server names none.
    pub name: String,
    pub data: Vec<u8>,
}

/// An event is longer than the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooLong;

/// Takes bytes and gives events.
#[derive(Debug)]
pub(super) struct EventParser {
    max_bytes: usize,
    line: Vec<u8>,
    /// A line feed that comes next belongs to the carriage return before it.
    after_return: bool,
    at_start: bool,
    name: String,
    data: Vec<u8>,
    has_data: bool,
    ready: VecDeque<Event>,
    /// The id of the last event, for resumption.
    pub last_id: Option<String>,
    /// How long to wait before resuming, where the server says so.
    pub retry: Option<Duration>,
}

impl EventParser {
    pub(super) fn new(max_bytes: usize) -> Self {
        Self {
            max_bytes,
            line: Vec::new(),
            after_return: false,
            at_start: true,
            name: String::new(),
            data: Vec::new(),
            has_data: false,
            ready: VecDeque::new(),
            last_id: None,
            retry: None,
        }
    }

    pub(super) fn next(&mut self) -> Option<Event> {
        self.ready.pop_front()
    }

    /// Reads `bytes`.
    ///
    /// # Errors
    ///
    /// [`TooLong`]; the stream is of no use any more.
    pub(super) fn read(&mut self, mut bytes: &[u8]) -> Result<(), TooLong> {
        while !bytes.is_empty() {
            if std::mem::take(&mut self.after_return) && bytes[0] == b'\n' {
                bytes = &bytes[1..];
                continue;
            }
            let end = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let part = &bytes[..end.unwrap_or(bytes.len())];
            if self.line.len() + self.data.len() + part.len() > self.max_bytes {
                return Err(TooLong);
            }
            self.line.extend_from_slice(part);
            let Some(end) = end else {
                return Ok(());
            };
            self.after_return = bytes[end] == b'\r';
            bytes = &bytes[end + 1..];
            let line = std::mem::take(&mut self.line);
            self.take_line(&line);
        }
        Ok(())
    }

    fn take_line(&mut self, line: &[u8]) {
        let mut line = line;
        if std::mem::take(&mut self.at_start) {
            line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line);
        }
        if line.is_empty() {
            self.dispatch();
            return;
        }
        let colon = line.iter().position(|byte| *byte == b':');
        let (field, value) = match colon {
            Some(colon) => (&line[..colon], &line[colon + 1..]),
            None => (line, &b""[..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match field {
            b"data" => {
                if std::mem::replace(&mut self.has_data, true) {
                    self.data.push(b'\n');
                }
                self.data.extend_from_slice(value);
            }
            b"event" => self.name = String::from_utf8_lossy(value).into_owned(),
            b"id" => self.take_id(value),
            b"retry" => self.take_retry(value),
            // A comment, or a field that there is not.
            _ => {}
        }
    }

    fn take_id(&mut self, value: &[u8]) {
        // Only what can stand in a header can ever be sent back.
        let fits = value.len() <= MAX_ID_BYTES && !value.iter().any(u8::is_ascii_control);
        if let (true, Ok(id)) = (fits, std::str::from_utf8(value)) {
            self.last_id = (!id.is_empty()).then(|| id.to_owned());
        }
    }

    fn take_retry(&mut self, value: &[u8]) {
        let digits = !value.is_empty() && value.iter().all(u8::is_ascii_digit);
        let text = std::str::from_utf8(value).ok().filter(|_| digits);
        if let Some(millis) = text.and_then(|text| text.parse().ok()) {
            self.retry = Some(Duration::from_millis(millis));
        }
    }

    fn dispatch(&mut self) {
        let name = std::mem::take(&mut self.name);
        let data = std::mem::take(&mut self.data);
        self.has_data = false;
        if data.is_empty() {
            return;
        }
        let name = if name.is_empty() {
            "message".to_owned()
        } else {
            name
        };
        self.ready.push_back(Event { name, data });
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::EventParser;

    /// Reads `stream` whole, and then byte by byte, which must not matter.
    #[track_caller]
    fn check(stream: &str, expected: Expect) {
        let whole = shown(&[stream.as_bytes()]);
        let bytes: Vec<_> = stream.as_bytes().chunks(1).collect();
        assert_eq!(whole, shown(&bytes));
        expected.assert_eq(&whole);
    }

    fn shown(parts: &[&[u8]]) -> String {
        let mut parser = EventParser::new(40);
        let mut lines = Vec::new();
        for part in parts {
            if parser.read(part).is_err() {
                lines.push("too long".to_owned());
                break;
            }
        }
        while let Some(event) = parser.next() {
            let data = String::from_utf8_lossy(&event.data);
            lines.push(format!("{} {data:?}", event.name));
        }
        lines.push(format!("id {:?}, retry {:?}", parser.last_id, parser.retry));
        lines.join("\n")
    }

    #[test]
    fn lines_end_in_any_of_three_ways() {
        check(
            "\u{feff}data: a\r\ndata:b\r\n\r\nevent: endpoint\rdata: /x\r\r: comment\ndata\ndata: \n\n",
            expect![[r#"
                message "a\nb"
                endpoint "/x"
                message "\n"
                id None, retry None"#]],
        );
    }

    #[test]
    fn an_event_without_data_tells_where_to_resume() {
        check(
            "id: 7\nretry: 500\ndata: \n\nretry: soon\nid: a\u{0}b\n\n",
            expect![[r#"id Some("7"), retry Some(500ms)"#]],
        );
    }

    #[test]
    fn what_is_not_finished_is_not_an_event() {
        check("data: a\n", expect!["id None, retry None"]);
    }

    #[test]
    fn an_event_that_never_ends_is_cut_off() {
        check(
            &"data: aaaaaaaaaa\n".repeat(9),
            expect![[r"
                too long
                id None, retry None"]],
        );
    }
}
