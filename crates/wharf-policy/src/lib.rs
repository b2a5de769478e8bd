//! Who may see and do what: principals, rules, the proof of admission, redaction, the audit record.
//!
//! Everything here is a decision. Nothing performs I/O, reads a clock or knows a protocol of the
//! network; time is an argument. The one thing that only this crate can make is an
//! [`Admitted`](admitted::Admitted): the proof that a rule let a call through.
//!
//! In reading order: who asks ([`principal`]), for what ([`facts`]), under which rules ([`rule`]),
//! with arguments that the tool takes ([`arguments`]), is let through or not ([`decide`],
//! [`admitted`]), and what may be written down of it ([`secret`], [`redact`], [`record`]).

pub mod facts;
pub mod principal;
pub mod rule;

pub mod arguments;

pub mod admitted;
pub mod decide;

pub mod record;
pub mod redact;
pub mod secret;
