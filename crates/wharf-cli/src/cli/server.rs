//! An MCP server on the command line, in place of a config.

use std::ffi::OsString;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::config::parse_duration;

/// Which server, and how to speak with it.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "MCP server")]
pub(crate) struct ServerArguments {
    /// The server's address
    #[arg(long, value_name = "URL", conflicts_with = "command")]
    pub url: Option<String>,
    /// A header on every request; may hold references like `${env:TOKEN}`
    #[arg(
        long = "header",
        value_name = "NAME: VALUE",
        conflicts_with = "command"
    )]
    pub headers: Vec<String>,
    /// The token to show: a reference like `${env:TOKEN}`, or the name of an environment variable
    #[arg(long, value_name = "REFERENCE", conflicts_with = "command")]
    pub bearer: Option<String>,
    /// An environment variable of the command, which inherits few; may hold references
    #[arg(long = "env", value_name = "NAME=VALUE", requires = "command")]
    pub environment: Vec<String>,
    /// How long a request may go without an answer or news of its progress [default: 60s]
    #[arg(long, value_name = "DURATION", value_parser = patience)]
    pub timeout: Option<Duration>,
    /// The era of MCP to speak, in place of whichever the server does
    #[arg(long)]
    pub era: Option<Era>,
    /// The program that is the server, and its arguments
    #[arg(last = true, value_name = "COMMAND")]
    pub command: Vec<OsString>,
    // Last: its heading would stand above whatever follows.
    #[command(flatten)]
    pub sign_in: SignInArguments,
}

/// How to get in at a server that asks who we are.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Signing in")]
pub(crate) struct SignInArguments {
    /// Print the address to sign in at, and open no browser
    #[arg(long)]
    pub no_browser: bool,
    /// What this program is registered as with whoever issues the server's tokens
    #[arg(long, value_name = "ID")]
    pub client_id: Option<String>,
    /// Its secret, as a reference like `${env:SECRET}`; commands other than `login` then sign in by
    /// themselves, without a browser
    #[arg(long, value_name = "REFERENCE", requires = "client_id")]
    pub client_secret_from: Option<String>,
    /// Who issues the server's tokens, and who alone gets to see the secret [default: whoever the
    /// server names]
    #[arg(long, value_name = "URL")]
    pub issuer: Option<String>,
}

/// The two ways in which a client and a server get to know each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Era {
    /// 2026-07-28 and newer
    Modern,
    /// 2025-11-25 and older
    Legacy,
}

fn patience(text: &str) -> Result<Duration, String> {
    match parse_duration(text) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        _ => Err("write a number and its unit, like 30s or 1m30s".to_owned()),
    }
}
