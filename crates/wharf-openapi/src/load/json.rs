//! JSON into a tree, without recursion.

use super::{Limits, Malformed};
use crate::tree::builder::{Builder, Container, Scalar};
use crate::tree::{NodeId, Text, Tree};

type Read<T> = Result<T, Malformed>;

/// Reads one JSON text.
pub(super) fn read(text: &str, limits: &Limits) -> Read<(Tree, Vec<NodeId>)> {
    let mut reader = Reader {
        text,
        at: 0,
        builder: Builder::new(text.into(), limits),
    };
    reader.document()?;
    Ok(reader.builder.finish())
}

struct Reader<'t, 'l> {
    text: &'t str,
    at: usize,
    builder: Builder<'l>,
}

impl Reader<'_, '_> {
    /// Alternates between a place where a value must stand and what may follow it.
    fn document(&mut self) -> Read<()> {
        loop {
            self.value()?;
            loop {
                self.skip_space();
                let Some(container) = self.builder.inside() else {
                    return self.end();
                };
                match (container, self.peek()) {
                    (Container::Array, Some(b']')) | (Container::Object, Some(b'}')) => {
                        self.at += 1;
                        self.builder.close();
                    }
                    (_, Some(b',')) => {
                        self.at += 1;
                        if container == Container::Object {
                            self.key()?;
                        }
                        break;
                    }
                    (Container::Array, _) => return self.refuse("expected `,` or `]`"),
                    (Container::Object, _) => return self.refuse("expected `,` or `}`"),
                }
            }
        }
    }

    /// Reads a value; of a container that is not empty, everything up to its first scalar.
    fn value(&mut self) -> Read<()> {
        loop {
            self.skip_space();
            let start = self.at;
            let container = match self.peek() {
                Some(b'{') => Container::Object,
                Some(b'[') => Container::Array,
                _ => return self.scalar(),
            };
            self.at += 1;
            self.builder.open(container, start, 0)?;
            self.skip_space();
            match (container, self.peek()) {
                (Container::Array, Some(b']')) | (Container::Object, Some(b'}')) => {
                    self.at += 1;
                    self.builder.close();
                    return Ok(());
                }
                (Container::Object, _) => self.key()?,
                (Container::Array, _) => {}
            }
        }
    }

    fn scalar(&mut self) -> Read<()> {
        let start = self.at;
        let scalar = match self.peek() {
            Some(b'"') => Scalar::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => Scalar::Number(self.number()?),
            Some(b't') => self.word("true", Scalar::Bool(true))?,
            Some(b'f') => self.word("false", Scalar::Bool(false))?,
            Some(b'n') => self.word("null", Scalar::Null)?,
            _ => return self.refuse("expected a value"),
        };
        self.builder.scalar(scalar, start)?;
        Ok(())
    }

    fn key(&mut self) -> Read<()> {
        self.skip_space();
        let start = self.at;
        if self.peek() != Some(b'"') {
            return self.refuse("expected a key in double quotes");
        }
        let key = self.string()?;
        self.builder.key(key, start);
        self.skip_space();
        if self.peek() != Some(b':') {
            return self.refuse("expected `:`");
        }
        self.at += 1;
        Ok(())
    }

    fn string(&mut self) -> Read<Text> {
        let start = self.at + 1;
        let rest = &self.text.as_bytes()[start..];
        let Some(length) = rest
            .iter()
            .position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f))
        else {
            return self.refuse("this string does not end");
        };
        if rest[length] == b'"' {
            self.at = start + length + 1;
            return Ok(Builder::slice(start, start + length));
        }
        // Rare enough to let serde_json judge the escapes. Control characters are illegal in JSON, but
        // a raw tab or line break in a description is no reason to lose a document.
        let end = self.closing_quote(start)?;
        let raw = &self.text[start - 1..=end];
        let escaped: String = raw.chars().map(escape_control).collect();
        let Ok(string) = serde_json::from_str::<String>(&escaped) else {
            return self.refuse("this string has an escape that JSON does not know");
        };
        self.at = end + 1;
        Ok(self.builder.unescaped(&string))
    }

    fn closing_quote(&self, start: usize) -> Read<usize> {
        let mut at = start;
        while let Some(byte) = self.text.as_bytes().get(at) {
            match byte {
                b'"' => return Ok(at),
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
        self.refuse("this string does not end")
    }

    fn number(&mut self) -> Read<Text> {
        let start = self.at;
        let rest = &self.text[start..];
        let length = rest
            .find(|found: char| !matches!(found, '0'..='9' | '-' | '+' | '.' | 'e' | 'E'))
            .unwrap_or(rest.len());
        if crate::tree::scalar::number(&rest[..length]).is_none() {
            return self.refuse("this is not a number");
        }
        self.at += length;
        Ok(Builder::slice(start, start + length))
    }

    fn word(&mut self, word: &str, meaning: Scalar) -> Read<Scalar> {
        if !self.text[self.at..].starts_with(word) {
            return self.refuse("expected a value");
        }
        self.at += word.len();
        Ok(meaning)
    }

    fn end(&self) -> Read<()> {
        match self.peek() {
            None => Ok(()),
            // Some generators end their output with a zero byte.
            Some(0)
                if self.text.as_bytes()[self.at..]
                    .iter()
                    .all(|&byte| byte == 0) =>
            {
                Ok(())
            }
            Some(_) => self.refuse("expected nothing after the document's end"),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn refuse<T>(&self, message: &str) -> Read<T> {
        let found = match self
            .text
            .get(self.at..)
            .and_then(|rest| rest.chars().next())
        {
            None => "the document ends".to_owned(),
            Some(found) => format!("found {found:?}"),
        };
        Err(Malformed::new(
            self.at,
            format!("not JSON: {message}, {found}"),
        ))
    }
}

fn escape_control(character: char) -> char {
    match character {
        '\0'..='\x1f' => ' ',
        other => other,
    }
}
