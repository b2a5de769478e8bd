//! What is shown with every request: headers, a token, the environment of a command.

use std::ffi::OsString;

use http::header::{AUTHORIZATION, HeaderMap};
use http::{HeaderName, HeaderValue};

use crate::cli::ServerArguments;
use crate::config::{expand, refers};
use crate::report::Failure;

/// The headers that `arguments` ask for, their references resolved.
///
/// # Errors
///
/// A header that is none, a reference that leads to nothing, a token in plain sight.
pub(super) async fn headers(arguments: &ServerArguments) -> Result<HeaderMap, Failure> {
    let mut headers = HeaderMap::new();
    for header in &arguments.headers {
        let (name, value) = header.split_once(':').ok_or_else(not_a_header)?;
        let name = HeaderName::from_bytes(name.trim().as_bytes()).map_err(|_| not_a_header())?;
        let value = expand("--header", value.trim()).await?;
        headers.append(name, sensitive(value.expose())?);
    }
    if let Some(bearer) = &arguments.bearer {
        let token = token(bearer).await?;
        headers.insert(AUTHORIZATION, sensitive(&format!("Bearer {token}"))?);
    }
    Ok(headers)
}

/// The environment that a command gets beside what every command inherits.
///
/// # Errors
///
/// What is no `NAME=VALUE`, and a reference that leads to nothing.
pub(super) async fn environment(
    arguments: &ServerArguments,
) -> Result<Vec<(OsString, OsString)>, Failure> {
    let mut environment = Vec::new();
    for variable in &arguments.environment {
        let (name, value) = variable
            .split_once('=')
            .filter(|(name, _)| !name.is_empty())
            .ok_or_else(|| {
                Failure::usage("`--env` takes a name and a value")
                    .with_hint("write `--env NAME=value` or `--env 'NAME=${env:NAME}'`")
            })?;
        let value = expand("--env", value).await?;
        environment.push((name.into(), value.expose().into()));
    }
    Ok(environment)
}

/// The token that `bearer` stands for. What stands on a command line is read by everybody on the
/// machine, so a token itself is not taken.
async fn token(bearer: &str) -> Result<String, Failure> {
    if refers(bearer) {
        let token = expand("--bearer", bearer).await?;
        return Ok(token.expose().to_owned());
    }
    match expand("--bearer", &format!("${{env:{bearer}}}")).await {
        Ok(token) => Ok(token.expose().to_owned()),
        // Not quoted in the message: it may be the token itself.
        Err(_) => Err(Failure::usage(
            "`--bearer` is neither a reference nor the name of an environment variable that is set",
        )
        .with_hint(
            "write `--bearer '${env:NAME}'`; a token itself would be seen by everybody on this machine",
        )),
    }
}

fn sensitive(value: &str) -> Result<HeaderValue, Failure> {
    let mut value = HeaderValue::from_str(value)
        .map_err(|_| Failure::usage("a header holds characters that none can hold"))?;
    value.set_sensitive(true);
    Ok(value)
}

fn not_a_header() -> Failure {
    Failure::usage("`--header` takes a name and a value")
        .with_hint("write `--header 'Name: value'`")
}
