//! Secrets that a file refers to, resolved in one place before anything is checked; so checking
//! itself is pure.

use std::collections::{BTreeSet, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::Command;
use tokio::task::JoinSet;
use wharf_policy::secret::Secret;

use super::reference::Reference;

/// Largest secret, in bytes.
const SECRET_BYTES: u64 = 64 * 1024;
/// How long a command may take.
const PATIENCE: Duration = Duration::from_secs(10);

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
    use super::words;

    #[test]
    fn quotes_keep_words_together() {
        assert_eq!(
            words(r#"op read "op://Vault/My Key" ''"#),
            ["op", "read", "op://Vault/My Key", ""]
        );
    }
}
