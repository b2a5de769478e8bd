//! Regular expressions: which of those that documents contain every validator can compile.

/// Engines that run in linear time unroll repetitions. In states, by a rough estimate: beyond this
/// they refuse, or build automata of many megabytes.
const MOST_STATES: u32 = 100_000;

/// States of a class that takes most of Unicode.
const WIDE: u32 = 8;
/// States of a Unicode property.
const PROPERTY: u32 = 200;

/// The pattern as ECMA-262 has it, or why it is none.
pub(super) fn portable(written: &str) -> Result<String, String> {
    let pattern = without_delimiters(written);
    let scanner = Scanner {
        rest: pattern,
        open: Vec::new(),
        target: Target::Nothing,
        states: 0,
        last: 0,
    };
    scanner.scan()?;
    Ok(pattern.to_owned())
}

/// `/^a$/` with the delimiters of PHP and JavaScript would only match text that has slashes.
fn without_delimiters(written: &str) -> &str {
    match written
        .strip_prefix("/^")
        .and_then(|rest| rest.strip_suffix("$/"))
    {
        Some(_) => &written[1..written.len() - 1],
        None => written,
    }
}

/// What a quantifier at this place would repeat.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Nothing,
    Something,
    /// It has a quantifier; a `?` may follow, nothing else.
    Quantified,
}

struct Scanner<'p> {
    rest: &'p str,
    /// For each open group: the states before it.
    open: Vec<u32>,
    target: Target,
    /// The states of the innermost open group so far.
    states: u32,
    /// Those of what a quantifier here would repeat.
    last: u32,
}

impl Scanner<'_> {
    fn scan(mut self) -> Result<(), String> {
        while let Some(next) = self.take() {
            match next {
                '\\' => self.escape()?,
                '[' => self.class()?,
                '(' => self.group()?,
                ')' => {
                    let before = self.open.pop().ok_or("a `)` closes nothing")?;
                    let inside = std::mem::replace(&mut self.states, before);
                    self.atom(inside);
                }
                '.' => self.atom(WIDE),
                '?' if self.target == Target::Quantified => self.target = Target::Nothing,
                '*' | '+' | '?' => self.quantify(1)?,
                '{' => self.repetition()?,
                '^' | '|' => self.target = Target::Nothing,
                _ => self.atom(1),
            }
        }
        if self.open.is_empty() {
            Ok(())
        } else {
            Err("a `(` is not closed".to_owned())
        }
    }

    fn take(&mut self) -> Option<char> {
        let next = self.rest.chars().next()?;
        self.rest = &self.rest[next.len_utf8()..];
        Some(next)
    }

    /// Something that a quantifier may follow.
    fn atom(&mut self, states: u32) {
        self.target = Target::Something;
        self.last = states;
        self.states = self.states.saturating_add(states);
    }

    fn quantify(&mut self, times: u32) -> Result<(), String> {
        if self.target != Target::Something {
            return Err("a quantifier repeats nothing".to_owned());
        }
        let repeated = self.last.saturating_mul(times.saturating_sub(1));
        self.states = self.states.saturating_add(repeated);
        if self.states > MOST_STATES {
            return Err("its repetitions are too many for some engines".to_owned());
        }
        self.target = Target::Quantified;
        Ok(())
    }

    fn repetition(&mut self) -> Result<(), String> {
        let (bounds, rest) = self.rest.split_once('}').ok_or("a `{` is not closed")?;
        let (least, most) = bounds.split_once(',').unwrap_or((bounds, bounds));
        let least: u32 = least.parse().map_err(|_| "a `{` begins no repetition")?;
        let most: u32 = if most.is_empty() {
            least
        } else {
            most.parse().map_err(|_| "a `{` begins no repetition")?
        };
        if most < least {
            return Err("a repetition's bounds are out of order".to_owned());
        }
        self.rest = rest;
        self.quantify(most)
    }

    fn group(&mut self) -> Result<(), String> {
        self.open.push(std::mem::take(&mut self.states));
        self.target = Target::Nothing;
        let Some(kind) = self.rest.strip_prefix('?') else {
            return Ok(());
        };
        let known = [":", "=", "!", "<=", "<!"]
            .iter()
            .find_map(|mark| kind.strip_prefix(mark));
        let named = || {
            let (name, rest) = kind.strip_prefix('<')?.split_once('>')?;
            let legal = |found: char| found.is_ascii_alphanumeric() || found == '_';
            (name.chars().all(legal) && name.starts_with(|first: char| !first.is_ascii_digit()))
                .then_some(rest)
        };
        self.rest = known
            .or_else(named)
            .ok_or("a group begins with a flag or mark that ECMA-262 does not have")?;
        Ok(())
    }

    fn escape(&mut self) -> Result<(), String> {
        let escaped = self.take().ok_or("it ends in a backslash")?;
        match escaped {
            'b' | 'B' => self.target = Target::Nothing,
            'p' | 'P' => self.atom(PROPERTY),
            'D' | 'W' | 'S' => self.atom(WIDE),
            _ => self.atom(1),
        }
        self.escaped(escaped).map(|_| ())
    }

    /// Reads the rest of an escape; gives the character it stands for, if it is just one.
    fn escaped(&mut self, escaped: char) -> Result<Option<char>, String> {
        match escaped {
            // Legacy octal escapes are legal without the `u` flag only, and engines disagree.
            '0' if !self.rest.starts_with(|next: char| next.is_ascii_digit()) => Ok(Some('\0')),
            '0' => Err("an octal escape is not portable".to_owned()),
            'd' | 'D' | 'w' | 'W' | 's' | 'S' | 'b' | 'B' | '1'..='9' => Ok(None),
            't' | 'n' | 'r' | 'f' | 'v' => Ok(Some(match escaped {
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                'f' => '\x0c',
                _ => '\x0b',
            })),
            'x' => self.hex(2),
            'u' => self.hex(4),
            'p' | 'P' => {
                let (property, rest) = self
                    .rest
                    .strip_prefix('{')
                    .and_then(|rest| rest.split_once('}'))
                    .ok_or("`\\p` has no property in braces")?;
                if !is_known_property(property) {
                    return Err(format!(
                        "`\\p{{{property}}}` is no property that every engine knows"
                    ));
                }
                self.rest = rest;
                Ok(None)
            }
            'k' | 'c' => Err(format!("`\\{escaped}` is not portable")),
            letter if letter.is_ascii_alphabetic() => {
                Err(format!("ECMA-262 has no escape `\\{letter}`"))
            }
            punctuation => Ok(Some(punctuation)),
        }
    }

    fn hex(&mut self, digits: usize) -> Result<Option<char>, String> {
        let code = self
            .rest
            .get(..digits)
            .and_then(|code| u32::from_str_radix(code, 16).ok());
        let code = code.ok_or("an escape lacks its hexadecimal digits")?;
        self.rest = &self.rest[digits..];
        match char::from_u32(code) {
            Some(character) => Ok(Some(character)),
            None => Err("half of a surrogate pair stands alone".to_owned()),
        }
    }

    fn class(&mut self) -> Result<(), String> {
        self.rest = self.rest.strip_prefix('^').unwrap_or(self.rest);
        if self.rest.starts_with(']') {
            return Err("a class is empty".to_owned());
        }
        let mut from: Option<char> = None;
        loop {
            let next = self.take().ok_or("a `[` is not closed")?;
            let single = match next {
                ']' => break,
                // Engines disagree on a bracket, and on a doubled operator, inside a class.
                '[' => return Err("a `[` stands unescaped in a class".to_owned()),
                '&' | '~' | '-' if self.rest.starts_with(next) && next != '-' => {
                    return Err(format!(
                        "`{next}{next}` in a class means different things to different engines"
                    ));
                }
                '\\' => {
                    let escaped = self.take().ok_or("it ends in a backslash")?;
                    self.escaped(escaped)?
                }
                '-' if from.is_some() && !self.rest.starts_with(']') => {
                    let to = match self.take() {
                        Some('\\') => {
                            let escaped = self.take().ok_or("it ends in a backslash")?;
                            self.escaped(escaped)?
                        }
                        to => to,
                    };
                    if let (Some(from), Some(to)) = (from, to)
                        && from > to
                    {
                        return Err(format!("the range `{from}-{to}` is out of order"));
                    }
                    None
                }
                other => Some(other),
            };
            from = single;
        }
        self.atom(WIDE);
        Ok(())
    }
}

/// General categories and the scripts found in real documents.
fn is_known_property(property: &str) -> bool {
    const CATEGORIES: [&str; 37] = [
        "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc",
        "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "S", "Sm", "Sc", "Sk", "So", "Z", "Zs", "Zl", "Zp",
        "C", "Cc", "Cf", "Co", "Cn", "Letter",
    ];
    CATEGORIES.contains(&property)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::portable;

    #[track_caller]
    fn check(pattern: &str, expected: Expect) {
        expected
            .assert_eq(&portable(pattern).unwrap_or_else(|reason| format!("refused: {reason}")));
    }

    #[test]
    fn what_ecma_262_has_is_kept() {
        for pattern in [
            "^[a-z0-9_.-]{1,64}$",
            r"^\d{3}-\d{4}$",
            "^(?:a|b)+?$",
            "(?=x)(?!y)z",
            "(?<year>[0-9]{4})",
            r"^\p{L}+$",
            r"[\w.+-]+@[\w-]+",
            r"\u00e4",
            "",
            ".*",
            r"[^/\\]+",
            "^[0-9a-zA-Z./_ :-]{1,1024}$",
            "[a-]",
        ] {
            assert_eq!(portable(pattern).as_deref(), Ok(pattern));
        }
    }

    #[test]
    fn delimiters_are_taken_off() {
        check("/^[a-z]+$/", expect!["^[a-z]+$"]);
    }

    #[test]
    fn what_other_dialects_add_is_refused() {
        check(
            "(?i)abc",
            expect!["refused: a group begins with a flag or mark that ECMA-262 does not have"],
        );
        check(
            r"\Aabc\z",
            expect![[r#"refused: ECMA-262 has no escape `\A`"#]],
        );
        check("a++", expect!["refused: a quantifier repeats nothing"]);
        check(
            r"[^/:|\000-\037]+",
            expect!["refused: an octal escape is not portable"],
        );
        check(
            "[[:alpha:]]",
            expect!["refused: a `[` stands unescaped in a class"],
        );
        check(
            r"\p{IsLatin}",
            expect![[r#"refused: `\p{IsLatin}` is no property that every engine knows"#]],
        );
    }

    #[test]
    fn broken_patterns_are_refused() {
        check("(a", expect!["refused: a `(` is not closed"]);
        check("a)", expect!["refused: a `)` closes nothing"]);
        check("[a", expect!["refused: a `[` is not closed"]);
        check("[z-a]", expect!["refused: the range `z-a` is out of order"]);
        check("*a", expect!["refused: a quantifier repeats nothing"]);
        check(
            "a{2,1}",
            expect!["refused: a repetition's bounds are out of order"],
        );
        check("a{,2}", expect!["refused: a `{` begins no repetition"]);
        check("a\\", expect!["refused: it ends in a backslash"]);
    }

    #[test]
    fn repetitions_of_repetitions_are_bounded() {
        check(
            "((a{1,100}){1,100}){1,100}",
            expect!["refused: its repetitions are too many for some engines"],
        );
        check("(a{10}b{10}c{10}){10}", expect!["(a{10}b{10}c{10}){10}"]);
    }
}
