//! Elicitation: what a server wants to know from the person behind a client.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::meta::Meta;

/// Parameters of `elicitation/create` in form mode: the client shows a form of `requested_schema`.
///
/// A form must not ask for secrets (specification, elicitation, safety): that is what URLs are for.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FormElicitation {
    pub message: String,
    /// A flat object of primitive properties.
    pub requested_schema: Box<RawValue>,
}

/// Names of properties, in lower case and without signs between words, that hold secrets.
const SECRETS: [&str; 8] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "apikey",
    "accesstoken",
    "privatekey",
    "creditcard",
];

impl FormElicitation {
    /// The first property that asks for a secret, by its name or its format. Forms pass through the
    /// client and perhaps its model, so they must not (2025-11-25 and newer, elicitation, safety).
    pub fn secret(&self) -> Option<String> {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Form {
            properties: Meta,
        }
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Field {
            format: Option<String>,
        }
        let form: Form = serde_json::from_str(self.requested_schema.get()).unwrap_or_default();
        let secret = form.properties.iter().find(|(name, field)| {
            let field: Field = serde_json::from_str(field.get()).unwrap_or_default();
            let plain: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
            let plain = plain.to_lowercase();
            field.format.as_deref() == Some("password")
                || SECRETS.iter().any(|secret| plain.contains(secret))
        });
        secret.map(|(name, _)| name.to_owned())
    }
}

/// Parameters of `elicitation/create` in URL mode: the client sends the person to `url`, and what is
/// entered there never passes through it (2025-11-25 and newer).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UrlElicitation {
    pub message: String,
    /// Opens nothing by itself: whoever opens it has to prove to be the one that was asked.
    pub url: String,
    /// Names this elicitation in `notifications/elicitation/complete`. 2025-11-25 requires it, newer
    /// revisions do not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elicitation_id: Option<String>,
}

/// The answer to `elicitation/create`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Elicited {
    pub action: Choice,
    /// What was entered, where a form was accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Box<RawValue>>,
}

/// What a person did with a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Choice {
    /// Answered it, or agreed to open the URL.
    Accept,
    /// Said no.
    Decline,
    /// Closed it without a word.
    Cancel,
}

#[cfg(test)]
mod tests {
    use super::FormElicitation;

    fn secret(schema: &str) -> Option<String> {
        let form = FormElicitation {
            message: String::new(),
            requested_schema: serde_json::from_str(schema).expect("the test's own JSON"),
        };
        form.secret()
    }

    /// RULES C8.
    #[test]
    fn a_form_that_asks_for_a_secret_is_found_out() {
        for schema in [
            r#"{"properties":{"user":{"type":"string"},"API-Key":{"type":"string"}}}"#,
            r#"{"properties":{"newPassword":{"type":"string"}}}"#,
            r#"{"properties":{"pin":{"type":"string","format":"password"}}}"#,
        ] {
            assert!(secret(schema).is_some(), "{schema}");
        }
        assert_eq!(secret(r#"{"properties":{"name":{"type":"string"}}}"#), None);
    }
}
