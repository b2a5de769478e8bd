//! From a file to a checked config, or to everything that is wrong with it.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::check::check;
use super::diagnostic::{Diagnostic, Findings, Severity};
use super::file::File;
use super::reference::{Piece, Reference, pieces};
use super::secret::Resolved;
use super::shape;
use super::{Config, ConfigFile};

/// Largest config that is read, in bytes.
const CONFIG_BYTES: usize = 4 << 20;

/// A config that can be used, and what is still worth saying about it.
#[derive(Debug)]
pub struct Loaded {
    pub config: Config,
    pub warnings: Vec<Diagnostic>,
}

/// There is no config to use.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("cannot read the config `{}`", path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("the config `{}` is larger than {} MiB", path.display(), CONFIG_BYTES >> 20)]
    TooLarge { path: PathBuf },
    #[error("the config `{}` is not UTF-8", path.display())]
    NotText { path: PathBuf },
    #[error("the config `{}` has mistakes", path.display())]
    Mistakes {
        path: PathBuf,
        diagnostics: Vec<Diagnostic>,
    },
}

impl ConfigError {
    /// What the reader can do next, where we know it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Read { source, .. } if source.kind() == io::ErrorKind::NotFound => Some(
                "name another file, or an API document with `--openapi`, which needs none"
                    .to_owned(),
            ),
            Self::Read { .. } | Self::Mistakes { .. } => None,
            Self::TooLarge { .. } | Self::NotText { .. } => {
                Some("`wharf config reference` shows what a config looks like".to_owned())
            }
        }
    }
}

/// Reads the bytes of a config.
///
/// # Errors
///
/// [`ConfigError::Read`] and [`ConfigError::TooLarge`].
pub async fn read(path: &Path) -> Result<Vec<u8>, ConfigError> {
    let bytes = tokio::fs::read(path)
        .await
        .map_err(|source| ConfigError::Read {
            path: path.to_owned(),
            source,
        })?;
    if bytes.len() > CONFIG_BYTES {
        let path = path.to_owned();
        return Err(ConfigError::TooLarge { path });
    }
    Ok(bytes)
}

/// Reads and checks a config.
///
/// # Errors
///
/// [`ConfigError`]; every mistake is in it, not just the first.
pub async fn load(path: &Path) -> Result<Loaded, ConfigError> {
    let bytes = read(path).await?;
    from_bytes(path, &bytes).await
}

/// Checks a config that has been read from `path`.
///
/// # Errors
///
/// [`ConfigError`], as for [`load`].
pub async fn from_bytes(path: &Path, bytes: &[u8]) -> Result<Loaded, ConfigError> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        let path = path.to_owned();
        return Err(ConfigError::NotText { path });
    };
    // A path without a folder has an empty parent, which joins like the current folder.
    let folder = path.parent().unwrap_or(Path::new(""));
    let (mut config, diagnostics) = from_text(text, folder).await;
    if diagnostics
        .iter()
        .any(|found| found.severity == Severity::Error)
    {
        let path = path.to_owned();
        return Err(ConfigError::Mistakes { path, diagnostics });
    }
    config.file = Some(ConfigFile {
        path: path.to_owned(),
        bytes: bytes.to_owned(),
    });
    Ok(Loaded {
        config,
        warnings: diagnostics,
    })
}

/// The config as far as it can be understood, and everything found about it.
async fn from_text(text: &str, folder: &Path) -> (Config, Vec<Diagnostic>) {
    let mut findings = Findings::new(text);
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let at = error.span().unwrap_or(0..0);
        findings.error(&at, error.message());
    }
    // What could not be parsed has left holes, which should not be reported as mistakes of their own.
    if !findings.has_errors() {
        shape::check(&table, &mut findings);
    }
    let mut references = BTreeSet::new();
    collect(table.get_ref(), &mut references);
    // Of a command nothing is known but its name: it is only run for a file that is sound.
    if findings.has_errors() {
        references.retain(|reference| !matches!(reference, Reference::Command(_)));
    }
    let resolved = Resolved::of(references, folder).await;
    let config = check(
        &File::read(table.get_ref()),
        &resolved,
        folder,
        &mut findings,
    );
    (config, findings.into_diagnostics())
}

fn collect(table: &DeTable<'_>, references: &mut BTreeSet<Reference>) {
    table
        .values()
        .for_each(|value| collect_value(value.get_ref(), references));
}

fn collect_value(value: &DeValue<'_>, references: &mut BTreeSet<Reference>) {
    match value {
        DeValue::String(text) => {
            let pieces = pieces(text).into_iter().flatten();
            references.extend(pieces.filter_map(|piece| match piece {
                Piece::Reference(reference) => Some(reference),
                Piece::Text(_) => None,
            }));
        }
        DeValue::Array(items) => items
            .iter()
            .for_each(|item| collect_value(item.get_ref(), references)),
        DeValue::Table(table) => collect(table, references),
        _ => {}
    }
}
