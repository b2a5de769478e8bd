//! `wharf logout`: forgets a sign-in.

use std::io::Write as _;
use std::process::ExitCode;

use crate::client::{Named, forget, kept};
use crate::report::Failure;

pub(super) async fn run(url: &str) -> Result<ExitCode, Failure> {
    let Named::Url(at) = Named::at(url)? else {
        return Err(Failure::usage("only a server at a URL has a sign-in"));
    };
    let mut out = anstream::stdout();
    let host = &at[..url::Position::AfterPath];
    let Some(granted) = kept(&at).await? else {
        writeln!(out, "nobody was signed in at {host}")?;
        return Ok(ExitCode::SUCCESS);
    };
    forget(&at).await?;
    let issuer = crate::printable::first_line(&granted.issuer);
    writeln!(
        out,
        "signed out of {host}; what {issuer} has on record of this program stays there"
    )?;
    Ok(ExitCode::SUCCESS)
}
