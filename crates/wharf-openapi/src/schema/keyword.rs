//! One keyword at a time: what JSON Schema 2020-12 knows is converted, what is invalid is dropped and
//! reported, and everything else is left out.

use serde_json::{Map, Value};

use super::{Converter, Direction, Place, kind, literal, pattern};
use crate::tree::{Kind, Node};
use crate::{argument, prose};

/// Descriptions inside schemas are cut to this many bytes: they are read once per property, and a
/// model reads all of them before its first call.
pub(crate) const DESCRIPTION_BYTES: usize = 400;
/// An enumeration of more values than this is no help to choose from.
const MOST_MEMBERS: usize = 2_000;
/// Longer examples explain less than they cost.
const EXAMPLE_BYTES: usize = 80;

type Schema = Map<String, Value>;

impl<'d> Converter<'d, '_> {
    pub(super) fn keyword(
        &mut self,
        schema: &mut Schema,
        whole: Node<'d>,
        key: &str,
        value: Node<'d>,
        place: Place<'d>,
    ) {
        match key {
            "title" | "description" => self.annotation(schema, key, value),
            "type" => self.kind(schema, value),
            "format" | "contentEncoding" | "contentMediaType" => {
                if let Some(text) = value.as_str().filter(|text| !text.is_empty()) {
                    // `type: int32` has already said what `format` says again.
                    self.put(schema, key, text.into());
                }
            }
            "default" => self.default(schema, value),
            "example" | "examples" => self.example(schema, key, value),
            "deprecated" if value.as_bool() == Some(true) => self.put(schema, key, true.into()),
            "enum" => self.members(schema, whole, value),
            "properties" => self.properties(schema, value, place),
            "patternProperties" => self.pattern_properties(schema, value, place),
            "additionalProperties" => self.additional_properties(schema, value, place),
            "items" => self.items(schema, whole, value, place),
            "prefixItems" => self.list(schema, key, value, place.under()),
            "allOf" => self.list(schema, key, value, place.part_of(whole)),
            "anyOf" => self.list(schema, key, value, place.beside()),
            "oneOf" => self.one_of(schema, value, place.beside()),
            "required"
            | "const"
            | "pattern"
            | "multipleOf"
            | "uniqueItems"
            | "dependentRequired"
            | "dependencies"
            | "dependentSchemas"
            | "maximum"
            | "minimum"
            | "exclusiveMaximum"
            | "exclusiveMinimum"
            | "maxLength"
            | "minLength"
            | "maxItems"
            | "minItems"
            | "maxProperties"
            | "minProperties"
            | "maxContains"
            | "minContains"
            | "contains"
            | "propertyNames"
            | "unevaluatedItems"
            | "unevaluatedProperties"
            | "not"
            | "if"
            | "then"
            | "else"
                if self.direction == Direction::Input =>
            {
                self.constraint(schema, whole, key, value, place);
            }
            "$dynamicRef" | "$recursiveRef" => {
                self.findings
                    .warning(
                        value,
                        "dynamic-reference",
                        format!("`{key}` is not followed; anything is accepted in its place"),
                    )
                    .help("use `$ref`");
            }
            // `nullable`, `discriminator` and booleans in the place of bounds are read when the rest is
            // known. Extensions, `xml`, `externalDocs`, `$id`, `$defs` and unknown words say nothing
            // to a validator or to a model.
            _ => {}
        }
    }

    fn constraint(
        &mut self,
        schema: &mut Schema,
        whole: Node<'d>,
        key: &str,
        value: Node<'d>,
        place: Place<'d>,
    ) {
        match key {
            "required" => self.required(schema, whole, value, place),
            "const" => {
                if let Some(constant) = value.value() {
                    self.put(schema, key, constant);
                }
            }
            "pattern" => self.pattern(schema, value),
            "multipleOf" => match value
                .as_number()
                .filter(|number| number.as_f64().is_some_and(|float| float > 0.0))
            {
                Some(number) => self.put(schema, key, number.into()),
                None => self.invalid(value, key, "a number greater than zero"),
            },
            // 2.0 and 3.0 write a boolean here, which `settle` reads together with the bound.
            "exclusiveMaximum" | "exclusiveMinimum" if value.as_bool().is_some() => {}
            "maximum" | "minimum" | "exclusiveMaximum" | "exclusiveMinimum" => {
                self.bound(schema, key, value);
            }
            "uniqueItems" => match value.as_bool() {
                Some(unique) => self.put(schema, key, unique.into()),
                None => self.invalid(value, key, "true or false"),
            },
            "dependentRequired" | "dependencies" | "dependentSchemas" => {
                self.dependencies(schema, value, place);
            }
            // These judge the value itself, so a definition must not come back to itself through them.
            "not" | "if" | "then" | "else" => self.single(schema, key, value, place.beside()),
            "contains" | "propertyNames" | "unevaluatedItems" | "unevaluatedProperties" => {
                self.single(schema, key, value, place.under());
            }
            _ => match literal::count(value) {
                Some(count) => self.put(schema, key, count),
                None => self.invalid(value, key, "a whole number, zero or more"),
            },
        }
    }

    fn annotation(&mut self, schema: &mut Schema, key: &str, value: Node<'d>) {
        let text = value.as_text().unwrap_or_default().trim();
        if text.is_empty() {
            return;
        }
        self.put(schema, key, prose::cut(text, DESCRIPTION_BYTES).into());
    }

    fn kind(&mut self, schema: &mut Schema, value: Node<'d>) {
        let kinds = kind::read(value);
        if let Some(unknown) = &kinds.unknown {
            self.findings
                .warning(value, "unknown-type", format!("the type is {unknown}, which JSON Schema does not have; anything is accepted"))
                .help("use string, number, integer, boolean, array or object");
        }
        let mut names = kinds.names;
        if self.direction == Direction::Output && !names.is_empty() && !names.contains(&"null") {
            names.push("null");
        }
        match names.as_slice() {
            [] => {}
            [only] => self.put(schema, "type", (*only).into()),
            many => self.put(schema, "type", many.into()),
        }
        if let Some(format) = kinds.format {
            self.put(schema, "format", format.into());
        }
        if kinds.file {
            self.put(schema, "format", "binary".into());
        }
    }

    fn default(&mut self, schema: &mut Schema, value: Node<'d>) {
        match value.value() {
            Some(default) if self.direction == Direction::Input => {
                self.put(schema, "default", default);
            }
            Some(_) => {}
            None => self.invalid(value, "default", "a value of reasonable size"),
        }
    }

    fn example(&mut self, schema: &mut Schema, key: &str, value: Node<'d>) {
        let first = if key == "examples" {
            value.items().next()
        } else {
            Some(value)
        };
        let Some(example) = first
            .filter(|node| !node.is_object() && !node.is_array())
            .and_then(Node::value)
        else {
            return;
        };
        if !example.is_null()
            && literal::weight(&example) <= EXAMPLE_BYTES
            && !schema.contains_key("examples")
        {
            self.put(schema, "examples", vec![example].into());
        }
    }

    fn members(&mut self, schema: &mut Schema, whole: Node<'d>, value: Node<'d>) {
        let kinds = whole.get("type").map(kind::read).unwrap_or_default().names;
        let few = value.items().len() <= MOST_MEMBERS;
        match few.then(|| literal::members(value, &kinds)).flatten() {
            Some(values) if !values.is_empty() => match self.direction {
                Direction::Input => self.put(schema, "enum", values.into()),
                // An API that learns a new value must not make its answers invalid.
                Direction::Output => self.put(schema, "examples", values.into()),
            },
            _ => self.invalid(value, "enum", "a list of 1 to 2,000 values"),
        }
    }

    fn properties(&mut self, schema: &mut Schema, value: Node<'d>, place: Place<'d>) {
        let Ok(properties) = self.document.follow(value) else {
            return self.invalid(value, "properties", "an object of schemas");
        };
        if !properties.is_object() {
            return self.invalid(value, "properties", "an object of schemas");
        }
        let mut converted = Map::new();
        for (name, property) in properties.members() {
            if self.is_hidden(property) {
                continue;
            }
            if self.is_spent() {
                self.cut = true;
                break;
            }
            self.spend(name.len() + 5);
            if !argument::is_legal(name) {
                self.odd_keys.get_or_insert(property);
            }
            converted.insert(name.to_owned(), self.schema(property, place.under()).into());
            // Swagger 1.2's `required: true` on the property itself, alive in 2.0 and 3.0 documents.
            if property.is_true("required") && self.direction == Direction::Input {
                require(schema, name);
            }
        }
        schema.insert("properties".to_owned(), converted.into());
    }

    fn required(
        &mut self,
        schema: &mut Schema,
        whole: Node<'d>,
        value: Node<'d>,
        place: Place<'d>,
    ) {
        if value.as_bool().is_some() || value.kind() == Kind::Null {
            return;
        }
        if !value.is_array() {
            return self.invalid(value, "required", "a list of names");
        }
        for name in value.items().filter_map(Node::as_str) {
            if !self.is_spent() && !self.requires_hidden(whole, place.family, name) {
                self.spend(name.len() + 3);
                require(schema, name);
            }
        }
    }

    fn pattern_properties(&mut self, schema: &mut Schema, value: Node<'d>, place: Place<'d>) {
        let mut converted = Map::new();
        for (written, property) in value.members() {
            match pattern::portable(written) {
                Ok(pattern) => {
                    converted.insert(pattern, self.schema(property, place.under()).into());
                }
                Err(reason) => self.invalid_pattern(property, written, &reason),
            }
        }
        if !converted.is_empty() {
            schema.insert("patternProperties".to_owned(), converted.into());
        }
    }

    fn additional_properties(&mut self, schema: &mut Schema, value: Node<'d>, place: Place<'d>) {
        match value.as_bool() {
            Some(false) if self.direction == Direction::Output || self.is_spent() => {}
            Some(open) => self.put(schema, "additionalProperties", open.into()),
            None => self.single(schema, "additionalProperties", value, place.under()),
        }
    }

    fn items(&mut self, schema: &mut Schema, whole: Node<'d>, value: Node<'d>, place: Place<'d>) {
        if !value.is_array() {
            return self.single(schema, "items", value, place.under());
        }
        // A list here was JSON Schema's way to write tuples until 2019-09.
        self.list(schema, "prefixItems", value, place.under());
        if let Some(rest) = whole.get("additionalItems") {
            self.single(schema, "items", rest, place.under());
        }
    }

    /// `oneOf` becomes `anyOf`: real alternatives overlap, mostly by being open objects that differ in
    /// a discriminator, and a check here must not refuse what the API accepts.
    fn one_of(&mut self, schema: &mut Schema, value: Node<'d>, place: Place<'d>) {
        let mut alternatives = Map::new();
        self.list(&mut alternatives, "anyOf", value, place);
        let Some(alternatives) = alternatives.remove("anyOf") else {
            return;
        };
        if !schema.contains_key("anyOf") {
            schema.insert("anyOf".to_owned(), alternatives);
            return;
        }
        let both = Value::from(vec![Map::from_iter([("anyOf".to_owned(), alternatives)])]);
        match (schema.get_mut("allOf"), both) {
            (Some(Value::Array(parts)), Value::Array(more)) => parts.extend(more),
            (_, both) => {
                schema.insert("allOf".to_owned(), both);
            }
        }
    }

    fn list(&mut self, schema: &mut Schema, key: &str, value: Node<'d>, place: Place<'d>) {
        if !value.is_array() {
            return self.invalid(value, key, "a list of schemas");
        }
        let mut parts: Vec<Value> = Vec::new();
        for part in value.items() {
            let is_last = self.is_spent();
            parts.push(self.schema(part, place).into());
            // What is spent accepts anything, and so do the alternatives with it.
            if is_last {
                break;
            }
        }
        match (parts.is_empty(), schema.get_mut(key)) {
            (true, _) => {}
            (false, Some(Value::Array(known))) => known.extend(parts),
            (false, _) => {
                self.spend(key.len() + 6);
                schema.insert(key.to_owned(), parts.into());
            }
        }
    }

    fn single(&mut self, schema: &mut Schema, key: &str, value: Node<'d>, place: Place<'d>) {
        self.spend(key.len() + 4);
        let converted = match value.kind() {
            Kind::Bool(value) => Value::Bool(value),
            _ => self.schema(value, place).into(),
        };
        schema.insert(key.to_owned(), converted);
    }

    fn dependencies(&mut self, schema: &mut Schema, value: Node<'d>, place: Place<'d>) {
        let (mut required, mut schemas) = (Map::new(), Map::new());
        for (name, dependency) in value.members() {
            if dependency.is_array() {
                let mut names: Vec<Value> = Vec::new();
                for name in dependency.items().filter_map(Node::as_str).map(Value::from) {
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
                required.insert(name.to_owned(), names.into());
            } else {
                schemas.insert(
                    name.to_owned(),
                    self.schema(dependency, place.beside()).into(),
                );
            }
        }
        for (key, found) in [
            ("dependentRequired", required),
            ("dependentSchemas", schemas),
        ] {
            if !found.is_empty() {
                self.put(schema, key, found.into());
            }
        }
    }

    fn pattern(&mut self, schema: &mut Schema, value: Node<'d>) {
        let Some(written) = value.as_str() else {
            return self.invalid(value, "pattern", "a regular expression");
        };
        match pattern::portable(written) {
            Ok(pattern) => self.put(schema, "pattern", pattern.into()),
            Err(reason) => self.invalid_pattern(value, written, &reason),
        }
    }

    fn bound(&mut self, schema: &mut Schema, key: &str, value: Node<'d>) {
        match value.as_number() {
            Some(number) => self.put(schema, key, number.into()),
            None => self.invalid(value, key, "a number"),
        }
    }

    fn invalid_pattern(&mut self, at: Node<'d>, written: &str, reason: &str) {
        let written = prose::cut(written, EXAMPLE_BYTES);
        self.findings
            .warning(
                at,
                "invalid-pattern",
                format!("the pattern `{written}` is left out: {reason}"),
            )
            .help("write it as an ECMA-262 regular expression");
    }

    pub(super) fn invalid(&mut self, at: Node<'d>, key: &str, expected: &str) {
        self.findings.warning(
            at,
            "invalid-keyword",
            format!("`{key}` must be {expected}; it is left out"),
        );
    }

    pub(super) fn put(&mut self, schema: &mut Schema, key: &str, value: Value) {
        self.spend(key.len() + 4 + literal::weight(&value));
        schema.insert(key.to_owned(), value);
    }
}

fn require(schema: &mut Schema, name: &str) {
    let required = schema
        .entry("required")
        .or_insert_with(|| Value::Array(Vec::new()));
    if let Value::Array(names) = required
        && names.iter().all(|known| known != name)
    {
        names.push(name.into());
    }
}
