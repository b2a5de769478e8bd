//! What the compiler says to the mistakes that newcomers make.

#[test]
#[ignore = "compiles thirty programs, and the texts are those of Rust 1.95; `cargo test -p wharf --test it ui -- --ignored`"]
fn a_mistake_is_answered_at_its_place_with_what_to_write_instead() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
