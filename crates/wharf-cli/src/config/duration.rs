//! Durations as people write them: `60s`, `1m30s`, `500ms`.

use std::time::Duration;

/// The text is no duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a duration")]
pub(crate) struct BadDuration;

/// Reads numbers with their units, largest unit first or not.
pub(crate) fn parse(text: &str) -> Result<Duration, BadDuration> {
    let mut rest = text.trim();
    let mut total = Duration::ZERO;
    if rest.is_empty() {
        return Err(BadDuration);
    }
    while !rest.is_empty() {
        let digits = rest
            .find(|letter: char| !letter.is_ascii_digit())
            .ok_or(BadDuration)?;
        let number: u64 = rest[..digits].parse().map_err(|_| BadDuration)?;
        rest = &rest[digits..];
        let unit_end = rest
            .find(|letter: char| letter.is_ascii_digit())
            .unwrap_or(rest.len());
        let milliseconds = match rest[..unit_end].trim() {
            "ms" => 1,
            "s" => 1_000,
            "m" | "min" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return Err(BadDuration),
        };
        let part = number.checked_mul(milliseconds).ok_or(BadDuration)?;
        total = total
            .checked_add(Duration::from_millis(part))
            .ok_or(BadDuration)?;
        rest = &rest[unit_end..];
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{BadDuration, parse};

    #[test]
    fn units_add_up() {
        assert_eq!(parse("1m30s"), Ok(Duration::from_secs(90)));
        assert_eq!(parse("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(parse("2h 5m"), Ok(Duration::from_mins(125)));
    }

    #[test]
    fn a_number_without_a_unit_is_refused() {
        for text in [
            "60",
            "",
            "s",
            "1.5s",
            "1 week",
            "99999999999999999999s",
            "-1s",
        ] {
            assert_eq!(parse(text), Err(BadDuration), "{text}");
        }
    }
}
