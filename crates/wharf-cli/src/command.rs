//! The commands, one file each.

mod audit;
mod call;
mod check;
mod config;
mod demo;
mod inspect;
mod login;
mod logout;
mod serve;
mod tools;

mod one_line;

use std::process::ExitCode;

use clap::CommandFactory as _;

use crate::cli::{Cli, Command};
use crate::report::Failure;

/// Runs one command to its end.
///
/// # Errors
///
/// [`Failure`], which says with what exit code to end.
pub(crate) async fn run(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Serve(arguments) => serve::run(arguments).await,
        Command::Tools(arguments) => tools::run(arguments).await,
        Command::Call(arguments) => call::run(arguments).await,
        Command::Inspect(arguments) => inspect::run(arguments).await,
        Command::Login(arguments) => login::run(arguments).await,
        Command::Logout { url } => logout::run(&url).await,
        Command::Check(arguments) => check::run(arguments).await,
        Command::Demo(arguments) => demo::run(arguments).await,
        Command::Audit(arguments) => audit::run(arguments).await,
        Command::Config(command) => config::run(command).await,
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "wharf", &mut script);
            std::io::Write::write_all(&mut std::io::stdout(), &script)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}
