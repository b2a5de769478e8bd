//! One complaint: which field, what was expected, what came.

use std::fmt;

use jsonschema::error::{TypeKind, ValidationError, ValidationErrorKind as Kind};
use serde_json::Value;

/// Longest excerpt of a value in a complaint, in characters.
const EXCERPT: usize = 60;

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where: `lines[0].quantity`, or empty for the arguments as a whole.
    pub field: String,
    pub complaint: Complaint,
}

/// What there is to complain about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Complaint {
    /// It is required and was not there.
    Missing,
    /// The schema has no such field; perhaps this one was meant.
    Unknown { nearest: Option<String> },
    /// It is there and does not fit.
    Unfit {
        /// What the schema asks for, in words.
        expected: String,
        /// What was there, in short.
        came: String,
    },
}

impl Problem {
    /// Puts a validator's finding into words. Alternatives are explained by the one that came
    /// nearest.
    pub(super) fn explain(error: &ValidationError<'_>) -> Vec<Self> {
        let field = path(error.instance_path().as_str());
        match error.kind() {
            Kind::Required { property } => vec![Self {
                field: joined(&field, property.as_str().unwrap_or_default()),
                complaint: Complaint::Missing,
            }],
            Kind::AdditionalProperties { unexpected }
            | Kind::UnevaluatedProperties { unexpected } => unexpected
                .iter()
                .map(|name| Self {
                    field: joined(&field, name),
                    complaint: Complaint::Unknown { nearest: None },
                })
                .collect(),
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => context
                .iter()
                .filter(|findings| !findings.is_empty())
                .min_by_key(|findings| (is_of_another_type(error, findings), findings.len()))
                .map(|findings| findings.iter().flat_map(Self::explain).collect())
                .unwrap_or_default(),
            kind => vec![Self {
                field,
                complaint: Complaint::Unfit {
                    expected: expectation(kind),
                    came: excerpt(error.instance()),
                },
            }],
        }
    }

    /// Adds the nearest of the names that exist to a complaint about one that does not.
    pub(super) fn suggest(mut self, names: &[String]) -> Self {
        if let Complaint::Unknown { nearest } = &mut self.complaint {
            *nearest = names
                .iter()
                .map(|name| (strsim::jaro_winkler(&self.field, name), name))
                .filter(|(likeness, _)| *likeness > 0.8)
                .max_by(|(left, _), (right, _)| left.total_cmp(right))
                .map(|(_, name)| name.clone());
        }
        self
    }

    pub(super) fn too_many(limit: usize) -> Self {
        Self {
            field: String::new(),
            complaint: Complaint::Unfit {
                expected: format!("at most {limit} values in all"),
                came: "more".to_owned(),
            },
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.field.is_empty() {
            formatter.write_str("the arguments: ")?;
        } else {
            write!(formatter, "`{}`: ", self.field)?;
        }
        match &self.complaint {
            Complaint::Missing => formatter.write_str("required, but missing"),
            Complaint::Unknown { nearest: None } => formatter.write_str("no such field"),
            Complaint::Unknown {
                nearest: Some(name),
            } => write!(formatter, "no such field, did you mean `{name}`?"),
            Complaint::Unfit { expected, came } => {
                write!(formatter, "expected {expected}, came {came}")
            }
        }
    }
}

/// What a keyword asks for, in words.
fn expectation(kind: &Kind) -> String {
    match kind {
        Kind::Type { kind } => kinds(kind),
        Kind::Enum { options } => choices(options),
        Kind::Constant { expected_value } => format!("exactly {}", excerpt(expected_value)),
        Kind::Minimum { limit } => format!("at least {limit}"),
        Kind::Maximum { limit } => format!("at most {limit}"),
        Kind::ExclusiveMinimum { limit } => format!("more than {limit}"),
        Kind::ExclusiveMaximum { limit } => format!("less than {limit}"),
        Kind::MinLength { limit } => format!("at least {limit} characters"),
        Kind::MaxLength { limit } => format!("at most {limit} characters"),
        Kind::MinItems { limit } => format!("at least {limit} items"),
        Kind::MaxItems { limit } => format!("at most {limit} items"),
        Kind::MinProperties { limit } => format!("at least {limit} fields"),
        Kind::MaxProperties { limit } => format!("at most {limit} fields"),
        Kind::Pattern { pattern } => format!("text that matches `{pattern}`"),
        Kind::UniqueItems => "items that differ from each other".to_owned(),
        Kind::OneOfMultipleValid { .. } => {
            "exactly one of the alternatives, but several fit".to_owned()
        }
        other => format!("a value that satisfies `{}`", other.keyword()),
    }
}

/// An alternative that fails by type alone is further away than one that fails inside.
fn is_of_another_type(whole: &ValidationError<'_>, findings: &[ValidationError<'_>]) -> bool {
    findings.iter().any(|finding| {
        matches!(finding.kind(), Kind::Type { .. })
            && finding.instance_path() == whole.instance_path()
    })
}

fn kinds(kind: &TypeKind) -> String {
    let name = |kind: jsonschema::JsonType| match kind {
        jsonschema::JsonType::Array => "an array",
        jsonschema::JsonType::Boolean => "true or false",
        jsonschema::JsonType::Integer => "an integer",
        jsonschema::JsonType::Null => "null",
        jsonschema::JsonType::Number => "a number",
        jsonschema::JsonType::Object => "an object",
        jsonschema::JsonType::String => "a string",
    };
    match kind {
        TypeKind::Single(kind) => name(*kind).to_owned(),
        TypeKind::Multiple(kinds) => kinds.iter().map(name).collect::<Vec<_>>().join(" or "),
    }
}

fn choices(options: &Value) -> String {
    let Some(options) = options.as_array() else {
        return "one of the listed values".to_owned();
    };
    let shown: Vec<String> = options.iter().take(12).map(excerpt).collect();
    let more = if options.len() > shown.len() {
        ", …"
    } else {
        ""
    };
    format!("one of {}{more}", shown.join(", "))
}

/// `/lines/0/quantity` as a person writes it.
fn path(pointer: &str) -> String {
    let mut written = String::new();
    for segment in pointer.split('/').skip(1) {
        let segment = segment.replace("~1", "/").replace("~0", "~");
        if segment.bytes().all(|byte| byte.is_ascii_digit()) && !written.is_empty() {
            written = format!("{written}[{segment}]");
        } else {
            written = joined(&written, &segment);
        }
    }
    written
}

fn joined(parent: &str, name: &str) -> String {
    if parent.is_empty() {
        name.to_owned()
    } else {
        format!("{parent}.{name}")
    }
}

/// A value in short, as JSON.
fn excerpt(value: &Value) -> String {
    let text = match value {
        Value::Array(items) => return format!("an array of {}", items.len()),
        Value::Object(map) => return format!("an object of {} fields", map.len()),
        other => other.to_string(),
    };
    if text.chars().count() <= EXCERPT {
        return text;
    }
    let start: String = text.chars().take(EXCERPT).collect();
    format!("{start}…")
}
