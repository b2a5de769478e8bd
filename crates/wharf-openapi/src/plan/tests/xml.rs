use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::body::whole;
use super::planned;
use crate::operation::{XmlHints, XmlKind, XmlNode};

#[track_caller]
fn check(nodes: Vec<XmlNode>, body: Value, expected: Expect) {
    let mut operation = whole("application/xml");
    operation.body_mut().xml = Some(XmlHints { nodes });
    let planned = planned(&operation, &json!({ "body": body }));
    let head =
        "POST /x\nContent-Type: application/xml\n\n<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    expected.assert_eq(planned.strip_prefix(head).unwrap_or(&planned));
}

fn named(name: &str) -> XmlNode {
    XmlNode {
        name: Some(name.to_owned()),
        ..XmlNode::default()
    }
}

fn with(node: XmlNode, properties: &[(&str, usize)]) -> XmlNode {
    let properties = properties
        .iter()
        .map(|(name, at)| ((*name).to_owned(), *at))
        .collect();
    XmlNode { properties, ..node }
}

#[test]
fn without_hints_each_property_is_an_element() {
    check(
        vec![],
        json!({ "id": 1, "name": "a<b>&\"c\"", "tags": ["x", "y"], "owner": { "ok": true }, "gone": null }),
        expect![[
            r#"<root><id>1</id><name>a&lt;b&gt;&amp;"c"</name><tags>x</tags><tags>y</tags><owner><ok>true</ok></owner><gone xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/></root>"#
        ]],
    );
    check(
        vec![],
        json!([1, 2]),
        expect!["<items><item>1</item><item>2</item></items>"],
    );
    check(vec![], json!("text"), expect!["<root>text</root>"]);
}

#[test]
fn hints_name_elements_and_attributes() {
    let id = XmlNode {
        kind: XmlKind::Attribute,
        ..XmlNode::default()
    };
    let text = XmlNode {
        kind: XmlKind::Text,
        ..XmlNode::default()
    };
    let pet = with(named("pet"), &[("id", 1), ("name", 2), ("note", 3)]);
    check(
        vec![pet, id, named("Name"), text],
        json!({ "id": "a\"\n", "name": "x", "note": "n" }),
        expect![[r#"<pet id="a&quot;&#10;"><Name>x</Name>n</pet>"#]],
    );
}

#[test]
fn arrays_are_wrapped_only_where_the_document_says_so() {
    let tag = || named("tag");
    let list = |wrapped| XmlNode {
        wrapped,
        items: Some(2),
        ..named("tags")
    };
    let root = || with(named("pet"), &[("labels", 1)]);
    check(
        vec![root(), list(false), tag()],
        json!({ "labels": ["a", "b"] }),
        expect!["<pet><tag>a</tag><tag>b</tag></pet>"],
    );
    check(
        vec![root(), list(true), tag()],
        json!({ "labels": ["a", "b"] }),
        expect!["<pet><tags><tag>a</tag><tag>b</tag></tags></pet>"],
    );
    check(
        vec![root(), list(true), XmlNode::default()],
        json!({ "labels": ["a"] }),
        expect!["<pet><tags><tags>a</tags></tags></pet>"],
    );
    check(
        vec![root(), list(true), tag()],
        json!({ "labels": [] }),
        expect!["<pet><tags></tags></pet>"],
    );
}

#[test]
fn namespaces_are_declared_where_they_begin() {
    let namespaced = |name: &str, prefix: Option<&str>| XmlNode {
        namespace: Some("urn:x".to_owned()),
        prefix: prefix.map(str::to_owned),
        ..named(name)
    };
    let root = with(namespaced("pet", Some("p")), &[("id", 1), ("name", 2)]);
    let id = XmlNode {
        kind: XmlKind::Attribute,
        ..namespaced("id", Some("q"))
    };
    check(
        vec![root, id, namespaced("name", None)],
        json!({ "id": 1, "name": "n" }),
        expect![[
            r#"<p:pet xmlns:p="urn:x" xmlns:q="urn:x" q:id="1"><name xmlns="urn:x">n</name></p:pet>"#
        ]],
    );
}

#[test]
fn a_recursive_schema_is_an_index_that_points_back() {
    let node = with(named("node"), &[("kids", 1)]);
    let kids = XmlNode {
        items: Some(0),
        ..XmlNode::default()
    };
    check(
        vec![node, kids],
        json!({ "kids": [{ "kids": [] }, { "v": 1 }] }),
        expect!["<node><node></node><node><v>1</v></node></node>"],
    );
}

#[test]
fn xml_that_the_caller_wrote_is_sent_as_it_is() {
    let planned = planned(&whole("text/xml"), &json!({ "body": "<a>1</a>" }));
    expect![[r#"
        POST /x
        Content-Type: text/xml

        <a>1</a>"#]]
    .assert_eq(&planned);
}

#[test]
fn what_xml_cannot_say_is_refused() {
    check(
        vec![],
        json!({ "a b": 1 }),
        expect![[r#"
        error: the property `a b` cannot be the name of an XML element or attribute
        hint: correct the name in the API document"#]],
    );
    check(
        vec![],
        json!({ "a": "\u{1b}" }),
        expect![[r#"
        error: the argument `body` has the character '\u{1b}', which XML cannot carry
        hint: remove line breaks and control characters from `body`"#]],
    );
    check(
        vec![named("1x")],
        json!({}),
        expect![[r#"
        error: the property `1x` cannot be the name of an XML element or attribute
        hint: correct the name in the API document"#]],
    );
}
