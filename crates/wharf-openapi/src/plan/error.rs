//! Why a call cannot be sent, and what the caller can do about it.

/// A plan that could not be made. Every variant names what it is about.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    #[error("the argument `{argument}` is required and was not given")]
    Missing { argument: String },
    #[error("the path has a placeholder `{{{placeholder}}}` that no parameter fills")]
    Placeholder { placeholder: String },
    #[error("the argument `{argument}` would leave an empty segment in the path")]
    EmptySegment { argument: String },
    #[error(
        "the argument `{argument}` would put `{segment}` into the path, which climbs out of it"
    )]
    DotSegment { argument: String, segment: String },
    #[error("the argument `{argument}` must be {expected}, not {found}")]
    Kind {
        argument: String,
        expected: &'static str,
        found: &'static str,
    },
    #[error("the argument `{argument}` is neither base64 nor a data URI: {reason}")]
    File { argument: String, reason: String },
    #[error(
        "the argument `{argument}` has the character {character:?}, which {place} cannot carry"
    )]
    Character {
        argument: String,
        character: char,
        place: &'static str,
    },
    #[error("the document names a header `{name}`, which is no legal header name")]
    HeaderName { name: String },
    #[error("the property `{property}` cannot be the name of an XML element or attribute")]
    XmlName { property: String },
    #[error("the body cannot be written as JSON")]
    Json { reason: String },
}

impl PlanError {
    /// What the caller can do next, where we know it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Missing { argument } => Some(format!("give `{argument}`")),
            Self::Placeholder { placeholder } => Some(format!(
                "declare a path parameter `{placeholder}` in the API document"
            )),
            Self::EmptySegment { argument } => Some(format!(
                "give `{argument}` a value; without one the call would reach the whole collection"
            )),
            Self::DotSegment { argument, .. } => Some(format!(
                "give `{argument}` without `.` or `..` between slashes"
            )),
            Self::Kind { expected, .. } => Some(format!("give {expected}")),
            Self::File { .. } => Some(
                "give the bytes as base64, or text as `data:text/plain,your%20text`".to_owned(),
            ),
            Self::Character { argument, .. } => Some(format!(
                "remove line breaks and control characters from `{argument}`"
            )),
            Self::HeaderName { .. } | Self::XmlName { .. } => {
                Some("correct the name in the API document".to_owned())
            }
            Self::Json { .. } => None,
        }
    }

    /// The argument that is to blame, if one is.
    pub fn argument(&self) -> Option<&str> {
        match self {
            Self::Missing { argument }
            | Self::EmptySegment { argument }
            | Self::DotSegment { argument, .. }
            | Self::Kind { argument, .. }
            | Self::File { argument, .. }
            | Self::Character { argument, .. } => Some(argument),
            Self::Placeholder { .. }
            | Self::HeaderName { .. }
            | Self::XmlName { .. }
            | Self::Json { .. } => None,
        }
    }
}
