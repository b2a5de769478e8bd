//! JSON that stops growing before it harms anybody.

use std::io;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::error::{Error, Result};

/// The longest answer, in bytes: what the framework's own transports take as one message.
pub(crate) const LARGEST: usize = 4 << 20;

/// `value` as JSON.
///
/// # Errors
///
/// Where it cannot be written, or is too long; then the rest of it is never written.
pub(crate) fn written(value: &impl Serialize) -> Result<Box<RawValue>> {
    let mut bytes = Capped(Vec::with_capacity(128));
    if let Err(error) = serde_json::to_writer(&mut bytes, value) {
        return Err(if error.is_io() {
            too_long()
        } else {
            Error::from(error)
        });
    }
    let text = String::from_utf8(bytes.0)?;
    Ok(RawValue::from_string(text)?)
}

/// What the caller reads of an answer that is too long.
pub(crate) fn too_long() -> Error {
    Error::new(format!(
        "the answer has more than {} MiB, which nobody could read: ask for less at a time",
        LARGEST >> 20
    ))
}

struct Capped(Vec<u8>);

impl io::Write for Capped {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > LARGEST {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
