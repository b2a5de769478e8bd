//! `wharf call`: one call of one tool.

mod gateway;
mod server;

mod arguments;
mod schema;

mod print;

use std::process::ExitCode;

use crate::cli::CallArguments;
use crate::client::Named;
use crate::report::Failure;

pub(super) async fn run(arguments: CallArguments) -> Result<ExitCode, Failure> {
    let Some(named) = Named::of(&arguments.server, None)? else {
        return gateway::call(arguments).await;
    };
    if arguments.document.openapi.is_some() {
        return Err(Failure::usage("give one document or one server"));
    }
    server::call(named, arguments).await
}
