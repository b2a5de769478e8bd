//! The reference manual of the file, as Markdown.

use std::fmt::Write as _;

use super::keys::{FILE, Format, Key, Section, Shape};

const INTRODUCTION: &str = "\
# `wharf.toml`

Every key, from the table that also checks the file: this page is written by `wharf config reference`.
Unknown keys are refused. `wharf config check` reports every mistake at once, and
`wharf config schema` prints a JSON Schema for editors.

A text may hold references to secrets: `${env:NAME}`, `${file:PATH}` (relative to the file; a
newline at its end is left out) and `${exec:PROGRAM ARGUMENTS}` (without a shell, at most 10 seconds).
`$${` stands for `${` itself.
";

/// The whole page.
pub(crate) fn manual() -> String {
    let mut page = INTRODUCTION.to_owned();
    for key in FILE.keys {
        for shape in key.shapes {
            match shape {
                Shape::Table(section) => {
                    write_section(&mut page, key, &format!("[{}]", key.name), section);
                }
                Shape::Named(section) => {
                    write_section(&mut page, key, &format!("[{}.NAME]", key.name), section);
                }
                Shape::Tables(section) => {
                    write_section(&mut page, key, &format!("[[{}]]", key.name), section);
                }
                _ => {}
            }
        }
    }
    page
}

fn write_section(page: &mut String, key: &Key, header: &str, section: &Section) {
    // Writing to a string does not fail.
    let _ = write!(page, "\n## `{header}`\n\n{}\n\n", key.doc);
    entries(page, section, "");
}

/// A list of the keys; those of inner tables follow their key, indented.
fn entries(page: &mut String, section: &Section, indent: &str) {
    let choice = section.choice();
    if !choice.is_empty() {
        let names: Vec<String> = choice.iter().map(|name| format!("`{name}`")).collect();
        let _ = writeln!(page, "{indent}Exactly one of {}.\n", names.join(", "));
    }
    for key in section.keys {
        let _ = write!(page, "{indent}- `{}`", key.name);
        if key.later {
            let _ = writeln!(page, " comes with a later version: {}", key.doc);
            continue;
        }
        let kinds: Vec<&str> = key.shapes.iter().map(|shape| kind(*shape)).collect();
        let _ = write!(page, " ({}", kinds.join(" or "));
        if key.required {
            page.push_str(", required");
        }
        let _ = write!(page, "): {}", key.doc);
        if let Some(default) = key.default {
            let _ = write!(page, " Default: `{default}`.");
        }
        page.push('\n');
        if let Some(inner) = key.shapes.iter().find_map(inner) {
            page.push('\n');
            entries(page, inner, &format!("{indent}  "));
            page.push('\n');
        }
    }
}

fn inner(shape: &Shape) -> Option<&'static Section> {
    match shape {
        Shape::Table(section) | Shape::Tables(section) | Shape::Named(section) => Some(section),
        _ => None,
    }
}

fn kind(shape: Shape) -> &'static str {
    match shape {
        Shape::Text(Format::Duration | Format::DurationOrNever) => "duration",
        Shape::Text(Format::Size) => "size",
        Shape::Text(Format::Secret) => "secret",
        Shape::Text(Format::Words(_)) => "word",
        Shape::Text(Format::Plain) => "string",
        Shape::Integer => "integer",
        Shape::Boolean => "boolean",
        Shape::List(_) => "array of strings",
        Shape::Texts => "table of strings",
        Shape::Table(_) | Shape::Named(_) => "table",
        Shape::Tables(_) => "array of tables",
    }
}
