//! `WWW-Authenticate`: how a server asks for a token (RFC 9110, section 11.6.1; RFC 6750, section 3).

use std::fmt;

/// One way to be let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// As it was written; schemes compare without case.
    pub scheme: String,
    parameters: Vec<(String, String)>,
}

impl Challenge {
    pub fn new(scheme: &str) -> Self {
        Self {
            scheme: scheme.to_owned(),
            parameters: Vec::new(),
        }
    }

    /// With one more parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.parameters.push((name.to_owned(), value.into()));
        self
    }

    /// Every challenge in a header, which may hold several. Whatever is none is left out.
    pub fn parse_all(header: &str) -> Vec<Self> {
        let mut challenges: Vec<Self> = Vec::new();
        for item in items(header) {
            match Item::parse(item) {
                None => {}
                Some(Item::Start(scheme, parameter)) => {
                    let mut challenge = Self::new(scheme);
                    challenge.parameters.extend(parameter);
                    challenges.push(challenge);
                }
                Some(Item::Parameter(parameter)) => {
                    if let Some(last) = challenges.last_mut() {
                        last.parameters.push(parameter);
                    }
                }
            }
        }
        challenges
    }

    pub fn is(&self, scheme: &str) -> bool {
        self.scheme.eq_ignore_ascii_case(scheme)
    }

    /// The parameter `name`, which stands there once. Twice, and it says nothing: which one counts
    /// is for nobody to guess.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let mut found = self
            .parameters
            .iter()
            .filter(|(own, _)| own.eq_ignore_ascii_case(name));
        match (found.next(), found.next()) {
            (Some((_, value)), None) => Some(value),
            _ => None,
        }
    }
}

impl fmt::Display for Challenge {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.scheme)?;
        for (at, (name, value)) in self.parameters.iter().enumerate() {
            let before = if at == 0 { " " } else { ", " };
            write!(formatter, "{before}{name}=\"{}\"", Quoted(value))?;
        }
        Ok(())
    }
}

/// The inside of a quoted string: quotes and backslashes escaped, and nothing that no header holds.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '"' | '\\' => write!(formatter, "\\{character}")?,
                ' '..='~' => write!(formatter, "{character}")?,
                _ => formatter.write_str("?")?,
            }
        }
        Ok(())
    }
}

/// What stands between two commas: the start of a challenge, or one more parameter of the last one.
enum Item<'a> {
    Start(&'a str, Option<(String, String)>),
    Parameter((String, String)),
}

impl<'a> Item<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        if let Some(parameter) = parameter(text) {
            return Some(Self::Parameter(parameter));
        }
        let (scheme, rest) = text.split_once([' ', '\t']).unwrap_or((text, ""));
        let sound = !scheme.is_empty() && scheme.bytes().all(is_token);
        sound.then(|| Self::Start(scheme, parameter(rest.trim())))
    }
}

/// The parts of a header between its commas; those in quotes part nothing.
fn items(header: &str) -> Vec<&str> {
    let (mut items, mut start) = (Vec::new(), 0);
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in header.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' if !quoted => {
                items.push(&header[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    items.push(&header[start..]);
    items.retain(|item| !item.trim().is_empty());
    items.into_iter().map(str::trim).collect()
}

/// `name=value` or `name="value"`, spaces around `=` allowed.
fn parameter(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once('=')?;
    let name = name.trim_end();
    if name.is_empty() || !name.bytes().all(is_token) {
        return None;
    }
    let value = value.trim();
    let value = match value.strip_prefix('"') {
        Some(inner) => unquoted(inner.strip_suffix('"')?),
        None if value.bytes().all(is_token) => value.to_owned(),
        None => return None,
    };
    Some((name.to_owned(), value))
}

fn unquoted(inner: &str) -> String {
    let mut value = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => value.extend(characters.next()),
            _ => value.push(character),
        }
    }
    value
}

/// What a token is made of (RFC 9110, section 5.6.2); and what unquoted scopes and addresses are
/// made of, which careless servers write.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~:/".contains(&byte)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::Challenge;

    #[track_caller]
    fn check(header: &str, expected: Expect) {
        let read: Vec<String> = Challenge::parse_all(header)
            .iter()
            .map(ToString::to_string)
            .collect();
        expected.assert_eq(&read.join("\n"));
    }

    #[test]
    fn several_challenges_stand_in_one_header() {
        check(
            r#"DPoP algs="ES256", Bearer realm="a, \"b\"", scope=read ,, Negotiate abc=="#,
            expect![[r#"
                DPoP algs="ES256"
                Bearer realm="a, \"b\"", scope="read"
                Negotiate"#]],
        );
    }

    #[test]
    fn what_is_no_challenge_costs_nothing_but_itself() {
        check("", expect![""]);
        check("=, \"", expect![""]);
        check(r#"Bearer scope="open"#, expect!["Bearer"]);
    }

    #[test]
    fn a_parameter_that_stands_there_twice_says_nothing() {
        let read = Challenge::parse_all(r#"Bearer scope="a", Scope="b", error=x"#);
        assert_eq!(read[0].parameter("scope"), None);
        assert_eq!(read[0].parameter("ERROR"), Some("x"));
    }

    #[test]
    fn a_value_cannot_end_its_header() {
        let challenge = Challenge::new("Bearer").with("scope", "a\r\nX: \"b\\");
        assert_eq!(challenge.to_string(), r#"Bearer scope="a??X: \"b\\""#);
    }
}
