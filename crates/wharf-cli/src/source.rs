//! Where a command's gateway comes from: a config, or one API document without any.

use std::path::PathBuf;

use url::Url;
use wharf_gateway::audit::Store;
use wharf_gateway::settings::{Limits, Settings, UpstreamKind, UpstreamSettings};
use wharf_gateway::upstream::http;
use wharf_gateway::upstream::http::settings::DocumentSource;
use wharf_policy::decide::Policy;

use crate::cli::DocumentArguments;
use crate::config::{self, Config, Server};
use crate::environment;
use crate::report::{self, Failure};

/// How an upstream without a config is called, in rules and in the audit log.
const NAMELESS: &str = "api";

/// A config on disk, or a document and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Config(PathBuf),
    Document {
        document: DocumentSource,
        base_url: Option<Url>,
    },
}

impl Source {
    /// The document, if one is named; else the config.
    ///
    /// # Errors
    ///
    /// A document whose address is none.
    pub(crate) fn new(config: PathBuf, document: DocumentArguments) -> Result<Self, Failure> {
        match document.openapi {
            None => Ok(Self::Config(config)),
            Some(named) => Ok(Self::Document {
                document: document_source(&named)?,
                base_url: document.base_url,
            }),
        }
    }

    /// The settings, after whatever is odd about them has been printed.
    ///
    /// # Errors
    ///
    /// A config that cannot be used; or nowhere to keep the audit log of a gateway that has none.
    pub(crate) async fn load(&self) -> Result<Config, Failure> {
        match self {
            Self::Config(path) => {
                let loaded = config::load(path).await?;
                report::print_warnings(path, &loaded.warnings);
                Ok(loaded.config)
            }
            Self::Document { document, base_url } => {
                let mut upstream = http::Settings::new(NAMELESS, document.clone());
                upstream.base_url.clone_from(base_url);
                Ok(Config {
                    server: Server::local(),
                    settings: Settings {
                        upstreams: vec![UpstreamSettings {
                            namespace: String::new(),
                            kind: UpstreamKind::Http(upstream),
                        }],
                        policy: Policy::default(),
                        store: Store::File(state_folder()?.join("wharf.db")),
                        limits: Limits {
                            page_tools: config::PAGE_TOOLS,
                        },
                    },
                    file: None,
                })
            }
        }
    }
}

/// A URL or a path.
///
/// # Errors
///
/// Something with `://` that is no address of `http` or `https`.
pub(crate) fn document_source(named: &str) -> Result<DocumentSource, Failure> {
    if !named.contains("://") {
        return Ok(DocumentSource::File(PathBuf::from(named)));
    }
    match Url::parse(named) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(DocumentSource::Url(url)),
        _ => Err(
            Failure::usage(format!("`{named}` is no address of an API document"))
                .with_hint("give a path, or a URL that begins with http:// or https://"),
        ),
    }
}

/// The folder of our own state, made where it is missing.
///
/// # Errors
///
/// No home folder, or one in which nothing can be made.
pub(crate) fn state_folder() -> Result<PathBuf, Failure> {
    let folder = environment::state_folder().ok_or_else(|| {
        Failure::saying("there is no folder for the audit log")
            .with_hint("set XDG_STATE_HOME or HOME")
    })?;
    std::fs::create_dir_all(&folder).map_err(|error| {
        let context = format!("cannot make the folder `{}`", folder.display());
        Failure::new(anyhow::Error::new(error).context(context))
    })?;
    Ok(folder)
}
