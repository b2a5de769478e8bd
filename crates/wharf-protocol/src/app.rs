//! MCP Apps: tools that bring a user interface (extension `io.modelcontextprotocol/ui`, SEP-1865).

use serde::{Deserialize, Serialize};

use crate::capability::ClientCapabilities;
use crate::meta::Meta;

/// The name of the extension.
pub const EXTENSION: &str = "io.modelcontextprotocol/ui";
/// The media type of an interface.
pub const MIME_TYPE: &str = "text/html;profile=mcp-app";
/// The scheme of the resources that are interfaces.
pub const SCHEME: &str = "ui://";

/// The `_meta` keys by which a tool names its interface: the current one and the one before it.
const TOOL_KEYS: [&str; 2] = ["ui", "ui/resourceUri"];

/// What a client says of the interfaces that it shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Shows {
    pub mime_types: Vec<String>,
}

/// Whether the client has declared that it shows interfaces.
pub fn is_shown_by(capabilities: &ClientCapabilities) -> bool {
    capabilities
        .extension(EXTENSION)
        .and_then(|settings| serde_json::from_str::<Shows>(settings.get()).ok())
        .is_some_and(|shows| shows.mime_types.iter().any(|known| known == MIME_TYPE))
}

/// The `_meta` of a tool as a client with `capabilities` may see it: one that shows no interfaces is
/// not told of them.
#[must_use]
pub fn fit(meta: Meta, capabilities: &ClientCapabilities) -> Meta {
    if meta.is_empty() || is_shown_by(capabilities) {
        return meta;
    }
    meta.without(&TOOL_KEYS)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::fit;

    #[track_caller]
    fn check(capabilities: &str, expected: Expect) {
        let meta = r#"{"ui":{"resourceUri":"ui://chart"},"ui/resourceUri":"ui://chart","a/b":1}"#;
        let meta = serde_json::from_str(meta).expect("the test's own JSON");
        let capabilities = serde_json::from_str(capabilities).expect("the test's own JSON");
        let fitted = fit(meta, &capabilities);
        expected.assert_eq(&serde_json::to_string(&fitted).expect("raw JSON serialises"));
    }

    #[test]
    fn an_interface_is_named_to_a_client_that_shows_it() {
        check(
            r#"{"extensions":{"io.modelcontextprotocol/ui":{"mimeTypes":["text/html;profile=mcp-app"]}}}"#,
            expect![[
                r#"{"ui":{"resourceUri":"ui://chart"},"ui/resourceUri":"ui://chart","a/b":1}"#
            ]],
        );
    }

    #[test]
    fn a_client_that_declared_nothing_or_another_form_is_not_told() {
        check("{}", expect![[r#"{"a/b":1}"#]]);
        check(
            r#"{"extensions":{"io.modelcontextprotocol/ui":{"mimeTypes":["text/x-later"]}}}"#,
            expect![[r#"{"a/b":1}"#]],
        );
    }
}
