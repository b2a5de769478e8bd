//! A question that is a form: its fields are asked one by one.

use std::io;

use serde::Deserialize;
use serde_json::value::to_raw_value;
use serde_json::{Map, Value};
use wharf_protocol::elicitation::{Choice, Elicited, FormElicitation};

use super::consent::is_yes;
use super::field::{Field, Kind};
use super::terminal::Terminal;
use crate::paint;
use crate::printable::printable;

/// The part of a form's schema that a terminal knows how to ask for.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Schema {
    properties: Map<String, Value>,
    required: Vec<String>,
}

/// Asks for every field. An empty answer is the default, or leaves out what may be left out; the end
/// of the input closes the form.
pub(super) fn ask(question: &FormElicitation, terminal: &mut dyn Terminal) -> io::Result<Elicited> {
    let (strong, faint) = (paint::STRONG, paint::FAINT);
    let message = printable(&question.message);
    terminal.say(&format!(
        "{strong}The server asks:{strong:#} {message}\n{faint}Answer? [Y/n]{faint:#} "
    ))?;
    match terminal.read()?.as_deref() {
        None => return Ok(closed(Choice::Cancel)),
        Some(answer) if !answer.is_empty() && !is_yes(answer) => {
            return Ok(closed(Choice::Decline));
        }
        Some(_) => {}
    }
    let mut content = Map::new();
    for field in fields(question) {
        match answer(&field, terminal)? {
            Given::Value(value) => {
                content.insert(field.name, value);
            }
            Given::Nothing => {}
            Given::End => return Ok(closed(Choice::Cancel)),
        }
    }
    Ok(Elicited {
        action: Choice::Accept,
        content: Some(to_raw_value(&content)?),
    })
}

/// The names of a form's fields.
pub(super) fn names(question: &FormElicitation) -> Vec<String> {
    let named = |field: Field| printable(&field.name).into_owned();
    fields(question).into_iter().map(named).collect()
}

fn closed(action: Choice) -> Elicited {
    Elicited {
        action,
        content: None,
    }
}

fn fields(question: &FormElicitation) -> Vec<Field> {
    let schema: Schema = serde_json::from_str(question.requested_schema.get()).unwrap_or_default();
    let required = schema.required;
    let field = |(name, schema): (String, Value)| {
        let is_required = required.contains(&name);
        Field::new(name, &schema, is_required)
    };
    schema.properties.into_iter().map(field).collect()
}

/// What became of one field.
enum Given {
    Value(Value),
    Nothing,
    End,
}

/// Asks for one field until the answer fits.
fn answer(field: &Field, terminal: &mut dyn Terminal) -> io::Result<Given> {
    let (name, faint, warning) = (paint::NAME, paint::FAINT, paint::WARNING);
    if let Kind::One(options) | Kind::Many(options) = &field.kind {
        for (number, option) in options.iter().enumerate() {
            let label = printable(&option.label);
            terminal.say(&format!("  {faint}{:>2}{faint:#} {label}\n", number + 1))?;
        }
    }
    loop {
        let label = printable(&field.label);
        let wanted = field.wanted();
        terminal.say(&format!("{name}{label}{name:#} {faint}{wanted}{faint:#}: "))?;
        let Some(line) = terminal.read()? else {
            return Ok(Given::End);
        };
        match (line.as_str(), &field.default) {
            ("", Some(default)) => return Ok(Given::Value(default.clone())),
            ("", None) if !field.is_required => return Ok(Given::Nothing),
            ("", None) => terminal.say("  this one cannot be left out\n")?,
            (line, _) => match field.kind.read(line) {
                Ok(value) => return Ok(Given::Value(value)),
                Err(wanted) => {
                    terminal.say(&format!("  {warning}that is not {wanted}{warning:#}\n"))?;
                }
            },
        }
    }
}
