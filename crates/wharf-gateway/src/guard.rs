//! The last look at an answer before it leaves: credentials of ours are masked wherever they stand.

use serde_json::value::RawValue;
use wharf_policy::redact::MASK;
use wharf_policy::secret::Secret;
use wharf_protocol::content::{Content, ResourceBody};
use wharf_protocol::tool::CallToolResult;

/// Shorter secrets are not looked for: they would be found in innocent words.
const SHORTEST: usize = 6;

/// Masks every known secret in the result, and the password of every address in it. An upstream that
/// echoes its caller's credentials, or whose error pages name its own database, would hand them to the
/// model otherwise.
pub fn guard(mut result: CallToolResult, secrets: &[Secret]) -> CallToolResult {
    mask_passwords(&mut result);
    let wanted = secrets
        .iter()
        .filter(|secret| secret.expose().len() >= SHORTEST);
    for secret in wanted {
        for block in &mut result.content {
            match block {
                Content::Text(text) => mask(&mut text.text, secret.expose()),
                Content::Resource(embedded) => {
                    if let ResourceBody::Text(text) = &mut embedded.resource.body {
                        mask(text, secret.expose());
                    }
                }
                _ => {}
            }
        }
        mask_raw(&mut result.structured_content, secret);
    }
    result
}

/// Masks `user:password@` in every address that stands in the result.
fn mask_passwords(result: &mut CallToolResult) {
    for block in &mut result.content {
        if let Content::Text(text) = block
            && let Some(masked) = without_passwords(&text.text)
        {
            text.text = masked;
        }
    }
    if let Some(raw) = &mut result.structured_content
        && let Some(masked) = without_passwords(raw.get())
        && let Ok(masked) = RawValue::from_string(masked)
    {
        *raw = masked;
    }
}

/// `text` with the password of every `scheme://user:password@host` masked; `None` where there is none.
fn without_passwords(text: &str) -> Option<String> {
    let mut written = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        written.push_str(before);
        // Where the authority ends (RFC 3986, section 3.2), or the address does.
        let end = after
            .find(|letter: char| {
                matches!(letter, '/' | '?' | '#' | '"' | '\'' | '<' | '>' | '\\')
                    || letter.is_whitespace()
            })
            .unwrap_or(after.len());
        rest = after;
        if let Some((user_info, _)) = after[..end].rsplit_once('@')
            && let Some((user, _)) = user_info.split_once(':')
        {
            written.push_str(user);
            written.push(':');
            written.push_str(MASK);
            rest = &after[user_info.len()..];
        }
    }
    if written.is_empty()
        || written.len() + rest.len() == text.len() && written == text[..written.len()]
    {
        return None;
    }
    written.push_str(rest);
    Some(written)
}

fn mask(text: &mut String, secret: &str) {
    if text.contains(secret) {
        *text = text.replace(secret, MASK);
    }
}

/// Masks inside JSON text: there a secret stands as a JSON string would spell it.
fn mask_raw(structured: &mut Option<Box<RawValue>>, secret: &Secret) {
    let Some(raw) = structured else { return };
    let Ok(spelled) = serde_json::to_string(secret.expose()) else {
        return;
    };
    let spelled = &spelled[1..spelled.len() - 1];
    if raw.get().contains(spelled) {
        // A secret inside a number or a key could leave broken JSON; then none is shown.
        *structured = RawValue::from_string(raw.get().replace(spelled, MASK)).ok();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::value::to_raw_value;
    use wharf_policy::secret::Secret;
    use wharf_protocol::tool::CallToolResult;

    use super::guard;

    #[test]
    fn a_credential_that_comes_back_is_masked_in_text_and_structure() {
        let secret = "s3cr\"et-key";
        let mut result = CallToolResult::text(format!("you sent {secret}"));
        result.structured_content = to_raw_value(&serde_json::json!({"echo": secret})).ok();
        let guarded = guard(result, &[Secret::new(secret)]);
        let shown = serde_json::to_string(&guarded).unwrap();
        assert!(!shown.contains("et-key"), "{shown}");
        assert!(shown.contains(r#"{"echo":"***"}"#), "{shown}");
    }

    #[test]
    fn the_password_of_an_address_is_masked_wherever_the_address_stands() {
        let page =
            "at jdbc:postgresql://tariff_rw:Summer!@db/x and https://a:b@c, see https://docs/a:b@c";
        let mut result = CallToolResult::text(page);
        result.structured_content = to_raw_value(&serde_json::json!({"url": "amqp://u:p@mq"})).ok();
        let guarded = guard(result, &[]);
        assert_eq!(
            guarded.content[0].as_text(),
            Some(
                "at jdbc:postgresql://tariff_rw:***@db/x and https://a:***@c, see https://docs/a:b@c"
            )
        );
        assert_eq!(
            guarded.structured_content.unwrap().get(),
            r#"{"url":"amqp://u:***@mq"}"#
        );
    }

    #[test]
    fn a_short_secret_does_not_mask_words() {
        let guarded = guard(CallToolResult::text("a key"), &[Secret::new("key")]);
        assert_eq!(guarded.content[0].as_text(), Some("a key"));
    }
}
