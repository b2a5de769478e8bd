//! `wharf`, the program. What it does is in the library beside it.

use std::process::ExitCode;

fn main() -> ExitCode {
    wharf_cli::run(std::env::args_os())
}
