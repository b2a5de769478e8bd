//! Schemas of every dialect into JSON Schema 2020-12: valid whatever was written, closed, and never
//! larger than asked for.
//!
//! A schema that the document shares stays shared: it becomes one of the tool's `$defs`, converted
//! once, breadth first, so that what is cut when the budget ends is what lies farthest from the
//! arguments. Inlining instead would turn 30 definitions into 2^28 copies.

use serde_json::{Map, Value, json};

use self::definitions::Definitions;
use crate::diagnostic::Findings;
use crate::document::Document;
use crate::tree::{Kind, Node};

pub(crate) use keyword::DESCRIPTION_BYTES;
pub(crate) use settle::{FILE_HINT, describe};
pub(crate) use visibility::is_hidden;

mod definitions;
mod keyword;
mod kind;
mod literal;
mod pattern;
mod settle;
mod visibility;

/// Schemas nest this deep in place; what lies deeper becomes a definition. Readers of JSON commonly
/// stop at 128 levels, and each schema takes two.
const INLINE_DEPTH: usize = 12;

/// Which way values travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// Arguments: what is `readOnly` is left out, constraints hold.
    Input,
    /// Answers: what is `writeOnly` is left out, and every constraint is loosened, because a real
    /// answer that differs from its description is still the answer. Any value may be null.
    Output,
}

/// Converts the schemas of one tool in one direction.
#[derive(Debug)]
pub(crate) struct Converter<'d, 'f> {
    document: &'d Document,
    direction: Direction,
    findings: &'f mut Findings<'d>,
    definitions: Definitions<'d>,
    /// Strings of `format: binary` travel as base64, because arguments are JSON.
    files: bool,
    /// About how many bytes the result may still take.
    budget: usize,
    cut: bool,
    /// The first property inside an argument whose key some model providers refuse.
    odd_keys: Option<Node<'d>>,
}

/// Where in the result a schema goes.
#[derive(Clone, Copy, Debug, Default)]
struct Place<'d> {
    depth: usize,
    /// It constrains the very value that the definition around it constrains.
    judges_same: bool,
    /// The outermost schema whose `allOf` this is a part of.
    family: Option<Node<'d>>,
}

impl<'d> Place<'d> {
    fn under(self) -> Self {
        Self {
            depth: self.depth + 1,
            judges_same: false,
            family: None,
        }
    }

    fn beside(self) -> Self {
        Self {
            depth: self.depth + 1,
            family: None,
            ..self
        }
    }

    fn part_of(self, whole: Node<'d>) -> Self {
        Self {
            family: self.family.or(Some(whole)),
            ..self.beside()
        }
    }
}

impl<'d, 'f> Converter<'d, 'f> {
    /// Starts a conversion whose result takes about `budget` bytes at most.
    pub(crate) fn new(
        document: &'d Document,
        direction: Direction,
        budget: usize,
        findings: &'f mut Findings<'d>,
    ) -> Self {
        Self {
            document,
            direction,
            findings,
            definitions: Definitions::default(),
            files: false,
            budget,
            cut: false,
            odd_keys: None,
        }
    }

    /// From here on strings of `format: binary` are files, given as base64.
    pub(crate) fn files_as_base64(&mut self) {
        self.files = true;
    }

    /// One schema; what it refers to is added to the definitions.
    pub(crate) fn convert(&mut self, node: Node<'d>) -> Map<String, Value> {
        self.schema(node, Place::default())
    }

    /// A schema as the root of an answer: itself an object, not a reference to one.
    pub(crate) fn convert_root(&mut self, node: Node<'d>) -> Map<String, Value> {
        let Ok(target) = self.document.follow(node) else {
            return self.convert(node);
        };
        let mut root = self.convert(target);
        if let Some(Value::Array(kinds)) = root.get_mut("type") {
            kinds.retain(|kind| kind != "null");
            if let [only] = kinds.as_slice() {
                root["type"] = only.clone();
            }
        }
        root
    }

    /// Everything that the converted schemas refer to, by name.
    pub(crate) fn finish(mut self, at: Node<'d>) -> Map<String, Value> {
        let mut finished = Map::new();
        while let Some((name, node)) = self.definitions.next() {
            let place = Place {
                judges_same: true,
                ..Place::default()
            };
            let schema = match node.get("$ref") {
                Some(_) => self.reference(node, place),
                None => self.plain(node, place),
            };
            finished.insert(name, Value::Object(schema));
        }
        if let (Some(property), Direction::Input) = (self.odd_keys, self.direction) {
            let message = "some model providers refuse keys like this one, and the API needs it";
            self.findings.note(property, "nested-key", message);
        }
        if self.cut {
            self.findings
                .note(at, "schema-cut", "the schema is larger than a model should read; what lies deepest accepts anything")
                .help("raise the limit for schemas, or describe less in the document");
        }
        finished
    }

    fn schema(&mut self, node: Node<'d>, place: Place<'d>) -> Map<String, Value> {
        match node.kind() {
            Kind::Object if self.is_spent() => self.out_of_budget(),
            Kind::Object if node.get("$ref").is_some() => self.reference(node, place),
            Kind::Object if place.depth > INLINE_DEPTH => self.refer(node, node, place),
            Kind::Object => self.plain(node, place),
            Kind::Bool(false) => object(json!({ "not": {} })),
            Kind::Bool(true) | Kind::Null => Map::new(),
            _ => {
                self.findings
                    .warning(
                        node,
                        "invalid-schema",
                        "a schema must be an object; this one accepts anything",
                    )
                    .help("write a schema, for example `type: string`");
                Map::new()
            }
        }
    }

    /// A schema with a `$ref`, and as much of what stands beside it as the dialect means.
    fn reference(&mut self, node: Node<'d>, place: Place<'d>) -> Map<String, Value> {
        let mut schema = match self.document.follow(node) {
            Err(broken) => {
                broken.report(self.findings, node, "anything is accepted in its place");
                Map::new()
            }
            Ok(end) => {
                let target = self.definition_of(node).unwrap_or(end);
                match is_trivial(target) {
                    true => self.plain(target, place),
                    false if self.is_spent() => self.out_of_budget(),
                    false => self.refer(target, node, place),
                }
            }
        };
        let all = self.document.dialect.has_json_schema();
        // Before 3.1 what stands beside `$ref` is ignored by the book. Authors mean these all the same.
        let meant = |key: &str| {
            all || matches!(
                key,
                "description" | "title" | "default" | "nullable" | "x-nullable"
            )
        };
        let beside = self.keywords(node, place, &|key| key != "$ref" && meant(key));
        let conflict = beside.keys().any(|key| {
            schema.contains_key(key) && !matches!(key.as_str(), "description" | "title" | "default")
        });
        if conflict {
            object(json!({ "allOf": [schema, beside] }))
        } else {
            schema.extend(beside);
            self.settle(node, schema)
        }
    }

    /// The schema that a reference's definition is made of: the end of the chain, or a link of it that
    /// says something of its own, which counts from 3.1 on.
    fn definition_of(&self, node: Node<'d>) -> Option<Node<'d>> {
        let mut target = self.document.target(node.str("$ref")?).ok()?;
        while let Some(next) = target.str("$ref") {
            if self.document.dialect.has_json_schema() && target.members().len() > 1 {
                return Some(target);
            }
            target = self.document.target(next).ok()?;
        }
        Some(target)
    }

    /// A `$ref` to the definition of `target`, unless that would have a value judged forever.
    fn refer(&mut self, target: Node<'d>, at: Node<'d>, place: Place<'d>) -> Map<String, Value> {
        if place.judges_same && !self.definitions.may_apply_in_place(target) {
            return self.without_alternatives(target, at, place);
        }
        let name = self.definitions.name(target);
        let reference = format!("#/$defs/{name}");
        self.spend(reference.len() + 12);
        object(json!({ "$ref": reference }))
    }

    /// Stands in for a schema that would have a value judged forever. Mostly it is a base whose
    /// alternatives extend it: what they inherit is the rest of it.
    fn without_alternatives(
        &mut self,
        target: Node<'d>,
        at: Node<'d>,
        place: Place<'d>,
    ) -> Map<String, Value> {
        self.findings.note(
            at,
            "schema-loop",
            "this schema is a part of itself; inside itself it is taken without its alternatives",
        );
        let judges_in_place = |key: &str| {
            const KEYWORDS: [&str; 8] = [
                "$ref", "allOf", "anyOf", "oneOf", "not", "if", "then", "else",
            ];
            KEYWORDS.contains(&key) || key.starts_with("depend")
        };
        self.keywords(target, place, &|key| !judges_in_place(key))
    }

    fn plain(&mut self, node: Node<'d>, place: Place<'d>) -> Map<String, Value> {
        if self.is_spent() {
            return self.out_of_budget();
        }
        let schema = self.keywords(node, place, &|key| key != "$ref");
        self.settle(node, schema)
    }

    fn keywords(
        &mut self,
        node: Node<'d>,
        place: Place<'d>,
        wanted: &dyn Fn(&str) -> bool,
    ) -> Map<String, Value> {
        let mut schema = Map::new();
        for (key, value) in node.members().filter(|(key, _)| wanted(key)) {
            self.keyword(&mut schema, node, key, value, place);
        }
        schema
    }

    fn out_of_budget(&mut self) -> Map<String, Value> {
        self.cut = true;
        Map::new()
    }

    fn is_spent(&self) -> bool {
        self.budget == 0
    }

    fn spend(&mut self, bytes: usize) {
        self.budget = self.budget.saturating_sub(bytes);
    }
}

/// Whether repeating the schema takes no more room than referring to it.
fn is_trivial(node: Node<'_>) -> bool {
    const SCALAR: [&str; 7] = [
        "type",
        "format",
        "description",
        "title",
        "example",
        "maxLength",
        "minLength",
    ];
    node.members().len() <= 6
        && node.get("type").is_some_and(|kind| {
            kind.as_str()
                .is_some_and(|kind| kind != "object" && kind != "array")
        })
        && node.members().all(|(key, value)| {
            SCALAR.contains(&key)
                || key.starts_with("x-")
                || (key == "enum" && value.items().len() <= 8)
        })
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests;
