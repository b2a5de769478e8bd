//! OpenAPI's `style` and `explode`: how a value with parts becomes text (OAS 3.0.4, appendix C; RFC 6570).

use serde_json::Value;

use super::error::PlanError;
use super::scalar;
use crate::operation::Style;

/// A value by the number of its parts, nothing encoded yet. `null`, `[]` and `{}` are undefined in
/// the sense of RFC 6570 and have no shape at all.
pub(super) enum Shape {
    One(String),
    Many(Vec<String>),
    Pairs(Vec<(String, String)>),
}

impl Shape {
    /// Parts that have parts of their own are beyond RFC 6570: they travel as JSON, except that an
    /// exploded object repeats the key for each item of an array.
    pub(super) fn of(value: &Value, explode: bool) -> Result<Option<Self>, PlanError> {
        let shape = match value {
            Value::Array(items) => {
                let items = items.iter().filter(|item| !item.is_null());
                Self::Many(items.map(scalar::text_or_json).collect::<Result<_, _>>()?)
            }
            Value::Object(members) => {
                let mut pairs = Vec::with_capacity(members.len());
                for (key, member) in members.iter().filter(|(_, member)| !member.is_null()) {
                    match member {
                        Value::Array(items) if explode => {
                            for item in items.iter().filter(|item| !item.is_null()) {
                                pairs.push((key.clone(), scalar::text_or_json(item)?));
                            }
                        }
                        member => pairs.push((key.clone(), scalar::text_or_json(member)?)),
                    }
                }
                Self::Pairs(pairs)
            }
            value => match scalar::text(value) {
                Some(text) => Self::One(text),
                None => return Ok(None),
            },
        };
        let empty = matches!(&shape, Self::Many(items) if items.is_empty())
            || matches!(&shape, Self::Pairs(pairs) if pairs.is_empty());
        Ok(if empty { None } else { Some(shape) })
    }

    /// Every part in one row, keys and values alternating.
    fn flat(self, encode: impl Fn(&str) -> String) -> Vec<String> {
        match self {
            Self::One(text) => vec![encode(&text)],
            Self::Many(items) => items.iter().map(|item| encode(item)).collect(),
            Self::Pairs(pairs) => {
                let parts = pairs.iter().flat_map(|(key, text)| [key, text]);
                parts.map(|part| encode(part)).collect()
            }
        }
    }
}

/// One text, for a path or a header. A style that belongs elsewhere is read as `simple`.
pub(super) fn expand(
    (style, explode): (Style, bool),
    name: &str,
    shape: Shape,
    encode: impl Fn(&str) -> String,
) -> String {
    match (style, shape) {
        (Style::Label, shape) => {
            let separator = if explode { "." } else { "," };
            format!(".{}", parts(shape, explode, encode).join(separator))
        }
        (Style::Matrix, Shape::Pairs(pairs)) if explode => {
            let pairs = pairs
                .iter()
                .map(|(key, text)| matrix(&encode(key), &encode(text)));
            pairs.collect()
        }
        (Style::Matrix, Shape::Many(items)) if explode => items
            .iter()
            .map(|item| matrix(name, &encode(item)))
            .collect(),
        (Style::Matrix, shape) => matrix(name, &shape.flat(encode).join(",")),
        (_, shape) => parts(shape, explode, encode).join(","),
    }
}

/// RFC 6570, section 3.2.7: an empty value leaves its `=` out.
fn matrix(name: &str, value: &str) -> String {
    if value.is_empty() {
        format!(";{name}")
    } else {
        format!(";{name}={value}")
    }
}

/// The parts of a `simple` or `label` value; exploded pairs are written `key=value`.
fn parts(shape: Shape, explode: bool, encode: impl Fn(&str) -> String) -> Vec<String> {
    match shape {
        Shape::Pairs(pairs) if explode => {
            let pairs = pairs.iter();
            pairs
                .map(|(key, text)| format!("{}={}", encode(key), encode(text)))
                .collect()
        }
        shape => shape.flat(encode),
    }
}

/// `name=value` pairs, for queries, cookies and forms. Names come back as they are; in values only
/// the separators are final. A style that belongs elsewhere is read as `form`.
pub(super) fn pairs(
    (style, explode): (Style, bool),
    name: &str,
    value: &Value,
    encode: impl Fn(&str) -> String,
) -> Result<Vec<(String, String)>, PlanError> {
    if style == Style::DeepObject {
        let mut found = Vec::new();
        deep(name, value, &encode, &mut found)?;
        return Ok(found);
    }
    let Some(shape) = Shape::of(value, explode)? else {
        return Ok(Vec::new());
    };
    Ok(match shape {
        Shape::One(text) => vec![(name.to_owned(), encode(&text))],
        Shape::Many(items) if explode => items
            .iter()
            .map(|item| (name.to_owned(), encode(item)))
            .collect(),
        Shape::Pairs(pairs) if explode => pairs
            .into_iter()
            .map(|(key, text)| (key, encode(&text)))
            .collect(),
        shape => vec![(
            name.to_owned(),
            shape.flat(&encode).join(&separator(style, &encode)),
        )],
    })
}

/// A space, a bar and a tab are no URL characters, so they are encoded even as separators.
fn separator(style: Style, encode: impl Fn(&str) -> String) -> String {
    match style {
        Style::SpaceDelimited => encode(" "),
        Style::PipeDelimited => encode("|"),
        Style::TabDelimited => encode("\t"),
        _ => ",".to_owned(),
    }
}

/// `name[key]=value` to any depth. The specification stops at one level; beyond it this is what PHP,
/// Rails, `qs` (Express) and Stripe agree on: `[]` after an array of plain items, and an index where
/// an item has parts, because only an index keeps the parts of one item together.
fn deep(
    name: &str,
    value: &Value,
    encode: &impl Fn(&str) -> String,
    found: &mut Vec<(String, String)>,
) -> Result<(), PlanError> {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                deep(&format!("{name}[{key}]"), member, encode, found)?;
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let plain = !matches!(item, Value::Array(_) | Value::Object(_));
                let name = if plain {
                    format!("{name}[]")
                } else {
                    format!("{name}[{index}]")
                };
                deep(&name, item, encode, found)?;
            }
        }
        value => found.extend(scalar::text(value).map(|text| (name.to_owned(), encode(&text)))),
    }
    Ok(())
}
