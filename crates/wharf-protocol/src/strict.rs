//! One pass over JSON that somebody else wrote: is it JSON, is it shallow, is no key there twice.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};

/// Deepest nesting of arrays and objects that a text may have.
pub const MAX_DEPTH: usize = 127;

/// What is wrong with a text.
#[derive(Debug, thiserror::Error)]
pub enum Flaw {
    /// Not JSON, or nested deeper than [`MAX_DEPTH`], or with half a surrogate pair in a string.
    #[error("not valid JSON")]
    Syntax(#[source] serde_json::Error),
    /// An object names a key twice. Two readers that disagree on which one counts are a way around
    /// every check made between them, so this is an error and never "the last one wins".
    #[error("an object has a duplicate key")]
    DuplicateKey(#[source] serde_json::Error),
}

/// Reads all of `json` and keeps nothing, so that later readers of its parts need not be wary.
///
/// Memory is bounded by the keys of the objects that are open at one time.
pub fn check(json: &str) -> Result<(), Flaw> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    Checked
        .deserialize(&mut deserializer)
        .and_then(|()| deserializer.end())
        .map_err(|error| match error.classify() {
            // The only data that this reader objects to is a duplicate key.
            serde_json::error::Category::Data => Flaw::DuplicateKey(error),
            _ => Flaw::Syntax(error),
        })
}

#[derive(Clone, Copy)]
struct Checked;

impl<'de> DeserializeSeed<'de> for Checked {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Checked {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(self)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let mut seen = Keys::default();
        while let Some(key) = entries.next_key_seed(Key)? {
            if !seen.insert(&key) {
                return Err(A::Error::custom(format_args!(
                    "duplicate key \"{}\"",
                    key.chars().take(64).collect::<String>().escape_debug()
                )));
            }
            seen.keep(key);
            entries.next_value_seed(self)?;
        }
        Ok(())
    }
}

/// Reads a key without copying it, unless it has escapes.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cow<'de, str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E>(self, key: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(key.to_owned()))
    }
}

/// The keys of one object: a walk while they are few, a set once they are many.
#[derive(Default)]
struct Keys<'de> {
    few: Vec<Cow<'de, str>>,
    many: HashSet<Cow<'de, str>>,
}

impl<'de> Keys<'de> {
    const FEW: usize = 16;

    /// Whether `key` is new.
    fn insert(&self, key: &str) -> bool {
        !self.few.iter().any(|seen| seen == key) && !self.many.contains(key)
    }

    fn keep(&mut self, key: Cow<'de, str>) {
        if self.few.len() < Self::FEW {
            self.few.push(key);
        } else {
            self.many.insert(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::{Flaw, check as inspect};

    #[track_caller]
    fn check(json: &str, expected: Expect) {
        expected.assert_eq(&match inspect(json) {
            Ok(()) => "sound".to_owned(),
            Err(Flaw::Syntax(error)) => format!("syntax: {error}"),
            Err(Flaw::DuplicateKey(error)) => format!("duplicate: {error}"),
        });
    }

    #[test]
    fn a_duplicate_key_is_found_at_any_depth() {
        check(
            r#"{"a":[{"b":1,"b":2}]}"#,
            expect![[r#"duplicate: duplicate key "b" at line 1 column 16"#]],
        );
    }

    #[test]
    fn a_key_that_is_escaped_another_way_is_still_a_duplicate() {
        check(
            r#"{"name":1,"n\u0061me":2}"#,
            expect![[r#"duplicate: duplicate key "name" at line 1 column 21"#]],
        );
    }

    #[test]
    fn the_seventeenth_key_may_not_repeat_the_first_or_itself() {
        let keys: Vec<String> = (0..40).map(|key| format!("\"k{key}\":0,")).collect();
        let many = keys.concat();
        check(&format!("{{{many}\"z\":0}}"), expect!["sound"]);
        check(
            &format!("{{{many}\"k30\":0}}"),
            expect![[r#"duplicate: duplicate key "k30" at line 1 column 316"#]],
        );
    }

    #[test]
    fn nesting_stops_at_the_limit() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        check(&nested(super::MAX_DEPTH), expect!["sound"]);
        check(
            &nested(super::MAX_DEPTH + 1),
            expect!["syntax: recursion limit exceeded at line 1 column 128"],
        );
    }

    #[test]
    fn half_a_surrogate_pair_and_a_number_out_of_range_are_not_json() {
        check(
            r#"{"a":"\ud800"}"#,
            expect!["syntax: unexpected end of hex escape at line 1 column 13"],
        );
        check(
            r#"{"a":1e400}"#,
            expect!["syntax: number out of range at line 1 column 10"],
        );
    }
}
