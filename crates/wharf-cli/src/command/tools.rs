//! `wharf tools`: what may be used, one line a tool.

mod gateway;
mod row;
mod server;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use self::row::Rows;
use crate::cli::ToolsArguments;
use crate::client::{Named, is_address};
use crate::report::Failure;
use crate::source::Source;

pub(super) async fn run(arguments: ToolsArguments) -> Result<ExitCode, Failure> {
    let words = Words::of(&arguments)?;
    let rows = Rows {
        filter: words.filter.map(str::to_lowercase),
        json: arguments.json,
    };
    if let Some(named) = Named::of(&arguments.server, words.address)? {
        return server::list(named, &arguments.server, &rows).await;
    }
    let file = words.file.map(PathBuf::from).or(arguments.config);
    let file = file.unwrap_or_else(|| "wharf.toml".into());
    gateway::list(&Source::new(file, arguments.document)?, &rows).await
}

/// The words without an option: what they look like says what they are.
struct Words<'a> {
    file: Option<&'a str>,
    address: Option<&'a str>,
    filter: Option<&'a str>,
}

impl<'a> Words<'a> {
    fn of(arguments: &'a ToolsArguments) -> Result<Self, Failure> {
        let first = arguments.words.first().map(String::as_str);
        let file = first.filter(|word| is_config(word));
        let address = first.filter(|word| is_address(word));
        let named = file.is_some() || address.is_some();
        let filter = arguments.words.get(usize::from(named)).map(String::as_str);
        if arguments.words.len() > usize::from(named) + usize::from(filter.is_some()) {
            return Err(Failure::usage(
                "give one config that ends in `.toml`, or one URL, and one filter",
            ));
        }
        let options = [
            arguments.config.is_some(),
            arguments.document.openapi.is_some(),
            arguments.server.url.is_some() || !arguments.server.command.is_empty(),
        ];
        let sources = options.iter().filter(|given| **given).count() + usize::from(named);
        if sources > 1 {
            return Err(Failure::usage(
                "give one config, one document or one server",
            ));
        }
        Ok(Self {
            file,
            address,
            filter,
        })
    }
}

fn is_config(word: &str) -> bool {
    !is_address(word)
        && Path::new(word)
            .extension()
            .is_some_and(|ending| ending == "toml")
}
