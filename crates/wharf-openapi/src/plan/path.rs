//! The path template, filled so that no argument can leave its own segment.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::error::PlanError;
use super::style::{self, Shape};
use super::{percent, scalar};
use crate::operation::{Encoding, Location, Operation, Parameter, Style};

/// The filled template.
pub(super) struct Path<'a> {
    /// Begins with `/`.
    pub text: String,
    /// The fixed query that some documents write into the path (`/q?action=list`).
    pub query: String,
    /// Query parameters that a placeholder in the fixed query has used up.
    pub claimed: Vec<&'a Parameter>,
}

/// Fills the template of `operation`.
///
/// # Errors
///
/// A placeholder without parameter or argument, and a value that would climb or vanish.
pub(super) fn expand<'a>(
    operation: &'a Operation,
    arguments: &Map<String, Value>,
) -> Result<Path<'a>, PlanError> {
    // What follows `#` is never sent; documents use it to tell operations of one URL apart (AWS).
    let (path, query) = split(&operation.path);
    let mut filled = Filling {
        operation,
        arguments,
        claimed: Vec::new(),
    };
    let mut segments = vec![Segment::default()];
    for token in tokens(path) {
        match token {
            Token::Literal(text) => open_segments(&mut segments, &percent::repair(text), None),
            Token::Placeholder(name) if name.starts_with(['?', '&']) => {}
            Token::Placeholder(name) => {
                let (parameter, text) = filled.path_value(name)?;
                open_segments(&mut segments, &text, Some(&parameter.argument));
            }
        }
    }
    let empty_is_harmless = matches!(operation.method.as_str(), "GET" | "HEAD");
    for segment in &segments {
        segment.check(empty_is_harmless)?;
    }
    let path: Vec<_> = segments
        .iter()
        .map(|segment| segment.text.as_str())
        .collect();
    let path = path.join("/");
    Ok(Path {
        text: if path.starts_with('/') {
            path
        } else {
            format!("/{path}")
        },
        query: filled.fixed_query(query)?,
        claimed: filled.claimed,
    })
}

/// One piece between slashes, and the last argument that went into it.
#[derive(Default)]
struct Segment {
    text: String,
    argument: Option<String>,
}

/// Appends `text`, beginning a segment at each slash.
fn open_segments(segments: &mut Vec<Segment>, text: &str, argument: Option<&str>) {
    for (at, piece) in text.split('/').enumerate() {
        if at > 0 {
            segments.push(Segment::default());
        }
        if let Some(segment) = segments.last_mut() {
            segment.text.push_str(piece);
            if argument.is_some() {
                segment.argument = argument.map(str::to_owned);
            }
        }
    }
}

impl Segment {
    /// Refuses a dot segment in every disguise that a server may take off: encoded once or twice,
    /// behind an encoded slash or backslash, or with a path parameter (`..;x`) on its tail.
    fn check(&self, empty_is_harmless: bool) -> Result<(), PlanError> {
        let Some(argument) = self.argument.clone() else {
            return Ok(());
        };
        if self.text.is_empty() && !empty_is_harmless {
            return Err(PlanError::EmptySegment { argument });
        }
        let once = percent_decode_str(&self.text).decode_utf8_lossy();
        let twice = percent_decode_str(&once).decode_utf8_lossy();
        let mut pieces = [&once, &twice]
            .into_iter()
            .flat_map(|text| text.split(['/', '\\']));
        let climbs = |piece: &&str| matches!(piece.split(';').next(), Some("." | ".."));
        match pieces.find(climbs) {
            Some(piece) => Err(PlanError::DotSegment {
                argument,
                segment: piece.to_owned(),
            }),
            None => Ok(()),
        }
    }
}

/// What filling needs to look up.
struct Filling<'a, 'b> {
    operation: &'a Operation,
    arguments: &'b Map<String, Value>,
    claimed: Vec<&'a Parameter>,
}

impl<'a> Filling<'a, '_> {
    /// The text for a placeholder in the path.
    fn path_value(&self, placeholder: &str) -> Result<(&'a Parameter, String), PlanError> {
        let parameter =
            self.parameter(placeholder, Location::Path)
                .ok_or_else(|| PlanError::Placeholder {
                    placeholder: placeholder.to_owned(),
                })?;
        let greedy = placeholder.starts_with('+') || placeholder.ends_with('+');
        let text = self.text(parameter, greedy)?;
        let text = text.ok_or_else(|| PlanError::Missing {
            argument: parameter.argument.clone(),
        })?;
        Ok((parameter, text))
    }

    /// The query that the path ends with. A pair whose placeholder has no argument is left out.
    fn fixed_query(&mut self, query: &str) -> Result<String, PlanError> {
        let mut pairs = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let mut text = String::new();
            let mut complete = true;
            for token in tokens(pair) {
                match token {
                    Token::Literal(literal) => text.push_str(&percent::repair(literal)),
                    Token::Placeholder(name) => match self.query_value(name)? {
                        Some(value) => text.push_str(&value),
                        None => complete = false,
                    },
                }
            }
            if complete {
                pairs.push(text);
            }
        }
        Ok(pairs.join("&"))
    }

    fn query_value(&mut self, placeholder: &str) -> Result<Option<String>, PlanError> {
        if let Some(parameter) = self.parameter(placeholder, Location::Path) {
            return self.text(parameter, false);
        }
        let Some(parameter) = self.parameter(placeholder, Location::Query) else {
            return Ok(None);
        };
        self.claimed.push(parameter);
        self.text(parameter, false)
    }

    /// By the placeholder as written, then without what routers add to it: `{+path}`, `{path*}`,
    /// `{proxy+}`, `{id:[0-9]+}`.
    fn parameter(&self, placeholder: &str, location: Location) -> Option<&'a Parameter> {
        let bare = placeholder.trim_start_matches(['+', '.', ';', '/', '*']);
        let bare = bare
            .split(':')
            .next()
            .unwrap_or(bare)
            .trim_end_matches(['+', '*'])
            .trim();
        let mut here = self
            .operation
            .parameters
            .iter()
            .filter(|each| each.location == location);
        let exact = here.clone().find(|each| each.name == placeholder);
        exact.or_else(|| here.find(|each| each.name.eq_ignore_ascii_case(bare)))
    }

    fn text(&self, parameter: &Parameter, greedy: bool) -> Result<Option<String>, PlanError> {
        let Some(value) = self.arguments.get(&parameter.argument) else {
            return Ok(None);
        };
        let (style, reserved) = match &parameter.encoding {
            Encoding::Content { .. } if value.is_null() => return Ok(None),
            Encoding::Content { .. } => return Ok(Some(percent::value(&scalar::json(value)?))),
            Encoding::Style {
                style,
                explode,
                allow_reserved,
            } => ((*style, *explode), *allow_reserved),
        };
        let style = match style {
            (Style::Label | Style::Matrix, _) => style,
            (_, explode) => (Style::Simple, explode),
        };
        let shape = Shape::of(value, style.1)?;
        let encode = |text: &str| match (greedy, reserved) {
            // A greedy placeholder takes the rest of the path, slashes and all.
            (true, _) => text
                .split('/')
                .map(percent::value)
                .collect::<Vec<_>>()
                .join("/"),
            (false, true) => percent::reserved_in_path(text),
            (false, false) => percent::value(text),
        };
        let name = percent::value(&parameter.name);
        Ok(shape.map(|shape| style::expand(style, &name, shape, encode)))
    }
}

/// A template is text with `{placeholders}`. A brace without partner is text.
enum Token<'a> {
    Literal(&'a str),
    Placeholder(&'a str),
}

fn tokens(template: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else {
            break;
        };
        tokens.push(Token::Literal(before));
        tokens.push(Token::Placeholder(name));
        rest = behind;
    }
    tokens.push(Token::Literal(rest));
    tokens
}

/// Parts path and query at the first `?` outside braces, and drops the fragment.
fn split(template: &str) -> (&str, &str) {
    let mut inside = false;
    let mut query_at = None;
    for (at, character) in template.char_indices() {
        match character {
            '{' => inside = true,
            '}' => inside = false,
            '?' if !inside && query_at.is_none() => query_at = Some(at),
            '#' if !inside => return parted(&template[..at], query_at),
            _ => {}
        }
    }
    parted(template, query_at)
}

fn parted(template: &str, query_at: Option<usize>) -> (&str, &str) {
    match query_at {
        Some(at) => (&template[..at], &template[at + 1..]),
        None => (template, ""),
    }
}
