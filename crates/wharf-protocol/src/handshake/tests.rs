use expect_test::{Expect, expect};

use super::{Presented, introduction, negotiate};
use crate::meta::Meta;

#[track_caller]
fn check(meta: &str, expected: Expect) {
    let meta: Meta = serde_json::from_str(meta).expect("the test's own JSON");
    expected.assert_eq(&match introduction(&meta) {
        Ok(Presented::Silent) => "silent".to_owned(),
        Ok(Presented::Modern(who)) => format!("{} {:?}", who.revision, who.client.map(|c| c.name)),
        Err(error) => serde_json::to_string(&error).expect("errors serialise"),
    });
}

#[test]
fn a_request_without_a_version_does_not_present_itself() {
    check(r#"{"progressToken":1}"#, expect!["silent"]);
}

#[test]
fn a_modern_request_names_revision_and_client() {
    check(
        r#"{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/clientInfo":{"name":"a","version":"1"}}"#,
        expect![[r#"2026-07-28 Some("a")"#]],
    );
}

#[test]
fn a_legacy_or_unknown_revision_in_meta_is_unsupported() {
    check(
        r#"{"io.modelcontextprotocol/protocolVersion":"2025-11-25"}"#,
        expect![[
            r#"{"code":-32022,"message":"Unsupported protocol version","data":{"supported":["2024-11-05","2025-03-26","2025-06-18","2025-11-25","2026-07-28"],"requested":"2025-11-25"}}"#
        ]],
    );
}

#[test]
fn missing_capabilities_are_invalid_parameters() {
    check(
        r#"{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}"#,
        expect![[
            r#"{"code":-32602,"message":"`_meta` lacks the required `io.modelcontextprotocol/clientCapabilities`"}"#
        ]],
    );
}

#[test]
fn initialize_never_ends_in_a_revision_without_handshake() {
    let agreed = ["2024-11-05", "2025-06-18", "2026-07-28", "1900-01-01"].map(negotiate);
    expect!["[V2024_11_05, V2025_06_18, V2025_11_25, V2025_11_25]"]
        .assert_eq(&format!("{agreed:?}"));
}
