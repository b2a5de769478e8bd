//! The files of the demo: a config, and the secrets that it refers to.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use northwind_freight::Company;

use crate::report::Failure;

/// Where they are.
pub(super) struct Files {
    pub config: PathBuf,
}

impl Files {
    /// Writes them into a folder of their own below `state`, over those of an earlier demo.
    pub(super) fn write(state: &Path, company: &Company) -> Result<Self, Failure> {
        let folder = state.join("demo");
        let credentials = Company::credentials();
        std::fs::create_dir_all(&folder)
            .map_err(|error| cannot("make the folder", &folder, error))?;
        for (name, secret) in [
            ("api-key", credentials.api_key),
            ("password", credentials.basic.1),
            ("token", credentials.bearer),
        ] {
            write(&folder.join(name), secret)?;
        }
        let config = folder.join("demo.toml");
        write(&config, &text(&company.url(), credentials.basic.0))?;
        Ok(Self { config })
    }
}

fn text(url: &str, username: &str) -> String {
    format!(
        r#"# The gateway of `wharf demo`. Change a rule and save: it is in force a second later.
# `wharf config reference` tells all keys.

[server]
store = "sqlite:demo.db"

[upstream.northwind]
openapi = "{url}/openapi.json"
# Which of its credentials an operation needs, the document says.
auth = [
    {{ api_key = "${{file:api-key}}" }},
    {{ basic = {{ username = "{username}", password = "${{file:password}}" }} }},
    {{ bearer = "${{file:token}}" }},
]

# What only reads is allowed. Once there is a rule, what writes needs one of its own.
[[rule]]
allow = [
    "northwind.add*",
    "northwind.adjust*",
    "northwind.attach*",
    "northwind.create*",
    "northwind.record*",
    "northwind.update*",
]
effect = "write"

# A ban wins over whatever else is allowed. Clients do not even see these tools.
[[rule]]
deny = "northwind.delete*"
"#
    )
}

/// Writes a file that nobody else may read.
fn write(path: &Path, content: &str) -> Result<(), Failure> {
    let failed = |error| cannot("write", path, error);
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .map_err(failed)?;
    file.write_all(content.as_bytes()).map_err(failed)
}

fn cannot(action: &str, path: &Path, error: std::io::Error) -> Failure {
    Failure::new(anyhow::Error::new(error).context(format!("cannot {action} `{}`", path.display())))
}
