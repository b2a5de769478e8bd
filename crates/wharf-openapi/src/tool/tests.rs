use expect_test::{Expect, expect};

use crate::operation::{Body, BodySource, Encoding, Parameter};
use crate::{RenderedTool, Settings, Source, compile};

/// Compiles a document and shows its tools: definition, request, findings.
#[track_caller]
fn check(document: &str, expected: Expect) {
    let source = Source {
        name: "api.yaml",
        bytes: document.as_bytes(),
        base: None,
    };
    let compiled = compile(&source, &Settings::default());
    let mut shown: Vec<String> = compiled
        .diagnostics()
        .iter()
        .map(ToString::to_string)
        .collect();
    for entry in compiled.entries() {
        shown.push(show(&compiled.tool(entry)));
    }
    expected.assert_eq(&shown.join("\n"));
}

fn show(tool: &RenderedTool) -> String {
    let operation = &tool.operation;
    let mut lines = vec![
        format!(
            "{}: {}",
            tool.definition.name,
            tool.definition.description.as_deref().unwrap_or_default()
        ),
        tool.definition.input_schema.to_string(),
        format!(
            "{} {}{}",
            operation.method, operation.server, operation.path
        ),
    ];
    lines.extend(operation.parameters.iter().map(show_parameter));
    lines.extend(operation.body.iter().map(show_body));
    if !operation.accepts.is_empty() {
        lines.push(format!("accepts {}", operation.accepts.join(", ")));
    }
    if !operation.security.is_empty() {
        lines.push(format!("security {:?}", operation.security));
    }
    lines.extend(
        tool.output_schema
            .iter()
            .map(|schema| format!("answers {schema}")),
    );
    lines.extend(tool.diagnostics.iter().map(ToString::to_string));
    lines.join("\n")
}

fn show_parameter(parameter: &Parameter) -> String {
    let encoding = match &parameter.encoding {
        Encoding::Style { style, explode, .. } => format!("{style:?} explode={explode}"),
        Encoding::Content { media_type } => media_type.clone(),
    };
    format!(
        "{} -> {:?} {} {encoding}",
        parameter.argument, parameter.location, parameter.name
    )
}

fn show_body(body: &Body) -> String {
    let source = match &body.source {
        BodySource::Argument(name) => name.clone(),
        BodySource::Properties { properties, open } => {
            let pairs = properties
                .iter()
                .map(|(argument, property)| format!("{argument}={property}"));
            format!("{} open={open}", pairs.collect::<Vec<_>>().join(" "))
        }
    };
    let fields = body.fields.iter().map(|field| {
        let kind = field.content_type.as_deref().unwrap_or("-");
        format!(
            " [{} {kind} file={} {:?}]",
            field.name, field.file, field.style
        )
    });
    format!(
        "body {} {source}{}",
        body.media_type,
        fields.collect::<String>()
    )
}

#[test]
fn parameters_and_body_stand_side_by_side() {
    check(
        "
openapi: 3.1.0
servers: [{url: https://api.example/v1/}]
paths:
  /pets/{id}:
    parameters:
    - {name: id, in: path, required: true, schema: {type: integer}}
    put:
      operationId: pets/update
      summary: Update a pet
      description: Replaces what is known of a pet.
      parameters:
      - {name: id, in: query, description: Another id., schema: {type: string}}
      - {name: 'page[size]', in: query, style: deepObject, schema: {type: object}}
      - {name: Accept, in: header, schema: {type: string}}
      requestBody:
        required: true
        content:
          application/xml: {schema: {type: object}}
          application/json:
            schema:
              type: object
              required: [id, name]
              properties:
                id: {type: string}
                name: {type: string}
                born: {type: string, format: date, readOnly: true}
      responses:
        '200': {content: {application/json: {schema: {type: object, properties: {ok: {type: boolean}}}}}}
",
        expect![[r#"
            pets_update: Update a pet

            Replaces what is known of a pet.
            {"type":"object","properties":{"id":{"type":"integer"},"query_id":{"type":"string","description":"Another id."},"page_size":{"type":"object"},"body_id":{"type":"string"},"name":{"type":"string"}},"required":["id","body_id","name"],"additionalProperties":false}
            PUT https://api.example/v1/pets/{id}
            id -> Path id Simple explode=false
            query_id -> Query id Form explode=true
            page_size -> Query page[size] DeepObject explode=true
            body application/json body_id=id name=name open=false
            accepts application/json
            answers {"type":"object","properties":{"ok":{"type":["boolean","null"]}}}"#]],
    );
}

#[test]
fn parts_of_an_object_are_flattened_together() {
    check(
        "
openapi: 3.0.0
servers: [{url: 'https://{region}.example', variables: {region: {default: eu}}}, {url: https://other.example}]
paths:
  /dogs:
    post:
      requestBody:
        content:
          application/json:
            schema:
              allOf:
              - {$ref: '#/components/schemas/Pet'}
              - {properties: {bark: {type: boolean}}, required: [bark], additionalProperties: {type: string}}
              anyOf: [{required: [bark]}, {required: [name]}]
components:
  schemas:
    Pet: {type: object, required: [name], properties: {name: {type: string}, friend: {$ref: '#/components/schemas/Pet'}}}
",
        expect![[r##"
            3:1: note[several-servers]: 2 servers are declared; the first one is used (set the upstream's address to choose another)
            post_dogs: POST /dogs
            {"type":"object","properties":{"name":{"type":"string"},"friend":{"$ref":"#/$defs/Pet"},"bark":{"type":"boolean"}},"additionalProperties":{"type":"string"},"$defs":{"Pet":{"type":"object","required":["name"],"properties":{"name":{"type":"string"},"friend":{"$ref":"#/$defs/Pet"}}}}}
            POST https://eu.example/dogs
            body application/json name=name friend=friend bark=bark open=true"##]],
    );
}

#[test]
fn what_is_no_plain_object_is_one_argument() {
    check(
        "
openapi: 3.0.0
servers: [{url: https://api.example}]
paths:
  /a: {post: {requestBody: {required: true, content: {application/json: {schema: {type: array, items: {type: integer}}}}}}}
  /b: {post: {requestBody: {content: {application/json: {schema: {type: object, additionalProperties: true}}}}}}
  /c: {post: {requestBody: {content: {application/json: {schema: {oneOf: [{type: object, properties: {a: {}}}, {type: object}]}}}}}}
  /d:
    post:
      parameters: [{name: body, in: query, schema: {type: string}}]
      requestBody: {content: {application/json: {}}}
  /e: {post: {requestBody: {content: {text/plain: {schema: {type: string}}}}}}
  /f: {put: {requestBody: {required: true, content: {application/octet-stream: {schema: {type: string, format: binary}}}}}}
",
        expect![[r#"
            post_a: POST /a
            {"type":"object","properties":{"body":{"type":"array","items":{"type":"integer"},"description":"The request body (application/json)."}},"required":["body"],"additionalProperties":false}
            POST https://api.example/a
            body application/json body
            post_b: POST /b
            {"type":"object","properties":{"body":{"type":"object","additionalProperties":true,"description":"The request body (application/json)."}},"additionalProperties":false}
            POST https://api.example/b
            body application/json body
            post_c: POST /c
            {"type":"object","properties":{"body":{"anyOf":[{"type":"object","properties":{"a":{}}},{"type":"object"}],"description":"The request body (application/json)."}},"additionalProperties":false}
            POST https://api.example/c
            body application/json body
            post_d: POST /d
            {"type":"object","properties":{"body":{"type":"string"},"request_body":{"description":"The request body (application/json)."}},"additionalProperties":false}
            POST https://api.example/d
            body -> Query body Form explode=true
            body application/json request_body
            post_e: POST /e
            {"type":"object","properties":{"body":{"type":"string","description":"The request body (text/plain)."}},"additionalProperties":false}
            POST https://api.example/e
            body text/plain body
            put_f: PUT /f
            {"type":"object","properties":{"body":{"type":"string","contentEncoding":"base64","contentMediaType":"application/octet-stream","description":"The file's bytes as base64, or a data URI."}},"required":["body"],"additionalProperties":false}
            PUT https://api.example/f
            body application/octet-stream body"#]],
    );
}

#[test]
fn forms_and_files_say_how_each_part_is_written() {
    check(
        "
openapi: 3.0.0
servers: [{url: https://api.example}]
paths:
  /upload:
    post:
      requestBody:
        content:
          application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Upload'}}
          multipart/form-data:
            schema: {$ref: '#/components/schemas/Upload'}
            encoding: {photo: {contentType: 'image/png, image/jpeg'}, tags: {style: pipeDelimited, explode: false}}
components:
  schemas:
    Upload:
      type: object
      properties:
        photo: {type: string, format: binary}
        more: {type: array, items: {type: string, format: binary}}
        tags: {type: array, items: {type: string}}
        place: {type: object, properties: {x: {type: number}}}
        note: {type: string}
",
        expect![[r#"
            post_upload: POST /upload
            {"type":"object","properties":{"photo":{"type":"string","contentEncoding":"base64","description":"The file's bytes as base64, or a data URI."},"more":{"type":"array","items":{"type":"string","contentEncoding":"base64","description":"The file's bytes as base64, or a data URI."}},"tags":{"type":"array","items":{"type":"string"}},"place":{"type":"object","properties":{"x":{"type":"number"}}},"note":{"type":"string"}},"additionalProperties":false}
            POST https://api.example/upload
            body multipart/form-data photo=photo more=more tags=tags place=place note=note open=false [photo image/png file=true None] [more application/octet-stream file=true None] [tags text/plain file=false Some((PipeDelimited, false))] [place application/json file=false None] [note text/plain file=false None]"#]],
    );
}

#[test]
fn swagger_has_bodies_and_forms_among_its_parameters() {
    check(
        "
swagger: '2.0'
host: api.example
basePath: v2/
schemes: [http, https]
consumes: [application/xml, application/json]
produces: [application/xml, application/json]
securityDefinitions:
  key: {type: apiKey, in: header, name: X-Key}
  flow: {type: oauth2, flow: application, tokenUrl: https://t.example, scopes: {read: Reads}}
security: [{key: []}]
parameters:
  Limit: {name: limit, in: query, type: integer, maximum: 100, description: How many.}
paths:
  /pets:
    get:
      operationId: listPets
      security: [{flow: [read]}, {}]
      parameters:
      - {$ref: '#/parameters/Limit'}
      - {name: tags, in: query, type: array, items: {type: string}, collectionFormat: multi}
      - {name: ids, in: query, type: array, items: {type: integer}, collectionFormat: tsv}
      responses: {200: {schema: {type: array, items: {type: string, x-nullable: true}}}}
    post:
      operationId: addPet
      parameters: [{name: pet, in: body, required: true, schema: {type: object, required: [name], properties: {name: {type: string}}}}]
  /pets/{id}/photo:
    post:
      operationId: addPhoto
      security: []
      consumes: [multipart/form-data]
      parameters:
      - {name: id, in: path, required: true, type: integer}
      - {name: photo, in: formData, type: file, required: true}
      - {name: labels, in: formData, type: array, items: {type: string}}
",
        expect![[r#"
            listPets: GET /pets
            {"type":"object","properties":{"limit":{"type":"integer","maximum":100,"description":"How many."},"tags":{"type":"array","items":{"type":"string"}},"ids":{"type":"array","items":{"type":"integer"}}},"additionalProperties":false}
            GET https://api.example/v2/pets
            limit -> Query limit Form explode=false
            tags -> Query tags Form explode=true
            ids -> Query ids TabDelimited explode=false
            accepts application/json, application/xml
            security [Requirement { schemes: [("flow", ["read"])] }, Requirement { schemes: [] }]
            answers {"type":"array","items":{"type":["string","null"]}}
            addPet: POST /pets
            {"type":"object","properties":{"name":{"type":"string"}},"required":["name"],"additionalProperties":false}
            POST https://api.example/v2/pets
            body application/json name=name open=false
            accepts application/json, application/xml
            security [Requirement { schemes: [("key", [])] }]
            addPhoto: POST /pets/{id}/photo
            {"type":"object","properties":{"id":{"type":"integer"},"photo":{"type":"string","contentEncoding":"base64","description":"The file's bytes as base64, or a data URI."},"labels":{"type":"array","items":{"type":"string"}}},"required":["id","photo"],"additionalProperties":false}
            POST https://api.example/v2/pets/{id}/photo
            id -> Path id Simple explode=false
            body multipart/form-data photo=photo labels=labels open=false [photo application/octet-stream file=true None] [labels text/plain file=false Some((Form, false))]
            accepts application/json, application/xml"#]],
    );
}

#[test]
fn paths_and_servers_are_completed_or_complained_about() {
    check(
        "
openapi: 3.0.0
paths:
  /a/{one}/{two}:
    get:
      parameters:
      - {name: one, in: path, schema: {type: string}}
      - {name: three, in: path, schema: {type: string}}
      - {name: lost, in: nowhere}
      - {$ref: '#/components/parameters/Gone'}
  /b?acl&mode=x:
    servers: [{url: https://b.example}]
    get: {parameters: [{name: mode, in: query, schema: {type: string}}]}
  /c: {get: [], post: null}
  /d: {$ref: '#/paths/~1c'}
  /e: {$ref: 'other.yaml#/e'}
webhooks: {created: {post: {}}}
",
        expect![[r#"
            14:8: error[invalid-operation]: GET /c is not an object, so it cannot be a tool (describe the operation in an object)
            14:8: error[invalid-operation]: GET /d is not an object, so it cannot be a tool (describe the operation in an object)
            16:3: error[external-reference]: `other.yaml#/e` is in another document, which is not read; its operations are left out (bundle the documents into one, for example with `redocly bundle`)
            2:1: warning[no-server]: the document does not say where its API is (set the upstream's address)
            17:1: note[webhooks]: webhooks (1): the API calls them, so they are no tools
            get_a_by_one_by_two: GET /a/{one}/{two}
            {"type":"object","properties":{"one":{"type":"string"},"two":{"type":"string"}},"required":["one","two"],"additionalProperties":false}
            GET /a/{one}/{two}
            one -> Path one Simple explode=false
            two -> Path two Simple explode=false
            10:9: warning[dangling-reference]: `#/components/parameters/Gone` names nothing in this document; the parameter is left out (define it, or correct the reference)
            8:9: warning[unused-path-parameter]: the path has no `{three}`; the parameter is left out (put it into the path, or remove it)
            9:9: warning[invalid-parameter]: `lost` has `in: nowhere`, which is no place for a parameter; it is left out (use path, query, header or cookie)
            5:5: warning[undeclared-path-parameter]: no parameter declares `{two}`; it is taken as a required string (add a parameter `two` with `in: path`)
            get_b_acl_mode_x: GET /b?acl&mode=x
            {"type":"object","properties":{},"additionalProperties":false}
            GET https://b.example/b?acl&mode=x
            post_c: POST /c
            {"type":"object","properties":{},"additionalProperties":false}
            POST /c
            post_d: POST /d
            {"type":"object","properties":{},"additionalProperties":false}
            POST /d"#]],
    );
}

#[test]
fn openapi_3_2_brings_methods_and_query_strings() {
    check(
        "
openapi: 3.2.0
servers: [{url: https://api.example}]
paths:
  /search:
    query:
      deprecated: true
      parameters:
      - {name: q, in: querystring, content: {application/x-www-form-urlencoded: {schema: {type: object}}}}
      - {name: sid, in: cookie, style: cookie, schema: {type: string}}
    additionalOperations:
      COPY: {operationId: copy}
",
        expect![[r#"
            query_search: Deprecated. QUERY /search
            {"type":"object","properties":{"q":{"type":"object"},"sid":{"type":"string"}},"additionalProperties":false}
            QUERY https://api.example/search
            q -> QueryString q application/x-www-form-urlencoded
            sid -> Cookie sid Cookie explode=true
            copy: COPY /search
            {"type":"object","properties":{},"additionalProperties":false}
            COPY https://api.example/search"#]],
    );
}

#[test]
fn what_is_no_api_document_says_so() {
    check(
        "just: a file",
        expect![
            "1:1: error[not-an-api-document]: this is no API document: it has neither `openapi` nor `swagger` nor `paths` (give the address of the API description itself)"
        ],
    );
    check(
        "swaggerVersion: '1.2'\napis: []",
        expect![
            "1:1: error[not-an-api-document]: this is Swagger 1.x, which spreads an API over several documents (convert it to OpenAPI 3 first)"
        ],
    );
    check(
        "{\"openapi\": \"3.0.0\",, }",
        expect![
            "1:21: error[unreadable-document]: not JSON: expected a key in double quotes, found ','"
        ],
    );
    check(
        "paths: {/a: {get: {}}}",
        expect![[r#"
        1:1: warning[unknown-version]: the version is missing or unknown; the document is read as 2.0 (begin it with `openapi: 3.1.0`)
        1:1: warning[no-server]: the document does not say where its API is (set the upstream's address)
        get_a: GET /a
        {"type":"object","properties":{},"additionalProperties":false}
        GET /a"#]],
    );
}
