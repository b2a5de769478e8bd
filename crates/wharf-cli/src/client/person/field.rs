//! One field of a form: what it wants, and whether an answer is that (2025-11-25 and newer,
//! elicitation, requested schema; the older `enumNames` too).

use serde_json::Value;

use crate::printable::first_line;

/// A field, as far as a terminal asks for it.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub name: String,
    /// What a person reads.
    pub label: String,
    pub is_required: bool,
    pub default: Option<Value>,
    pub kind: Kind,
}

/// What kind of answer is wanted.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Text {
        least: u64,
        most: u64,
    },
    Number {
        whole: bool,
        least: f64,
        most: f64,
    },
    YesNo,
    One(Vec<Offer>),
    Many(Vec<Offer>),
    /// Something that forms do not have: typed as JSON.
    Anything,
}

/// One of the answers to choose from.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Offer {
    value: String,
    pub label: String,
}

impl Field {
    pub(super) fn new(name: String, schema: &Value, is_required: bool) -> Self {
        let text = |key: &str| schema.get(key).and_then(Value::as_str);
        let title = text("title").unwrap_or(&name);
        let label = match text("description") {
            Some(description) => format!("{title} ({})", first_line(description)),
            None => title.to_owned(),
        };
        Self {
            label: first_line(&label),
            is_required,
            default: schema.get("default").cloned(),
            kind: Kind::of(schema),
            name,
        }
    }

    /// What is wanted and what an empty answer means, in brackets.
    pub(super) fn wanted(&self) -> String {
        let wanted = self.kind.wanted();
        match &self.default {
            Some(Value::String(default)) => format!("[{wanted}; empty: {}]", first_line(default)),
            Some(default) => format!("[{wanted}; empty: {default}]"),
            None if self.is_required => format!("[{wanted}]"),
            None => format!("[{wanted}; may be empty]"),
        }
    }
}

impl Kind {
    fn of(schema: &Value) -> Self {
        let number = |key: &str| schema.get(key).and_then(Value::as_f64);
        let length = |key: &str| schema.get(key).and_then(Value::as_u64);
        if let Some(offers) = offers(schema) {
            return Self::One(offers);
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("string") => Self::Text {
                least: length("minLength").unwrap_or(0),
                most: length("maxLength").unwrap_or(u64::MAX),
            },
            Some(kind @ ("number" | "integer")) => Self::Number {
                whole: kind == "integer",
                least: number("minimum").unwrap_or(f64::MIN),
                most: number("maximum").unwrap_or(f64::MAX),
            },
            Some("boolean") => Self::YesNo,
            Some("array") => schema
                .get("items")
                .and_then(offers)
                .map_or(Self::Anything, Self::Many),
            _ => Self::Anything,
        }
    }

    /// The value that `line` stands for.
    ///
    /// # Errors
    ///
    /// What is wanted instead.
    pub(super) fn read(&self, line: &str) -> Result<Value, String> {
        let read = match self {
            Self::Text { least, most } => {
                let length = line.chars().count() as u64;
                (*least..=*most).contains(&length).then(|| line.into())
            }
            Self::Number { whole, least, most } => number(line, *whole)
                .filter(|value| value.as_f64().is_some_and(|it| *least <= it && it <= *most)),
            Self::YesNo => match line.to_ascii_lowercase().as_str() {
                "y" | "yes" | "true" => Some(Value::Bool(true)),
                "n" | "no" | "false" => Some(Value::Bool(false)),
                _ => None,
            },
            Self::One(offers) => chosen(offers, line),
            Self::Many(offers) => line
                .split(',')
                .map(|part| chosen(offers, part.trim()))
                .collect::<Option<Vec<Value>>>()
                .map(Value::Array),
            Self::Anything => serde_json::from_str(line).ok(),
        };
        read.ok_or_else(|| self.wanted())
    }

    fn wanted(&self) -> String {
        match self {
            Self::Text {
                least: 0,
                most: u64::MAX,
            } => "a text".to_owned(),
            Self::Text {
                least,
                most: u64::MAX,
            } => format!("a text of {least} letters or more"),
            Self::Text { least, most } => format!("a text of {least} to {most} letters"),
            Self::Number { whole, least, most } => {
                let kind = if *whole { "a whole number" } else { "a number" };
                match (*least > f64::MIN, *most < f64::MAX) {
                    (true, true) => format!("{kind} from {least} to {most}"),
                    (true, false) => format!("{kind}, {least} or more"),
                    (false, true) => format!("{kind}, {most} or less"),
                    (false, false) => kind.to_owned(),
                }
            }
            Self::YesNo => "yes or no".to_owned(),
            Self::One(_) => "one of them, by number or name".to_owned(),
            Self::Many(_) => "any of them, by number or name, with commas".to_owned(),
            Self::Anything => "JSON".to_owned(),
        }
    }
}

fn number(line: &str, whole: bool) -> Option<Value> {
    if let Ok(number) = line.parse::<i64>() {
        return Some(number.into());
    }
    let number: f64 = line.parse().ok()?;
    serde_json::Number::from_f64(number)
        .filter(|_| !whole)
        .map(Value::Number)
}

/// The answers that `schema` offers, in any of the ways in which it may say so.
fn offers(schema: &Value) -> Option<Vec<Offer>> {
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        let names = schema.get("enumNames");
        let named = |at: usize| names.and_then(|names| names.get(at)?.as_str());
        let offer = |(at, value): (usize, &Value)| {
            let value = value.as_str()?;
            Some(Offer {
                value: value.to_owned(),
                label: named(at).unwrap_or(value).to_owned(),
            })
        };
        return values.iter().enumerate().map(offer).collect();
    }
    let titled = schema.get("oneOf").or_else(|| schema.get("anyOf"))?;
    let offer = |option: &Value| {
        let value = option.get("const")?.as_str()?;
        let title = option.get("title").and_then(Value::as_str);
        Some(Offer {
            value: value.to_owned(),
            label: title.unwrap_or(value).to_owned(),
        })
    };
    titled.as_array()?.iter().map(offer).collect()
}

/// The offer that `answer` means, by its value, its name or its number.
fn chosen(offers: &[Offer], answer: &str) -> Option<Value> {
    let by_name = offers
        .iter()
        .find(|offer| offer.value == answer || offer.label.eq_ignore_ascii_case(answer));
    let by_number = || offers.get(answer.parse::<usize>().ok()?.checked_sub(1)?);
    let offer = by_name.or_else(by_number)?;
    Some(Value::String(offer.value.clone()))
}
