//! Where one HTTP/1 message ends and the next begins, read more strictly than `hyper` reads it.
//!
//! `hyper` takes a message that has both `Content-Length` and `Transfer-Encoding`, lines that end in
//! a bare line feed, and a head with two `Host` lines or none. A proxy in front may read such a
//! message differently, and then one of them takes for a request what the other takes for a body
//! (request smuggling). So each byte is followed here first, and whatever could be read in two ways
//! is refused.

/// Longest line of a chunked body, in bytes.
const MAX_CHUNK_LINE: usize = 4 << 10;

/// Follows the messages of one connection.
#[derive(Debug)]
pub(super) struct Framing {
    part: Part,
    /// The line that began in an earlier piece of input.
    line: Vec<u8>,
    max_line: usize,
}

/// What the next bytes belong to.
#[derive(Debug)]
enum Part {
    Head(Head),
    /// So many bytes of a body or a chunk; what follows is another message or another chunk.
    Data {
        left: u64,
        then: Then,
    },
    ChunkSize,
    Trailer,
    /// A line longer than `hyper` keeps: it refuses the message itself, so nothing follows.
    Lost,
}

#[derive(Clone, Copy, Debug)]
enum Then {
    Message,
    ChunkEnd,
}

/// What a head has said of its message so far.
#[derive(Debug, Default)]
struct Head {
    /// Whether the request line was HTTP/1.0, which needs no `Host`; `None` before it.
    old: Option<bool>,
    hosts: usize,
    length: Option<u64>,
    chunked: bool,
}

/// A message that could be read in two ways. The first `sound` bytes of the input are not part of it,
/// or are a beginning of it that is harmless.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ambiguous {
    pub sound: usize,
}

/// A line that makes its message ambiguous.
struct Bad;

impl Framing {
    pub(super) fn new(max_line: usize) -> Self {
        Self {
            part: Part::Head(Head::default()),
            line: Vec::new(),
            max_line,
        }
    }

    /// Follows the next bytes of the connection.
    pub(super) fn follow(&mut self, bytes: &[u8]) -> Result<(), Ambiguous> {
        let mut at = 0;
        let mut sound = 0;
        while at < bytes.len() {
            let rest = &bytes[at..];
            match &mut self.part {
                Part::Lost => return Ok(()),
                Part::Data { left, then } => {
                    let skipped = usize::try_from(*left).unwrap_or(usize::MAX).min(rest.len());
                    *left -= skipped as u64;
                    at += skipped;
                    if *left == 0 {
                        self.part = then.part();
                    }
                    sound = at;
                }
                Part::Head(_) | Part::ChunkSize | Part::Trailer => {
                    let Some(end) = rest.iter().position(|byte| *byte == b'\n') else {
                        self.keep(rest);
                        return Ok(());
                    };
                    self.end_line(&rest[..end])
                        .map_err(|Bad| Ambiguous { sound })?;
                    at += end + 1;
                    if !matches!(self.part, Part::Head(Head { old: Some(_), .. })) {
                        sound = at;
                    }
                }
            }
        }
        Ok(())
    }

    /// Keeps the beginning of a line whose end has not come yet.
    fn keep(&mut self, beginning: &[u8]) {
        if self.line.len() + beginning.len() > self.max_line {
            self.part = Part::Lost;
            self.line = Vec::new();
        } else {
            self.line.extend_from_slice(beginning);
        }
    }

    /// Takes a line, of which `last` is what stood before the line feed.
    fn end_line(&mut self, last: &[u8]) -> Result<(), Bad> {
        let mut kept = std::mem::take(&mut self.line);
        let line = if kept.is_empty() {
            last
        } else {
            kept.extend_from_slice(last);
            &kept
        };
        let line = line.strip_suffix(b"\r").ok_or(Bad)?;
        let next = match &mut self.part {
            Part::Head(head) if line.is_empty() && head.old.is_some() => Some(head.end()?),
            Part::Head(head) => head.take(line).map(|()| None)?,
            Part::ChunkSize => Some(chunk(line)?),
            Part::Trailer if line.is_empty() => Some(Part::Head(Head::default())),
            Part::Trailer | Part::Data { .. } | Part::Lost => None,
        };
        if let Some(next) = next {
            self.part = next;
        }
        Ok(())
    }
}

impl Then {
    fn part(self) -> Part {
        match self {
            Self::Message => Part::Head(Head::default()),
            Self::ChunkEnd => Part::ChunkSize,
        }
    }
}

impl Head {
    fn take(&mut self, line: &[u8]) -> Result<(), Bad> {
        if self.old.is_none() {
            // Blank lines before a request are skipped (RFC 9112, section 2.2).
            if !line.is_empty() {
                self.old = Some(line.ends_with(b"HTTP/1.0"));
            }
            return Ok(());
        }
        // A line that continues the one before it.
        if matches!(line.first(), Some(b' ' | b'\t')) {
            return Err(Bad);
        }
        let colon = line.iter().position(|byte| *byte == b':').ok_or(Bad)?;
        self.field(&line[..colon], line[colon + 1..].trim_ascii())
    }

    fn field(&mut self, name: &[u8], value: &[u8]) -> Result<(), Bad> {
        if name.eq_ignore_ascii_case(b"host") {
            self.hosts += 1;
        } else if name.eq_ignore_ascii_case(b"content-length") {
            let length = decimal(value).ok_or(Bad)?;
            if self.length.replace(length).is_some() {
                return Err(Bad);
            }
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            if self.chunked || !value.eq_ignore_ascii_case(b"chunked") {
                return Err(Bad);
            }
            self.chunked = true;
        }
        Ok(())
    }

    /// What follows the head.
    fn end(&self) -> Result<Part, Bad> {
        let old = self.old == Some(true);
        if self.hosts > 1 || (self.hosts == 0 && !old) || (self.chunked && old) {
            return Err(Bad);
        }
        match (self.length, self.chunked) {
            (Some(_), true) => Err(Bad),
            (None, true) => Ok(Part::ChunkSize),
            (None | Some(0), false) => Ok(Part::Head(Self::default())),
            (Some(left), false) => Ok(Part::Data {
                left,
                then: Then::Message,
            }),
        }
    }
}

/// What follows the line that opens a chunk.
fn chunk(line: &[u8]) -> Result<Part, Bad> {
    if line.len() > MAX_CHUNK_LINE {
        return Err(Bad);
    }
    let size = line.split(|byte| *byte == b';').next().unwrap_or_default();
    match hexadecimal(size.trim_ascii_end()).ok_or(Bad)? {
        0 => Ok(Part::Trailer),
        size => Ok(Part::Data {
            // And the line break behind it.
            left: size.checked_add(2).ok_or(Bad)?,
            then: Then::ChunkEnd,
        }),
    }
}

fn decimal(text: &[u8]) -> Option<u64> {
    number(text, 10)
}

fn hexadecimal(text: &[u8]) -> Option<u64> {
    number(text, 16)
}

/// Digits and nothing else: `u64::from_str_radix` takes a sign.
fn number(text: &[u8], radix: u32) -> Option<u64> {
    let text = std::str::from_utf8(text).ok()?;
    let digits = text.chars().all(|character| character.is_digit(radix));
    digits.then(|| u64::from_str_radix(text, radix).ok())?
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::Framing;

    /// Follows `input` in one piece and byte by byte, which must come to the same verdict.
    #[track_caller]
    fn check(input: &str, expected: Expect) {
        let whole = Framing::new(64).follow(input.as_bytes());
        let mut framing = Framing::new(64);
        let single = input.bytes().try_for_each(|byte| framing.follow(&[byte]));
        assert_eq!(whole.is_ok(), single.is_ok());
        expected.assert_eq(&match whole {
            Ok(()) => format!("{:?}", framing.part),
            Err(ambiguous) => format!("ambiguous after {:?}", &input[..ambiguous.sound]),
        });
    }

    const START: &str = "Head(Head { old: None, hosts: 0, length: None, chunked: false })";

    #[track_caller]
    fn sound(input: &str) {
        let mut framing = Framing::new(64);
        assert_eq!(framing.follow(input.as_bytes()), Ok(()));
        assert_eq!(format!("{:?}", framing.part), START);
    }

    #[test]
    fn messages_follow_each_other() {
        sound("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        sound(
            "\r\nPOST / HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\n\n\n\nGET / HTTP/1.0\r\n\r\n",
        );
        sound(
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\na\nb\r\n0\r\nt: 1\r\n\r\n",
        );
    }

    #[test]
    fn two_ways_to_say_where_a_body_ends_are_one_too_many() {
        check(
            "GET / HTTP/1.0\r\n\r\nPOST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            expect![[r#"ambiguous after "GET / HTTP/1.0\r\n\r\n""#]],
        );
    }

    #[test]
    fn a_length_is_said_once_and_in_digits() {
        for length in ["+5", "5,5", "5\r\nContent-Length: 5", "", "0x5"] {
            check(
                &format!("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n"),
                expect![[r#"ambiguous after """#]],
            );
        }
    }

    #[test]
    fn a_bare_line_feed_ends_no_line() {
        check(
            "GET / HTTP/1.1\nHost: a\r\n\r\n",
            expect![[r#"ambiguous after """#]],
        );
        check(
            "GET / HTTP/1.1\r\nHost: a\r\n\n",
            expect![[r#"ambiguous after """#]],
        );
    }

    #[test]
    fn a_head_names_one_host() {
        check("GET / HTTP/1.1\r\n\r\n", expect![[r#"ambiguous after """#]]);
        check(
            "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
            expect![[r#"ambiguous after """#]],
        );
    }

    #[test]
    fn a_folded_line_and_a_line_without_colon_are_refused() {
        check(
            "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n",
            expect![[r#"ambiguous after """#]],
        );
        check(
            "GET / HTTP/1.1\r\nHost\r\n\r\n",
            expect![[r#"ambiguous after """#]],
        );
    }

    #[test]
    fn a_chunk_that_is_no_number_is_refused_where_it_stands() {
        check(
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
            expect![[
                r#"ambiguous after "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n""#
            ]],
        );
    }

    #[test]
    fn a_line_without_end_is_not_kept() {
        check(&format!("GET /{}", "a".repeat(99)), expect!["Lost"]);
    }
}
