//! MCP headers and the body they repeat.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wharf_wire::fuzzing::headers(bytes));
