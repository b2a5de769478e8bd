//! The pipeline from a tool call to an upstream and back, recorded.
