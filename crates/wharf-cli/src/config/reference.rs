//! References to secrets inside texts: `${env:NAME}`, `${file:PATH}`, `${exec:PROGRAM ARGUMENTS}`.

use std::fmt;

/// Where a secret is kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Reference {
    Environment(String),
    File(String),
    Command(String),
}

/// A text is text and references in turn.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    Reference(Reference),
}

/// `${` that begins no reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadReference {
    #[error("a reference is not closed")]
    NotClosed,
    #[error("a reference says neither `env:`, `file:` nor `exec:`")]
    UnknownKind,
    #[error("a reference names nothing")]
    Empty,
}

/// Takes a text apart. `$${` stands for `${` itself.
///
/// # Errors
///
/// [`BadReference`], for the first `${` that begins no reference.
pub(super) fn pieces(text: &str) -> Result<Vec<Piece>, BadReference> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let before = &rest[..start];
        let after = &rest[start + 2..];
        if let Some(before) = before.strip_suffix('$') {
            plain.push_str(before);
            plain.push_str("${");
            rest = after;
            continue;
        }
        plain.push_str(before);
        if !plain.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut plain)));
        }
        let end = after.find('}').ok_or(BadReference::NotClosed)?;
        pieces.push(Piece::Reference(Reference::parse(&after[..end])?));
        rest = &after[end + 1..];
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    Ok(pieces)
}

impl Reference {
    fn parse(text: &str) -> Result<Self, BadReference> {
        let (kind, name) = text.split_once(':').ok_or(BadReference::UnknownKind)?;
        let name = name.trim();
        let make = match kind {
            "env" => Self::Environment,
            "file" => Self::File,
            "exec" => Self::Command,
            _ => return Err(BadReference::UnknownKind),
        };
        if name.is_empty() {
            Err(BadReference::Empty)
        } else {
            Ok(make(name.to_owned()))
        }
    }

    pub(super) fn hint(&self) -> String {
        match self {
            Self::Environment(name) => format!("set it: export {name}=…"),
            Self::File(_) => "paths are relative to the folder of the config file".to_owned(),
            Self::Command(_) => {
                "the command is run without a shell; what it prints is the secret".to_owned()
            }
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment(name) => write!(formatter, "${{env:{name}}}"),
            Self::File(path) => write!(formatter, "${{file:{path}}}"),
            Self::Command(line) => write!(formatter, "${{exec:{line}}}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::pieces;

    #[track_caller]
    fn check(text: &str, expected: Expect) {
        expected.assert_eq(&match pieces(text) {
            Ok(pieces) => format!("{pieces:?}"),
            Err(error) => error.to_string(),
        });
    }

    #[test]
    fn a_reference_may_be_part_of_a_text() {
        check(
            "Bearer ${env:TOKEN}!",
            expect![[r#"[Text("Bearer "), Reference(Environment("TOKEN")), Text("!")]"#]],
        );
    }

    #[test]
    fn a_doubled_dollar_is_no_reference() {
        check("a$${env:X}", expect![[r#"[Text("a${env:X}")]"#]]);
    }

    #[test]
    fn what_is_no_reference_is_refused() {
        check("${env:X", expect!["a reference is not closed"]);
        check(
            "${vault:X}",
            expect!["a reference says neither `env:`, `file:` nor `exec:`"],
        );
        check("${file: }", expect!["a reference names nothing"]);
    }
}
