//! The words of MCP: envelope, methods, revisions, content, and the ports at the boundary.
//!
//! Nothing here knows sockets, files or an async runtime. Parameters and results stay raw text
//! until somebody who owns them reads them, so what this crate has never heard of passes through
//! unchanged.
//!
//! In reading order: what a message is ([`envelope`], [`id`], [`method`], [`error`]), which
//! revision it speaks ([`revision`], [`handshake`]), what it says ([`meta`], [`capability`],
//! [`content`], [`icon`], [`tool`] with its [`mirrored`] parameters, [`resource`], [`prompt`],
//! [`completion`], [`notification`], [`cache`]), what a server asks of a client ([`elicitation`],
//! [`sampling`], [`root`], [`input_required`]), what extensions add ([`task`], [`app`]), who says it
//! ([`port`]), and how a question finds its answer ([`inquiry`]).

pub mod envelope;
pub mod error;
pub mod id;
pub mod method;
pub mod strict;

pub mod handshake;
pub mod revision;

pub mod cache;
pub mod capability;
pub mod completion;
pub mod content;
pub mod icon;
pub mod meta;
pub mod mirrored;
pub mod notification;
pub mod prompt;
pub mod resource;
pub mod tool;

pub mod elicitation;
pub mod input_required;
pub mod root;
pub mod sampling;

pub mod app;
pub mod task;

pub mod inquiry;
pub mod port;
