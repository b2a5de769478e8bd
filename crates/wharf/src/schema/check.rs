//! The walk over a value, beside its schema.

use std::cell::RefCell;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::compile::{Additional, Compiled, Kind, Node};
use super::problem::{Came, Path, Problem, Problems, nearest};

/// Everything that `root` has against `value`.
pub(super) fn check(root: &Node, compiled: &Compiled, value: &RawValue) -> Problems {
    let problems = RefCell::new(Vec::new());
    let walk = Walk {
        node: root,
        compiled,
        at: Path::Root,
        problems: &problems,
    };
    walk.whole_text(value);
    Problems(problems.into_inner())
}

/// One step of the walk: a value at a place, against a node.
#[derive(Clone, Copy)]
struct Walk<'a> {
    node: &'a Node,
    compiled: &'a Compiled,
    at: Path<'a>,
    problems: &'a RefCell<Vec<Problem>>,
}

impl Walk<'_> {
    fn report(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }

    fn unexpected(&self, came: &Came<'_>) {
        self.report(Problem::unexpected(&self.at, self.node, came));
    }

    fn kind(&self, kind: Kind, came: &Came<'_>) {
        if !self.node.takes(kind) {
            self.unexpected(came);
        }
    }

    fn number(&self, kind: Kind, value: f64, came: &Came<'_>) {
        let low = self.node.least.is_some_and(|least| value < least);
        let high = self.node.most.is_some_and(|most| value > most);
        if !self.node.takes(kind) || low || high {
            self.unexpected(came);
        }
    }

    /// Reads `value` on its own, as often as the node asks for.
    fn whole_text(&self, value: &RawValue) {
        let mut text = serde_json::Deserializer::from_str(value.get());
        // What is no JSON never came as far as this; what nests too deeply did.
        if self.deserialize(&mut text).is_err() {
            self.unexpected(&Came::Words("a value that nests too deeply"));
        }
    }

    fn whole(&self, value: &RawValue) {
        if let Some(values) = &self.node.values
            && !serde_json::from_str::<Value>(value.get()).is_ok_and(|it| values.contains(&it))
        {
            self.unexpected(&Came::Raw(value.get()));
            return;
        }
        if let Some(reference) = &self.node.reference
            && let Some(node) = self.compiled.definitions.get(reference)
        {
            Walk { node, ..*self }.whole_text(value);
        }
        for node in &self.node.all {
            Walk { node, ..*self }.whole_text(value);
        }
        self.one_of_any(value);
        let mut text = serde_json::Deserializer::from_str(value.get());
        if text.deserialize_any(*self).is_err() {
            self.unexpected(&Came::Words("a value that nests too deeply"));
        }
    }

    /// The problems of the alternative that has the fewest, unless one has none.
    fn one_of_any(&self, value: &RawValue) {
        let attempts = self.node.any.iter().map(|node| {
            let problems = RefCell::new(Vec::new());
            let walk = Walk {
                node,
                problems: &problems,
                ..*self
            };
            walk.whole_text(value);
            problems.into_inner()
        });
        match attempts.min_by_key(Vec::len) {
            Some(best) if !best.is_empty() && self.node.any.len() == 1 => {
                self.problems.borrow_mut().extend(best);
            }
            Some(best) if best.iter().any(|problem| problem.is_below(&self.at)) => {
                self.problems.borrow_mut().extend(best);
            }
            Some(best) if !best.is_empty() => self.unexpected(&Came::Raw(value.get())),
            _ => {}
        }
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if !self.node.needs_whole() {
            return deserializer.deserialize_any(self);
        }
        self.whole(<&RawValue>::deserialize(deserializer)?);
        Ok(())
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.kind(Kind::Null, &Came::Words("null"));
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.kind(
            Kind::Boolean,
            &Came::Words(if value { "true" } else { "false" }),
        );
        Ok(())
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "a bound that needs all 64 bits is its type's own"
    )]
    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.number(Kind::Integer, value as f64, &Came::Raw(&value.to_string()));
        Ok(())
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "a bound that needs all 64 bits is its type's own"
    )]
    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        let (low, high) = (value as f64, value as f64);
        let in_range = self.node.least.is_none_or(|least| low >= least)
            && self.node.most.is_none_or(|most| high <= most);
        if !self.node.takes(Kind::Integer) || !in_range {
            self.unexpected(&Came::Raw(&value.to_string()));
        }
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.number(Kind::Number, value, &Came::Raw(&value.to_string()));
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        // Characters are counted only where somebody asked how many there are.
        let bounded = self.node.least_length.is_some() || self.node.most_length.is_some();
        let length = if bounded {
            value.chars().count() as u64
        } else {
            0
        };
        let short = self.node.least_length.is_some_and(|least| length < least);
        let long = self.node.most_length.is_some_and(|most| length > most);
        if !self.node.takes(Kind::String) || short || long {
            self.unexpected(&Came::Text(value));
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let fits = self.node.takes(Kind::Array);
        let mut count = 0;
        loop {
            let more = match &self.node.items {
                Some(node) if fits => {
                    let at = Path::Item(&self.at, count);
                    items
                        .next_element_seed(Walk { node, at, ..self })?
                        .is_some()
                }
                _ => items.next_element::<IgnoredAny>()?.is_some(),
            };
            if !more {
                break;
            }
            count += 1;
        }
        let few = self
            .node
            .least_items
            .is_some_and(|least| (count as u64) < least);
        let many = self.node.most_items.is_some_and(|most| count as u64 > most);
        if !fits || few || many {
            self.unexpected(&Came::Items(count));
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        if !self.node.takes(Kind::Object) {
            while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            self.unexpected(&Came::Words("an object"));
            return Ok(());
        }
        // One bit a required member; a type with more than 64 of them is checked by its reader.
        let mut seen = 0_u64;
        while let Some(name) = members.next_key::<std::borrow::Cow<'de, str>>()? {
            let required = self.node.required.iter().position(|it| **it == *name);
            seen |= required.filter(|at| *at < 64).map_or(0, |at| 1 << at);
            let at = Path::Member(&self.at, &name);
            let property = self
                .node
                .properties
                .iter()
                .find(|(known, _)| **known == *name);
            match (property, &self.node.additional) {
                (Some((_, node)), _) => members.next_value_seed(Walk { node, at, ..self })?,
                (None, Additional::Like(node)) => {
                    members.next_value_seed(Walk { node, at, ..self })?;
                }
                (None, Additional::Any) => {
                    members.next_value::<IgnoredAny>()?;
                }
                (None, Additional::None) => {
                    members.next_value::<IgnoredAny>()?;
                    let known = self.node.properties.iter().map(|(known, _)| known.as_str());
                    self.report(Problem::unknown(&at, nearest(&name, known)));
                }
            }
        }
        for (bit, name) in self.node.required.iter().enumerate().take(64) {
            if seen & (1 << bit) == 0 {
                let at = Path::Member(&self.at, name);
                let node = self.node.properties.iter().find(|(known, _)| known == name);
                self.report(Problem::missing(&at, node.map(|(_, node)| node)));
            }
        }
        Ok(())
    }
}
