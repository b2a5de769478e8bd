//! The words of MCP: envelope, methods, revisions, content, and the ports at the boundary.
//!
//! Nothing here knows sockets, files or an async runtime. Parameters and results stay raw text
//! until somebody who owns them reads them, so what this crate has never heard of passes through
//! unchanged.
//!
//! In reading order: what a message is ([`envelope`], [`id`], [`method`], [`error`]), which
//! revision it speaks ([`revision`], [`handshake`]), what it says ([`meta`], [`capability`],
//! [`content`], [`tool`], [`notification`], [`cache`]), and who says it ([`port`]).

pub mod envelope;
pub mod error;
pub mod id;
pub mod method;
pub mod strict;

pub mod handshake;
pub mod revision;

pub mod cache;
pub mod capability;
pub mod content;
pub mod meta;
pub mod notification;
pub mod tool;

pub mod port;
