//! Holds a file against the table of keys: unknown keys, values of another shape, choices not made.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::Findings;
use super::keys::{FILE, Format, Key, Section, Shape};
use crate::nearest::nearest;

/// Reports everything about `table`, which is the whole file, that the table of keys does not allow.
pub(crate) fn check(table: &Spanned<DeTable<'_>>, findings: &mut Findings<'_>) {
    check_table(table.get_ref(), &(0..0), &FILE, "", findings);
}

/// `path` is the name of the table as headers spell it; empty for the file.
fn check_table(
    table: &DeTable<'_>,
    at: &Range<usize>,
    section: &Section,
    path: &str,
    findings: &mut Findings<'_>,
) {
    for (name, value) in table {
        match section.keys.iter().find(|key| key.name == name.get_ref()) {
            None => unknown(name, section, path, findings),
            Some(key) if key.later => {
                findings
                    .error(
                        &name.span(),
                        format!("`{}` comes with a later version of Wharf", key.name),
                    )
                    .help("remove it: a key without effect would mislead whoever reads this file");
            }
            Some(key) => check_value(value, key, &joined(path, key.name), findings),
        }
    }
    let place = if path.is_empty() {
        "the file".to_owned()
    } else {
        format!("`{path}`")
    };
    for key in section
        .keys
        .iter()
        .filter(|key| key.required && !table.contains_key(key.name))
    {
        findings
            .error(at, format!("{place} has no `{}`", key.name))
            .help(key.doc);
    }
    check_choice(table, at, section, &place, findings);
}

/// Of some keys exactly one must be there.
fn check_choice(
    table: &DeTable<'_>,
    at: &Range<usize>,
    section: &Section,
    place: &str,
    findings: &mut Findings<'_>,
) {
    if section.exactly_one.is_empty() {
        return;
    }
    let mut given = table
        .keys()
        .filter(|name| section.exactly_one.contains(&&**name.get_ref()));
    match (given.next(), given.next()) {
        (Some(_), None) => {}
        (Some(first), Some(second)) => {
            findings
                .error(
                    &second.span(),
                    format!(
                        "{place} has both `{}` and `{}`",
                        first.get_ref(),
                        second.get_ref()
                    ),
                )
                .help(format!("keep one of {}", names(&section.choice())));
        }
        // A key that nobody knows was probably meant to be the choice, and is reported already.
        (None, _)
            if table
                .keys()
                .any(|name| section.keys.iter().all(|key| key.name != name.get_ref())) => {}
        (None, _) => {
            findings
                .error(at, format!("{place} says nothing of what it is"))
                .help(format!("give it {}", names(&section.choice())));
        }
    }
}

fn check_value(value: &Spanned<DeValue<'_>>, key: &Key, path: &str, findings: &mut Findings<'_>) {
    let Some(shape) = key.shapes.iter().find(|shape| fits(shape, value.get_ref())) else {
        let expected: Vec<&str> = key.shapes.iter().map(|shape| wanted(*shape)).collect();
        let message = format!(
            "`{path}` is {}, not {}",
            expected.join(" or "),
            kind(value.get_ref())
        );
        findings.error(&value.span(), message);
        return;
    };
    match (shape, value.get_ref()) {
        (Shape::Text(Format::Words(words)), _) => check_word(value, words, path, findings),
        (Shape::List(Format::Words(words)), DeValue::Array(items)) => {
            items
                .iter()
                .for_each(|item| check_word(item, words, path, findings));
        }
        (Shape::Table(section), DeValue::Table(table)) => {
            check_table(table, &value.span(), section, path, findings);
        }
        (Shape::Tables(section), DeValue::Array(items)) => {
            for (number, item) in (1..).zip(items.iter()) {
                if let DeValue::Table(table) = item.get_ref() {
                    check_table(
                        table,
                        &item.span(),
                        section,
                        &format!("{path} {number}"),
                        findings,
                    );
                }
            }
        }
        (Shape::Named(section), DeValue::Table(tables)) => {
            for (name, table) in tables {
                let path = joined(path, name.get_ref());
                match table.get_ref() {
                    DeValue::Table(inner) => {
                        check_table(inner, &name.span(), section, &path, findings);
                    }
                    other => {
                        findings.error(
                            &table.span(),
                            format!("`{path}` is a table, not {}", kind(other)),
                        );
                    }
                }
            }
        }
        _ => {}
    }
}

fn check_word(
    value: &Spanned<DeValue<'_>>,
    words: &[&str],
    path: &str,
    findings: &mut Findings<'_>,
) {
    let DeValue::String(word) = value.get_ref() else {
        return;
    };
    if words.contains(&&**word) {
        return;
    }
    findings
        .error(
            &value.span(),
            format!("`{path}` is one of {}", names(words)),
        )
        .help(
            suggestion(word, words.iter().copied())
                .unwrap_or_else(|| "take one of these".to_owned()),
        );
}

fn unknown(
    name: &Spanned<std::borrow::Cow<'_, str>>,
    section: &Section,
    path: &str,
    findings: &mut Findings<'_>,
) {
    let place = if path.is_empty() {
        "at the top of the file".to_owned()
    } else {
        format!("in `{path}`")
    };
    let typed = name.get_ref().escape_debug();
    let known = || {
        section
            .keys
            .iter()
            .filter(|key| !key.later)
            .map(|key| key.name)
    };
    let help = suggestion(name.get_ref(), known())
        .unwrap_or_else(|| format!("known keys are {}", names(&known().collect::<Vec<_>>())));
    findings
        .error(&name.span(), format!("unknown key `{typed}` {place}"))
        .help(help);
}

fn suggestion<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(typed, known).map(|name| format!("did you mean `{name}`?"))
}

fn fits(shape: &Shape, value: &DeValue<'_>) -> bool {
    let items = || {
        value
            .as_array()
            .map(|items| items.iter().map(Spanned::get_ref))
    };
    match shape {
        Shape::Text(_) => value.is_str(),
        Shape::Integer => value.is_integer(),
        Shape::Boolean => value.is_bool(),
        Shape::List(_) => items().is_some_and(|mut items| items.all(DeValue::is_str)),
        Shape::Tables(_) => items().is_some_and(|mut items| items.all(DeValue::is_table)),
        Shape::Table(_) | Shape::Named(_) => value.is_table(),
        Shape::Texts => value
            .as_table()
            .is_some_and(|table| table.values().all(|value| value.get_ref().is_str())),
    }
}

fn wanted(shape: Shape) -> &'static str {
    match shape {
        Shape::Text(Format::Duration) => "a duration like \"60s\"",
        Shape::Text(Format::DurationOrNever) => "a duration like \"60s\", or \"never\"",
        Shape::Text(Format::Size) => "a size like \"8MiB\"",
        Shape::Text(_) => "a string",
        Shape::Integer => "an integer",
        Shape::Boolean => "`true` or `false`",
        Shape::List(_) => "an array of strings",
        Shape::Texts => "a table of strings",
        Shape::Table(_) | Shape::Named(_) => "a table",
        Shape::Tables(_) => "an array of tables",
    }
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "an integer",
        DeValue::Float(_) => "a float",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "such an array",
        DeValue::Table(_) => "such a table",
    }
}

fn joined(path: &str, name: &str) -> String {
    let name = name.escape_debug();
    if path.is_empty() {
        name.to_string()
    } else {
        format!("{path}.{name}")
    }
}

/// `a`, `b` or `c`.
fn names(all: &[&str]) -> String {
    let quoted: Vec<String> = all.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
    }
}
