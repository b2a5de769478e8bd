//! Whole documents, from bytes to tools.

mod adversarial;
mod corpus;
mod support;
