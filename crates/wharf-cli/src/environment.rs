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

/// How a shell in the current folder calls this very program: `wharf` where that is what it finds,
/// else the program's path.
pub(crate) fn own_name() -> PathBuf {
    let Ok(own) = std::env::current_exe().and_then(|own| own.canonicalize()) else {
        return PathBuf::from("wharf");
    };
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .map(|folder| folder.join("wharf"))
        .find_map(|found| found.canonicalize().ok());
    if found.as_ref() == Some(&own) {
        return PathBuf::from("wharf");
    }
    let here = std::env::current_dir().unwrap_or_default();
    own.strip_prefix(&here).map_or(own.clone(), PathBuf::from)
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
