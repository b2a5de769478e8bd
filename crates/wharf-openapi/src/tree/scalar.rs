//! What a plain YAML scalar means, by YAML 1.2's core schema.

use serde_json::Number;

/// The meaning of an unquoted scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plain {
    Null,
    Bool(bool),
    Number,
    String,
}

/// Reads a plain scalar by the core schema: `yes`, `no`, dates and versions of three parts are strings.
pub(crate) fn plain(text: &str) -> Plain {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Plain::Null,
        "true" | "True" | "TRUE" => Plain::Bool(true),
        "false" | "False" | "FALSE" => Plain::Bool(false),
        _ if number(text).is_some() => Plain::Number,
        _ => Plain::String,
    }
}

/// The number that `text` writes in JSON or in YAML's core schema. Infinities and NaN are none that
/// JSON has.
pub(crate) fn number(text: &str) -> Option<Number> {
    let first = text.bytes().next()?;
    if !matches!(first, b'0'..=b'9' | b'-' | b'+' | b'.') {
        return None;
    }
    text.parse()
        .ok()
        .or_else(|| radix(text))
        .or_else(|| decimal(text))
}

fn radix(text: &str) -> Option<Number> {
    let digits = |prefix, radix| {
        let digits = text.strip_prefix(prefix)?;
        let plain = digits.bytes().all(|byte| byte.is_ascii_alphanumeric());
        u64::from_str_radix(digits, radix).ok().filter(|_| plain)
    };
    digits("0x", 16)
        .or_else(|| digits("0o", 8))
        .map(Number::from)
}

/// `+1`, `007`, `.5` and `1.`, which JSON does not have.
fn decimal(text: &str) -> Option<Number> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        None => (unsigned, "0"),
        Some((mantissa, exponent)) => (
            mantissa,
            exponent.strip_prefix(['-', '+']).unwrap_or(exponent),
        ),
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let written = digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty());
    if !written || exponent.is_empty() || !digits(exponent) {
        return None;
    }
    match text.strip_prefix('+').unwrap_or(text).parse::<i64>() {
        Ok(integer) => Some(integer.into()),
        Err(_) => text.parse().ok().and_then(Number::from_f64),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::{Plain, number, plain};

    #[track_caller]
    fn check(text: &str, expected: Expect) {
        let read = match plain(text) {
            Plain::Number => format!("number {}", number(text).expect("plain() has just read it")),
            other => format!("{other:?}"),
        };
        expected.assert_eq(&read);
    }

    #[test]
    fn integers_keep_every_digit() {
        check(
            "18446744073709551615",
            expect!["number 18446744073709551615"],
        );
        check(
            "-9223372036854775808",
            expect!["number -9223372036854775808"],
        );
        check("+7", expect!["number 7"]);
        check("0x1F", expect!["number 31"]);
    }

    #[test]
    fn what_looks_almost_like_a_number_is_a_string() {
        for text in [
            "1.2.3",
            "2020-01-01",
            "1_000",
            "+",
            ".",
            "-",
            "1e",
            "0x",
            "12:30",
            "0x+1",
            "1e+",
            ".inf",
        ] {
            check(text, expect!["String"]);
        }
    }

    #[test]
    fn the_norwegian_country_code_is_a_string() {
        check("no", expect!["String"]);
        check("No", expect!["String"]);
    }

    #[test]
    fn decimals_without_a_digit_on_one_side_are_numbers() {
        check(".5", expect!["number 0.5"]);
        check("1.", expect!["number 1.0"]);
        check("1.10", expect!["number 1.1"]);
    }
}
