//! What may be written down of arguments, headers and addresses.

use serde_json::{Map, Value};

/// What stands where a secret stood.
pub const MASK: &str = "***";

/// Names whose values are never written down. Compared without case and separators.
const SECRET_NAMES: &[&str] = &[
    "authorization",
    "proxyauthorization",
    "cookie",
    "setcookie",
    "password",
    "passwd",
    "passphrase",
    "secret",
    "clientsecret",
    "token",
    "accesstoken",
    "refreshtoken",
    "idtoken",
    "apikey",
    "privatekey",
    "credential",
    "credentials",
    "pin",
    "cvv",
    "cvc",
    "ssn",
];

/// Whether a field of this name holds a secret, by its name alone.
pub fn is_secret_name(name: &str) -> bool {
    let plain: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    SECRET_NAMES
        .iter()
        .any(|secret| plain == *secret || (secret.len() > 5 && plain.ends_with(secret)))
}

/// A copy of `arguments` in which every value under a secret name is masked, at any depth.
pub fn masked(arguments: &Map<String, Value>) -> Map<String, Value> {
    arguments
        .iter()
        .map(|(name, value)| (name.clone(), masked_value(name, value)))
        .collect()
}

fn masked_value(name: &str, value: &Value) -> Value {
    match value {
        Value::Null | Value::Bool(_) => value.clone(),
        _ if is_secret_name(name) => Value::String(MASK.to_owned()),
        Value::Object(map) => Value::Object(masked(map)),
        Value::Array(items) => items.iter().map(|item| masked_value(name, item)).collect(),
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::masked;

    #[track_caller]
    fn check(arguments: &str, expected: Expect) {
        let arguments = serde_json::from_str(arguments).unwrap();
        expected.assert_eq(&serde_json::to_string(&masked(&arguments)).unwrap());
    }

    #[test]
    fn secrets_are_masked_at_any_depth_and_in_any_spelling() {
        check(
            r#"{"user":"ada","Password":"x","auth":{"api-key":"k","list":[{"clientSecret":"s"}]}}"#,
            expect![[
                r#"{"user":"ada","Password":"***","auth":{"api-key":"***","list":[{"clientSecret":"***"}]}}"#
            ]],
        );
    }

    #[test]
    fn a_name_that_only_resembles_a_secret_is_kept() {
        check(
            r#"{"page_token_count":3,"next_page_token":"abc","shipping":"slow","tokenize":true}"#,
            expect![[
                r#"{"page_token_count":3,"next_page_token":"abc","shipping":"slow","tokenize":true}"#
            ]],
        );
    }
}
