//! What commands use to speak with an MCP server that is named on the command line.
//!
//! In reading order: which server (`named`) and with what in hand (`credentials`, `sign_in` with its
//! `browser` and what it `kept`); the connection (`connected`); whoever runs the command (`person`),
//! who hears what the server says and answers what it asks; what to do about failures (`advice`).

mod credentials;
mod named;

mod browser;
mod kept;
mod sign_in;

mod connected;
mod person;

mod advice;

pub(crate) use self::advice::advice;
pub(crate) use self::connected::{Connected, request};
pub(crate) use self::kept::{forget, kept};
pub(crate) use self::named::{Named, is_address};
pub(crate) use self::sign_in::{Occasion, keep_credentials};
