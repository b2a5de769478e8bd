//! What a server says of itself, so that clients find out where its tokens come from (RFC 9728).

use url::Url;

use crate::oauth::endpoint::{BadEndpoint, Endpoint};
use crate::oauth::metadata::ProtectedResource;

const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// The metadata document of one resource, and where it stands.
#[derive(Clone, Debug)]
pub struct Announcement {
    pub document: ProtectedResource,
    url: Url,
}

impl Announcement {
    /// # Errors
    ///
    /// [`BadEndpoint`] where the resource is no address that tokens may be sent to.
    pub(super) fn new(document: ProtectedResource) -> Result<Self, BadEndpoint> {
        let resource = Endpoint::parse(&document.resource)?;
        Ok(Self {
            url: well_known(resource.url()),
            document,
        })
    }

    /// Where the document stands, for challenges.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The path to serve it at.
    pub fn path(&self) -> &str {
        self.url.path()
    }

    /// The document as it is served.
    pub fn body(&self) -> String {
        serde_json::to_string(&self.document).unwrap_or_default()
    }
}

/// The well-known part stands between host and path (RFC 9728, section 3.1).
pub(crate) fn well_known(resource: &Url) -> Url {
    let mut url = resource.clone();
    let path = match resource.path() {
        "/" => WELL_KNOWN.to_owned(),
        path => format!("{WELL_KNOWN}{path}"),
    };
    url.set_path(&path);
    url.set_fragment(None);
    url
}
