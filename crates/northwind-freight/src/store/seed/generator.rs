//! Numbers that look random and are the same on every machine.

use std::ops::Range;

/// SplitMix64: eight lines, good enough to scatter names and dates, and never different between two runs.
#[derive(Debug)]
pub(super) struct Generator {
    state: u64,
}

impl Generator {
    /// Each table draws from a stream of its own, so a change to one leaves the others as they were.
    pub(super) fn new(stream: u64) -> Self {
        Self { state: stream }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A whole number of `range`, which is not empty.
    pub(super) fn within(&mut self, range: Range<i64>) -> i64 {
        let width = range.end.abs_diff(range.start);
        range.start.saturating_add_unsigned(self.next() % width)
    }

    /// True in `percent` of a hundred cases.
    pub(super) fn chance(&mut self, percent: i64) -> bool {
        self.within(0..100) < percent
    }

    /// One of `choices`, which is not empty.
    pub(super) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        let count = u64::try_from(choices.len()).expect("a slice is shorter than 2^64");
        let index = usize::try_from(self.next() % count).expect("below the length of a slice");
        choices[index]
    }
}
