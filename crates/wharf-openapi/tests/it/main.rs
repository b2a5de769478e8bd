//! Whole documents, from bytes to tools.

mod adversarial;
mod corpus;
mod semantics;
mod support;
