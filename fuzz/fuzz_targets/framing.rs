//! The bytes of one HTTP connection.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wharf_wire::fuzzing::framing(bytes));
