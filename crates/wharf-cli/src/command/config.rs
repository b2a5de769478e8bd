//! `wharf config`: what is wrong with a config, and what one may contain.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use crate::cli::ConfigCommand;
use crate::config::{self, ConfigError, Diagnostic, Loaded, manual, schema};
use crate::paint;
use crate::report::{self, Failure};

pub(super) async fn run(command: ConfigCommand) -> Result<ExitCode, Failure> {
    let mut out = anstream::stdout();
    match command {
        ConfigCommand::Check { file, json: true } => return check_for_scripts(&file).await,
        ConfigCommand::Check { file, json: false } => {
            let loaded = config::load(&file).await?;
            let paint = paint::GOOD;
            report::print_warnings(&file, &loaded.warnings);
            writeln!(
                out,
                "{}: {paint}ok{paint:#}, {}",
                file.display(),
                summary(&loaded)
            )?;
        }
        ConfigCommand::Schema => writeln!(out, "{:#}", schema::schema())?,
        ConfigCommand::Reference => out.write_all(manual::manual().as_bytes())?,
    }
    Ok(ExitCode::SUCCESS)
}

/// `{file, diagnostics}` on one line, whatever was found.
async fn check_for_scripts(file: &Path) -> Result<ExitCode, Failure> {
    #[derive(serde::Serialize)]
    struct Line<'a> {
        file: String,
        diagnostics: &'a [Diagnostic],
    }
    let (diagnostics, code) = match config::load(file).await {
        Ok(loaded) => (loaded.warnings, ExitCode::SUCCESS),
        Err(ConfigError::Mistakes { diagnostics, .. }) => (diagnostics, ExitCode::from(78)),
        Err(error) => return Err(error.into()),
    };
    let line = Line {
        file: file.display().to_string(),
        diagnostics: &diagnostics,
    };
    writeln!(std::io::stdout(), "{}", serde_json::to_string(&line)?)?;
    Ok(code)
}

fn summary(loaded: &Loaded) -> String {
    let upstreams = loaded.config.settings.upstreams.len();
    let plural = if upstreams == 1 { "" } else { "s" };
    let rules = if loaded.config.settings.policy.is_open() {
        "no rules"
    } else {
        "rules in force"
    };
    format!("{upstreams} upstream{plural}, {rules}")
}
