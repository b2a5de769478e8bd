//! Where a byte of the document stands, as editors count.

/// The places where lines begin; found once, when the first diagnostic asks.
#[derive(Debug)]
pub(crate) struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    pub(crate) fn of(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self {
            starts: std::iter::once(0)
                .chain(breaks.map(|(at, _)| at + 1))
                .collect(),
        }
    }

    /// Line and column of a byte offset of the same `text`, both from 1; columns count characters.
    pub(crate) fn position(&self, text: &str, offset: usize) -> (u32, u32) {
        let line = self.starts.partition_point(|&start| start <= offset).max(1);
        let before = text.get(self.starts[line - 1]..offset).unwrap_or("");
        (count(line), count(before.chars().count() + 1))
    }
}

fn count(wide: usize) -> u32 {
    u32::try_from(wide).unwrap_or(u32::MAX)
}
