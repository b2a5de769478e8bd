//! Fetching an API document, and fetching it again only when it has changed.

use std::io;
use std::path::PathBuf;

use bytes::Bytes;
use http::header::{ACCEPT, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION};
use sha2::{Digest, Sha256};
use tokio::io::AsyncReadExt as _;
use url::Url;
use wharf_openapi::{Compiled, Source};

use super::settings::{DocumentSource, Settings};
use wharf_wire::outbound::{Cause, Connection, receive};

/// Largest document that is read, in bytes.
pub const DOCUMENT_BYTES: usize = 64 << 20;
/// How long a document may take to arrive.
const FETCH: std::time::Duration = std::time::Duration::from_secs(30);

/// Where an API lives, as far as its document tells.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// The API's own address: its first server.
    pub server: Option<Url>,
}

/// A document, read and compiled, with what is needed to ask whether it has changed.
#[derive(Debug)]
pub struct Fetched {
    pub compiled: Compiled,
    pub site: Site,
    pub version: Version,
}

/// How one version of a document is told from the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Version {
    etag: Option<String>,
    last_modified: Option<String>,
    digest: Vec<u8>,
}

/// The document cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    #[error("cannot read the API document `{}`", path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("cannot fetch the API document {url}")]
    Fetch {
        url: Url,
        #[source]
        source: Cause,
    },
    #[error("{url} answered {status} instead of an API document")]
    Status { url: Url, status: u16 },
    #[error("{url} says that the API document is elsewhere")]
    Redirected { url: Url, location: String },
    #[error("the API document `{name}` is larger than {} MiB", DOCUMENT_BYTES >> 20)]
    TooLarge { name: String },
    #[error("`{name}` is not an API document: {reason}")]
    NotOne { name: String, reason: String },
}

impl DocumentError {
    /// What the reader can do next, where we know it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Read { .. } => None,
            Self::Fetch { url, .. } => Some(format!("is the server at {} running?", origin(url))),
            Self::Status {
                status: 401 | 403, ..
            } => Some(
                "the document itself asks for credentials: save it to a file and name that"
                    .to_owned(),
            ),
            Self::Status { .. } => {
                Some("look for the address of its openapi.json or swagger.json".to_owned())
            }
            // Not followed: where it leads is the server's choice, and the operator's to approve.
            Self::Redirected { location, .. } => Some(format!(
                "if you trust that address, name it instead: {location}"
            )),
            Self::TooLarge { .. } => Some("split it, or cut what is not needed".to_owned()),
            Self::NotOne { name, .. } => Some(format!("`wharf check {name}` says more")),
        }
    }
}

/// Reads the document, unless it is still the one that `known` describes: then `None`. Names of tools
/// are at most `name_bytes` long.
///
/// # Errors
///
/// [`DocumentError`]; a document from which no tool can be made is one.
pub async fn fetch(
    settings: &Settings,
    name_bytes: usize,
    known: Option<&Version>,
) -> Result<Option<Fetched>, DocumentError> {
    let (bytes, mut version) = match &settings.document {
        DocumentSource::File(path) => (read(path).await?, Version::default()),
        DocumentSource::Url(url) => match download(settings, url, known).await? {
            Some(downloaded) => downloaded,
            None => return Ok(None),
        },
    };
    version.digest = Sha256::digest(&bytes).to_vec();
    if known.is_some_and(|known| known.digest == version.digest) {
        return Ok(None);
    }
    compile(settings, name_bytes, &bytes).map(|(compiled, site)| {
        Some(Fetched {
            compiled,
            site,
            version,
        })
    })
}

fn compile(
    settings: &Settings,
    name_bytes: usize,
    bytes: &[u8],
) -> Result<(Compiled, Site), DocumentError> {
    let (name, base) = match &settings.document {
        DocumentSource::Url(url) => (url.to_string(), Some(url.clone())),
        DocumentSource::File(path) => (path.display().to_string(), None),
    };
    let source = Source {
        name: &name,
        bytes,
        base,
    };
    let compiled = wharf_openapi::compile(
        &source,
        &wharf_openapi::Settings {
            max_name_bytes: name_bytes,
            ..wharf_openapi::Settings::default()
        },
    );
    if compiled.dialect().is_none() {
        let reason = compiled
            .diagnostics()
            .first()
            .map_or_else(|| "no dialect is known".to_owned(), ToString::to_string);
        return Err(DocumentError::NotOne { name, reason });
    }
    let server = compiled
        .server()
        .and_then(|server| Url::parse(&server).ok());
    Ok((compiled, Site { server }))
}

async fn read(path: &PathBuf) -> Result<Bytes, DocumentError> {
    let failed = |source| DocumentError::Read {
        path: path.clone(),
        source,
    };
    let file = tokio::fs::File::open(path).await.map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(DOCUMENT_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .await
        .map_err(failed)?;
    if bytes.len() > DOCUMENT_BYTES {
        return Err(DocumentError::TooLarge {
            name: path.display().to_string(),
        });
    }
    Ok(Bytes::from(bytes))
}

async fn download(
    settings: &Settings,
    url: &Url,
    known: Option<&Version>,
) -> Result<Option<(Bytes, Version)>, DocumentError> {
    let failed = |source| DocumentError::Fetch {
        url: url.clone(),
        source,
    };
    // Only the operator's own addresses are called here, so the egress rules of documents do not
    // matter; a redirect is not followed, its target would be the server's choice.
    let connection = Connection::new(settings.egress());
    let mut request = http::Request::get(url.as_str()).header(
        ACCEPT,
        "application/json, application/yaml;q=0.9, */*;q=0.5",
    );
    if let Some(etag) = known.and_then(|known| known.etag.as_ref()) {
        request = request.header(IF_NONE_MATCH, etag);
    }
    if let Some(date) = known.and_then(|known| known.last_modified.as_ref()) {
        request = request.header(IF_MODIFIED_SINCE, date);
    }
    let request = request
        .body(Bytes::new())
        .map_err(|error| failed(error.into()))?;
    let received = tokio::time::timeout(FETCH, async {
        let response = connection.send(request).await?;
        Ok::<_, Cause>(receive(response, DOCUMENT_BYTES).await?)
    })
    .await
    .map_err(|elapsed| failed(elapsed.into()))?
    .map_err(failed)?;
    let header = |wanted: http::HeaderName| {
        received
            .headers
            .iter()
            .find(|(name, _)| name == wanted.as_str())
            .map(|(_, value)| value.clone())
    };
    match (received.status, header(LOCATION)) {
        (304, _) if known.is_some() => return Ok(None),
        (200, _) => {}
        (300..=399, Some(location)) => {
            return Err(DocumentError::Redirected {
                url: url.clone(),
                location,
            });
        }
        (status, _) => {
            return Err(DocumentError::Status {
                url: url.clone(),
                status,
            });
        }
    }
    if received.cut {
        return Err(DocumentError::TooLarge {
            name: url.to_string(),
        });
    }
    let version = Version {
        etag: header(ETAG),
        last_modified: header(LAST_MODIFIED),
        digest: Vec::new(),
    };
    Ok(Some((received.body, version)))
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}
