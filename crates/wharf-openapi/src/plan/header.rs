//! Header and cookie parameters, `Accept` and `Content-Type`.

use serde_json::{Map, Value};

use super::body::EncodedBody;
use super::error::PlanError;
use super::style::{self, Shape};
use super::{percent, query};
use crate::answer::media_type::MediaType;
use crate::operation::{Encoding, Location, Operation, Parameter, Style};

/// Headers that frame the message. Only the connection knows their values, and two opinions about
/// them are how requests are smuggled; so even a declared parameter does not set them.
const FRAMING: [&str; 9] = [
    "connection",
    "content-length",
    "expect",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Sent when the document says nothing about its answers: JSON if there is a choice.
const ANYTHING: &str = "application/json, */*;q=0.8";

/// The headers, and the arguments that could not be among them.
pub(super) struct Sent {
    pub headers: Vec<(String, String)>,
    pub ignored: Vec<String>,
}

/// Only declared parameters become headers, so no argument can bring `Authorization`, `Cookie` or
/// `Host` along. Commas inside the items of an array stay as they are, as headers have no escape.
pub(super) fn write(
    operation: &Operation,
    arguments: &Map<String, Value>,
    body: Option<&EncodedBody>,
) -> Result<Sent, PlanError> {
    let mut headers = vec![("Accept".to_owned(), accept(&operation.accepts))];
    headers.extend(body.map(|body| ("Content-Type".to_owned(), body.content_type.clone())));
    let mut cookies = Vec::new();
    let mut ignored = Vec::new();
    for parameter in &operation.parameters {
        let Some(value) = arguments
            .get(&parameter.argument)
            .filter(|value| !value.is_null())
        else {
            continue;
        };
        match parameter.location {
            Location::Header if decided(&parameter.name, body) => {
                ignored.push(parameter.argument.clone());
            }
            Location::Header => headers_extend(&mut headers, parameter, value)?,
            Location::Cookie => cookies.extend(cookie(parameter, value)?),
            Location::Path | Location::Query | Location::QueryString => {}
        }
    }
    if !cookies.is_empty() {
        set(&mut headers, "Cookie", cookies.join("; "), "; ");
    }
    Ok(Sent { headers, ignored })
}

/// The best first, with falling weights so that the server sees the order.
fn accept(types: &[String]) -> String {
    let weighted = types.iter().take(9).enumerate().map(|(at, each)| match at {
        0 => each.clone(),
        at => format!("{each};q=0.{}", 10 - at),
    });
    if types.is_empty() {
        ANYTHING.to_owned()
    } else {
        weighted.collect::<Vec<_>>().join(", ")
    }
}

/// Whether the message decides this header and not the caller. The type of a body that is sent as
/// the caller gave it is the caller's to tell.
fn decided(name: &str, body: Option<&EncodedBody>) -> bool {
    let name = name.to_ascii_lowercase();
    let typed = name == "content-type" && body.is_none_or(|body| !body.verbatim);
    typed || FRAMING.contains(&name.as_str())
}

fn headers_extend(
    headers: &mut Vec<(String, String)>,
    parameter: &Parameter,
    value: &Value,
) -> Result<(), PlanError> {
    if !is_token(&parameter.name) {
        return Err(PlanError::HeaderName {
            name: parameter.name.clone(),
        });
    }
    let text = match &parameter.encoding {
        Encoding::Content { media_type } => {
            let text = query::document(media_type, value)?;
            let json = MediaType::parse(media_type).is_json();
            Some(if json { in_ascii(&text) } else { text })
        }
        // Percent-encoding is for URLs: a header carries its value as it is (OAS 3.0.4, appendix D).
        Encoding::Style { explode, .. } => Shape::of(value, *explode)?.map(|shape| {
            style::expand(
                (Style::Simple, *explode),
                &parameter.name,
                shape,
                str::to_owned,
            )
        }),
    };
    let Some(text) = text else { return Ok(()) };
    refuse_controls(parameter, &text)?;
    set(headers, &parameter.name, text, ", ");
    Ok(())
}

/// Each name once: `Accept` and `Content-Type` give way to a declared parameter, others are joined.
fn set(headers: &mut Vec<(String, String)>, name: &str, text: String, separator: &str) {
    match headers
        .iter_mut()
        .find(|(each, _)| each.eq_ignore_ascii_case(name))
    {
        Some((each, value)) if matches!(each.as_str(), "Accept" | "Content-Type") => *value = text,
        Some((_, value)) => {
            value.push_str(separator);
            value.push_str(&text);
        }
        None => headers.push((name.to_owned(), text)),
    }
}

/// `name=value` for each part. A form-style cookie that explodes is written as several cookies,
/// since the `&` that the style calls for means nothing in this header.
fn cookie(parameter: &Parameter, value: &Value) -> Result<Vec<String>, PlanError> {
    let pairs = match &parameter.encoding {
        Encoding::Content { media_type } => {
            let text = query::document(media_type, value)?;
            vec![(parameter.name.clone(), percent::cookie(&text))]
        }
        Encoding::Style {
            style: Style::Cookie,
            explode,
            ..
        } => {
            let verbatim = style::pairs(
                (Style::Form, *explode),
                &parameter.name,
                value,
                str::to_owned,
            )?;
            for (name, text) in &verbatim {
                refuse_controls(parameter, text)?;
                refuse(parameter, name, |character| character == '=')?;
                refuse(parameter, text, |character| character == ';')?;
            }
            verbatim
        }
        Encoding::Style { style, explode, .. } => {
            style::pairs((*style, *explode), &parameter.name, value, percent::cookie)?
        }
    };
    let named = pairs
        .into_iter()
        .map(|(name, text)| format!("{}={text}", percent::name(&name)));
    Ok(named.collect())
}

/// Line breaks would end the header, and no other control character is legal in one. Text beyond
/// ASCII passes as UTF-8, which is what servers of this century read.
fn refuse_controls(parameter: &Parameter, text: &str) -> Result<(), PlanError> {
    refuse(parameter, text, |character| {
        character.is_ascii_control() && character != '\t'
    })
}

fn refuse(parameter: &Parameter, text: &str, bad: impl Fn(char) -> bool) -> Result<(), PlanError> {
    match text.chars().find(|character| bad(*character)) {
        None => Ok(()),
        Some(character) => Err(PlanError::Character {
            argument: parameter.argument.clone(),
            character,
            place: if parameter.location == Location::Cookie {
                "a cookie"
            } else {
                "a header"
            },
        }),
    }
}

/// RFC 9110, `token`.
fn is_token(name: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(legal)
}

/// JSON can say everything in ASCII, and a header is safest there (Dropbox asks for it).
fn in_ascii(json: &str) -> String {
    let mut ascii = String::with_capacity(json.len());
    let mut units = [0; 2];
    for character in json.chars() {
        if character.is_ascii() && character != '\u{7f}' {
            ascii.push(character);
        } else {
            for unit in character.encode_utf16(&mut units) {
                ascii.extend(["\\u", &format!("{unit:04x}")]);
            }
        }
    }
    ascii
}
