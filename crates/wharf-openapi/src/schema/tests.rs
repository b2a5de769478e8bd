use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::{Converter, Direction};
use crate::diagnostic::Findings;
use crate::dialect::Dialect;
use crate::document::Document;
use crate::load::{Limits, load};

/// Converts `schemas.Root` of a document and shows the schema, its definitions and its findings.
#[track_caller]
fn convert(dialect: Dialect, direction: Direction, schemas: &Value, expected: Expect) {
    let text = json!({ "components": { "schemas": schemas } }).to_string();
    let loaded = load(text.as_bytes(), &Limits::default()).expect("the text is JSON");
    let document = Document::new(loaded.tree, dialect, "test.json", None);
    let mut findings = Findings::new(&document);
    let root = document
        .target("#/components/schemas/Root")
        .expect("the schemas have a root");

    let mut converter = Converter::new(&document, direction, 10_000, &mut findings);
    let mut schema = converter.convert(root);
    let definitions = converter.finish(root);
    if !definitions.is_empty() {
        schema.insert("$defs".to_owned(), definitions.into());
    }
    let schema = Value::Object(schema);
    jsonschema::draft202012::meta::validate(&schema).expect("the schema is valid");
    let findings = findings.into_diagnostics().into_iter();
    let findings =
        findings.map(|found| format!("{} [{}] {}", found.pointer, found.code, found.message));
    let lines: Vec<String> = std::iter::once(schema.to_string())
        .chain(findings)
        .collect();
    expected.assert_eq(&lines.join(
        "
",
    ));
}

#[track_caller]
fn check(root: &Value, expected: Expect) {
    convert(
        Dialect::OpenApi30,
        Direction::Input,
        &json!({ "Root": root }),
        expected,
    );
}

#[test]
fn null_joins_the_types() {
    check(
        &json!({ "type": "string", "nullable": true }),
        expect![[r#"{"type":["string","null"]}"#]],
    );
    check(
        &json!({ "type": "string", "enum": ["a"], "x-nullable": true }),
        expect![[r#"{"type":["string","null"],"enum":["a",null]}"#]],
    );
    check(
        &json!({ "anyOf": [{ "type": "string" }], "nullable": true, "description": "d" }),
        expect![[r#"{"description":"d","anyOf":[{"anyOf":[{"type":"string"}]},{"type":"null"}]}"#]],
    );
}

#[test]
fn exclusive_bounds_become_numbers() {
    check(
        &json!({ "type": "number", "minimum": 0, "exclusiveMinimum": true, "maximum": 9, "exclusiveMaximum": false }),
        expect![[r#"{"type":"number","maximum":9,"exclusiveMinimum":0}"#]],
    );
    check(
        &json!({ "type": "number", "exclusiveMinimum": "3" }),
        expect![[r#"{"type":"number","exclusiveMinimum":3}"#]],
    );
}

#[test]
fn types_of_other_worlds_are_understood() {
    check(
        &json!({ "type": "Object", "properties": {
            "a": { "type": "String" }, "b": { "type": "int" }, "c": { "type": "float" }, "d": { "type": "any" },
            "e": { "type": "date" }, "f": { "type": ["string", "null"] }, "g": { "type": "Pet" }, "h": { "type": 7 }
        } }),
        expect![[r#"
            {"type":"object","properties":{"a":{"type":"string"},"b":{"type":"integer"},"c":{"type":"number","format":"float"},"d":{},"e":{"type":"string","format":"date"},"f":{"type":["string","null"]},"g":{},"h":{}}}
            /components/schemas/Root/properties/g/type [unknown-type] the type is `Pet`, which JSON Schema does not have; anything is accepted
            /components/schemas/Root/properties/h/type [unknown-type] the type is something other than a name, which JSON Schema does not have; anything is accepted"#]],
    );
}

#[test]
fn required_is_lifted_from_properties() {
    check(
        &json!({ "properties": { "a": { "type": "string", "required": true }, "b": { "required": false } } }),
        expect![[
            r#"{"required":["a"],"properties":{"a":{"type":"string"},"b":{}},"type":"object"}"#
        ]],
    );
}

#[test]
fn read_only_properties_are_no_input() {
    check(
        &json!({ "type": "object", "required": ["id", "name"], "properties": {
            "id": { "type": "string", "readOnly": true }, "name": { "type": "string" }
        } }),
        expect![[
            r#"{"type":"object","required":["name"],"properties":{"name":{"type":"string"}}}"#
        ]],
    );
}

#[test]
fn a_part_may_require_what_another_hides() {
    check(
        &json!({ "allOf": [
            { "type": "object", "properties": { "id": { "type": "string", "readOnly": true } } },
            { "required": ["id"], "properties": { "name": { "type": "string" } } }
        ] }),
        expect![[
            r#"{"allOf":[{"type":"object","properties":{}},{"properties":{"name":{"type":"string"}},"type":"object"}]}"#
        ]],
    );
}

#[test]
fn tuples_have_prefix_items() {
    check(
        &json!({ "type": "array", "items": [{ "type": "string" }, { "type": "integer" }], "additionalItems": false }),
        expect![[
            r#"{"type":"array","prefixItems":[{"type":"string"},{"type":"integer"}],"items":false}"#
        ]],
    );
    check(
        &json!({ "type": "array" }),
        expect![[r#"{"type":"array","items":{}}"#]],
    );
}

#[test]
fn invalid_keywords_are_left_out_and_reported() {
    check(
        &json!({ "type": "string", "minLength": -1, "maxLength": "20", "pattern": "(?i)x", "multipleOf": 0, "enum": [],
            "required": "yes", "properties": [], "uniqueItems": "maybe", "allOf": {} }),
        expect![[r#"
            {"type":"string","maxLength":20}
            /components/schemas/Root/minLength [invalid-keyword] `minLength` must be a whole number, zero or more; it is left out
            /components/schemas/Root/pattern [invalid-pattern] the pattern `(?i)x` is left out: a group begins with a flag or mark that ECMA-262 does not have
            /components/schemas/Root/multipleOf [invalid-keyword] `multipleOf` must be a number greater than zero; it is left out
            /components/schemas/Root/enum [invalid-keyword] `enum` must be a list of 1 to 2,000 values; it is left out
            /components/schemas/Root/required [invalid-keyword] `required` must be a list of names; it is left out
            /components/schemas/Root/properties [invalid-keyword] `properties` must be an object of schemas; it is left out
            /components/schemas/Root/uniqueItems [invalid-keyword] `uniqueItems` must be true or false; it is left out
            /components/schemas/Root/allOf [invalid-keyword] `allOf` must be a list of schemas; it is left out"#]],
    );
}

#[test]
fn enumerations_take_the_type_of_their_schema() {
    check(
        &json!({ "type": "string", "enum": [1, true, "1", "x"] }),
        expect![[r#"{"type":"string","enum":["1","true","x"]}"#]],
    );
    check(
        &json!({ "type": "integer", "enum": ["1", "2", 2] }),
        expect![[r#"{"type":"integer","enum":[1,2]}"#]],
    );
}

#[test]
fn what_json_schema_does_not_know_is_left_out() {
    check(
        &json!({ "type": "object", "xml": { "name": "x" }, "externalDocs": {}, "x-internal": 1, "$id": "urn:x", "$schema": "y",
            "discriminator": { "propertyName": "kind", "mapping": { "cat": "#/Cat" } }, "example": { "a": 1 },
            "properties": { "kind": { "type": "string", "example": "cat" } } }),
        expect![[
            r#"{"type":"object","properties":{"kind":{"type":"string","examples":["cat"]}},"description":"`kind` tells the variant: cat."}"#
        ]],
    );
}

#[test]
fn alternatives_need_not_exclude_each_other() {
    check(
        &json!({ "oneOf": [{ "type": "string" }, { "type": "integer" }] }),
        expect![[r#"{"anyOf":[{"type":"string"},{"type":"integer"}]}"#]],
    );
    check(
        &json!({ "anyOf": [{ "minimum": 1 }], "oneOf": [{ "maximum": 9 }] }),
        expect![[r#"{"anyOf":[{"minimum":1}],"allOf":[{"anyOf":[{"maximum":9}]}]}"#]],
    );
}

#[test]
fn shared_schemas_are_definitions_and_small_ones_are_repeated() {
    convert(
        Dialect::OpenApi30,
        Direction::Input,
        &json!({
            "Root": { "type": "object", "properties": {
                "kind": { "$ref": "#/components/schemas/Kind" },
                "node": { "$ref": "#/components/schemas/Node", "description": "The first." },
                "deep": { "$ref": "#/components/schemas/Node/properties/leaf" },
                "gone": { "$ref": "#/components/schemas/Gone" },
                "far": { "$ref": "other.json#/x" }
            } },
            "Kind": { "type": "string", "enum": ["a", "b"] },
            "Node": { "type": "object", "properties": {
                "next": { "$ref": "#/components/schemas/Node" },
                "leaf": { "type": "object", "properties": { "n": { "type": "integer" } } }
            } }
        }),
        expect![[r##"
            {"type":"object","properties":{"kind":{"type":"string","enum":["a","b"]},"node":{"$ref":"#/$defs/Node","description":"The first."},"deep":{"$ref":"#/$defs/Node_properties_leaf"},"gone":{},"far":{}},"$defs":{"Node":{"type":"object","properties":{"next":{"$ref":"#/$defs/Node"},"leaf":{"type":"object","properties":{"n":{"type":"integer"}}}}},"Node_properties_leaf":{"type":"object","properties":{"n":{"type":"integer"}}}}}
            /components/schemas/Root/properties/gone [dangling-reference] `#/components/schemas/Gone` names nothing in this document; anything is accepted in its place
            /components/schemas/Root/properties/far [external-reference] `other.json#/x` is in another document, which is not read; anything is accepted in its place"##]],
    );
}

#[test]
fn keywords_beside_a_reference_count_from_3_1_on() {
    let schemas = json!({
        "Root": { "$ref": "#/components/schemas/Base", "required": ["a"], "description": "Mine." },
        "Base": { "type": "object", "properties": { "a": { "type": "string" } } }
    });
    convert(
        Dialect::OpenApi30,
        Direction::Input,
        &schemas,
        expect![[
            r##"{"$ref":"#/$defs/Base","description":"Mine.","$defs":{"Base":{"type":"object","properties":{"a":{"type":"string"}}}}}"##
        ]],
    );
    convert(
        Dialect::OpenApi31,
        Direction::Input,
        &schemas,
        expect![[
            r##"{"$ref":"#/$defs/Base","required":["a"],"description":"Mine.","$defs":{"Base":{"type":"object","properties":{"a":{"type":"string"}}}}}"##
        ]],
    );
}

#[test]
fn no_schema_judges_a_value_forever() {
    convert(
        Dialect::OpenApi30,
        Direction::Input,
        &json!({
            "Root": { "$ref": "#/components/schemas/Key" },
            "Key": { "type": "object", "properties": { "id": { "type": "string" } }, "oneOf": [{ "$ref": "#/components/schemas/Rsa" }] },
            "Rsa": { "allOf": [{ "$ref": "#/components/schemas/Key" }], "properties": { "e": { "type": "string" } } }
        }),
        expect![[r##"
            {"$ref":"#/$defs/Key","$defs":{"Key":{"type":"object","properties":{"id":{"type":"string"}},"anyOf":[{"$ref":"#/$defs/Rsa"}]},"Rsa":{"allOf":[{"type":"object","properties":{"id":{"type":"string"}}}],"properties":{"e":{"type":"string"}}}}}
            /components/schemas/Rsa/allOf/0 [schema-loop] this schema is a part of itself; inside itself it is taken without its alternatives"##]],
    );
}

#[test]
fn answers_are_described_but_not_judged() {
    convert(
        Dialect::OpenApi30,
        Direction::Output,
        &json!({ "Root": { "type": "object", "required": ["id"], "additionalProperties": false, "properties": {
            "id": { "type": "integer", "minimum": 1 },
            "state": { "type": "string", "enum": ["on", "off"], "maxLength": 3 },
            "secret": { "type": "string", "writeOnly": true }
        } } }),
        expect![[
            r#"{"type":["object","null"],"properties":{"id":{"type":["integer","null"]},"state":{"type":["string","null"],"examples":["on","off"]}}}"#
        ]],
    );
}

#[test]
fn deep_nesting_continues_in_definitions() {
    let mut schema = json!({ "type": "string" });
    for _ in 0..14 {
        schema = json!({ "properties": { "p": schema } });
    }
    check(
        &schema,
        expect![[
            r##"{"properties":{"p":{"properties":{"p":{"properties":{"p":{"properties":{"p":{"properties":{"p":{"properties":{"p":{"properties":{"p":{"properties":{"p":{"properties":{"p":{"properties":{"p":{"properties":{"p":{"properties":{"p":{"properties":{"p":{"$ref":"#/$defs/properties_p_properties_p_properties_p_properties_p_properties_p"}},"type":"object"}},"type":"object"}},"type":"object"}},"type":"object"}},"type":"object"}},"type":"object"}},"type":"object"}},"type":"object"}},"type":"object"}},"type":"object"}},"type":"object"}},"type":"object"}},"type":"object","$defs":{"properties_p_properties_p_properties_p_properties_p_properties_p":{"properties":{"p":{"type":"string"}},"type":"object"}}}"##
        ]],
    );
}
