//! XML bodies, by the `xml` hints of the schema; without hints, one element a property.

use serde_json::{Map, Value};

use super::error::PlanError;
use super::scalar;
use crate::operation::{XmlHints, XmlKind, XmlNode};

/// The namespace of `xsi:nil`, which is how XML says `null`.
const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// Writes `value` as a document; `argument` is for errors.
pub(super) fn write(
    argument: &str,
    value: &Value,
    hints: Option<&XmlHints>,
) -> Result<String, PlanError> {
    let plain = XmlNode::default();
    let nodes = hints.map_or(&[][..], |hints| hints.nodes.as_slice());
    let mut writer = Writer {
        argument,
        nodes,
        out: String::new(),
    };
    writer
        .out
        .push_str(r#"<?xml version="1.0" encoding="UTF-8"?>"#);
    let root = nodes.first().unwrap_or(&plain);
    match value {
        // A document has one root, so the items of an array need an element around them.
        Value::Array(items) => {
            let item = root.items.and_then(|at| nodes.get(at)).unwrap_or(&plain);
            let name = root.name.as_deref().unwrap_or("items");
            writer.wrapper(root, name, |writer| {
                items
                    .iter()
                    .try_for_each(|each| writer.element(item, "item", each))
            })?;
        }
        value => writer.element(root, "root", value)?,
    }
    Ok(writer.out)
}

struct Writer<'a> {
    argument: &'a str,
    nodes: &'a [XmlNode],
    out: String,
}

impl<'a> Writer<'a> {
    /// One element for `value`, called `name` unless its node knows better.
    fn element(&mut self, node: &'a XmlNode, name: &str, value: &Value) -> Result<(), PlanError> {
        let tag = self.open(node, node.name.as_deref().unwrap_or(name))?;
        match value {
            Value::Null => {
                self.out
                    .extend([" xmlns:xsi=\"", XSI, "\" xsi:nil=\"true\"/>"]);
                return Ok(());
            }
            Value::Object(members) => {
                self.attributes(node, members)?;
                self.out.push('>');
                self.children(node, members)?;
            }
            Value::Array(items) => {
                self.out.push('>');
                let item = self.items(node);
                for each in items {
                    self.element(item, "item", each)?;
                }
            }
            value => {
                self.out.push('>');
                self.text(&scalar::text_or_json(value)?, false)?;
            }
        }
        self.out.extend(["</", &tag, ">"]);
        Ok(())
    }

    fn wrapper(
        &mut self,
        node: &XmlNode,
        name: &str,
        inside: impl FnOnce(&mut Self) -> Result<(), PlanError>,
    ) -> Result<(), PlanError> {
        let tag = self.open(node, name)?;
        self.out.push('>');
        inside(self)?;
        self.out.extend(["</", &tag, ">"]);
        Ok(())
    }

    /// `<prefix:name xmlns…`, left open for attributes.
    fn open(&mut self, node: &XmlNode, name: &str) -> Result<String, PlanError> {
        let tag = qualified(node, name)?;
        self.out.extend(["<", &tag]);
        self.declare(node)?;
        Ok(tag)
    }

    fn declare(&mut self, node: &XmlNode) -> Result<(), PlanError> {
        let Some(namespace) = &node.namespace else {
            return Ok(());
        };
        self.out.push_str(" xmlns");
        if let Some(prefix) = &node.prefix {
            self.out.extend([":", prefix]);
        }
        self.out.push_str("=\"");
        self.text(namespace, true)?;
        self.out.push('"');
        Ok(())
    }

    /// Members whose node says `attribute`. There is no `null` among attributes: it is left out.
    fn attributes(
        &mut self,
        node: &'a XmlNode,
        members: &Map<String, Value>,
    ) -> Result<(), PlanError> {
        for (property, value) in members {
            let child = self.property(node, property);
            if child.is_none_or(|child| child.kind != XmlKind::Attribute) || value.is_null() {
                continue;
            }
            if let Some(child) = child {
                let name = qualified(child, child.name.as_deref().unwrap_or(property))?;
                if child.prefix.is_some() {
                    self.declare(child)?;
                }
                self.out.extend([" ", &name, "=\""]);
                self.text(&scalar::text_or_json(value)?, true)?;
                self.out.push('"');
            }
        }
        Ok(())
    }

    fn children(
        &mut self,
        node: &'a XmlNode,
        members: &Map<String, Value>,
    ) -> Result<(), PlanError> {
        for (property, value) in members {
            let child = self.property(node, property);
            match (child.map_or(XmlKind::Element, |child| child.kind), value) {
                (XmlKind::Attribute, _) => {}
                (XmlKind::Text, value) => self.text(&scalar::text_or_json(value)?, false)?,
                (XmlKind::Element, Value::Array(items)) => self.array(child, property, items)?,
                (XmlKind::Element, value) => {
                    self.element(child.unwrap_or(PLAIN), property, value)?;
                }
            }
        }
        Ok(())
    }

    /// Repeated elements, named after the items or else the property; with `wrapped` inside an
    /// element of the array's own (OAS 3.0.4, XML arrays).
    fn array(
        &mut self,
        child: Option<&'a XmlNode>,
        property: &str,
        items: &[Value],
    ) -> Result<(), PlanError> {
        let child = child.unwrap_or(PLAIN);
        let item = self.items(child);
        let outer = child.name.as_deref().unwrap_or(property);
        if child.wrapped {
            return self.wrapper(child, outer, |writer| {
                items
                    .iter()
                    .try_for_each(|each| writer.element(item, outer, each))
            });
        }
        // Unwrapped, the array's own name means nothing: the property's stands in for the items'.
        items
            .iter()
            .try_for_each(|each| self.element(item, property, each))
    }

    fn items(&self, node: &XmlNode) -> &'a XmlNode {
        node.items
            .and_then(|at| self.nodes.get(at))
            .unwrap_or(PLAIN)
    }

    fn property(&self, node: &XmlNode, property: &str) -> Option<&'a XmlNode> {
        let (_, at) = node.properties.iter().find(|(name, _)| name == property)?;
        self.nodes.get(*at)
    }

    fn text(&mut self, text: &str, quoted: bool) -> Result<(), PlanError> {
        for character in text.chars() {
            match character {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '"' if quoted => self.out.push_str("&quot;"),
                // Attribute values are normalised: written plainly, these would come back as spaces.
                '\t' if quoted => self.out.push_str("&#9;"),
                '\n' if quoted => self.out.push_str("&#10;"),
                '\r' => self.out.push_str("&#13;"),
                '\t' | '\n' => self.out.push(character),
                '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                    return Err(PlanError::Character {
                        argument: self.argument.to_owned(),
                        character,
                        place: "XML",
                    });
                }
                character => self.out.push(character),
            }
        }
        Ok(())
    }
}

/// The node of a property that the document has no hints for.
const PLAIN: &XmlNode = &XmlNode {
    name: None,
    namespace: None,
    prefix: None,
    kind: XmlKind::Element,
    wrapped: false,
    properties: Vec::new(),
    items: None,
};

fn qualified(node: &XmlNode, name: &str) -> Result<String, PlanError> {
    let legal = |text: &str| {
        let mut characters = text.chars();
        let first = characters
            .next()
            .is_some_and(|each| each.is_alphabetic() || each == '_');
        first && characters.all(|each| each.is_alphanumeric() || "_-.:".contains(each))
    };
    if !legal(name) || node.prefix.as_deref().is_some_and(|prefix| !legal(prefix)) {
        return Err(PlanError::XmlName {
            property: name.to_owned(),
        });
    }
    Ok(match &node.prefix {
        Some(prefix) => format!("{prefix}:{name}"),
        None => name.to_owned(),
    })
}
