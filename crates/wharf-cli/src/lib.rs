//! The one binary, `wharf`: config, commands, and what people see of them. Imported by nobody.
//!
//! In reading order: the command line (`cli`), the commands (`command`, one file each), the config
//! ([`config`]); where a gateway comes from (`source`) and how other servers are spoken with (`client`); how failures look ([`report`]). Nothing else
//! in the workspace reads environment variables (`environment`) or files that a user names.

use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser as _;

mod cli;
mod command;

pub mod config;
mod source;

mod client;

pub mod report;

mod clock;
mod environment;
mod nearest;
mod paint;
mod printable;
mod signals;
mod telemetry;

/// How long the end may wait for what cannot be called off.
const LAST_MOMENT: Duration = Duration::from_millis(100);

/// Runs `wharf` with a command line, whose first word is the program's name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match cli::Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come this way too. A closed stream leaves nobody to tell.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    telemetry::start();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return report::conclude(Err(error.into())),
    };
    let ended = runtime.block_on(command::run(cli.command));
    // What still runs is dropped, processes of ours with it. Only a read of standard input cannot be
    // called off, and must not keep us from ending.
    runtime.shutdown_timeout(LAST_MOMENT);
    report::conclude(ended)
}
