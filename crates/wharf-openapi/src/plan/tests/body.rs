use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::{check, operation, parameter};
use crate::operation::{Body, BodySource, Field, Location, Operation, Style};

/// A required body made of one argument, `body`.
pub(super) fn whole(media_type: &str) -> Operation {
    with_source(media_type, BodySource::Argument("body".to_owned()))
}

/// A required body made of these properties, each an argument of the same name.
fn spread(media_type: &str, properties: &[&str], open: bool) -> Operation {
    let properties = properties
        .iter()
        .map(|each| ((*each).to_owned(), (*each).to_owned()))
        .collect();
    with_source(media_type, BodySource::Properties { properties, open })
}

fn with_source(media_type: &str, source: BodySource) -> Operation {
    let mut operation = operation("POST", "/x");
    operation.body = Some(Body {
        required: true,
        media_type: media_type.to_owned(),
        source,
        fields: Vec::new(),
        schema_pointer: None,
        file: false,
        xml: None,
    });
    operation
}

impl Operation {
    pub(super) fn body_mut(&mut self) -> &mut Body {
        self.body
            .as_mut()
            .expect("the operations of these tests have a body")
    }

    fn field(mut self, field: Field) -> Self {
        self.body_mut().fields.push(field);
        self
    }
}

fn field(name: &str) -> Field {
    Field {
        name: name.to_owned(),
        file: false,
        content_type: None,
        style: None,
    }
}

fn file(name: &str) -> Field {
    Field {
        file: true,
        ..field(name)
    }
}

#[track_caller]
fn check_whole(media_type: &str, body: Value, expected: Expect) {
    check(&whole(media_type), &json!({ "body": body }), expected);
}

#[test]
fn json_bodies_are_what_was_given() {
    check_whole(
        "application/json",
        json!({ "a": 1, "b": null, "c": [] }),
        expect![[r#"
        POST /x
        Content-Type: application/json

        {"a":1,"b":null,"c":[]}"#]],
    );
    check_whole(
        "application/json",
        json!([1, 2.0, 2.5]),
        expect![[r#"
        POST /x
        Content-Type: application/json

        [1,2,2.5]"#]],
    );
    check_whole(
        "application/json",
        json!("hi"),
        expect![[r#"
        POST /x
        Content-Type: application/json

        "hi""#]],
    );
    check_whole(
        "application/json",
        json!(null),
        expect![[r#"
        POST /x
        Content-Type: application/json

        null"#]],
    );
    check_whole(
        "application/merge-patch+json",
        json!({ "a": null }),
        expect![[r#"
        POST /x
        Content-Type: application/merge-patch+json

        {"a":null}"#]],
    );
    check_whole(
        "application/json-patch+json",
        json!([{ "op": "remove", "path": "/a" }]),
        expect![[r#"
        POST /x
        Content-Type: application/json-patch+json

        [{"op":"remove","path":"/a"}]"#]],
    );
    check_whole(
        "*/*",
        json!({ "a": 9_007_199_254_740_993_i64 }),
        expect![[r#"
        POST /x
        Content-Type: application/json

        {"a":9007199254740993}"#]],
    );
    check_whole(
        "application/x-ndjson",
        json!([{ "a": 1 }, { "a": 2 }]),
        expect![[r#"
        POST /x
        Content-Type: application/x-ndjson

        {"a":1}\n{"a":2}\n"#]],
    );
}

#[test]
fn properties_are_gathered_and_null_is_a_value() {
    check(
        &spread("application/json", &["a", "b"], false),
        &json!({ "b": "x", "a": null, "c": 1 }),
        expect![[r#"
        POST /x
        Content-Type: application/json

        {"a":null,"b":"x"}"#]],
    );
}

#[test]
fn a_property_may_have_an_argument_of_another_name() {
    let properties = vec![("body_id".to_owned(), "id".to_owned())];
    let operation = with_source(
        "application/json",
        BodySource::Properties {
            properties,
            open: true,
        },
    )
    .with(parameter("id", Location::Query, Style::Form, true));
    check(
        &operation,
        &json!({ "id": "q", "body_id": "b", "extra": 1 }),
        expect![[r#"
        POST /x?id=q
        Content-Type: application/json

        {"id":"b","extra":1}"#]],
    );
}

#[test]
fn a_required_body_is_sent_even_when_empty() {
    check(
        &spread("application/json", &["a"], false),
        &json!({}),
        expect![[r#"
        POST /x
        Content-Type: application/json

        {}"#]],
    );
    check(
        &whole("application/json"),
        &json!({}),
        expect![[r#"
        error: the argument `body` is required and was not given
        hint: give `body`"#]],
    );
}

#[test]
fn an_optional_body_without_arguments_is_none_at_all() {
    let mut operation = spread("application/json", &["a"], false);
    operation.body_mut().required = false;
    check(&operation, &json!({}), expect!["POST /x"]);
    let mut operation = whole("application/json");
    operation.body_mut().required = false;
    check(&operation, &json!({}), expect!["POST /x"]);
}

#[test]
fn forms_write_each_type_by_its_default() {
    let form = "application/x-www-form-urlencoded";
    check_whole(
        form,
        json!({ "a": 1, "b": true, "c": "x y&z", "d": null }),
        expect![[r#"
        POST /x
        Content-Type: application/x-www-form-urlencoded

        a=1&b=true&c=x%20y%26z"#]],
    );
    check_whole(
        form,
        json!({ "a": ["x", "y"], "o": { "x": 1 }, "l": [{ "y": 2 }], "e": [] }),
        expect![[r#"
        POST /x
        Content-Type: application/x-www-form-urlencoded

        a=x&a=y&o=%7B%22x%22%3A1%7D&l=%7B%22y%22%3A2%7D"#]],
    );
    check_whole(
        form,
        json!("a=1&b=2"),
        expect![[r#"
        POST /x
        Content-Type: application/x-www-form-urlencoded

        a=1&b=2"#]],
    );
    check_whole(
        form,
        json!([1]),
        expect![[r#"
        error: the argument `body` must be an object with the form's fields, not an array
        hint: give an object with the form's fields"#]],
    );
}

#[test]
fn forms_follow_the_encoding_of_a_field() {
    let form = || whole("application/x-www-form-urlencoded");
    let styled = |style| Field {
        style: Some(style),
        ..field("card")
    };
    check(
        &form().field(styled((Style::DeepObject, true))),
        &json!({ "body": { "card": { "number": "42", "tags": ["a"] } } }),
        expect![[r#"
            POST /x
            Content-Type: application/x-www-form-urlencoded

            card%5Bnumber%5D=42&card%5Btags%5D%5B%5D=a"#]],
    );
    check(
        &form().field(styled((Style::Form, false))),
        &json!({ "body": { "card": ["a", "b"] } }),
        expect![[r#"
            POST /x
            Content-Type: application/x-www-form-urlencoded

            card=a,b"#]],
    );
    check(
        &form().field(Field {
            content_type: Some("application/json".to_owned()),
            ..field("card")
        }),
        &json!({ "body": { "card": ["a", "b"] } }),
        expect![[r#"
            POST /x
            Content-Type: application/x-www-form-urlencoded

            card=%5B%22a%22%2C%22b%22%5D"#]],
    );
}

#[test]
fn multipart_carries_real_files() {
    let operation = spread("multipart/form-data", &["file", "note"], false)
        .field(file("file"))
        .field(field("note"));
    check(
        &operation,
        &json!({ "file": "iVBORw0KGgo=", "note": "n" }),
        expect![[r#"
            POST /x
            Content-Type: multipart/form-data; boundary=wharf-d6329b969048a78c2a2ba25b9de64613

            --wharf-d6329b969048a78c2a2ba25b9de64613
            Content-Disposition: form-data; name="file"; filename="file"
            Content-Type: application/octet-stream

            \x89PNG
            \x1a\n
            --wharf-d6329b969048a78c2a2ba25b9de64613
            Content-Disposition: form-data; name="note"

            n
            --wharf-d6329b969048a78c2a2ba25b9de64613--
        "#]],
    );
    check(
        &operation,
        &json!({ "file": "data:image/png;name=a%22b.png;base64,iVBORw0KGgo=", "note": null }),
        expect![[r#"
            POST /x
            Content-Type: multipart/form-data; boundary=wharf-fd664bd0a9ce5f56306f6e138c4e40df

            --wharf-fd664bd0a9ce5f56306f6e138c4e40df
            Content-Disposition: form-data; name="file"; filename="a%22b.png"
            Content-Type: image/png

            \x89PNG
            \x1a\n
            --wharf-fd664bd0a9ce5f56306f6e138c4e40df--
        "#]],
    );
}

#[test]
fn multipart_knows_json_parts_lists_and_several_files() {
    let operation = spread(
        "multipart/form-data",
        &["meta", "tags", "f", "quoted"],
        false,
    )
    .field(Field {
        content_type: Some("application/json".to_owned()),
        ..field("meta")
    })
    .field(field("tags"))
    .field(Field {
        content_type: Some("image/png, image/jpeg".to_owned()),
        ..file("f")
    })
    .field(Field {
        content_type: Some("application/json".to_owned()),
        ..field("quoted")
    });
    check(
        &operation,
        &json!({ "meta": { "a": 1 }, "tags": ["x", 2], "f": ["AAE=", "data:image/jpeg;base64,AAI"], "quoted": "q" }),
        expect![[r#"
            POST /x
            Content-Type: multipart/form-data; boundary=wharf-fc0a1c0b2a987970bc7f29e1fed5d9ae

            --wharf-fc0a1c0b2a987970bc7f29e1fed5d9ae
            Content-Disposition: form-data; name="meta"
            Content-Type: application/json

            {"a":1}
            --wharf-fc0a1c0b2a987970bc7f29e1fed5d9ae
            Content-Disposition: form-data; name="tags"

            x
            --wharf-fc0a1c0b2a987970bc7f29e1fed5d9ae
            Content-Disposition: form-data; name="tags"

            2
            --wharf-fc0a1c0b2a987970bc7f29e1fed5d9ae
            Content-Disposition: form-data; name="f"; filename="f.png"
            Content-Type: image/png

            \x00\x01
            --wharf-fc0a1c0b2a987970bc7f29e1fed5d9ae
            Content-Disposition: form-data; name="f"; filename="f.jpg"
            Content-Type: image/jpeg

            \x00\x02
            --wharf-fc0a1c0b2a987970bc7f29e1fed5d9ae
            Content-Disposition: form-data; name="quoted"
            Content-Type: application/json

            "q"
            --wharf-fc0a1c0b2a987970bc7f29e1fed5d9ae--
        "#]],
    );
}

#[test]
fn a_list_of_objects_is_one_json_part_each_and_a_list_of_text_is_what_was_asked_for() {
    let json = |name| Field {
        content_type: Some("application/json".to_owned()),
        ..field(name)
    };
    let operation = spread("multipart/form-data", &["objects", "texts"], false)
        .field(json("objects"))
        .field(json("texts"));
    check(
        &operation,
        &json!({ "objects": [{ "a": 1 }, { "a": 2 }], "texts": ["x", "y"] }),
        expect![[r#"
            POST /x
            Content-Type: multipart/form-data; boundary=wharf-ca98197fd68f9f2bba713c57105452b1

            --wharf-ca98197fd68f9f2bba713c57105452b1
            Content-Disposition: form-data; name="objects"
            Content-Type: application/json

            {"a":1}
            --wharf-ca98197fd68f9f2bba713c57105452b1
            Content-Disposition: form-data; name="objects"
            Content-Type: application/json

            {"a":2}
            --wharf-ca98197fd68f9f2bba713c57105452b1
            Content-Disposition: form-data; name="texts"
            Content-Type: application/json

            ["x","y"]
            --wharf-ca98197fd68f9f2bba713c57105452b1--
        "#]],
    );
}

#[test]
fn a_file_that_is_none_is_named_by_its_argument() {
    let properties = vec![("body_file".to_owned(), "file".to_owned())];
    let operation = with_source(
        "multipart/form-data",
        BodySource::Properties {
            properties,
            open: false,
        },
    )
    .field(file("file"));
    check(
        &operation,
        &json!({ "body_file": 5 }),
        expect![[r#"
        error: the argument `body_file` must be a file as base64 or as a data URI, not a number
        hint: give a file as base64 or as a data URI"#]],
    );
}

#[test]
fn multipart_names_cannot_end_their_header() {
    check_whole(
        "multipart/form-data",
        json!({ "a\"\r\nX: y": "v" }),
        expect![[r#"
            POST /x
            Content-Type: multipart/form-data; boundary=wharf-3ba25c3ffcc4bc90adc3fe2e80691c2f

            --wharf-3ba25c3ffcc4bc90adc3fe2e80691c2f
            Content-Disposition: form-data; name="a%22%0D%0AX: y"

            v
            --wharf-3ba25c3ffcc4bc90adc3fe2e80691c2f--
        "#]],
    );
}

#[test]
fn related_parts_have_no_names() {
    check_whole(
        "multipart/related",
        json!({ "meta": { "a": 1 }, "text": "b" }),
        expect![[r#"
            POST /x
            Content-Type: multipart/related; boundary=wharf-8e91c1eaf7a4cf650962b608aafabf46

            --wharf-8e91c1eaf7a4cf650962b608aafabf46
            Content-Type: application/json

            {"a":1}
            --wharf-8e91c1eaf7a4cf650962b608aafabf46

            b
            --wharf-8e91c1eaf7a4cf650962b608aafabf46--
        "#]],
    );
}

#[test]
fn text_is_sent_as_it_is() {
    check_whole(
        "text/plain",
        json!("héllo"),
        expect![[r#"
        POST /x
        Content-Type: text/plain

        h\xc3\xa9llo"#]],
    );
    check_whole(
        "text/plain",
        json!(5),
        expect![[r#"
        POST /x
        Content-Type: text/plain

        5"#]],
    );
    check_whole(
        "application/yaml",
        json!({ "a": [1] }),
        expect![[r#"
        POST /x
        Content-Type: application/yaml

        {"a":[1]}"#]],
    );
    check_whole(
        "application/graphql",
        json!("{ me }"),
        expect![[r#"
        POST /x
        Content-Type: application/graphql

        { me }"#]],
    );
}

#[test]
fn bytes_come_out_of_base64() {
    check_whole(
        "application/octet-stream",
        json!("AAECAw=="),
        expect![[r#"
        POST /x
        Content-Type: application/octet-stream

        \x00\x01\x02\x03"#]],
    );
    check_whole(
        "image/*",
        json!("data:image/gif;base64,R0lGODlh"),
        expect![[r#"
        POST /x
        Content-Type: image/gif

        GIF89a"#]],
    );
    check_whole(
        "application/octet-stream",
        json!("not base64!"),
        expect![[r#"
        error: the argument `body` is neither base64 nor a data URI: Invalid symbol 33, offset 9.
        hint: give the bytes as base64, or text as `data:text/plain,your%20text`"#]],
    );
    let mut operation = whole("application/vnd.acme.blob");
    operation.body_mut().file = true;
    check(
        &operation,
        &json!({ "body": "AAE" }),
        expect![[r#"
        POST /x
        Content-Type: application/vnd.acme.blob

        \x00\x01"#]],
    );
    check(
        &operation,
        &json!({ "body": [1, 2] }),
        expect![[r#"
        error: the argument `body` must be a file as base64 or as a data URI, not an array
        hint: give a file as base64 or as a data URI"#]],
    );
}

#[test]
fn the_callers_own_bytes_may_have_the_callers_type() {
    let operation = whole("application/octet-stream").with(parameter(
        "Content-Type",
        Location::Header,
        Style::Simple,
        false,
    ));
    check(
        &operation,
        &json!({ "body": "AAE=", "Content-Type": "image/heic" }),
        expect![[r#"
        POST /x
        Content-Type: image/heic

        \x00\x01"#]],
    );
}

#[test]
fn the_same_parts_are_the_same_request() {
    let plan = |note: &str| {
        super::planned(
            &whole("multipart/form-data"),
            &json!({ "body": { "note": note } }),
        )
    };
    assert_eq!(plan("a"), plan("a"));
    assert_ne!(plan("a").lines().nth(1), plan("b").lines().nth(1));
}
