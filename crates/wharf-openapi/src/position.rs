//! Where a byte of the document stands, as editors count.

/// Characters are counted once for every stretch of this many bytes: generated documents are often
/// one line of many megabytes.
const STRETCH: usize = 4096;

/// The places where lines begin; found once, when the first diagnostic asks.
#[derive(Debug)]
pub(crate) struct Lines {
    starts: Vec<usize>,
    /// How many characters begin before each stretch.
    characters: Vec<usize>,
}

impl Lines {
    pub(crate) fn of(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(breaks.map(|(at, _)| at + 1));
        let mut characters = vec![0];
        for stretch in text.as_bytes().chunks(STRETCH) {
            let before = characters.last().copied().unwrap_or_default();
            characters.push(before + characters_in(stretch));
        }
        Self {
            starts: starts.collect(),
            characters,
        }
    }

    /// Line and column of a byte offset of the same `text`, both from 1; columns count characters.
    pub(crate) fn position(&self, text: &str, offset: usize) -> (u32, u32) {
        let line = self.starts.partition_point(|&start| start <= offset).max(1);
        let before = |offset| self.characters_before(text, offset);
        let column = before(offset).saturating_sub(before(self.starts[line - 1]));
        (count(line), count(column + 1))
    }

    fn characters_before(&self, text: &str, offset: usize) -> usize {
        let offset = offset.min(text.len());
        let stretch = offset / STRETCH;
        self.characters[stretch] + characters_in(&text.as_bytes()[stretch * STRETCH..offset])
    }
}

/// How many characters begin in these bytes of UTF-8.
fn characters_in(bytes: &[u8]) -> usize {
    let begins = |byte: &&u8| **byte & 0b1100_0000 != 0b1000_0000;
    bytes.iter().filter(begins).count()
}

fn count(wide: usize) -> u32 {
    u32::try_from(wide).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::load::{Limits, load};
    use crate::position::Lines;

    /// Every key says at which line it stands; its position must agree.
    #[track_caller]
    fn check(text: &str) {
        let loaded = load(text.as_bytes(), &Limits::default()).expect("the text is a document");
        let mut waiting = vec![loaded.tree.root()];
        while let Some(node) = waiting.pop() {
            for (key, child) in node.members() {
                let (line, column) = Lines::of(text).position(text, child.offset());
                assert_eq!(key, format!("ä{line}:{column}"), "{text}");
                waiting.push(child);
            }
            waiting.extend(node.items());
        }
    }

    #[test]
    fn json_keys_are_located() {
        check(
            "{\n  \"ä2:3\": {\"ä2:12\": 1},\n\n  \"ä4:3\": [{\"ä4:13\": \"é\", \"ä4:27\": null}]}",
        );
    }

    #[test]
    fn yaml_keys_are_located() {
        check("# é\n'ä2:1': é\n'ä3:1':\n  'ä4:3': [{'ä4:13': 1}]\n  'ä5:3':\n  - 'ä6:5': x\n");
    }

    proptest! {
        #[test]
        fn keys_are_located_wherever_they_stand(gaps in proptest::collection::vec(0_usize..5, 1..20)) {
            let (mut json, mut yaml) = ("{".to_owned(), String::new());
            for (place, gap) in gaps.iter().enumerate() {
                json.push_str(if place == 0 { "" } else { "," });
                json.push_str(&"\n".repeat(*gap));
                json.push_str(&" ".repeat(*gap));
                let (line, column) = Lines::of(&json).position(&json, json.len());
                json = format!("{json}\"ä{line}:{column}\": \"é\"");
                yaml.push_str(&"\n".repeat(*gap));
                let (line, _) = Lines::of(&yaml).position(&yaml, yaml.len());
                yaml = format!("{yaml}'ä{line}:1': é\n");
            }
            check(&(json + "}"));
            check(&yaml);
        }
    }
}
