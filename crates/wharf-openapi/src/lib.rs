//! An API document becomes tools, call plans and diagnostics. Pure: no I/O, no clock.

pub mod answer;
pub mod operation;
pub mod plan;
