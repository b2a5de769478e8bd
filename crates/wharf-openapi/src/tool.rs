//! One operation becomes one tool: its definition for models, and what a call of it needs.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use wharf_protocol::meta::Meta;
use wharf_protocol::tool::Tool;

use crate::body::{self, Shape};
use crate::compiled::Entry;
use crate::diagnostic::{Diagnostic, Findings};
use crate::document::Site;
use crate::input::{self, Input, Names};
use crate::media::Media;
use crate::operation::{Body, BodySource, Operation, Parameter, SecurityScheme};
use crate::schema::{Converter, Direction};
use crate::settings::Settings;
use crate::tree::Node;
use crate::{parameter, prose, response, security, server};

/// A tool, rendered from its document when it is asked for.
#[derive(Clone, Debug)]
pub struct RenderedTool {
    /// What a list shows. Its `output_schema` is left to the caller, as it is by far the largest part.
    pub definition: Tool,
    /// What a call of it sends.
    pub operation: Operation,
    /// The shape of a good answer, permissive: any value may be null, nothing is required.
    pub output_schema: Option<Box<RawValue>>,
    /// What was odd about the operation.
    pub diagnostics: Vec<Diagnostic>,
}

/// What all tools of a document share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    /// Where requests go whose operation says nothing else.
    pub(crate) server: String,
    pub(crate) schemes: BTreeMap<String, SecurityScheme>,
}

/// Renders the tool of one entry.
pub(crate) fn render(site: &Site<'_>, entry: &Entry, shared: &Shared) -> RenderedTool {
    let settings = &shared.settings;
    let mut findings = Findings::new(site.document);
    let objects = parameter::objects(site, &mut findings);
    let (parameters, path) = parameter::declared(site, &objects, &mut findings);
    let body = body::declared(site, &objects, &mut findings);
    let names = Names::assign(&parameters, body.as_ref());
    let input = Input {
        parameters: &parameters,
        body: body.as_ref(),
        names: &names,
    };
    let input_schema = input.schema(site, settings, &mut findings);
    let output_schema = output_schema(site, settings, &mut findings);

    let operation = Operation {
        method: entry.method.clone(),
        path,
        server: server::of_operation(site, &mut findings).unwrap_or(shared.server.clone()),
        parameters: parameters
            .into_iter()
            .zip(&names.parameters)
            .map(|(declared, name)| resolved(declared, name))
            .collect(),
        body: body.map(|body| resolved_body(site, body, &names)),
        accepts: response::accepts(site),
        security: security::requirements(site, &shared.schemes, &mut findings),
    };
    RenderedTool {
        definition: definition(site, entry, input_schema, settings),
        operation,
        output_schema,
        diagnostics: findings.into_diagnostics(),
    }
}

fn definition(
    site: &Site<'_>,
    entry: &Entry,
    input_schema: Box<RawValue>,
    settings: &Settings,
) -> Tool {
    const TITLE_BYTES: usize = 100;
    let summary = site.operation.text("summary");
    let title = summary.map(|summary| prose::one_line(summary, TITLE_BYTES));
    Tool {
        name: entry.name.clone(),
        title: title.clone(),
        description: Some(description(site, entry, settings.description_bytes)),
        input_schema,
        output_schema: None,
        annotations: Some(entry.effect.annotations(&entry.method, title)),
        meta: Meta::default(),
    }
}

/// Summary and description, or the request itself where the document says nothing.
fn description(site: &Site<'_>, entry: &Entry, most: usize) -> String {
    let said = (
        site.operation.text("summary"),
        site.operation.text("description"),
    );
    let mut whole = match said {
        (None, None) => format!("{} {}", entry.method, entry.path),
        (Some(only), None) | (None, Some(only)) => only.to_owned(),
        (Some(summary), Some(more)) if more.starts_with(summary) => more.to_owned(),
        (Some(summary), Some(more)) => format!("{summary}\n\n{more}"),
    };
    if entry.deprecated {
        whole.insert_str(0, "Deprecated. ");
    }
    prose::cut(&whole, most)
}

fn output_schema<'d>(
    site: &Site<'d>,
    settings: &Settings,
    findings: &mut Findings<'d>,
) -> Option<Box<RawValue>> {
    let node = response::schema(site)?;
    let mut converter = Converter::new(
        site.document,
        Direction::Output,
        settings.output_schema_bytes,
        findings,
    );
    let mut root = converter.convert_root(node);
    let definitions = converter.finish(site.operation);
    if !definitions.is_empty() {
        root.insert("$defs".to_owned(), definitions.into());
    }
    Some(input::raw(&root))
}

fn resolved(declared: parameter::Declared<'_>, argument: &str) -> Parameter {
    Parameter {
        argument: argument.to_owned(),
        name: declared.name,
        location: declared.location,
        required: declared.required,
        encoding: declared.encoding,
    }
}

fn resolved_body(site: &Site<'_>, declared: body::Declared<'_>, names: &Names) -> Body {
    let source = match &declared.shape {
        Shape::Properties(flat) => BodySource::Properties {
            properties: names
                .body
                .iter()
                .cloned()
                .zip(flat.properties.iter().map(|property| property.name.clone()))
                .collect(),
            open: flat.open.is_some(),
        },
        _ => BodySource::Argument(names.body[0].clone()),
    };
    Body {
        required: declared.required,
        media_type: declared.media_type,
        source,
        fields: declared.fields,
        schema_pointer: declared.schema.map(Node::pointer),
        file: matches!(declared.shape, Shape::File),
        xml: (declared.media == Media::Xml)
            .then(|| body::xml_hints(site.document, declared.schema)),
    }
}

#[cfg(test)]
mod tests;
