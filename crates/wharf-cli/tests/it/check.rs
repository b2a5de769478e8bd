//! `wharf check`, and the lines it prints for scripts.

use expect_test::expect;
use serde_json::Value;

use crate::sandbox::{PETS, Sandbox};

/// Everything that does not change from run to run.
fn stable(line: &Value) -> String {
    let diagnostics = line["diagnostics"].as_array().unwrap();
    let diagnostics: Vec<String> = diagnostics
        .iter()
        .map(|found| {
            for key in ["severity", "code", "pointer", "line", "message", "help"] {
                assert!(found.get(key).is_some(), "no {key} in {found}");
            }
            format!("{} {} {}", found["severity"], found["code"], found["line"])
        })
        .collect();
    assert!(line["seconds"].is_f64(), "{line}");
    assert!(
        line["peak_bytes"].is_u64() || line["peak_bytes"].is_null(),
        "{line}"
    );
    format!(
        "{} {} {} {} {}",
        line["file"],
        line["dialect"],
        line["operations"],
        line["tools"],
        diagnostics.join(", ")
    )
}

#[test]
fn every_document_gets_a_line_whatever_is_wrong_with_it() {
    let sandbox = Sandbox::new();
    sandbox.write("good.json", PETS);
    sandbox.write("broken.json", "{\"openapi\": \"3.1.0\", ");
    sandbox.write("other.yaml", "just: a file\n");
    sandbox.write("empty.yml", "");
    sandbox.write(
        "nested.json",
        format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)),
    );
    sandbox.write("binary.json", [0, 159, 146, 150, 255]);
    let names = [
        "missing.json",
        "good.json",
        "broken.json",
        "other.yaml",
        "empty.yml",
        "nested.json",
        "binary.json",
        ".",
    ];
    let mut arguments = vec!["check", "--json"];
    arguments.extend(&names[..names.len() - 1]);
    let ended = sandbox.run(&arguments);
    let lines: Vec<String> = ended.json_lines().iter().map(stable).collect();
    expect![[r#"
        "missing.json" null 0 0 "error" "unreadable-file" null
        "good.json" "3.1" 4 4 
        "broken.json" null 0 0 "error" "unreadable-document" 1
        "other.yaml" null 0 0 "error" "not-an-api-document" 1
        "empty.yml" null 0 0 "error" "unreadable-document" null
        "nested.json" null 0 0 "error" "unreadable-document" 1
        "binary.json" null 0 0 "error" "unreadable-document" 1"#]]
    .assert_eq(&lines.join("\n"));
    assert_eq!(ended.code, Some(1));
}

#[test]
fn a_folder_is_walked_and_a_glob_is_matched() {
    let sandbox = Sandbox::new();
    for name in [
        "apis/b.json",
        "apis/a.yaml",
        "apis/deep/c.yml",
        "apis/readme.md",
        "apis/.git/x.json",
    ] {
        sandbox.write(name, PETS);
    }
    let files = |arguments: &[&str]| {
        let lines = sandbox.run(arguments).json_lines();
        lines
            .iter()
            .map(|line| line["file"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
            .join(" ")
    };
    expect!["apis/a.yaml apis/b.json apis/deep/c.yml"]
        .assert_eq(&files(&["check", "--json", "apis"]));
    expect!["apis/b.json"].assert_eq(&files(&["check", "--json", "apis/*.json"]));
}

#[test]
fn every_tool_is_written_as_it_would_be_listed() {
    let sandbox = Sandbox::with_pets();
    let ended = sandbox.run(&["check", "--json", "pets.json", "--tools", "tools.jsonl"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let tools = std::fs::read_to_string(sandbox.path("tools.jsonl")).unwrap();
    let first = tools.lines().next().unwrap();
    expect![[r#"{"name":"listPets","title":"List pets","description":"List pets","inputSchema":{"type":"object","properties":{"limit":{"type":"integer"}},"additionalProperties":false},"annotations":{"title":"List pets","readOnlyHint":true,"destructiveHint":false,"idempotentHint":true,"openWorldHint":true},"file":"pets.json","operation":"GET /pets"}"#]].assert_eq(first);
    assert_eq!(tools.lines().count(), 4);
}

#[test]
fn a_large_document_is_checked_in_reasonable_time() {
    let sandbox = Sandbox::new();
    let paths: Vec<String> = (0..2_000)
        .map(|number| format!(r#""/things/{number}/{{id}}": {{"get": {{"parameters": [{{"name": "id", "in": "path", "required": true, "schema": {{"type": "string"}}}}]}}}}"#))
        .collect();
    sandbox.write(
        "large.json",
        format!(r#"{{"openapi": "3.0.0", "servers": [{{"url": "https://x.example"}}], "paths": {{{}}}}}"#, paths.join(",")),
    );
    let ended = sandbox.run(&["check", "--json", "large.json"]);
    let line = ended.json();
    assert_eq!(
        (line["tools"].as_u64(), ended.code),
        (Some(2_000), Some(0)),
        "{line}"
    );
}

#[test]
fn people_read_a_report() {
    let sandbox = Sandbox::new();
    sandbox.write("pets.json", PETS);
    sandbox.write("broken.json", "{\"openapi\": ");
    let printed = sandbox
        .run(&["check", "pets.json", "broken.json"])
        .transcript();
    // The time is the one thing that differs.
    let printed: Vec<&str> = printed
        .lines()
        .map(|line| line.split(" (0").next().unwrap())
        .collect();
    expect![[r#"
        pets.json: ok, OpenAPI 3.1, 4 of 4 operations are tools
        broken.json: not good
          error: not JSON: expected a value, the document ends [unreadable-document] broken.json:1:13
        2 documents
        exit 1"#]].assert_eq(&printed.join("\n"));
}
