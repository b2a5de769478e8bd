//! What is wrong with a value, in words that a model can act on: which field, what was expected, what
//! came.

use std::fmt::{self, Display, Write as _};

use super::compile::{Kind, Node};

/// The longest piece of a value that is shown, in characters.
const SHOWN: usize = 40;
/// The most alternatives that are listed.
const LISTED: usize = 12;

/// Everything that is wrong with one value.
#[derive(Debug, Default)]
pub(crate) struct Problems(pub(super) Vec<Problem>);

/// One thing that is wrong.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    depth: usize,
    message: String,
}

/// A place in a value, which is written down only where something is wrong there.
#[derive(Clone, Copy)]
pub(super) enum Path<'a> {
    Root,
    Member(&'a Path<'a>, &'a str),
    Item(&'a Path<'a>, usize),
}

/// What stood in place of what was expected.
pub(super) enum Came<'a> {
    Words(&'static str),
    Text(&'a str),
    /// JSON as its sender wrote it.
    Raw(&'a str),
    Items(usize),
}

impl Problems {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Display for Problems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, problem) in self.0.iter().enumerate() {
            if at > 0 {
                formatter.write_char('\n')?;
            }
            write!(formatter, "- {}", problem.message)?;
        }
        Ok(())
    }
}

impl Problem {
    pub(super) fn unexpected(at: &Path<'_>, node: &Node, came: &Came<'_>) -> Self {
        let message = format!("{}expected {}, got {came}", Place(at), expected(node));
        Self::at(at, message)
    }

    pub(super) fn unknown(at: &Path<'_>, nearest: Option<&str>) -> Self {
        let mut message = format!("{}there is no such field", Place(at));
        if let Some(nearest) = nearest {
            let _ = write!(message, "; did you mean `{nearest}`?");
        }
        Self::at(at, message)
    }

    pub(super) fn missing(at: &Path<'_>, node: Option<&Node>) -> Self {
        let mut message = format!("{}required and missing", Place(at));
        if let Some(node) = node {
            let _ = write!(message, "; expected {}", expected(node));
            if let Some(description) = &node.description {
                let _ = write!(
                    message,
                    " ({})",
                    shortened(description.trim_end_matches('.'))
                );
            }
        }
        Self::at(at, message)
    }

    /// Whether it lies deeper than `at`.
    pub(super) fn is_below(&self, at: &Path<'_>) -> bool {
        self.depth > at.depth()
    }

    fn at(at: &Path<'_>, message: String) -> Self {
        Self {
            depth: at.depth(),
            message,
        }
    }
}

impl Path<'_> {
    fn depth(&self) -> usize {
        match self {
            Self::Root => 0,
            Self::Member(parent, _) | Self::Item(parent, _) => parent.depth() + 1,
        }
    }
}

impl Display for Path<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Member(Path::Root, name) => formatter.write_str(&shortened(name)),
            Self::Member(parent, name) => write!(formatter, "{parent}.{}", shortened(name)),
            Self::Item(parent, at) => write!(formatter, "{parent}[{at}]"),
        }
    }
}

/// The head of a sentence: the place, where it is not the whole value.
struct Place<'a>(&'a Path<'a>);

impl Display for Place<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Path::Root => Ok(()),
            path => write!(formatter, "`{path}`: "),
        }
    }
}

impl Display for Came<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Words(words) => formatter.write_str(words),
            Self::Text(text) => write!(formatter, "the string {:?}", shortened(text)),
            Self::Raw(json) => formatter.write_str(&shortened(json)),
            Self::Items(count) => write!(formatter, "an array of {count}"),
        }
    }
}

/// What `node` asks for, with its article.
fn expected(node: &Node) -> String {
    if let Some(values) = &node.values {
        let listed: Vec<_> = values
            .iter()
            .take(LISTED)
            .map(ToString::to_string)
            .collect();
        return format!("one of {}", listed.join(", "));
    }
    if !node.any.is_empty() {
        let parts: Vec<_> = node.any.iter().take(LISTED).map(expected).collect();
        return parts.join(", or ");
    }
    let Some(types) = &node.types else {
        return "another value".to_owned();
    };
    let parts: Vec<_> = types.iter().map(|kind| sized(*kind, node)).collect();
    parts.join(" or ")
}

fn sized(kind: Kind, node: &Node) -> String {
    let name = kind.named();
    let limits = match kind {
        Kind::Integer | Kind::Number => limits(node.least, node.most),
        Kind::String => counted(node.least_length, node.most_length, "characters"),
        Kind::Array => counted(node.least_items, node.most_items, "items"),
        _ => String::new(),
    };
    format!("{name}{limits}")
}

fn limits(least: Option<f64>, most: Option<f64>) -> String {
    match (least, most) {
        (Some(least), Some(most)) => format!(" from {least} to {most}"),
        (Some(least), None) => format!(" of at least {least}"),
        (None, Some(most)) => format!(" of at most {most}"),
        (None, None) => String::new(),
    }
}

fn counted(least: Option<u64>, most: Option<u64>, what: &str) -> String {
    match (least, most) {
        (Some(least), Some(most)) => format!(" of {least} to {most} {what}"),
        (Some(least), None) => format!(" of at least {least} {what}"),
        (None, Some(most)) => format!(" of at most {most} {what}"),
        (None, None) => String::new(),
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// The one of `known` that `name` was probably meant to be.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // A name that long was not mistyped, and the distance costs its square.
    if name.len() > 64 {
        return None;
    }
    let (distance, nearest) = known
        .map(|known| (strsim::damerau_levenshtein(name, known), known))
        .min()?;
    (distance <= 3 && distance < name.len()).then_some(nearest)
}
