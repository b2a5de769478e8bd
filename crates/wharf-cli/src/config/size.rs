//! Sizes as people write them: `8MiB`, `500kB`, `4096`.

/// The text is no size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a size")]
pub(super) struct BadSize;

/// Reads a number of bytes, with a unit or without.
pub(super) fn parse(text: &str) -> Result<usize, BadSize> {
    let text = text.trim();
    let digits = text
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(text.len());
    let number: usize = text[..digits].parse().map_err(|_| BadSize)?;
    let unit = match text[digits..].trim() {
        "" | "B" => 1,
        "kB" | "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return Err(BadSize),
    };
    number.checked_mul(unit).ok_or(BadSize)
}

#[cfg(test)]
mod tests {
    use super::{BadSize, parse};

    #[test]
    fn units_are_binary_or_decimal_as_they_say() {
        assert_eq!(parse("8MiB"), Ok(8 << 20));
        assert_eq!(parse("8 MB"), Ok(8_000_000));
        assert_eq!(parse("4096"), Ok(4096));
    }

    #[test]
    fn an_unknown_unit_is_refused() {
        for text in ["", "8mib", "8 apples", "-1", "1.5MiB", "99999999999GiB"] {
            assert_eq!(parse(text), Err(BadSize), "{text}");
        }
    }
}
