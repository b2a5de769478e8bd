//! Log lines, on standard error.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::environment;

/// Shows log lines from here on.
pub(crate) fn start() {
    let (filter, bad) = match EnvFilter::try_new(environment::log_filter()) {
        Ok(filter) => (filter, None),
        Err(error) => (EnvFilter::new("warn"), Some(error)),
    };
    let is_terminal = std::io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(
            is_terminal && anstream::stderr().current_choice() != anstream::ColorChoice::Never,
        );
    // Whoever embeds us may have a subscriber already; then that one has the say.
    let _ = if is_terminal {
        lines.without_time().with_target(false).try_init()
    } else {
        lines.try_init()
    };
    if let Some(error) = bad {
        tracing::warn!(%error, variable = environment::LOG, "not a filter of log lines");
    }
}
