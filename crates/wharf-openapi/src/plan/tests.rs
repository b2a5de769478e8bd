//! What goes over the wire, argument by argument.

mod body;
mod file;
mod header;
mod path;
mod query;
mod round_trip;
mod xml;

use expect_test::Expect;
use serde_json::{Map, Value};

use super::{PlannedRequest, plan};
use crate::operation::{Encoding, Location, Operation, Parameter, Style};

/// An operation that takes nothing and answers JSON.
fn operation(method: &str, path: &str) -> Operation {
    Operation {
        method: method.to_owned(),
        path: path.to_owned(),
        server: "https://api.test".to_owned(),
        parameters: Vec::new(),
        body: None,
        accepts: vec!["application/json".to_owned()],
        security: Vec::new(),
    }
}

/// A parameter whose argument has its own name.
fn parameter(name: &str, location: Location, style: Style, explode: bool) -> Parameter {
    Parameter {
        argument: name.to_owned(),
        name: name.to_owned(),
        location,
        required: location == Location::Path,
        encoding: Encoding::Style {
            style,
            explode,
            allow_reserved: false,
        },
    }
}

fn allow_reserved(mut parameter: Parameter) -> Parameter {
    if let Encoding::Style { allow_reserved, .. } = &mut parameter.encoding {
        *allow_reserved = true;
    }
    parameter
}

fn with_content(mut parameter: Parameter, media_type: &str) -> Parameter {
    parameter.encoding = Encoding::Content {
        media_type: media_type.to_owned(),
    };
    parameter
}

impl Operation {
    fn with(mut self, parameter: Parameter) -> Self {
        self.parameters.push(parameter);
        self
    }
}

#[track_caller]
fn check(operation: &Operation, arguments: &Value, expected: Expect) {
    expected.assert_eq(&planned(operation, arguments));
}

fn planned(operation: &Operation, arguments: &Value) -> String {
    let none = Map::new();
    match plan(operation, arguments.as_object().unwrap_or(&none)) {
        Ok(request) => shown(&request),
        Err(error) => match error.hint() {
            Some(hint) => format!("error: {error}\nhint: {hint}"),
            None => format!("error: {error}"),
        },
    }
}

/// As it would be written, less the server and the `Accept` that every operation here sends.
fn shown(request: &PlannedRequest) -> String {
    let url = request
        .url
        .strip_prefix("https://api.test")
        .unwrap_or(&request.url);
    let mut text = format!("{} {url}", request.method);
    for (name, value) in &request.headers {
        if (name.as_str(), value.as_str()) != ("Accept", "application/json") {
            text.extend(["\n", name, ": ", value]);
        }
    }
    if let Some(body) = &request.body {
        let body = body
            .escape_ascii()
            .to_string()
            .replace("\\r\\n", "\n")
            .replace("\\\"", "\"");
        text.extend(["\n\n", &body]);
    }
    if !request.ignored.is_empty() {
        text.extend(["\nignored: ", &request.ignored.join(", ")]);
    }
    text
}
