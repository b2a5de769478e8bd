//! Documents that are made to hurt their reader.

use std::fs;

use crate::support::{compile_bytes, corpus, defects};

#[test]
fn hostile_documents_stay_small() {
    let Some(folder) = corpus() else {
        eprintln!("skipped: there is no corpus of documents beside the project");
        return;
    };
    for file in
        fs::read_dir(folder.join("adversarial")).expect("the hostile documents are readable")
    {
        let path = file.expect("the hostile documents are readable").path();
        let bytes = fs::read(&path).expect("a hostile document is readable");
        let compiled = compile_bytes("hostile", &bytes);
        for entry in compiled.entries() {
            let tool = compiled.tool(entry);
            assert_eq!(defects(&tool), Vec::<String>::new(), "{}", path.display());
            assert!(
                tool.definition.input_schema.get().len() < 100_000,
                "{}",
                path.display()
            );
        }
    }
}

/// Each of these would take hours, or all memory, for a reader that is quadratic anywhere.
#[test]
fn what_is_repeated_endlessly_ends() {
    const MANY: usize = 50_000;
    let parameter = r#"{"name": "a[]", "in": "query", "schema": {"type": "string"}}"#;
    let many = |one: &dyn Fn(usize) -> String| (0..MANY).map(one).collect::<Vec<_>>().join(",");
    let properties = many(&|number| {
        format!(r#""p{number}": {{"type": "object", "properties": {{"q": {{}}}}}}"#)
    });
    let names = many(&|number| format!("\"p{number}\""));
    let same = many(&|_| r#""a": 1"#.to_owned());
    let alike = many(&|number| parameter.replace("a[]", &format!("a{}", "[".repeat(number % 50))));
    let wide = format!(
        r#"{{"type": "object", "additionalProperties": false, "properties": {{{properties}}}, "required": [{names}], "enum": [{names}],
            "anyOf": [{names}], "x": {{{same}}}}}"#
    );
    let body =
        |schema: &str| format!(r#"{{"content": {{"application/json": {{"schema": {schema}}}}}}}"#);
    let document = format!(
        r#"{{"openapi": "3.1.0", "servers": [{{"url": "https://api.example"}}], "paths": {{
            "/alike": {{"get": {{"parameters": [{alike}]}}}},
            "/wide": {{"post": {{"requestBody": {}, "responses": {{"200": {}}}}}}},
            "/list": {{"post": {{"requestBody": {}}}}},
            "/{}": {{"get": {{}}}}
        }}}}"#,
        body(&wide),
        body(&wide),
        body(&format!(r#"{{"type": "array", "items": {wide}}}"#)),
        "{x}".repeat(MANY),
    );
    let compiled = compile_bytes("endless", document.as_bytes());
    assert_eq!(compiled.operations(), 4);
    assert_eq!(compiled.entries().len(), 3);
    for entry in compiled.entries() {
        let tool = compiled.tool(entry);
        assert_eq!(defects(&tool), Vec::<String>::new(), "{}", entry.name);
        let bytes = tool.definition.input_schema.get().len();
        assert!(bytes < 400_000, "{}: {bytes} bytes", entry.name);
    }
}

#[test]
fn merging_the_same_mapping_again_and_again_ends() {
    let wide: Vec<String> = (0..10_000).map(|number| format!("k{number}: 1")).collect();
    let again = "*wide, ".repeat(10_000);
    let document = format!(
        "openapi: 3.0.0\nbase: &wide {{{}}}\nmerged:\n  <<: [{again}]\n",
        wide.join(", ")
    );
    let compiled = compile_bytes("merges", document.as_bytes());
    assert_eq!(compiled.dialect(), None);
    assert_eq!(compiled.diagnostics()[0].code, "unreadable-document");
}
