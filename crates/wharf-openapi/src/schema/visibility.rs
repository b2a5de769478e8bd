//! What each direction does not show: `readOnly` to callers, `writeOnly` to readers.

use super::{Converter, Direction};
use crate::document::Document;
use crate::tree::Node;

/// How many schemas are looked at to find a property among the parts of an `allOf`.
const MOST_PARTS: usize = 100;

impl<'d> Converter<'d, '_> {
    pub(super) fn is_hidden(&self, property: Node<'d>) -> bool {
        is_hidden(self.document, self.direction, property)
    }

    /// Whether `name`, which `schema` requires, is a property that this direction does not show. It
    /// may be declared in another part of the `allOf` that `family` is.
    pub(super) fn requires_hidden(
        &self,
        schema: Node<'d>,
        family: Option<Node<'d>>,
        name: &str,
    ) -> bool {
        let find = |node| declared(self.document, node, name, &mut { MOST_PARTS });
        find(schema)
            .or_else(|| find(family?))
            .is_some_and(|property| self.is_hidden(property))
    }
}

/// Whether `direction` leaves the property out.
pub(crate) fn is_hidden<'d>(
    document: &'d Document,
    direction: Direction,
    property: Node<'d>,
) -> bool {
    let hides = |node: Node<'_>| match direction {
        // `x-ms-mutability: [read]` is how Azure's 2.0 documents say it.
        Direction::Input => node.is_true("readOnly") || only_reads(node),
        Direction::Output => node.is_true("writeOnly"),
    };
    hides(property)
        || (property.get("$ref").is_some() && document.follow(property).is_ok_and(hides))
}

fn only_reads(node: Node<'_>) -> bool {
    let mut mutability = node.list("x-ms-mutability").filter_map(Node::as_str);
    mutability.next() == Some("read") && mutability.next().is_none()
}

fn declared<'d>(
    document: &'d Document,
    node: Node<'d>,
    name: &str,
    steps: &mut usize,
) -> Option<Node<'d>> {
    *steps = steps.checked_sub(1)?;
    let node = document.follow(node).ok()?;
    let own = node
        .get("properties")
        .and_then(|properties| properties.get(name));
    own.or_else(|| {
        node.list("allOf")
            .find_map(|part| declared(document, part, name, steps))
    })
}
