//! What a process inherits of our environment: enough to run, and nothing that was ours alone.

use std::ffi::OsString;

use crate::client::target::Command;

/// Variables that programs need to find their files, their language and their user. Credentials are
/// elsewhere, and so are proxies, whose addresses hold passwords.
#[cfg(not(windows))]
const INHERITED: &[&str] = &[
    "HOME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "LOGNAME",
    "PATH",
    "SHELL",
    "TERM",
    "TMPDIR",
    "TZ",
    "USER",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_RUNTIME_DIR",
];
#[cfg(windows)]
const INHERITED: &[&str] = &[
    "APPDATA",
    "COMSPEC",
    "HOMEDRIVE",
    "HOMEPATH",
    "LOCALAPPDATA",
    "NUMBER_OF_PROCESSORS",
    "PATH",
    "PATHEXT",
    "PROCESSOR_ARCHITECTURE",
    "PROGRAMDATA",
    "PROGRAMFILES",
    "PROGRAMFILES(X86)",
    "SYSTEMDRIVE",
    "SYSTEMROOT",
    "TEMP",
    "TMP",
    "USERNAME",
    "USERPROFILE",
    "WINDIR",
];

/// The whole environment of `command`.
pub(super) fn of(command: &Command) -> Vec<(OsString, OsString)> {
    let inherited = INHERITED
        .iter()
        .filter_map(|name| Some((OsString::from(name), std::env::var_os(name)?)))
        // A function that a shell exported is code, not a value.
        .filter(|(_, value)| !value.to_string_lossy().starts_with("()"));
    inherited
        .chain(command.environment.iter().cloned())
        .collect()
}

/// The value of `name` in `environment`, where the last one counts.
pub(super) fn value(environment: &[(OsString, OsString)], name: &str) -> Option<OsString> {
    let is_named = |found: &OsString| {
        found.to_str().is_some_and(|found| {
            if cfg!(windows) {
                found.eq_ignore_ascii_case(name)
            } else {
                found == name
            }
        })
    };
    let found = environment.iter().rev().find(|(found, _)| is_named(found));
    found.map(|(_, value)| value.clone())
}
