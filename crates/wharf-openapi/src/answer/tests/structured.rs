use expect_test::expect;

use super::{answer, check};

#[test]
fn json_keeps_the_servers_own_bytes() {
    check(
        answer(
            200,
            "application/json",
            r#"{"id": 12345678901234567890123, "price": 1.10}"#,
        ),
        expect![[r#"
        {"id": 12345678901234567890123, "price": 1.10}
        --
        structured"#]],
    );
    check(
        answer(200, "application/vnd.acme+json; charset=utf-8", "[1, 2]\n"),
        expect![[r#"
        [1, 2]
        --
        structured"#]],
    );
    check(
        answer(200, "application/json", "null"),
        expect![[r#"
        null
        --
        structured"#]],
    );
    check(
        answer(200, "application/json", "\u{feff}{\"a\":1}"),
        expect![[r#"
        {"a":1}
        --
        structured"#]],
    );
    check(
        answer(200, "application/json", ")]}'\n{\"a\":1}"),
        expect![[r#"
        {"a":1}
        --
        structured"#]],
    );
}

#[test]
fn json_in_other_charsets_becomes_utf_8() {
    check(
        answer(
            200,
            "application/json; charset=iso-8859-1",
            b"{\"n\":\"J\xfcrgen\"}",
        ),
        expect![[r#"
        {"n":"Jürgen"}
        --
        structured"#]],
    );
    let wide: Vec<u8> = "{\"n\":\"ü\"}"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    check(
        answer(200, "application/json", wide),
        expect![[r#"
            {"n":"ü"}
            --
            structured"#]],
    );
}

#[test]
fn json_under_another_name_is_found_out() {
    for lie in [
        "text/html",
        "text/plain",
        "application/octet-stream",
        "text/csv",
        "application/xml",
        "",
        "nonsense",
    ] {
        check(
            answer(200, lie, r#"{"a":1}"#),
            expect![[r#"
            {"a":1}
            --
            structured"#]],
        );
    }
}

#[test]
fn what_is_no_json_is_text_and_says_so() {
    check(
        answer(200, "application/json", "{\"a\": NaN}"),
        expect![[r#"
        {"a": NaN}
        --
        The server calls this JSON, but it cannot be read as such: expected value at line 1 column 7."#]],
    );
    check(
        answer(200, "application/json", "{\"a\": \"\\ud800\"}"),
        expect![[r#"
            {"a": "\ud800"}
            --
            The server calls this JSON, but it cannot be read as such: unexpected end of hex escape at line 1 column 14."#]],
    );
    check(
        answer(200, "application/json", "{\"a\": 1e999}"),
        expect![[r#"
        {"a": 1e999}
        --
        The server calls this JSON, but it cannot be read as such: number out of range at line 1 column 11."#]],
    );
    check(
        answer(200, "application/json", "pong"),
        expect![[r#"
        pong
        --
        The server calls this JSON, but it cannot be read as such: expected value at line 1 column 1."#]],
    );
    check(
        answer(200, "application/json", "{\"a\":").cut_of(900),
        expect![[r#"
            {"a":
            --
            The answer was cut at 5 bytes of 900."#]],
    );
}

#[test]
fn deep_json_is_text() {
    let deep = format!("{}{}", "[".repeat(129), "]".repeat(129));
    let result = answer(200, "application/json", &deep).result();
    assert!(result.structured_content.is_none());
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let result = answer(200, "application/json", &deep).result();
    assert!(result.structured_content.is_none());
}

#[test]
fn a_long_list_loses_its_last_items() {
    let items: Vec<_> = (0..100)
        .map(|at| format!(r#"{{"id":{at},"big":12345678901234567890123}}"#))
        .collect();
    let list = format!("[{}]", items.join(","));
    check(
        answer(200, "application/json", &list),
        expect![[r#"
        [{"id":0,"big":12345678901234567890123},{"id":1,"big":12345678901234567890123},{"id":2,"big":12345678901234567890123},{"id":3,"big":12345678901234567890123},{"id":4,"big":12345678901234567890123},{"id":5,"big":12345678901234567890123},{"id":6,"big":12345678901234567890123},{"id":7,"big":12345678901234567890123},{"id":8,"big":12345678901234567890123},{"id":9,"big":12345678901234567890123}]
        --
        The list was cut: its first 10 of 100 items are shown.
        --
        structured"#]],
    );
    let page = format!(r#"{{"total":100,"items":{list},"next":"c2"}}"#);
    check(
        answer(200, "application/json", page),
        expect![[r#"
        {"total":100,"items":[{"id":0,"big":12345678901234567890123},{"id":1,"big":12345678901234567890123},{"id":2,"big":12345678901234567890123},{"id":3,"big":12345678901234567890123},{"id":4,"big":12345678901234567890123},{"id":5,"big":12345678901234567890123},{"id":6,"big":12345678901234567890123}],"next":"c2"}
        --
        The list `items` was cut: its first 7 of 100 items are shown.
        --
        structured"#]],
    );
}

#[test]
fn a_list_is_found_inside_its_wrappers() {
    let items: Vec<_> = (0..100).map(|at| format!(r#"{{"id":{at}}}"#)).collect();
    let page = format!(
        r#"{{"took":3,"hits":{{"total":100,"hits":[{}]}}}}"#,
        items.join(",")
    );
    let result = answer(200, "application/json", page).result();
    assert!(
        result
            .structured_content
            .is_some_and(|json| json.get().len() <= super::LIMITS.text_bytes)
    );
    expect!["The list `hits.hits` was cut: its first 28 of 100 items are shown."]
        .assert_eq(&super::block(&result.content[1]));
}

#[test]
fn long_json_without_a_list_is_cut_as_text() {
    let long = format!(r#"{{"a":"{}"}}"#, "x".repeat(1000));
    let result = answer(200, "application/json", long).result();
    assert!(result.structured_content.is_none());
    expect!["The text was cut at 400 bytes of 1008."].assert_eq(&super::block(&result.content[1]));
}

#[test]
fn lines_of_json_are_one_array() {
    check(
        answer(200, "application/x-ndjson", "{\"a\":1}\n\n{\"a\":2}\n"),
        expect![[r#"
        [{"a":1},{"a":2}]
        --
        structured"#]],
    );
    check(
        answer(
            200,
            "application/json-seq",
            "\u{1e}{\"a\":1}\n\u{1e}{\"a\":2}\n",
        ),
        expect![[r#"
        [{"a":1},{"a":2}]
        --
        structured"#]],
    );
    check(
        answer(200, "application/x-ndjson", "1\n2\n3\n4\n5\n"),
        expect![[r#"
            [1,2,3]
            --
            The stream was cut: its first 3 of 5 values are shown.
            --
            structured"#]],
    );
    check(
        answer(200, "application/x-ndjson", "{\"a\":1}\n{\"a\":2}\n{\"a").cut_of(99),
        expect![[r#"
            [{"a":1},{"a":2}]
            --
            The answer was cut at 19 bytes of 99.
            --
            structured"#]],
    );
    check(
        answer(200, "application/x-ndjson", "{\"a\":1}\noops\n"),
        expect![[r#"
            {"a":1}
            oops
        "#]],
    );
}

#[test]
fn xml_becomes_json() {
    check(
        answer(
            200,
            "application/xml",
            r#"<?xml version="1.0"?><r xmlns="urn:x" id="1"><a>1</a><a b="2">x<!-- c --></a><e/><t> keep </t>tail</r>"#,
        ),
        expect![[r##"
            {"r":{"@id":"1","a":["1",{"@b":"2","#text":"x"}],"e":"","t":" keep ","#text":"tail"}}
            --
            structured"##]],
    );
    check(
        answer(
            200,
            "application/soap+xml",
            "<s:Envelope xmlns:s='urn:s'><s:Body>ok</s:Body></s:Envelope>",
        ),
        expect![[r#"
            {"Envelope":{"Body":"ok"}}
            --
            structured"#]],
    );
    check(
        answer(
            200,
            "text/xml",
            b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><n>J\xfcrgen</n>",
        ),
        expect![[r#"
            {"n":"Jürgen"}
            --
            structured"#]],
    );
    check(
        answer(
            200,
            "application/octet-stream",
            "<?xml version=\"1.0\"?><a>1</a>",
        ),
        expect![[r#"
            {"a":"1"}
            --
            structured"#]],
    );
}

#[test]
fn xml_that_could_do_harm_stays_text() {
    check(
        answer(
            200,
            "application/xml",
            "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
        ),
        expect![[r#"
            <!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>
            --
            This XML is shown as text: XML with DTD detected."#]],
    );
    check(
        answer(200, "application/xml", "<a><b></a>"),
        expect![[r#"
        <a><b></a>
        --
        This XML is shown as text: expected 'b' tag, not 'a' at 1:7."#]],
    );
    let deep = format!("{}{}", "<a>".repeat(5000), "</a>".repeat(5000));
    let result = answer(200, "application/xml", deep).result();
    assert!(result.structured_content.is_none());
}

#[test]
fn tables_are_columns_and_rows() {
    check(
        answer(200, "text/csv", "id,name\n1,\"a, b\"\n2,c\n"),
        expect![[r#"
            id,name
            1,"a, b"
            2,c
            --
            structured: {"columns":["id","name"],"rows":[["1","a, b"],["2","c"]]}"#]],
    );
    check(
        answer(200, "text/tab-separated-values", "id\tname\r\n1\ta,b\r\n"),
        expect![[r#"
            id	name\r
            1	a,b
            --
            structured: {"columns":["id","name"],"rows":[["1","a,b"]]}"#]],
    );
    check(
        answer(200, "text/csv", "id;name\n1;a\n"),
        expect![[r#"
        id;name
        1;a
        --
        structured: {"columns":["id","name"],"rows":[["1","a"]]}"#]],
    );
    check(
        answer(200, "text/csv; header=absent", "1,a\n2,b\n"),
        expect![[r#"
            1,a
            2,b
            --
            structured: {"columns":["column 1","column 2"],"rows":[["1","a"],["2","b"]]}"#]],
    );
    check(
        answer(200, "text/csv", "id,name\n1\n2,b,c\n"),
        expect![[r#"
        id,name
        1
        2,b,c
        --
        structured: {"columns":["id","name"],"rows":[["1"],["2","b","c"]]}"#]],
    );
    check(
        answer(200, "text/csv", "id\n1\n2\n3\n4\n5\n"),
        expect![[r#"
        id
        1
        2
        3
        --
        The table was cut: its first 3 of 5 rows are shown.
        --
        structured: {"columns":["id"],"rows":[["1"],["2"],["3"]]}"#]],
    );
    check(
        answer(200, "text/csv", "id,n\n1,a\n2,b\n3,").cut_of(4000),
        expect![[r#"
            id,n
            1,a
            2,b
            --
            The answer was cut at 15 bytes of 4000.
            --
            structured: {"columns":["id","n"],"rows":[["1","a"],["2","b"]]}"#]],
    );
    check(
        answer(200, "text/csv", "id,name\n"),
        expect![[r#"
        id,name
        --
        structured: {"columns":["id","name"],"rows":[]}"#]],
    );
}
