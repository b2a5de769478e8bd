//! References to secrets inside texts: `${env:NAME}`, `${file:PATH}`, `${exec:PROGRAM ARGUMENTS}`.
//!
//! They are collected from the whole file and resolved in one place, before anything is checked; so
//! checking itself is pure.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::Command;
use tokio::task::JoinSet;
use wharf_policy::secret::Secret;

/// Largest secret, in bytes.
const SECRET_BYTES: u64 = 64 * 1024;
/// How long a command may take.
const PATIENCE: Duration = Duration::from_secs(10);

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

/// The secret cannot be had. Says nothing of what was read.
#[derive(Debug, thiserror::Error)]
pub(super) enum SecretError {
    #[error("the environment variable `{0}` is not set")]
    NotSet(String),
    #[error("the environment variable `{0}` is not UTF-8")]
    NotText(String),
    #[error("cannot read the file `{path}`: {}", source.kind())]
    File { path: String, source: io::Error },
    #[error("cannot run `{program}`: {}", source.kind())]
    Run { program: String, source: io::Error },
    #[error("`{program}` failed ({status})")]
    Failed { program: String, status: ExitStatus },
    #[error("`{program}` did not end within {} s", PATIENCE.as_secs())]
    Slow { program: String },
    #[error("{place} holds more than {} KiB", SECRET_BYTES / 1024)]
    TooLarge { place: String },
    #[error("{place} is not UTF-8")]
    NotUtf8 { place: String },
}

/// What the references of one file stand for.
#[derive(Debug, Default)]
pub(super) struct Resolved(HashMap<Reference, Result<Secret, SecretError>>);

impl Resolved {
    /// Resolves every reference, each once, all at the same time. Paths are relative to `folder`.
    pub(super) async fn of(references: BTreeSet<Reference>, folder: &Path) -> Self {
        let mut tasks = JoinSet::new();
        for reference in references {
            let folder = folder.to_owned();
            tasks.spawn(async move {
                let secret = resolve(&reference, &folder).await;
                (reference, secret)
            });
        }
        Self(tasks.join_all().await.into_iter().collect())
    }

    /// `None` for a reference that was not among those resolved.
    pub(super) fn get(&self, reference: &Reference) -> Option<&Result<Secret, SecretError>> {
        self.0.get(reference)
    }
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

async fn resolve(reference: &Reference, folder: &Path) -> Result<Secret, SecretError> {
    match reference {
        Reference::Environment(name) => match std::env::var(name) {
            Ok(value) => Ok(Secret::new(value)),
            Err(std::env::VarError::NotPresent) => Err(SecretError::NotSet(name.clone())),
            Err(std::env::VarError::NotUnicode(_)) => Err(SecretError::NotText(name.clone())),
        },
        Reference::File(path) => read_file(path, folder.join(path)).await,
        Reference::Command(line) => {
            let words = words(line);
            let program = words.first().cloned().unwrap_or_default();
            tokio::time::timeout(PATIENCE, run(&program, &words[1..], folder))
                .await
                .unwrap_or(Err(SecretError::Slow { program }))
        }
    }
}

async fn read_file(named: &str, path: PathBuf) -> Result<Secret, SecretError> {
    let failed = |source| SecretError::File {
        path: named.to_owned(),
        source,
    };
    let file = tokio::fs::File::open(path).await.map_err(failed)?;
    let bytes = read_capped(file).await.map_err(failed)?;
    secret(bytes, &format!("the file `{named}`"))
}

/// Runs a program and keeps what it prints. Dropping the future ends the program.
async fn run(program: &str, arguments: &[String], folder: &Path) -> Result<Secret, SecretError> {
    let failed = |source| SecretError::Run {
        program: program.to_owned(),
        source,
    };
    let mut child = Command::new(program)
        .args(arguments)
        .current_dir(if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        })
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        // What a password manager complains about may itself be private.
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(failed)?;
    let mut bytes = Vec::new();
    if let Some(output) = child.stdout.take() {
        bytes = read_capped(output).await.map_err(failed)?;
    }
    let status = child.wait().await.map_err(failed)?;
    if !status.success() {
        let program = program.to_owned();
        return Err(SecretError::Failed { program, status });
    }
    secret(bytes, &format!("the output of `{program}`"))
}

/// One byte beyond the limit is read, so that too much can be told from just enough.
async fn read_capped(source: impl AsyncRead + Unpin) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source
        .take(SECRET_BYTES + 1)
        .read_to_end(&mut bytes)
        .await?;
    Ok(bytes)
}

/// The text of a secret without the newline that editors and programs put at its end.
fn secret(bytes: Vec<u8>, place: &str) -> Result<Secret, SecretError> {
    let place = place.to_owned();
    if bytes.len() as u64 > SECRET_BYTES {
        return Err(SecretError::TooLarge { place });
    }
    let text = String::from_utf8(bytes).map_err(|_| SecretError::NotUtf8 { place })?;
    let trimmed = text.strip_suffix('\n').unwrap_or(&text);
    Ok(Secret::new(trimmed.strip_suffix('\r').unwrap_or(trimmed)))
}

/// Splits a command line at spaces; quotes of either kind keep them.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for letter in line.chars() {
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None, _) if letter.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::{pieces, words};

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

    #[test]
    fn quotes_keep_words_together() {
        assert_eq!(
            words(r#"op read "op://Vault/My Key" ''"#),
            ["op", "read", "op://Vault/My Key", ""]
        );
    }
}
