//! The API document as a judge of answers.

use northwind_freight::openapi_document;
use serde_json::{Map, Value, json};

use crate::visitor::Answer;

pub(crate) struct Contract {
    document: Value,
}

pub(crate) struct Operation<'a> {
    pub(crate) path: &'a str,
    pub(crate) method: &'a str,
    pub(crate) value: &'a Value,
    item: &'a Value,
}

impl Contract {
    pub(crate) fn read() -> Self {
        let mut document: Value =
            serde_json::from_str(&openapi_document("http://127.0.0.1")).unwrap();
        // Real documents leave objects open. Here a field that is served and not documented is a mistake.
        let schemas = document["components"]["schemas"].as_object_mut().unwrap();
        schemas
            .iter_mut()
            .for_each(|(name, schema)| close(name, schema));
        Self { document }
    }

    pub(crate) fn operations(&self) -> impl Iterator<Item = Operation<'_>> {
        let paths = self.document["paths"].as_object().unwrap();
        paths.iter().flat_map(|(path, item)| {
            let methods = item
                .as_object()
                .unwrap()
                .iter()
                .filter(|(name, _)| *name != "parameters");
            methods.map(move |(method, value)| Operation {
                path,
                method,
                value,
                item,
            })
        })
    }

    pub(crate) fn paths(&self) -> &Map<String, Value> {
        self.document["paths"].as_object().unwrap()
    }

    /// `value`, or what its `$ref` names.
    pub(crate) fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(pointer) => self
                .document
                .pointer(&pointer[1..])
                .unwrap_or_else(|| panic!("{pointer} is nowhere")),
            None => value,
        }
    }

    /// The path and query of `operation`, its variables and required parameters filled with their examples.
    pub(crate) fn example(&self, operation: &Operation<'_>) -> String {
        let own = operation.value["parameters"].as_array();
        let shared = operation.item["parameters"].as_array();
        let (mut path, mut query) = (operation.path.to_owned(), Vec::new());
        for parameter in own
            .into_iter()
            .chain(shared)
            .flatten()
            .map(|parameter| self.resolve(parameter))
        {
            let example = parameter
                .get("example")
                .map_or_else(|| "1".to_owned(), spell);
            let name = parameter["name"].as_str().unwrap();
            match parameter["in"].as_str() {
                Some("path") => path = path.replace(&format!("{{{name}}}"), &example),
                Some("query") if parameter["required"] == true => {
                    query.push(format!("{name}={example}"));
                }
                _ => {}
            }
        }
        if query.is_empty() {
            path
        } else {
            format!("{path}?{}", query.join("&"))
        }
    }

    /// Panics unless the answer is one that the document promises. Undocumented paths and methods pass.
    #[track_caller]
    pub(crate) fn check(&self, method: &str, uri: &str, answer: &Answer) {
        let asked = uri.split('?').next().unwrap();
        let found = self.operations().find(|operation| {
            operation.method.eq_ignore_ascii_case(method) && matches(operation.path, asked)
        });
        let Some(operation) = found else { return };
        let status = answer.status.to_string();
        let response = self.resolve(&operation.value["responses"][&status]);
        assert!(
            response.is_object(),
            "{method} {uri} answers an undocumented {status}: {}",
            answer.text()
        );
        let Some(content) = response.get("content") else {
            assert!(
                answer.body.is_empty(),
                "{method} {uri}: a body nobody promised"
            );
            return;
        };
        let media_type = answer.header("content-type").split(';').next().unwrap();
        let media = content.get(media_type).or(content.get("*/*"));
        let media = media.unwrap_or_else(|| {
            panic!("{method} {uri} answers {media_type}, which is not documented")
        });
        for (name, header) in response["headers"].as_object().into_iter().flatten() {
            let required = self.resolve(header)["required"] == true;
            assert!(
                !required || answer.headers.contains_key(name.as_str()),
                "{method} {uri} leaves {name} out"
            );
        }
        if media_type.ends_with("json") {
            self.check_body(&media["schema"], &answer.json());
        }
    }

    #[track_caller]
    fn check_body(&self, schema: &Value, body: &Value) {
        let mut root = schema.clone();
        root["components"] = self.document["components"].clone();
        let validator = jsonschema::draft202012::options()
            .should_validate_formats(true)
            .build(&root)
            .unwrap();
        let complaints: Vec<String> = validator
            .iter_errors(body)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(complaints.is_empty(), "{complaints:#?}\nin {body:#}");
    }
}

/// Forbids undocumented properties. The parts of an `allOf` stay open: each describes only its share.
fn close(name: &str, schema: &mut Value) {
    if schema["allOf"].is_array() {
        schema["unevaluatedProperties"] = json!(false);
    } else if schema["properties"].is_object() && !name.ends_with("Fields") {
        schema["additionalProperties"] = json!(false);
    }
}

fn matches(template: &str, path: &str) -> bool {
    let (mut expected, mut found) = (template.split('/'), path.split('/'));
    loop {
        match (expected.next(), found.next()) {
            (None, None) => return true,
            (Some(variable), Some(_)) if variable.starts_with('{') => {}
            (Some(fixed), Some(part)) if fixed == part => {}
            _ => return false,
        }
    }
}

fn spell(example: &Value) -> String {
    example
        .as_str()
        .map_or_else(|| example.to_string(), str::to_owned)
}
