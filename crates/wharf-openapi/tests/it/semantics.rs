//! What a document says a call looks like is what is planned: from the document to the wire, with
//! arguments as a model would give them.

use expect_test::{Expect, expect};
use serde_json::{Value, json};
use wharf_openapi::plan::{PlannedRequest, plan};

use crate::support::compile_bytes;

/// An operation and where it stands: `GET /pets/{id}`.
struct Case {
    target: &'static str,
    operation: Value,
    components: Value,
}

fn on(target: &'static str) -> Case {
    Case {
        target,
        operation: json!({ "responses": { "200": { "description": "ok" } } }),
        components: json!({}),
    }
}

impl Case {
    fn parameter(mut self, parameter: Value) -> Self {
        let known = self.operation["parameters"].take();
        let mut parameters = known.as_array().cloned().unwrap_or_default();
        parameters.push(parameter);
        self.operation["parameters"] = parameters.into();
        self
    }

    fn body(self, media_type: &str, schema: Value) -> Self {
        self.content(json!({ media_type: { "schema": schema } }))
    }

    fn content(mut self, content: Value) -> Self {
        self.operation["requestBody"] = json!({ "required": true, "content": content });
        self
    }

    fn set(mut self, key: &str, value: Value) -> Self {
        self.operation[key] = value;
        self
    }

    fn components(mut self, components: Value) -> Self {
        self.components = components;
        self
    }

    fn document(&self) -> Value {
        let (method, path) = self
            .target
            .split_once(' ')
            .expect("a target is a method and a path");
        json!({
            "openapi": "3.0.3",
            "info": { "title": "Semantics", "version": "1" },
            "servers": [{ "url": "https://api.test" }],
            "paths": { path: { method.to_lowercase(): self.operation } },
            "components": self.components,
        })
    }
}

#[track_caller]
fn check(case: Case, arguments: Value, expected: Expect) {
    check_document(&case.document(), &arguments, &expected);
}

#[track_caller]
fn check_document(document: &Value, arguments: &Value, expected: &Expect) {
    let compiled = compile_bytes("semantics.json", document.to_string().as_bytes());
    let entry = compiled
        .entries()
        .first()
        .expect("the document has one operation");
    let tool = compiled.tool(entry);
    let schema: Value = serde_json::from_str(tool.definition.input_schema.get())
        .expect("a rendered schema is JSON");
    if let Err(error) = jsonschema::validate(&schema, arguments) {
        panic!("the tool does not take {arguments}: {error}\n{schema}");
    }
    let arguments = arguments.as_object().expect("arguments are an object");
    match plan(&tool.operation, arguments) {
        Ok(request) => expected.assert_eq(&shown(&request)),
        Err(error) => expected.assert_eq(&format!("error: {error}")),
    }
}

/// As it goes over the wire, less the server and the `Accept` of a document that declares no answer.
fn shown(request: &PlannedRequest) -> String {
    let url = request
        .url
        .strip_prefix("https://api.test")
        .unwrap_or(&request.url);
    let mut text = format!("{} {url}", request.method);
    for (name, value) in &request.headers {
        if (name.as_str(), value.as_str()) != ("Accept", "application/json, */*;q=0.8") {
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
    text
}

fn of(kind: &str) -> Value {
    json!({ "type": kind })
}

fn list(kind: &str) -> Value {
    json!({ "type": "array", "items": of(kind) })
}

fn colour() -> Value {
    json!({ "type": "object", "properties": { "red": of("integer"), "blue": of("integer") } })
}

fn parameter(name: &str, place: &str, schema: Value) -> Value {
    json!({ "name": name, "in": place, "required": place == "path", "schema": schema })
}

fn styled(name: &str, place: &str, schema: Value, style: &str, explode: Option<bool>) -> Value {
    let mut parameter = parameter(name, place, schema);
    parameter["style"] = style.into();
    if let Some(explode) = explode {
        parameter["explode"] = explode.into();
    }
    parameter
}

#[track_caller]
fn check_path(parameter: Value, value: Value, expected: Expect) {
    check(
        on("GET /shelf/{slot}").parameter(parameter),
        json!({ "slot": value }),
        expected,
    );
}

#[test]
fn path_values_are_encoded_and_exact() {
    let slot = |schema| parameter("slot", "path", schema);
    check_path(
        slot(of("string")),
        json!("north wing/3"),
        expect!["GET /shelf/north%20wing%2F3"],
    );
    check_path(
        slot(of("string")),
        json!("2.10.0-rc"),
        expect!["GET /shelf/2.10.0-rc"],
    );
    check_path(
        slot(of("integer")),
        json!(4_611_686_018_427_387_905_i64),
        expect!["GET /shelf/4611686018427387905"],
    );
    check_path(slot(of("number")), json!(3.0), expect!["GET /shelf/3"]);
    check_path(
        slot(of("boolean")),
        json!(false),
        expect!["GET /shelf/false"],
    );
    check_path(
        slot(list("integer")),
        json!([7, 8, 9]),
        expect!["GET /shelf/7,8,9"],
    );
    check_path(
        slot(colour()),
        json!({ "red": 10, "blue": 20 }),
        expect!["GET /shelf/red,10,blue,20"],
    );
    check_path(
        slot(of("string")),
        json!(".."),
        expect!["error: the argument `slot` would put `..` into the path, which climbs out of it"],
    );
    check_path(
        slot(of("string")),
        json!("a/../../b"),
        expect!["error: the argument `slot` would put `..` into the path, which climbs out of it"],
    );
}

#[test]
fn path_styles_are_those_of_rfc_6570() {
    let slot = |schema, style, explode| styled("slot", "path", schema, style, Some(explode));
    let both = || json!({ "red": 10, "blue": 20 });
    check_path(
        slot(colour(), "simple", true),
        both(),
        expect!["GET /shelf/red=10,blue=20"],
    );
    check_path(
        slot(of("string"), "label", false),
        json!("oak"),
        expect!["GET /shelf/.oak"],
    );
    check_path(
        slot(list("string"), "label", false),
        json!(["oak", "elm"]),
        expect!["GET /shelf/.oak,elm"],
    );
    check_path(
        slot(list("string"), "label", true),
        json!(["oak", "elm"]),
        expect!["GET /shelf/.oak.elm"],
    );
    check_path(
        slot(colour(), "label", true),
        both(),
        expect!["GET /shelf/.red=10.blue=20"],
    );
    check_path(
        slot(of("string"), "matrix", false),
        json!("oak"),
        expect!["GET /shelf/;slot=oak"],
    );
    check_path(
        slot(list("string"), "matrix", false),
        json!(["oak", "elm"]),
        expect!["GET /shelf/;slot=oak,elm"],
    );
    check_path(
        slot(list("string"), "matrix", true),
        json!(["oak", "elm"]),
        expect!["GET /shelf/;slot=oak;slot=elm"],
    );
    check_path(
        slot(colour(), "matrix", true),
        both(),
        expect!["GET /shelf/;red=10;blue=20"],
    );
    check_path(
        slot(colour(), "matrix", false),
        both(),
        expect!["GET /shelf/;slot=red,10,blue,20"],
    );
}

#[test]
fn names_in_paths_may_be_of_any_kind() {
    check(
        on("GET /shelf/{shelf-id}/{slot.nr}")
            .parameter(parameter("shelf-id", "path", of("string")))
            .parameter(parameter("slot.nr", "path", of("integer"))),
        json!({ "shelf-id": "a", "slot.nr": 2 }),
        expect!["GET /shelf/a/2"],
    );
    check(
        on("GET /run:{verb}/v{version}.json")
            .parameter(parameter("verb", "path", of("string")))
            .parameter(parameter("version", "path", of("integer"))),
        json!({ "verb": "start", "version": 2 }),
        expect!["GET /run:start/v2.json"],
    );
}

#[track_caller]
fn check_query(parameter: Value, value: Value, expected: Expect) {
    check(
        on("GET /find").parameter(parameter),
        json!({ "by": value }),
        expected,
    );
}

#[test]
fn query_styles_are_those_of_openapi() {
    let by = |schema| parameter("by", "query", schema);
    let style = |schema, style, explode| styled("by", "query", schema, style, explode);
    check_query(
        by(list("string")),
        json!(["ash", "fir"]),
        expect!["GET /find?by=ash&by=fir"],
    );
    check_query(
        style(list("string"), "form", Some(false)),
        json!(["ash", "fir,pine"]),
        expect!["GET /find?by=ash,fir%2Cpine"],
    );
    check_query(
        by(colour()),
        json!({ "red": 1, "blue": 2 }),
        expect!["GET /find?red=1&blue=2"],
    );
    check_query(
        style(colour(), "form", Some(false)),
        json!({ "red": 1, "blue": 2 }),
        expect!["GET /find?by=red,1,blue,2"],
    );
    check_query(
        style(list("string"), "spaceDelimited", Some(false)),
        json!(["ash", "fir"]),
        expect!["GET /find?by=ash%20fir"],
    );
    check_query(
        style(list("string"), "spaceDelimited", None),
        json!(["ash", "fir"]),
        expect!["GET /find?by=ash%20fir"],
    );
    check_query(
        style(list("string"), "pipeDelimited", Some(false)),
        json!(["ash", "fir"]),
        expect!["GET /find?by=ash%7Cfir"],
    );
    check_query(
        style(list("string"), "pipeDelimited", Some(true)),
        json!(["ash", "fir"]),
        expect!["GET /find?by=ash&by=fir"],
    );
}

#[test]
fn deep_objects_work_at_any_depth() {
    let by = |schema, explode| styled("by", "query", schema, "deepObject", explode);
    let range =
        json!({ "type": "object", "properties": { "age": colour(), "tags": list("string") } });
    check_query(
        by(colour(), Some(true)),
        json!({ "red": 1, "blue": 2 }),
        expect!["GET /find?by%5Bred%5D=1&by%5Bblue%5D=2"],
    );
    check_query(
        by(colour(), None),
        json!({ "red": 1 }),
        expect!["GET /find?by%5Bred%5D=1"],
    );
    check_query(
        by(range.clone(), Some(true)),
        json!({ "age": { "red": 5 } }),
        expect!["GET /find?by%5Bage%5D%5Bred%5D=5"],
    );
    check_query(
        by(range, Some(true)),
        json!({ "tags": ["p", "q"] }),
        expect!["GET /find?by%5Btags%5D%5B%5D=p&by%5Btags%5D%5B%5D=q"],
    );
}

#[test]
fn query_values_keep_their_type_and_their_characters() {
    let by = |schema| parameter("by", "query", schema);
    check_query(by(of("boolean")), json!(true), expect!["GET /find?by=true"]);
    check_query(
        by(list("boolean")),
        json!([false, true]),
        expect!["GET /find?by=false&by=true"],
    );
    check_query(by(of("integer")), json!(40.0), expect!["GET /find?by=40"]);
    check_query(by(of("number")), json!(0.5), expect!["GET /find?by=0.5"]);
    check_query(
        by(of("string")),
        json!("k&r=1 c+/ü"),
        expect!["GET /find?by=k%26r%3D1%20c%2B%2F%C3%BC"],
    );
    check_query(by(of("string")), json!(""), expect!["GET /find?by="]);
    check_query(by(list("string")), json!([]), expect!["GET /find"]);
    let mut reserved = by(of("string"));
    reserved["allowReserved"] = true.into();
    check_query(
        reserved,
        json!("urn:x/y?z"),
        expect!["GET /find?by=urn:x/y?z"],
    );
    let content = json!({ "name": "by", "in": "query", "content": { "application/json": { "schema": colour() } } });
    check_query(
        content,
        json!({ "blue": 3 }),
        expect!["GET /find?by=%7B%22blue%22%3A3%7D"],
    );
}

#[test]
fn query_names_are_restored_to_the_documents_own() {
    check(
        on("GET /find").parameter(parameter("$orderby", "query", of("string"))),
        json!({ "orderby": "name desc" }),
        expect!["GET /find?$orderby=name%20desc"],
    );
    check(
        on("GET /find").parameter(parameter("filter[age][gte]", "query", of("integer"))),
        json!({ "filter_age_gte": 18 }),
        expect!["GET /find?filter%5Bage%5D%5Bgte%5D=18"],
    );
    check(
        on("GET /find?op=list#v2").parameter(parameter("after", "query", of("string"))),
        json!({ "after": "c1" }),
        expect!["GET /find?op=list&after=c1"],
    );
    check(
        on("GET /find/{key}")
            .parameter(parameter("key", "path", of("string")))
            .parameter(parameter("key", "query", of("string"))),
        json!({ "key": "in-path", "query_key": "in-query" }),
        expect!["GET /find/in-path?key=in-query"],
    );
}

#[test]
fn swagger_collection_formats_become_styles() {
    let document = |format: &str| {
        json!({
            "swagger": "2.0",
            "info": { "title": "Old", "version": "1" },
            "host": "api.test",
            "schemes": ["https"],
            "paths": { "/find": { "get": {
                "parameters": [{ "name": "by", "in": "query", "type": "array", "items": of("string"), "collectionFormat": format }],
                "responses": { "200": { "description": "ok" } },
            } } },
        })
    };
    let trees = json!({ "by": ["ash", "fir"] });
    check_document(&document("csv"), &trees, &expect!["GET /find?by=ash,fir"]);
    check_document(&document("ssv"), &trees, &expect!["GET /find?by=ash%20fir"]);
    check_document(&document("tsv"), &trees, &expect!["GET /find?by=ash%09fir"]);
    check_document(
        &document("pipes"),
        &trees,
        &expect!["GET /find?by=ash%7Cfir"],
    );
    check_document(
        &document("multi"),
        &trees,
        &expect!["GET /find?by=ash&by=fir"],
    );
}

#[test]
fn headers_take_every_type() {
    let check_header = |parameter: Value, value: Value, expected: Expect| {
        check(
            on("GET /find").parameter(parameter),
            json!({ "X-By": value }),
            expected,
        );
    };
    let by = |schema| parameter("X-By", "header", schema);
    check_header(
        by(of("boolean")),
        json!(false),
        expect![[r#"
        GET /find
        X-By: false"#]],
    );
    check_header(
        by(of("integer")),
        json!(12),
        expect![[r#"
        GET /find
        X-By: 12"#]],
    );
    check_header(
        by(list("string")),
        json!(["ash", "fir"]),
        expect![[r#"
        GET /find
        X-By: ash,fir"#]],
    );
    check_header(
        by(colour()),
        json!({ "red": 1, "blue": 2 }),
        expect![[r#"
        GET /find
        X-By: red,1,blue,2"#]],
    );
    check_header(
        styled("X-By", "header", colour(), "simple", Some(true)),
        json!({ "red": 1, "blue": 2 }),
        expect![[r#"
            GET /find
            X-By: red=1,blue=2"#]],
    );
    check_header(
        by(of("string")),
        json!("a\r\nX-Admin: 1"),
        expect![[
            r#"error: the argument `X-By` has the character '\r', which a header cannot carry"#
        ]],
    );
}

#[test]
fn cookies_share_a_header() {
    check(
        on("GET /find")
            .parameter(parameter("visit", "cookie", of("string")))
            .parameter(styled(
                "seen",
                "cookie",
                list("integer"),
                "form",
                Some(false),
            )),
        json!({ "visit": "v 1", "seen": [3, 4] }),
        expect![[r#"
            GET /find
            Cookie: visit=v%201; seen=3,4"#]],
    );
}

#[test]
fn accept_comes_from_the_declared_answers() {
    let answers = |content: Value| json!({ "200": { "description": "ok", "content": content } });
    check(
        on("GET /find").set(
            "responses",
            answers(json!({ "application/hal+json": { "schema": colour() } })),
        ),
        json!({}),
        expect![[r#"
            GET /find
            Accept: application/hal+json"#]],
    );
    check(
        on("GET /find").set(
            "responses",
            answers(json!({ "text/csv": {}, "application/json": {} })),
        ),
        json!({}),
        expect![[r#"
            GET /find
            Accept: application/json, text/csv;q=0.9"#]],
    );
}

#[test]
fn json_bodies_are_whole_and_exact() {
    let text = || json!({ "type": "string", "nullable": true });
    let pair =
        || json!({ "type": "object", "properties": { "size": of("integer"), "note": text() } });
    let json_body = |schema| on("POST /make").body("application/json", schema);
    check(
        json_body(pair()),
        json!({ "size": 2, "note": "x" }),
        expect![[r#"
            POST /make
            Content-Type: application/json

            {"size":2,"note":"x"}"#]],
    );
    check(
        json_body(pair()),
        json!({ "size": 3.0, "note": null }),
        expect![[r#"
            POST /make
            Content-Type: application/json

            {"size":3,"note":null}"#]],
    );
    check(
        json_body(pair()),
        json!({}),
        expect![[r#"
        POST /make
        Content-Type: application/json

        {}"#]],
    );
    check(
        json_body(list("integer")),
        json!({ "body": [4, 5] }),
        expect![[r#"
            POST /make
            Content-Type: application/json

            [4,5]"#]],
    );
    check(
        json_body(of("string")),
        json!({ "body": "plain" }),
        expect![[r#"
            POST /make
            Content-Type: application/json

            "plain""#]],
    );
    check(
        json_body(json!({ "type": "object", "additionalProperties": of("integer") })),
        json!({ "body": { "anything": 1 } }),
        expect![[r#"
            POST /make
            Content-Type: application/json

            {"anything":1}"#]],
    );
    let open = json!({ "type": "object", "properties": { "size": of("integer") }, "additionalProperties": true });
    check(
        json_body(open),
        json!({ "size": 1, "more": { "x": [] } }),
        expect![[r#"
            POST /make
            Content-Type: application/json

            {"size":1,"more":{"x":[]}}"#]],
    );
    check(
        on("PATCH /make").body("application/merge-patch+json", pair()),
        json!({ "note": null }),
        expect![[r#"
            PATCH /make
            Content-Type: application/merge-patch+json

            {"note":null}"#]],
    );
    check(
        on("PATCH /make").body(
            "application/json-patch+json",
            json!({ "type": "array", "items": of("object") }),
        ),
        json!({ "body": [{ "op": "test", "path": "/a", "value": null }] }),
        expect![[r#"
            PATCH /make
            Content-Type: application/json-patch+json

            [{"op":"test","path":"/a","value":null}]"#]],
    );
    check(
        on("POST /make").content(json!({
            "application/xml": { "schema": pair() },
            "application/json": { "schema": pair() },
        })),
        json!({ "size": 1 }),
        expect![[r#"
            POST /make
            Content-Type: application/json

            {"size":1}"#]],
    );
}

#[test]
fn json_bodies_follow_references_and_combinations() {
    let components = || {
        json!({
            "schemas": {
                "Named": { "type": "object", "properties": { "name": of("string") } },
                "Ship": { "allOf": [{ "$ref": "#/components/schemas/Named" }, { "type": "object", "properties": { "sails": of("integer") } }] },
                "Truck": { "type": "object", "required": ["kind"], "properties": { "kind": of("string"), "axles": of("integer") } },
                "Crate": { "type": "object", "properties": { "label": of("string"), "inside": { "type": "array", "items": { "$ref": "#/components/schemas/Crate" } } } },
                "odd/name": { "type": "object", "properties": { "q": of("integer") } },
            },
            "requestBodies": { "Label": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Named" } } } } },
            "parameters": { "Page": parameter("page", "query", of("integer")) },
        })
    };
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let body = |schema| {
        on("POST /make")
            .body("application/json", schema)
            .components(components())
    };
    check(
        body(reference("Ship")),
        json!({ "name": "Vasa", "sails": 10 }),
        expect![[r#"
            POST /make
            Content-Type: application/json

            {"name":"Vasa","sails":10}"#]],
    );
    check(
        body(
            json!({ "oneOf": [reference("Ship"), reference("Truck")], "discriminator": { "propertyName": "kind" } }),
        ),
        json!({ "body": { "kind": "Truck", "axles": 3 } }),
        expect![[r#"
            POST /make
            Content-Type: application/json

            {"kind":"Truck","axles":3}"#]],
    );
    check(
        body(
            json!({ "type": "object", "properties": { "cargo": { "oneOf": [reference("Ship"), reference("Truck")] } } }),
        ),
        json!({ "cargo": { "kind": "Truck" } }),
        expect![[r#"
            POST /make
            Content-Type: application/json

            {"cargo":{"kind":"Truck"}}"#]],
    );
    check(
        body(reference("Crate")),
        json!({ "label": "a", "inside": [{ "label": "b", "inside": [] }] }),
        expect![[r#"
            POST /make
            Content-Type: application/json

            {"label":"a","inside":[{"label":"b","inside":[]}]}"#]],
    );
    check(
        body(reference("Crate/properties/label")),
        json!({ "body": "deep" }),
        expect![[r#"
            POST /make
            Content-Type: application/json

            "deep""#]],
    );
    check(
        body(reference("odd~1name")),
        json!({ "q": 1 }),
        expect![[r#"
        POST /make
        Content-Type: application/json

        {"q":1}"#]],
    );
    check(
        on("POST /make")
            .set(
                "requestBody",
                json!({ "$ref": "#/components/requestBodies/Label" }),
            )
            .components(components()),
        json!({ "name": "x" }),
        expect![[r#"
            POST /make
            Content-Type: application/json

            {"name":"x"}"#]],
    );
    check(
        on("GET /find")
            .parameter(json!({ "$ref": "#/components/parameters/Page" }))
            .components(components()),
        json!({ "page": 3 }),
        expect!["GET /find?page=3"],
    );
}

#[test]
fn a_property_that_collides_with_a_parameter_keeps_both() {
    check(
        on("PUT /make/{id}")
            .parameter(parameter("id", "path", of("string")))
            .body("application/json", json!({ "type": "object", "properties": { "id": of("string"), "n": of("integer") } })),
        json!({ "id": "path", "body_id": "body", "n": 1 }),
        expect![[r#"
            PUT /make/path
            Content-Type: application/json

            {"id":"body","n":1}"#]],
    );
}

#[test]
fn forms_are_encoded_property_by_property() {
    let nested = || json!({ "type": "object", "properties": { "brand": of("string"), "codes": list("string") } });
    let properties = json!({ "amount": of("integer"), "test": of("boolean"), "tags": list("string"), "card": nested() });
    let form = || json!({ "type": "object", "properties": properties });
    let body = |encoding: Value| {
        on("POST /pay").content(json!({ "application/x-www-form-urlencoded": { "schema": form(), "encoding": encoding } }))
    };
    check(
        body(json!({})),
        json!({ "amount": 5, "test": true }),
        expect![[r#"
            POST /pay
            Content-Type: application/x-www-form-urlencoded

            amount=5&test=true"#]],
    );
    check(
        body(json!({})),
        json!({ "tags": ["p q", "r&s"] }),
        expect![[r#"
            POST /pay
            Content-Type: application/x-www-form-urlencoded

            tags=p%20q&tags=r%26s"#]],
    );
    check(
        body(json!({})),
        json!({ "card": { "brand": "x" } }),
        expect![[r#"
            POST /pay
            Content-Type: application/x-www-form-urlencoded

            card=%7B%22brand%22%3A%22x%22%7D"#]],
    );
    check(
        body(json!({ "card": { "style": "deepObject", "explode": true } })),
        json!({ "card": { "brand": "x", "codes": ["1", "2"] } }),
        expect![[r#"
            POST /pay
            Content-Type: application/x-www-form-urlencoded

            card%5Bbrand%5D=x&card%5Bcodes%5D%5B%5D=1&card%5Bcodes%5D%5B%5D=2"#]],
    );
    check(
        body(json!({ "tags": { "style": "pipeDelimited" } })),
        json!({ "tags": ["p", "q"] }),
        expect![[r#"
            POST /pay
            Content-Type: application/x-www-form-urlencoded

            tags=p%7Cq"#]],
    );
    check(
        body(json!({ "tags": { "explode": false } })),
        json!({ "tags": ["p", "q"] }),
        expect![[r#"
            POST /pay
            Content-Type: application/x-www-form-urlencoded

            tags=p,q"#]],
    );
}

#[test]
fn multipart_bodies_have_real_files() {
    let binary = || json!({ "type": "string", "format": "binary" });
    check(
        on("POST /up").body(
            "multipart/form-data",
            json!({ "type": "object", "properties": { "scan": binary(), "title": of("string"), "pages": of("integer") } }),
        ),
        json!({ "scan": "R0lGODlh", "title": "Page ü", "pages": 2 }),
        expect![[r#"
            POST /up
            Content-Type: multipart/form-data; boundary=wharf-ba014f2cf1ba0d78afce3c8ed61efc03

            --wharf-ba014f2cf1ba0d78afce3c8ed61efc03
            Content-Disposition: form-data; name="scan"; filename="scan"
            Content-Type: application/octet-stream

            GIF89a
            --wharf-ba014f2cf1ba0d78afce3c8ed61efc03
            Content-Disposition: form-data; name="title"

            Page \xc3\xbc
            --wharf-ba014f2cf1ba0d78afce3c8ed61efc03
            Content-Disposition: form-data; name="pages"

            2
            --wharf-ba014f2cf1ba0d78afce3c8ed61efc03--
        "#]],
    );
    check(
        on("POST /up").content(json!({ "multipart/form-data": {
            "schema": { "type": "object", "properties": {
                "info": { "type": "object", "properties": { "a": of("integer") } },
                "scans": { "type": "array", "items": binary() },
            } },
            "encoding": { "info": { "contentType": "application/json" }, "scans": { "contentType": "image/gif" } },
        } })),
        json!({ "info": { "a": 1 }, "scans": ["R0lGODlh", "data:image/gif;name=two.gif;base64,R0lGODdh"] }),
        expect![[r#"
            POST /up
            Content-Type: multipart/form-data; boundary=wharf-7c5dd507c334fa8fa620a06bc799ea8c

            --wharf-7c5dd507c334fa8fa620a06bc799ea8c
            Content-Disposition: form-data; name="info"
            Content-Type: application/json

            {"a":1}
            --wharf-7c5dd507c334fa8fa620a06bc799ea8c
            Content-Disposition: form-data; name="scans"; filename="scans.gif"
            Content-Type: image/gif

            GIF89a
            --wharf-7c5dd507c334fa8fa620a06bc799ea8c
            Content-Disposition: form-data; name="scans"; filename="two.gif"
            Content-Type: image/gif

            GIF87a
            --wharf-7c5dd507c334fa8fa620a06bc799ea8c--
        "#]],
    );
}

#[test]
fn text_and_bytes_are_sent_as_they_are() {
    check(
        on("POST /note").body("text/plain", of("string")),
        json!({ "body": "Grüße" }),
        expect![[r#"
            POST /note
            Content-Type: text/plain

            Gr\xc3\xbc\xc3\x9fe"#]],
    );
    let binary = json!({ "type": "string", "format": "binary" });
    check(
        on("PUT /blob").body("application/octet-stream", binary.clone()),
        json!({ "body": "//79AA==" }),
        expect![[r#"
            PUT /blob
            Content-Type: application/octet-stream

            \xff\xfe\xfd\x00"#]],
    );
    check(
        on("PUT /blob").body("image/png", binary),
        json!({ "body": "data:image/png;base64,iVBORw==" }),
        expect![[r#"
            PUT /blob
            Content-Type: image/png

            \x89PNG"#]],
    );
}

#[test]
fn xml_bodies_follow_their_hints() {
    let book = json!({
        "type": "object",
        "xml": { "name": "book" },
        "properties": {
            "isbn": { "type": "string", "xml": { "attribute": true } },
            "title": of("string"),
            "authors": { "type": "array", "xml": { "wrapped": true }, "items": { "type": "string", "xml": { "name": "author" } } },
        },
    });
    check(
        on("POST /books").body("application/xml", book),
        json!({ "isbn": "1-2", "title": "A & B", "authors": ["C", "D"] }),
        expect![[r#"
            POST /books
            Content-Type: application/xml

            <?xml version="1.0" encoding="UTF-8"?><book isbn="1-2"><title>A &amp; B</title><authors><author>C</author><author>D</author></authors></book>"#]],
    );
}

#[test]
fn read_only_properties_are_not_sent() {
    let item = json!({
        "type": "object",
        "required": ["id", "name"],
        "properties": { "id": { "type": "string", "readOnly": true }, "name": of("string") },
    });
    check(
        on("POST /items").body("application/json", item),
        json!({ "name": "n" }),
        expect![[r#"
            POST /items
            Content-Type: application/json

            {"name":"n"}"#]],
    );
}

#[test]
fn an_operation_may_have_a_server_of_its_own() {
    check(
        on("GET /find").set("servers", json!([{ "url": "https://other.test/v2/" }])),
        json!({}),
        expect!["GET https://other.test/v2/find"],
    );
}

#[test]
fn credentials_are_declared_and_left_to_the_gateway() {
    let schemes = json!({ "securitySchemes": {
        "query": { "type": "apiKey", "in": "query", "name": "key" },
        "header": { "type": "apiKey", "in": "header", "name": "X-Key" },
        "basic": { "type": "http", "scheme": "basic" },
    } });
    for scheme in ["query", "header", "basic"] {
        let case = on("GET /find")
            .set("security", json!([{ scheme: [] }]))
            .components(schemes.clone());
        let document = case.document();
        let compiled = compile_bytes("semantics.json", document.to_string().as_bytes());
        let tool = compiled.tool(&compiled.entries()[0]);
        assert_eq!(tool.operation.security[0].schemes[0].0, scheme);
        check_document(&document, &json!({}), &expect!["GET /find"]);
    }
}
