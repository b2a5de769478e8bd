//! URI templates, as far as they are taken: `scheme://{variable}/text/{+rest}`.

use syn::{Error, LitStr, Result};

/// The names of the variables of `template`, in their order.
///
/// # Errors
///
/// At the text, what is wrong with it.
pub(crate) fn variables(template: &LitStr) -> Result<Vec<String>> {
    let text = template.value();
    let refuse = |message: String| Err(Error::new_spanned(template, message));
    if !has_scheme(&text) {
        return refuse(format!(
            "`{text}` is no URI: begin it with a scheme, such as `notes://`"
        ));
    }
    if let Some(found) = text.chars().find(|c| c.is_whitespace() || c.is_control()) {
        return refuse(format!(
            "{found:?} cannot stand in a URI: write it percent-encoded"
        ));
    }
    let mut names: Vec<String> = Vec::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find(['{', '}']) {
        let Some((expression, after)) = rest[at..]
            .strip_prefix('{')
            .and_then(|it| it.split_once('}'))
        else {
            return refuse("a brace has no partner here: write `{name}`".to_owned());
        };
        if after.starts_with('{') {
            return refuse("two variables need some text between them".to_owned());
        }
        let name = expression.strip_prefix('+').unwrap_or(expression);
        if syn::parse_str::<syn::Ident>(name).is_err() {
            return refuse(format!(
                "`{{{expression}}}` is not taken here: write `{{name}}` for one segment, \
                 `{{+name}}` for a path"
            ));
        }
        if names.iter().any(|known| known == name) {
            return refuse(format!("`{{{name}}}` stands there twice"));
        }
        names.push(name.to_owned());
        rest = after;
    }
    Ok(names)
}

/// RFC 3986, section 3.1.
fn has_scheme(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, rest)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
            && !rest.is_empty()
    })
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use proc_macro2::Span;
    use syn::LitStr;

    #[track_caller]
    fn check(template: &str, expected: Expect) {
        let found = match super::variables(&LitStr::new(template, Span::call_site())) {
            Ok(names) => names.join(", "),
            Err(error) => error.to_string(),
        };
        expected.assert_eq(&found);
    }

    #[test]
    fn variables_are_named_in_their_order() {
        check("weather://{city}/{day}", expect!["city, day"]);
        check("file:///{+path}", expect!["path"]);
        check("notes://all", expect![""]);
    }

    #[test]
    fn what_is_no_template_is_refused_with_a_reason() {
        check(
            "weather/{city}",
            expect!["`weather/{city}` is no URI: begin it with a scheme, such as `notes://`"],
        );
        check(
            "weather://{city",
            expect!["a brace has no partner here: write `{name}`"],
        );
        check(
            "weather://{?city}",
            expect![
                "`{?city}` is not taken here: write `{name}` for one segment, `{+name}` for a path"
            ],
        );
        check(
            "weather://{city}{day}",
            expect!["two variables need some text between them"],
        );
        check("weather://{a}/{a}", expect!["`{a}` stands there twice"]);
        check(
            "weather://the city",
            expect!["' ' cannot stand in a URI: write it percent-encoded"],
        );
    }
}
