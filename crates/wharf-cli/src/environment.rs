//! Every environment variable that `wharf` itself reads. Those that a config refers to are its
//! author's own; `NO_COLOR` and its kin are read by the crate that writes to terminals.

use std::path::PathBuf;

/// Which log lines are shown, as `level` or `target=level,…`. Default: `warn`.
pub(crate) const LOG: &str = "WHARF_LOG";
/// Where programs keep what should outlive them but is not worth a backup.
const STATE_HOME: &str = "XDG_STATE_HOME";
const HOME: &str = "HOME";

/// The filter of log lines.
pub(crate) fn log_filter() -> String {
    std::env::var(LOG)
        .ok()
        .filter(|filter| !filter.is_empty())
        .unwrap_or_else(|| "warn".to_owned())
}

/// The folder of our own state: `$XDG_STATE_HOME/wharf`, else `~/.local/state/wharf`. `None` where
/// neither is known.
pub(crate) fn state_folder() -> Option<PathBuf> {
    // The specification has relative paths ignored.
    let absolute = |name| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let state = absolute(STATE_HOME).or_else(|| Some(absolute(HOME)?.join(".local/state")))?;
    Some(state.join("wharf"))
}
