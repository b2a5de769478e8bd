//! `wharf audit`: what was called, newest first.

use std::io::Write as _;
use std::process::ExitCode;

use serde_json::json;
use wharf_gateway::audit::{self, Store, StoredRow, Verdict};

use crate::cli::AuditArguments;
use crate::clock;
use crate::paint;
use crate::report::Failure;
use crate::source::{Source, state_folder};

pub(super) async fn run(arguments: AuditArguments) -> Result<ExitCode, Failure> {
    let store = store(&arguments).await?;
    if arguments.verify {
        return verify(&store, arguments.json).await;
    }
    let rows = audit::read(&store, arguments.number)
        .await
        .map_err(Failure::new)?;
    let mut out = anstream::stdout().lock();
    for row in rows {
        if arguments.json {
            writeln!(out, "{}", serde_json::to_string(&row)?)?;
        } else {
            write_row(&mut out, &row)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The log that the config names; without any config, that of gateways which have none.
async fn store(arguments: &AuditArguments) -> Result<Store, Failure> {
    let named = arguments.config.clone();
    let path = named.clone().unwrap_or_else(|| "wharf.toml".into());
    let store = if named.is_some() || path.exists() {
        Source::Config(path).load().await?.settings.store
    } else {
        Store::File(state_folder()?.join("wharf.db"))
    };
    // Reading must not make an empty log where none is.
    match &store {
        Store::File(path) if !path.exists() => Err(Failure::saying(format!(
            "there is no audit log at `{}` yet",
            path.display()
        ))
        .with_hint("it is made when a gateway starts; `--config FILE` names another")),
        Store::Memory => Err(
            Failure::saying("an audit log in memory ends with its gateway")
                .with_hint("write `store = \"sqlite:wharf.db\"` in the config"),
        ),
        Store::File(_) => Ok(store),
    }
}

async fn verify(store: &Store, json: bool) -> Result<ExitCode, Failure> {
    let verdict = audit::verify(store).await.map_err(Failure::new)?;
    let mut out = anstream::stdout();
    match (verdict, json) {
        (Verdict::Sound { rows }, true) => {
            writeln!(out, "{}", json!({ "sound": true, "rows": rows }))?;
        }
        (Verdict::Sound { rows }, false) => {
            writeln!(out, "{rows} entries, each follows from the one before it")?;
        }
        (Verdict::Broken { sequence }, true) => {
            writeln!(out, "{}", json!({ "sound": false, "sequence": sequence }))?;
        }
        (Verdict::Broken { sequence }, false) => {
            let paint = paint::ERROR;
            writeln!(
                out,
                "{paint}broken{paint:#}: entry {sequence} was changed, or something before it is gone"
            )?;
        }
    }
    Ok(match verdict {
        Verdict::Sound { .. } => ExitCode::SUCCESS,
        Verdict::Broken { .. } => ExitCode::FAILURE,
    })
}

fn write_row(out: &mut impl std::io::Write, row: &StoredRow) -> std::io::Result<()> {
    let (faint, name) = (paint::FAINT, paint::NAME);
    let label = if row.stage == "attempt" {
        "attempt"
    } else {
        row.outcome.as_str()
    };
    let paint = match label {
        "ok" | "dry_run" => paint::GOOD,
        "attempt" => paint::FAINT,
        _ => paint::ERROR,
    };
    let when = clock::utc(row.at_ms);
    let milliseconds = row.duration_us / 1000;
    let status = row
        .status
        .map_or_else(|| "-".to_owned(), |status| status.to_string());
    let StoredRow {
        tool,
        principal,
        arguments,
        ..
    } = row;
    let tool = tool.escape_debug();
    writeln!(
        out,
        "{faint}{when}{faint:#}  {paint}{label:<17}{paint:#} {status:>3} {milliseconds:>6} ms  {principal}  {name}{tool}{name:#} {arguments}",
    )
}
