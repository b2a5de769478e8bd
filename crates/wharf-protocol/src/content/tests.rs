use expect_test::{Expect, expect};

use super::Content;

#[track_caller]
fn check(json: &str, expected: Expect) {
    expected.assert_eq(&match serde_json::from_str::<Content>(json) {
        Ok(content) => serde_json::to_string(&content).expect("content serialises"),
        Err(error) => error.to_string(),
    });
}

#[test]
fn an_unknown_block_survives_byte_for_byte() {
    check(
        r#"{"type":"hologram", "depth": 1.50,"nested":{"a":[ 1 ]}}"#,
        expect![[r#"{"type":"hologram", "depth": 1.50,"nested":{"a":[ 1 ]}}"#]],
    );
}

#[test]
fn known_blocks_round_trip() {
    check(
        r#"{"type":"resource","resource":{"uri":"a://b","mimeType":"image/png","blob":"AA=="}}"#,
        expect![[
            r#"{"type":"resource","resource":{"uri":"a://b","mimeType":"image/png","blob":"AA=="}}"#
        ]],
    );
    check(
        r#"{"type":"text","text":"hi","_meta":{"k":1.0}}"#,
        expect![[r#"{"type":"text","text":"hi","_meta":{"k":1.0}}"#]],
    );
}

#[test]
fn a_block_without_type_is_refused() {
    check(
        r#"{"text":"hi"}"#,
        expect!["missing field `type` at line 1 column 13"],
    );
}
