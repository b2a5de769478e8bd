//! OAuth metadata and challenges.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wharf_wire::fuzzing::metadata(bytes));
