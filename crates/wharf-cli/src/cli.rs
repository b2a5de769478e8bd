//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;
use url::Url;

pub(crate) use self::server::{Era, ServerArguments, SignInArguments};
use crate::config::listen_address;

mod server;

/// Turn a company's HTTP APIs into guarded MCP tools
#[derive(Debug, Parser)]
#[command(name = "wharf", version, max_term_width = 100, after_help = AFTER_HELP)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

const AFTER_HELP: &str = "\
Start here:
  wharf demo                                  a company to play with
  wharf serve --openapi openapi.json          one API, no config
  wharf serve                                 everything in wharf.toml
  wharf tools https://example.com/mcp         what another MCP server offers

Exit codes: 0 done, 1 failed, 2 wrong usage, 78 mistakes in the config.
Environment: WHARF_LOG chooses log lines (error, warn, info, debug), NO_COLOR turns colours off.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the tools of a config, or of one API document, over MCP
    Serve(ServeArguments),
    /// List the tools that may be used
    Tools(ToolsArguments),
    /// Call one tool
    Call(CallArguments),
    /// Tell what an MCP server is and what it offers
    Inspect(InspectArguments),
    /// Sign in at an MCP server
    Login(LoginArguments),
    /// Forget the sign-in at an MCP server
    Logout {
        /// The server, as it was named at the sign-in
        url: String,
    },
    /// Check API documents: what becomes a tool, and what is odd
    Check(CheckArguments),
    /// Start a small company and a gateway in front of it
    Demo(DemoArguments),
    /// List what was called, newest first
    Audit(AuditArguments),
    /// Check a config, or print what one may contain
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print completions for a shell
    Completions { shell: Shell },
}

/// One API document in place of a config.
#[derive(Args, Clone, Debug)]
pub(crate) struct DocumentArguments {
    /// API document to use without a config: URL or path
    #[arg(long, value_name = "URL|FILE")]
    pub openapi: Option<String>,
    /// Address of the API, in place of what the document says
    #[arg(long, value_name = "URL", requires = "openapi")]
    pub base_url: Option<Url>,
}

#[derive(Args, Debug)]
pub(crate) struct ServeArguments {
    /// Config to serve
    #[arg(default_value = "wharf.toml", conflicts_with = "openapi")]
    pub file: PathBuf,
    #[command(flatten)]
    pub document: DocumentArguments,
    /// Address to listen on, in place of the config's; port 0 takes any free one
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address, conflicts_with = "stdio")]
    pub listen: Option<SocketAddr>,
    /// Speak MCP on standard input and output instead of HTTP
    #[arg(long)]
    pub stdio: bool,
}

#[derive(Args, Debug)]
#[command(override_usage = "\
wharf tools [OPTIONS] [FILE.toml|URL] [FILTER]
       wharf tools [OPTIONS] [FILTER] -- COMMAND...")]
pub(crate) struct ToolsArguments {
    /// A config, if it ends in `.toml`, or the URL of an MCP server; then words to look for in names
    /// and summaries
    #[arg(value_name = "FILE|URL|FILTER", num_args = 0..=2)]
    pub words: Vec<String>,
    /// Config to list the tools of [default: wharf.toml]
    #[arg(long, value_name = "FILE", conflicts_with_all = ["openapi", "url", "command"])]
    pub config: Option<PathBuf>,
    #[command(flatten)]
    pub document: DocumentArguments,
    /// Print each tool's whole definition as one line of JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub server: ServerArguments,
}

#[derive(Args, Debug)]
#[command(
    override_usage = "\
wharf call [OPTIONS] NAME [KEY=VALUE]...
       wharf call [OPTIONS] NAME [KEY=VALUE]... -- COMMAND...",
    after_help = "\
Values are read as the tool's schema says: `limit=5` is a number where a number is wanted. JSON is
taken for arrays and objects, `key=@file` is the content of a file, `a.b=1` sets a field of an object."
)]
pub(crate) struct CallArguments {
    /// Name of the tool
    pub name: String,
    /// Arguments, one by one
    #[arg(value_name = "KEY=VALUE")]
    pub pairs: Vec<String>,
    /// Arguments as one JSON object; `@file` reads a file, `-` standard input
    #[arg(long, value_name = "JSON|@FILE|-", allow_hyphen_values = true)]
    pub args: Option<String>,
    /// Config with the tool [default: wharf.toml]
    #[arg(long, value_name = "FILE", conflicts_with_all = ["openapi", "url", "command"])]
    pub config: Option<PathBuf>,
    #[command(flatten)]
    pub document: DocumentArguments,
    /// Show the request that would be sent, secrets masked, and send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Print the whole result as one line of JSON; with --dry-run, the request
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub server: ServerArguments,
}

#[derive(Args, Debug)]
#[command(override_usage = "\
wharf inspect [OPTIONS] URL
       wharf inspect [OPTIONS] -- COMMAND...")]
pub(crate) struct InspectArguments {
    /// The server
    #[arg(value_name = "URL", conflicts_with_all = ["url", "command"])]
    pub place: Option<String>,
    /// Print what was learnt as one line of JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub server: ServerArguments,
}

#[derive(Args, Debug)]
pub(crate) struct LoginArguments {
    /// The server
    pub url: String,
    #[command(flatten)]
    pub sign_in: SignInArguments,
}

#[derive(Args, Debug)]
pub(crate) struct CheckArguments {
    /// Documents: files, folders, globs or URLs
    #[arg(required = true, value_name = "DOCUMENT")]
    pub documents: Vec<String>,
    /// Print one line of JSON for each document
    #[arg(long)]
    pub json: bool,
    /// Write every tool as it would be listed, one line of JSON each
    #[arg(long, value_name = "FILE")]
    pub tools: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct DemoArguments {
    /// Address to listen on; port 0 takes any free one
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address, default_value = "127.0.0.1:7777")]
    pub listen: SocketAddr,
}

#[derive(Args, Debug)]
pub(crate) struct AuditArguments {
    /// Config whose log to read [default: wharf.toml]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// How many entries
    #[arg(short = 'n', long, default_value_t = 20)]
    pub number: u32,
    /// Check instead that no entry was changed or removed
    #[arg(long)]
    pub verify: bool,
    /// Print each entry as one line of JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Report every mistake in a config
    Check {
        #[arg(default_value = "wharf.toml")]
        file: PathBuf,
        /// Print what was found as one line of JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the JSON Schema of the config, for editors
    Schema,
    /// Print the reference manual of the config, as Markdown
    Reference,
}

fn parse_address(text: &str) -> Result<SocketAddr, String> {
    listen_address(text)
        .ok_or_else(|| "write an IP address and a port, like 127.0.0.1:7777".to_owned())
}
