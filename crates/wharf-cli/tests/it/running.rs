//! A `wharf` that runs, and the lines it prints.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::SocketAddr;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// Killed when dropped.
pub(crate) struct Running {
    child: Child,
    input: Option<ChildStdin>,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Self {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (out, stdout) = channel();
        let (err, stderr) = channel();
        read_lines(child.stdout.take().unwrap(), out);
        read_lines(child.stderr.take().unwrap(), err);
        Self {
            input: child.stdin.take(),
            child,
            stdout,
            stderr,
        }
    }

    /// Waits for a line on standard output with `part` in it.
    #[track_caller]
    pub(crate) fn wait_for(&self, part: &str) -> String {
        wait(&self.stdout, part)
    }

    /// The same on standard error.
    #[track_caller]
    pub(crate) fn wait_for_error(&self, part: &str) -> String {
        wait(&self.stderr, part)
    }

    /// The address that the banner tells.
    #[track_caller]
    pub(crate) fn address(&self) -> SocketAddr {
        let line = self.wait_for("MCP at http://");
        let address = line
            .split("http://")
            .nth(1)
            .unwrap()
            .split('/')
            .next()
            .unwrap();
        address.parse().unwrap()
    }

    /// Writes a line to its standard input.
    pub(crate) fn say(&mut self, line: &str) {
        writeln!(self.input.as_mut().unwrap(), "{line}").unwrap();
    }

    /// Closes its standard input.
    pub(crate) fn hang_up(&mut self) {
        self.input = None;
    }

    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .args([name, &self.child.id().to_string()])
            .status();
        assert!(status.unwrap().success());
    }

    /// Waits for its end and returns its exit code.
    #[track_caller]
    pub(crate) fn end(&mut self) -> Option<i32> {
        let since = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(since.elapsed() < PATIENCE, "it does not end");
            std::thread::yield_now();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read_lines(source: impl Read + Send + 'static, sink: Sender<String>) {
    std::thread::spawn(move || {
        for line in BufReader::new(source).lines().map_while(Result::ok) {
            if sink.send(line).is_err() {
                return;
            }
        }
    });
}

#[track_caller]
fn wait(lines: &Receiver<String>, part: &str) -> String {
    let mut seen = Vec::new();
    loop {
        match lines.recv_timeout(PATIENCE) {
            Ok(line) if line.contains(part) => return line,
            Ok(line) => seen.push(line),
            Err(error) => panic!("no `{part}` ({error}) after {seen:#?}"),
        }
    }
}
