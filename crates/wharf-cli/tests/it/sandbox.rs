//! A folder of its own for each test, and `wharf` run in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::running::Running;

/// An API with a read, a write and a delete; nobody listens at its address.
pub(crate) const PETS: &str = r#"{
  "openapi": "3.1.0",
  "info": {"title": "Pets", "version": "1"},
  "servers": [{"url": "http://127.0.0.1:9"}],
  "components": {"securitySchemes": {
    "key": {"type": "apiKey", "in": "query", "name": "key"},
    "token": {"type": "http", "scheme": "bearer"}
  }},
  "security": [{"token": []}],
  "paths": {
    "/pets": {
      "get": {"operationId": "listPets", "summary": "List pets", "parameters": [
        {"name": "limit", "in": "query", "schema": {"type": "integer"}}
      ], "responses": {"200": {"description": "ok"}}},
      "post": {"operationId": "createPet", "summary": "Add a pet", "security": [{"key": []}], "requestBody": {"required": true, "content": {
        "application/json": {"schema": {"type": "object", "required": ["name"], "properties": {
          "name": {"type": "string"}, "age": {"type": "integer"}, "password": {"type": "string"}
        }}}
      }}, "responses": {"201": {"description": "made"}}}
    },
    "/pets/{id}": {
      "delete": {"operationId": "deletePet", "summary": "Delete a pet", "parameters": [
        {"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}
      ], "responses": {"204": {"description": "gone"}}}
    },
    "/photo": {
      "put": {"operationId": "setPhoto", "requestBody": {"required": true, "content": {"image/png": {}}},
        "responses": {"204": {"description": "done"}}}
    }
  }
}"#;

/// A folder that is gone when the test is.
pub(crate) struct Sandbox(PathBuf);

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("wharf-{}-{number}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// With the document of the pets as `pets.json`.
    pub(crate) fn with_pets() -> Self {
        let sandbox = Self::new();
        sandbox.write("pets.json", PETS);
        sandbox
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        // Renamed into place, so that nobody reads half a file.
        let draft = path.with_extension("draft");
        fs::write(&draft, text).unwrap();
        fs::rename(draft, path).unwrap();
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wharf"));
        command
            .args(arguments)
            .current_dir(&self.0)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("XDG_STATE_HOME", self.path("state"))
            // What is logged has times in it; what is printed has not.
            .env("WHARF_LOG", "off")
            .stdin(Stdio::null());
        command
    }

    /// Runs `wharf` to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        ended(self.command(arguments).output().unwrap())
    }

    /// Starts `wharf` and leaves it running.
    pub(crate) fn start(&self, arguments: &[&str]) -> Running {
        Running::start(self.command(arguments))
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Ended {
    /// Everything at once, for expectations.
    pub(crate) fn transcript(&self) -> String {
        let code = self
            .code
            .map_or_else(|| "signal".to_owned(), |code| code.to_string());
        format!("{}{}exit {code}\n", self.stdout, self.stderr)
    }

    /// Standard output as one JSON value.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }

    /// Standard output as one JSON value a line.
    #[track_caller]
    pub(crate) fn json_lines(&self) -> Vec<serde_json::Value> {
        let line =
            |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line}"));
        self.stdout.lines().map(line).collect()
    }
}

pub(crate) fn ended(output: Output) -> Ended {
    Ended {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}
