//! Tokens in a file that nobody else can read, and that several processes of one person share.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use wharf_protocol::port::BoxFuture;

use super::store::{Granted, Registration, TokenStore};

/// Keeps tokens in one small JSON file, readable and writable by its owner alone, and replaced as a
/// whole.
#[derive(Debug)]
pub struct FileStore {
    path: PathBuf,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    granted: BTreeMap<String, Granted>,
    registrations: BTreeMap<String, Registration>,
}

impl FileStore {
    /// The store in the file at `path`, which need not be there yet.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read, is none of ours, or can be read by others.
    pub fn open(path: impl Into<PathBuf>) -> io::Result<Self> {
        let path = path.into();
        let kept = Mutex::new(read(&path)?);
        Ok(Self { path, kept })
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is kept now: other processes of the same person sign in and refresh too.
    fn current(&self) -> MutexGuard<'_, Kept> {
        let mut kept = self.kept();
        // Where the file cannot be read any more, what we know is all there is.
        if let Ok(now) = read(&self.path) {
            *kept = now;
        }
        kept
    }

    fn change(&self, change: impl FnOnce(&mut Kept)) {
        // Between reading and replacing nobody else may do either. Where there are no locks, the last
        // one wins.
        let _lock = lock(&self.path);
        let mut kept = self.current();
        change(&mut kept);
        if let Err(error) = replace(&self.path, &kept) {
            tracing::warn!(%error, "tokens cannot be kept: the next start signs in again");
        }
    }
}

fn read(path: &Path) -> io::Result<Kept> {
    match File::open(path) {
        Ok(file) => {
            check_private(&file)?;
            Ok(serde_json::from_reader(io::BufReader::new(file))?)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Kept::default()),
        Err(error) => Err(error),
    }
}

/// A lock that other processes respect, given back when the file is closed. It has a file of its own,
/// for the one with the tokens is replaced.
fn lock(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(beside(path, ".lock"))?;
    file.lock()?;
    Ok(file)
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut beside = path.as_os_str().to_owned();
    beside.push(ending);
    PathBuf::from(beside)
}

/// Writes a file beside the one at `path` and puts it in its place, so that there is always a whole
/// one.
fn replace(path: &Path, kept: &Kept) -> io::Result<()> {
    let beside = beside(path, ".new");
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // Left by a process that died; opened anew, so that its mode is ours.
    let _ = fs::remove_file(&beside);
    let mut file = options.open(&beside)?;
    file.write_all(&serde_json::to_vec(kept)?)?;
    file.sync_all()?;
    fs::rename(&beside, path)
}

#[cfg(unix)]
fn check_private(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let others = file.metadata()?.permissions().mode() & 0o077;
    if others == 0 {
        return Ok(());
    }
    Err(io::Error::new(
        io::ErrorKind::PermissionDenied,
        "others can read the file with the tokens: make it 0600, and sign in anew",
    ))
}

/// A file in a person's profile is that person's, on systems without modes.
#[cfg(not(unix))]
fn check_private(_file: &File) -> io::Result<()> {
    Ok(())
}

impl TokenStore for FileStore {
    fn granted<'a>(&'a self, server: &'a str) -> BoxFuture<'a, Option<Granted>> {
        let found = self.current().granted.get(server).cloned();
        Box::pin(std::future::ready(found))
    }

    fn keep_granted<'a>(&'a self, server: &'a str, granted: Option<Granted>) -> BoxFuture<'a, ()> {
        self.change(|kept| {
            match granted {
                Some(granted) => kept.granted.insert(server.to_owned(), granted),
                None => kept.granted.remove(server),
            };
        });
        Box::pin(std::future::ready(()))
    }

    fn registration<'a>(&'a self, issuer: &'a str) -> BoxFuture<'a, Option<Registration>> {
        let found = self.current().registrations.get(issuer).cloned();
        Box::pin(std::future::ready(found))
    }

    fn keep_registration(&self, registration: Registration) -> BoxFuture<'_, ()> {
        self.change(|kept| {
            let issuer = registration.issuer.clone();
            kept.registrations.insert(issuer, registration);
        });
        Box::pin(std::future::ready(()))
    }
}
