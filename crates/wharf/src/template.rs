//! URI templates, and the URIs that they take: `notes://{id}`, `file:///{+path}`.
//!
//! A variable is one segment, or with `+` a path of several. None of them climbs: what decodes to
//! `..`, to a slash inside a segment, to a control character or to something that is no text is
//! refused, whatever the function would have made of it.

use percent_encoding::percent_decode_str;

use crate::call::Texts;

/// A template taken apart.
#[derive(Clone, Debug)]
pub(crate) struct Template(Vec<Part>);

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    Variable { name: Box<str>, path: bool },
}

/// How a URI stands to a template.
#[derive(Debug)]
pub(crate) enum Match {
    No,
    Yes(Texts),
    /// It has the template's form, and a value that nobody may ask for.
    Refused(String),
}

impl Template {
    /// Takes `text` apart; `None` where braces do not pair or a variable has no name.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            if at > 0 {
                parts.push(Part::Text(rest[..at].to_owned()));
            }
            let (expression, after) = rest[at..].strip_prefix('{')?.split_once('}')?;
            let name = expression.strip_prefix('+').unwrap_or(expression);
            let sound = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
            if !sound || after.starts_with('{') {
                return None;
            }
            parts.push(Part::Variable {
                name: name.into(),
                path: name.len() < expression.len(),
            });
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Some(Self(parts))
    }

    pub(crate) fn variables(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Variable { name, .. } => Some(&**name),
            Part::Text(_) => None,
        })
    }

    pub(crate) fn has_variables(&self) -> bool {
        self.variables().next().is_some()
    }

    /// The variables' values in `uri`.
    pub(crate) fn take(&self, uri: &str) -> Match {
        let mut values = Vec::new();
        let mut rest = uri;
        for (at, part) in self.0.iter().enumerate() {
            match part {
                Part::Text(text) => match rest.strip_prefix(text.as_str()) {
                    Some(after) => rest = after,
                    None => return Match::No,
                },
                Part::Variable { name, path } => {
                    let Some(end) = end(rest, self.0.get(at + 1), *path) else {
                        return Match::No;
                    };
                    match decoded(&rest[..end], *path) {
                        Ok(value) => values.push((name.clone(), value)),
                        Err(reason) => return Match::Refused(format!("`{name}` {reason}")),
                    }
                    rest = &rest[end..];
                }
            }
        }
        if rest.is_empty() {
            Match::Yes(Texts(values))
        } else {
            Match::No
        }
    }
}

/// Where a variable's value ends: before the text that follows. `None` where it has none.
fn end(rest: &str, next: Option<&Part>, path: bool) -> Option<usize> {
    let end = match next {
        Some(Part::Text(text)) if path => rest.rfind(text.as_str())?,
        Some(Part::Text(text)) => rest.find(text.as_str())?,
        _ => rest.len(),
    };
    let value = &rest[..end];
    let one_segment = path || !value.contains('/');
    (end > 0 && one_segment && !value.contains(['?', '#'])).then_some(end)
}

/// The value as its sender meant it, if nothing in it climbs.
fn decoded(raw: &str, path: bool) -> Result<String, &'static str> {
    let value = percent_decode_str(raw)
        .decode_utf8()
        .map_err(|_| "is no text once it is decoded")?
        .into_owned();
    if value.chars().any(char::is_control) {
        return Err("has a control character in it");
    }
    if value.contains('\\') || (!path && value.contains('/')) {
        return Err("has a slash in it");
    }
    // A path keeps the segments that it was written with: an encoded slash would make new ones.
    if path && value.matches('/').count() != raw.matches('/').count() {
        return Err("has an encoded slash in it");
    }
    if value
        .split('/')
        .any(|segment| segment == ".." || segment == ".")
    {
        return Err("climbs out of its place");
    }
    if path && (value.starts_with('/') || value.contains("//")) {
        return Err("has an empty segment");
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::{Match, Template};

    #[track_caller]
    fn check(template: &str, uri: &str, expected: Expect) {
        let template = Template::parse(template).expect("the test's own template");
        let found = match template.take(uri) {
            Match::No => "no match".to_owned(),
            Match::Refused(reason) => format!("refused: {reason}"),
            Match::Yes(texts) => {
                let texts: Vec<_> = texts.0.iter().map(|(k, v)| format!("{k}={v:?}")).collect();
                texts.join(" ")
            }
        };
        expected.assert_eq(&found);
    }

    #[test]
    fn a_variable_is_one_segment_and_a_path_several() {
        check(
            "weather://{city}/today",
            "weather://oslo/today",
            expect![[r#"city="oslo""#]],
        );
        check(
            "weather://{city}/today",
            "weather://a/b/today",
            expect!["no match"],
        );
        check(
            "weather://{city}/today",
            "weather:///today",
            expect!["no match"],
        );
        check(
            "weather://{city}",
            "weather://S%C3%A3o%20Paulo",
            expect![[r#"city="São Paulo""#]],
        );
        check(
            "file:///{+path}",
            "file:///a/b.txt",
            expect![[r#"path="a/b.txt""#]],
        );
        check(
            "git://{+path}/raw",
            "git://a/raw/b/raw",
            expect![[r#"path="a/raw/b""#]],
        );
        check(
            "db://{table}/{row}",
            "db://users/7",
            expect![[r#"table="users" row="7""#]],
        );
        check("notes://all", "notes://all", expect![""]);
        check("notes://all", "notes://al", expect!["no match"]);
    }

    #[test]
    fn nothing_climbs() {
        check(
            "file:///{+path}",
            "file:///a/../../etc",
            expect!["refused: `path` climbs out of its place"],
        );
        check(
            "file:///{+path}",
            "file:///%2e%2E/etc",
            expect!["refused: `path` climbs out of its place"],
        );
        check(
            "file:///{+path}",
            "file:///..%2Fetc",
            expect!["refused: `path` has an encoded slash in it"],
        );
        check(
            "file:///{+path}",
            "file:////etc",
            expect!["refused: `path` has an empty segment"],
        );
        check(
            "file:///{+path}",
            "file:///a%00b",
            expect!["refused: `path` has a control character in it"],
        );
        check(
            "file:///{+path}",
            "file:///a%5c..%5cb",
            expect!["refused: `path` has a slash in it"],
        );
        check(
            "note://{id}",
            "note://a%2fb",
            expect!["refused: `id` has a slash in it"],
        );
        check(
            "note://{id}",
            "note://..",
            expect!["refused: `id` climbs out of its place"],
        );
        check(
            "note://{id}",
            "note://%ff",
            expect!["refused: `id` is no text once it is decoded"],
        );
    }
}
