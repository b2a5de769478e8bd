//! One tool of the catalog: light until somebody looks at it.

use std::sync::{Arc, OnceLock};

use serde_json::value::{RawValue, to_raw_value};
use tracing::warn;
use wharf_policy::arguments::{Arguments, Validator};
use wharf_policy::facts::ToolFacts;
use wharf_protocol::meta::Meta;
use wharf_protocol::tool::{self as protocol, CallToolResult};

use crate::upstream::{Answered, PlanError, Planned, Upstream};

/// A tool under the name by which it is offered.
#[derive(Debug)]
pub struct Tool {
    pub name: String,
    pub facts: ToolFacts,
    /// One line for people who look through lists.
    pub summary: String,
    pub upstream: Arc<dyn Upstream>,
    /// Its place among the upstream's own tools.
    index: usize,
    shown: OnceLock<Option<Shown>>,
}

/// What a tool is once it was looked at. Rendered once, copied ever after.
#[derive(Debug)]
struct Shown {
    definition: Box<RawValue>,
    validator: Validator,
}

impl Tool {
    pub(super) fn new(name: String, upstream: Arc<dyn Upstream>, index: usize) -> Self {
        let listing = &upstream.tools()[index];
        Self {
            facts: ToolFacts {
                path: format!("{}.{}", upstream.name(), listing.name),
                effect: listing.effect,
            },
            summary: listing.summary.clone(),
            name,
            index,
            shown: OnceLock::new(),
            upstream,
        }
    }

    /// The definition that lists show; `None` for a tool whose schema cannot be checked, which is
    /// neither shown nor called.
    pub fn definition(&self) -> Option<&RawValue> {
        self.shown().map(|shown| &*shown.definition)
    }

    pub fn validator(&self) -> Option<&Validator> {
        self.shown().map(|shown| &shown.validator)
    }

    /// Arguments → the request that would be sent. Pure.
    ///
    /// # Errors
    ///
    /// [`PlanError`], as the upstream says.
    pub fn plan(&self, arguments: Arguments) -> Result<Planned, PlanError> {
        self.upstream.plan(self.index, arguments)
    }

    /// The answer → what the model reads. Pure.
    pub fn translate(&self, answer: Answered) -> CallToolResult {
        self.upstream.translate(self.index, answer)
    }

    fn shown(&self) -> Option<&Shown> {
        self.shown.get_or_init(|| self.render()).as_ref()
    }

    fn render(&self) -> Option<Shown> {
        let rendered = self.upstream.render(self.index);
        let validator = match rendered.validator {
            Ok(validator) => validator,
            Err(error) => {
                warn!(tool = %self.name, %error, "tool left out: its schema cannot be checked");
                return None;
            }
        };
        let definition = to_raw_value(&protocol::Tool {
            name: self.name.clone(),
            title: rendered.title,
            description: rendered.description,
            input_schema: rendered.input_schema,
            output_schema: rendered.output_schema,
            annotations: Some(rendered.annotations),
            meta: Meta::default(),
        });
        Some(Shown {
            definition: definition.ok()?,
            validator,
        })
    }
}
