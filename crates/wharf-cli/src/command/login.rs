//! `wharf login`: a person signs in at an MCP server, once for all commands.

use std::io::Write as _;
use std::process::ExitCode;

use url::Url;
use wharf_protocol::method::Method;
use wharf_wire::oauth::client::Granted;

use crate::cli::{LoginArguments, ServerArguments};
use crate::client::{Connected, Named, Occasion, keep_credentials, kept};
use crate::clock;
use crate::paint;
use crate::printable::first_line;
use crate::report::Failure;

pub(super) async fn run(arguments: LoginArguments) -> Result<ExitCode, Failure> {
    let named = Named::at(&arguments.url)?;
    let Named::Url(url) = named.clone() else {
        return Err(Failure::usage("only a server at a URL has a sign-in"));
    };
    visit(named, &arguments).await?;
    let Some(granted) = kept(&url).await? else {
        return Err(
            Failure::saying(format!("`{}` asked for no sign-in", arguments.url))
                .with_hint("it lets everybody in, as far as its list of tools goes"),
        );
    };
    keep_credentials(&arguments.sign_in, &granted.issuer).await?;
    announce(&url, &granted)?;
    Ok(ExitCode::SUCCESS)
}

/// Uses the server just enough to be asked who we are: some let everybody say hello.
async fn visit(named: Named, arguments: &LoginArguments) -> Result<(), Failure> {
    let how = ServerArguments {
        url: None,
        headers: Vec::new(),
        bearer: None,
        sign_in: arguments.sign_in.clone(),
        environment: Vec::new(),
        timeout: None,
        era: None,
        command: Vec::new(),
    };
    Connected::with(named, &how, Occasion::Asked, async |server| {
        if server.learnt().capabilities.tools.is_some() {
            server.list(Method::TOOLS_LIST).await?;
        }
        Ok(())
    })
    .await
}

fn announce(url: &Url, granted: &Granted) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    let good = paint::GOOD;
    let issuer = first_line(&granted.issuer);
    let until = granted.expires_at.map_or_else(
        || "until it is taken back".to_owned(),
        |seconds| {
            let milliseconds = i64::try_from(seconds).unwrap_or(i64::MAX / 1000) * 1000;
            let renewed = if granted.refresh_token.is_some() {
                ", then renewed"
            } else {
                ""
            };
            format!("until {} UTC{renewed}", clock::utc(milliseconds))
        },
    );
    let host = &url[..url::Position::AfterPath];
    writeln!(
        out,
        "{good}signed in{good:#} at {host} by {issuer}, {until}"
    )?;
    Ok(())
}
