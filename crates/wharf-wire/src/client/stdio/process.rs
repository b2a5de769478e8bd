//! A process of ours, and whatever it starts: they form a group that ends as one.

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::process::Child;
use tokio::time::timeout;

use super::environment;
use super::program::{self, StartError};
use crate::client::target::Command;

/// A running process. Dropping it kills the whole group.
///
/// A process that is killed itself cannot do so. Then the group's input ends, which is what servers
/// watch for.
pub(super) struct Process {
    child: Child,
    group: Group,
}

/// The standard streams of a process.
pub(super) struct Streams {
    pub input: Box<dyn AsyncWrite + Send + Unpin>,
    pub output: Box<dyn AsyncRead + Send + Unpin>,
    pub complaints: Box<dyn AsyncRead + Send + Unpin>,
}

impl Process {
    pub(super) fn start(command: &Command) -> Result<(Self, Streams), StartError> {
        let environment = environment::of(command);
        let directory = command.directory.as_deref();
        if let Some(missing) = directory.filter(|directory| !directory.is_dir()) {
            return Err(StartError::NoDirectory(missing.to_owned()));
        }
        let program = program::find(&command.program, directory, &environment)?;
        let mut starting = tokio::process::Command::new(&program);
        starting
            .args(&command.arguments)
            .env_clear()
            .envs(environment)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        #[cfg(unix)]
        starting.process_group(0);
        if let Some(directory) = directory {
            starting.current_dir(directory);
        }
        let spawned = starting.spawn();
        let mut child = spawned.map_err(|source| StartError::Spawn { program, source })?;
        let streams = Streams {
            input: Box::new(child.stdin.take().expect("it was asked to be piped")),
            output: Box::new(child.stdout.take().expect("it was asked to be piped")),
            complaints: Box::new(child.stderr.take().expect("it was asked to be piped")),
        };
        let group = Group::of(&child);
        Ok((Self { child, group }, streams))
    }

    /// Waits for its end and ends what it left behind; `None` where its end cannot be told.
    pub(super) async fn exited(&mut self) -> Option<ExitStatus> {
        let status = self.child.wait().await.ok();
        self.group.kill();
        status
    }

    /// Waits for a process whose input has ended, then terminates it, then kills it. What it started
    /// and left behind is killed in any case.
    pub(super) async fn end(&mut self, patience: Duration) {
        if timeout(patience, self.child.wait()).await.is_err() {
            self.group.terminate();
            let _ = timeout(patience, self.child.wait()).await;
        }
        self.group.kill();
        // Where there are no groups, this is what ends it.
        let _ = self.child.start_kill();
        let _ = self.child.wait().await;
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.group.kill();
    }
}

/// The group that a process leads.
#[cfg(unix)]
struct Group(Option<rustix::process::Pid>);

#[cfg(unix)]
impl Group {
    fn of(child: &Child) -> Self {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        Self(id.and_then(rustix::process::Pid::from_raw))
    }

    fn terminate(&self) {
        self.signal(rustix::process::Signal::TERM);
    }

    /// Kills the group, once: afterwards its number may be somebody else's.
    fn kill(&mut self) {
        self.signal(rustix::process::Signal::KILL);
        self.0 = None;
    }

    fn signal(&self, signal: rustix::process::Signal) {
        if let Some(group) = self.0 {
            // An error means that nobody is left to be told.
            let _ = rustix::process::kill_process_group(group, signal);
        }
    }
}

/// Elsewhere only the process itself is ended, by the drop of its handle.
#[cfg(not(unix))]
struct Group;

#[cfg(not(unix))]
impl Group {
    fn of(_: &Child) -> Self {
        Self
    }

    fn terminate(&self) {}

    fn kill(&mut self) {}
}
