//! Where the program of a command is.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use super::environment;

/// A process did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("there is no program `{program}` in PATH")]
    NotInPath {
        program: String,
        /// The folders that were searched.
        searched: Vec<PathBuf>,
    },
    #[error("there is no program at `{}`", .0.display())]
    NoFile(PathBuf),
    #[error("`{}` is not executable", .0.display())]
    NotExecutable(PathBuf),
    #[error("there is no folder `{}` to run in", .0.display())]
    NoDirectory(PathBuf),
    #[error("cannot run `{}`", .program.display())]
    Spawn {
        program: PathBuf,
        #[source]
        source: io::Error,
    },
}

impl StartError {
    /// What the reader can do next, where we know it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NotInPath { searched, .. } => Some(format!(
                "install it, or give its full path; searched {}",
                searched
                    .iter()
                    .map(|folder| folder.display().to_string())
                    .collect::<Vec<_>>()
                    .join(", ")
            )),
            Self::NotExecutable(path) => Some(format!("try `chmod +x {}`", path.display())),
            _ => None,
        }
    }
}

/// The file that `program` stands for.
pub(super) fn find(
    program: &OsStr,
    directory: Option<&Path>,
    environment: &[(OsString, OsString)],
) -> Result<PathBuf, StartError> {
    let endings = endings(environment);
    let named = Path::new(program);
    if named.components().count() > 1 || named.is_absolute() {
        let from = directory.unwrap_or(Path::new(""));
        let path = from.join(named);
        return match candidate(&path, &endings) {
            Some(found) if is_executable(&found) => Ok(found),
            Some(found) => Err(StartError::NotExecutable(found)),
            None => Err(StartError::NoFile(path)),
        };
    }
    let folders = environment::value(environment, "PATH").unwrap_or_default();
    let searched: Vec<_> = std::env::split_paths(&folders).collect();
    // A relative folder in PATH would let whoever owns the current one choose the program.
    let absolute = searched.iter().filter(|folder| folder.is_absolute());
    absolute
        .filter_map(|folder| candidate(&folder.join(named), &endings))
        .find(|found| is_executable(found))
        .ok_or_else(|| StartError::NotInPath {
            program: named.display().to_string(),
            searched,
        })
}

/// Endings that may be left out of a name: on Windows `npx` is `npx.cmd`, which is run by the shell.
fn endings(environment: &[(OsString, OsString)]) -> Vec<String> {
    let mut endings = Vec::new();
    if cfg!(windows) {
        let listed = environment::value(environment, "PATHEXT");
        let listed = listed.unwrap_or_else(|| ".COM;.EXE;.BAT;.CMD".into());
        let listed = listed.to_string_lossy().into_owned();
        endings.extend(listed.split(';').map(ToOwned::to_owned));
    }
    // Last: beside `npx.cmd` there is an `npx` for other shells, which Windows cannot run.
    endings.push(String::new());
    endings
}

fn candidate(path: &Path, endings: &[String]) -> Option<PathBuf> {
    let with = |ending: &String| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    let own_ending_first = cfg!(windows) && path.extension().is_some();
    let as_named = own_ending_first.then(|| path.to_owned());
    as_named
        .into_iter()
        .chain(endings.iter().map(with))
        .find(|path| path.is_file())
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata()
        .is_ok_and(|metadata| metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(_: &Path) -> bool {
    true
}
