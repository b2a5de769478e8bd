//! Texts of the command line that refer to secrets, in the same words as a config does.

use std::collections::BTreeSet;
use std::path::Path;

use wharf_policy::secret::Secret;

use super::reference::{Piece, pieces};
use super::secret::Resolved;
use crate::report::Failure;

/// What `text`, the value of `option`, stands for once its references are resolved. Paths are
/// relative to the current folder.
///
/// # Errors
///
/// Something that is no reference, or one that leads to nothing. The text itself is never quoted: it
/// may be what should have been a reference.
pub(crate) async fn expand(option: &str, text: &str) -> Result<Secret, Failure> {
    let pieces = pieces(text).map_err(|error| {
        Failure::usage(format!("`{option}`: {error}"))
            .with_hint("write `${env:NAME}`, `${file:PATH}` or `${exec:PROGRAM ARGUMENTS}`")
    })?;
    let references = pieces.iter().filter_map(|piece| match piece {
        Piece::Reference(reference) => Some(reference.clone()),
        Piece::Text(_) => None,
    });
    let resolved = Resolved::of(references.collect::<BTreeSet<_>>(), Path::new("")).await;
    let mut whole = String::new();
    for piece in &pieces {
        match piece {
            Piece::Text(text) => whole.push_str(text),
            Piece::Reference(reference) => match resolved.get(reference) {
                Some(Ok(secret)) => whole.push_str(secret.expose()),
                Some(Err(error)) => {
                    return Err(
                        Failure::usage(format!("`{option}`: {error}")).with_hint(reference.hint())
                    );
                }
                None => {}
            },
        }
    }
    Ok(Secret::new(whole))
}

/// Whether `text` refers to anything.
pub(crate) fn refers(text: &str) -> bool {
    pieces(text).is_ok_and(|pieces| {
        pieces
            .iter()
            .any(|piece| matches!(piece, Piece::Reference(_)))
    })
}
