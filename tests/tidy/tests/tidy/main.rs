//! Repository rules as tests: they fail where a rule is broken, and print what only taste can judge.

#![expect(clippy::print_stdout, reason = "the sizes are printed to be read")]

mod arrows;
mod files;
mod rows;
mod sizes;
mod source;
