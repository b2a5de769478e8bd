//! Regular expressions: which of those that documents contain every validator can compile.

/// Repetitions beyond this many make some engines refuse, or build automata of many megabytes.
const MOST_REPETITIONS: u32 = 1_000;

/// The pattern as ECMA-262 has it, or why it is none.
pub(super) fn portable(written: &str) -> Result<String, String> {
    let pattern = without_delimiters(written);
    Scanner {
        rest: pattern,
        open: Vec::new(),
        target: Target::Nothing,
        factor: 1,
    }
    .scan()?;
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
    /// For each open group: what it was allowed to multiply to.
    open: Vec<u32>,
    target: Target,
    factor: u32,
}

impl Scanner<'_> {
    fn scan(mut self) -> Result<(), String> {
        while let Some(next) = self.take() {
            match next {
                '\\' => self.escape()?,
                '[' => self.class()?,
                '(' => self.group()?,
                ')' => {
                    self.open.pop().ok_or("a `)` closes nothing")?;
                    self.target = Target::Something;
                }
                '*' | '+' => self.quantify(1)?,
                '?' if self.target == Target::Quantified => self.target = Target::Nothing,
                '?' => self.quantify(1)?,
                '{' => self.repetition()?,
                '^' | '|' => self.target = Target::Nothing,
                _ => self.target = Target::Something,
            }
        }
        match self.open.is_empty() {
            true => Ok(()),
            false => Err("a `(` is not closed".to_owned()),
        }
    }

    fn take(&mut self) -> Option<char> {
        let next = self.rest.chars().next()?;
        self.rest = &self.rest[next.len_utf8()..];
        Some(next)
    }

    fn quantify(&mut self, times: u32) -> Result<(), String> {
        if self.target != Target::Something {
            return Err("a quantifier repeats nothing".to_owned());
        }
        self.factor = self.factor.saturating_mul(times.max(1));
        if self.factor > MOST_REPETITIONS {
            return Err(format!("it repeats more than {MOST_REPETITIONS} times"));
        }
        if self.open.is_empty() {
            self.factor = 1;
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
        self.open.push(self.factor);
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
        self.target = match escaped {
            'b' | 'B' => Target::Nothing,
            _ => Target::Something,
        };
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
        self.target = Target::Something;
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
