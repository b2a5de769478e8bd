//! Getting in: the client's side (MCP, authorization flow steps).
//!
//! In reading order: what lets the requests of one server in (`authorization`, told how by
//! `settings`), what it has (`held`) and what it decides by (`state`); how a token is come by
//! (`source`, `obtain`), from finding out who issues them (`protected`), over being known there (`registration`, `identity`) and asking a
//! person (`code`, `pkce`, `interaction`, `loopback`, `browser`) or nobody (`machine`), to the token
//! endpoint (`token`) and the proof that goes with bound tokens (`proof`); and where tokens are kept
//! (`store`, `files`).

mod authorization;
mod held;
mod settings;
mod state;

mod source;

mod obtain;
mod protected;

mod identity;
mod registration;

mod browser;
mod code;
mod interaction;
mod loopback;
mod pkce;

mod machine;

mod proof;
mod token;

mod files;
mod store;

mod error;

pub use self::authorization::Authorization;
pub use self::browser::{Browser, Headless, SystemBrowser};
pub use self::error::SignInError;
pub use self::files::FileStore;
pub use self::identity::{Authentication, Credentials};
pub use self::interaction::{Interaction, InteractionError, Redirect, Redirected};
pub use self::loopback::Loopback;
pub use self::settings::{
    AssertionSource, Enterprise, Fixed, Grant, Person, ProofUse, Settings, SubjectKind, Workload,
};
pub use self::store::{Granted, MemoryStore, Registration, TokenKind, TokenStore};
pub use self::token::TokenError;
