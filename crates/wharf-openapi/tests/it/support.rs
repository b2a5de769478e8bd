//! Documents to try, and what every tool must be.

use std::path::{Path, PathBuf};

use serde_json::Value;
use wharf_openapi::{Compiled, RenderedTool, Settings, Source, compile};

/// The folder of real documents, where there is one beside the project.
pub(crate) fn corpus() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/openapi");
    folder.is_dir().then_some(folder)
}

pub(crate) fn compile_bytes(name: &str, bytes: &[u8]) -> Compiled {
    let base = url::Url::parse("https://api.example/v1/openapi.json").ok();
    compile(&Source { name, bytes, base }, &Settings::default())
}

/// What is wrong with a tool, by the rules that every client and model provider has in common.
pub(crate) fn defects(tool: &RenderedTool) -> Vec<String> {
    let mut defects = Vec::new();
    let input = parsed(tool.definition.input_schema.get());
    defects.extend(schema_defects("input", &input));
    if let Some(output) = &tool.output_schema {
        defects.extend(schema_defects("output", &parsed(output.get())));
    }
    if input["type"] != "object" {
        defects.push("the input's root is no object".to_owned());
    }
    for composition in ["oneOf", "anyOf", "allOf", "not", "$ref", "enum"] {
        if input.get(composition).is_some() {
            defects.push(format!("the input has `{composition}` at its root"));
        }
    }
    for key in input["properties"]
        .as_object()
        .into_iter()
        .flat_map(serde_json::Map::keys)
    {
        if !is_legal(key, "_.-") {
            defects.push(format!("`{key}` is no legal argument"));
        }
    }
    if !is_legal(&tool.definition.name, "_-") {
        defects.push(format!("`{}` is no legal name", tool.definition.name));
    }
    if let Err(error) = jsonschema::validator_for(&input) {
        defects.push(format!("no validator can be built of the input: {error}"));
    }
    defects
}

fn schema_defects(which: &str, schema: &Value) -> Vec<String> {
    let mut defects = Vec::new();
    if let Err(error) = jsonschema::draft202012::meta::validate(schema) {
        defects.push(format!("{which}: {error} at {}", error.instance_path()));
    }
    open_references(schema, schema, &mut |reference| {
        defects.push(format!("{which}: `{reference}` leads nowhere"));
    });
    defects
}

fn open_references(root: &Value, value: &Value, report: &mut dyn FnMut(&str)) {
    match value {
        Value::Array(items) => items
            .iter()
            .for_each(|item| open_references(root, item, report)),
        Value::Object(members) => {
            if let Some(reference) = members.get("$ref").and_then(Value::as_str)
                && reference
                    .strip_prefix('#')
                    .is_none_or(|pointer| root.pointer(pointer).is_none())
            {
                report(reference);
            }
            members
                .values()
                .for_each(|member| open_references(root, member, report));
        }
        _ => {}
    }
}

fn is_legal(name: &str, also: &str) -> bool {
    let legal = |found: char| found.is_ascii_alphanumeric() || also.contains(found);
    (1..=64).contains(&name.len()) && name.chars().all(legal)
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("a rendered schema is JSON")
}
