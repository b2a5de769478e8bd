//! YAML 1.2 into a tree: aliases become links, merge keys are merged, nothing is expanded.
//!
//! `saphyr-parser` gives events with their places. `yaml_serde` reads as many documents but tells no
//! place once it is done, and every diagnostic of this crate names a line.

use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Tag};

use super::{Limits, Malformed};
use crate::tree::builder::{Builder, Container, Scalar};
use crate::tree::scalar::{Plain, plain};
use crate::tree::{NodeId, Tree};

type Read<T> = Result<T, Malformed>;

/// Reads the first document of a YAML stream.
pub(super) fn read(text: &str, limits: &Limits) -> Read<(Tree, Vec<NodeId>)> {
    let mut places = Places {
        text,
        characters: 0,
        bytes: 0,
    };
    let mut reader = Reader {
        builder: Builder::new(text.into(), limits),
        anchors: HashMap::new(),
    };
    let mut is_empty = true;
    for next in Parser::new_from_str(text) {
        let (event, span) = next.map_err(|error| {
            let offset = places.offset(*error.marker());
            Malformed::new(offset, format!("not YAML: {}", error.info()))
        })?;
        match event {
            Event::DocumentEnd => break,
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) => {}
            event => {
                is_empty = false;
                reader.event(event, places.offset(span.start))?;
            }
        }
    }
    if is_empty {
        Err(Malformed::new(0, "the document is empty"))
    } else {
        Ok(reader.builder.finish())
    }
}

struct Reader<'l> {
    builder: Builder<'l>,
    /// Nodes by the number of their anchor.
    anchors: HashMap<usize, u32>,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, offset: usize) -> Read<()> {
        let at_key =
            self.builder.inside() == Some(Container::Object) && !self.builder.awaits_value();
        match event {
            Event::Scalar(text, ..) if at_key => self.key(&text, offset),
            Event::Alias(_) | Event::SequenceStart(..) | Event::MappingStart(..) if at_key => {
                return Err(Malformed::new(
                    offset,
                    "a key must be written out: no alias, list or mapping",
                ));
            }
            Event::Scalar(text, style, anchor, tag) => {
                let scalar = self.scalar(&text, style, tag.as_deref());
                let id = self.builder.scalar(scalar, offset)?;
                self.anchors.insert(anchor, id);
            }
            // An anchor that is not known yet is an alias to a container that it stands in: a loop,
            // which no API document can mean.
            Event::Alias(anchor) => match self.anchors.get(&anchor).copied() {
                Some(id) => self.builder.link(id),
                None => {
                    return Err(Malformed::new(
                        offset,
                        "this alias names no anchor before it",
                    ));
                }
            },
            Event::SequenceStart(anchor, _) => self.open(Container::Array, anchor, offset)?,
            Event::MappingStart(anchor, _) => self.open(Container::Object, anchor, offset)?,
            Event::SequenceEnd => self.close(),
            Event::MappingEnd => {
                self.builder.merge()?;
                self.close();
            }
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, container: Container, anchor: usize, offset: usize) -> Read<()> {
        // The anchor is registered when the container closes, so that no node can contain itself.
        self.builder.open(container, offset, anchor)
    }

    fn close(&mut self) {
        if let Some((id, anchor)) = self.builder.close() {
            self.anchors.insert(anchor, id);
        }
    }

    fn key(&mut self, key: &str, offset: usize) {
        let key = self.builder.unescaped(key);
        self.builder.key(key, offset);
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Scalar {
        let tagged_string = tag.is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str");
        let meaning = match style {
            ScalarStyle::Plain if !tagged_string => plain(text),
            _ => Plain::String,
        };
        match meaning {
            Plain::Null => Scalar::Null,
            Plain::Bool(value) => Scalar::Bool(value),
            Plain::Number => Scalar::Number(self.builder.unescaped(text)),
            Plain::String => Scalar::String(self.builder.unescaped(text)),
        }
    }
}

/// Turns the parser's places, counted in characters, into byte offsets. Places come almost in order,
/// so walking from the last one is cheap.
struct Places<'t> {
    text: &'t str,
    characters: usize,
    bytes: usize,
}

impl Places<'_> {
    fn offset(&mut self, marker: Marker) -> usize {
        while self.characters < marker.index() {
            let Some(next) = self.text[self.bytes..].chars().next() else {
                break;
            };
            self.bytes += next.len_utf8();
            self.characters += 1;
        }
        while self.characters > marker.index() {
            let Some(last) = self.text[..self.bytes].chars().next_back() else {
                break;
            };
            self.bytes -= last.len_utf8();
            self.characters -= 1;
        }
        self.bytes
    }
}
