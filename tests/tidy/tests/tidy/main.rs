//! Repository rules as tests: they fail where a rule is broken, and print what only taste can judge.

mod arrows;
mod files;
mod sizes;
mod source;
