//! A request that is ready to leave: addressed, and with its credentials chosen but not yet put on.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Uri};
use serde_json::{Map, Value as Json};
use wharf_openapi::plan::PlannedRequest;
use wharf_policy::redact::MASK;

use super::credential::{Place, Ready};
use super::document::Site;
use super::settings::Settings;
use crate::upstream::{PlanError, Preview};

/// One call, planned.
#[derive(Debug)]
pub struct Plan {
    pub(super) method: http::Method,
    /// As text: it is sent as it stands, and normalised by nobody.
    pub(super) url: String,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) body: Option<Bytes>,
    pub(super) credentials: Vec<Ready>,
    /// Whether sending it twice does what sending it once does.
    pub(super) idempotent: bool,
}

impl Plan {
    pub(super) fn new(
        request: PlannedRequest,
        idempotent: bool,
        credentials: Vec<Ready>,
        settings: &Settings,
        site: &Site,
    ) -> Result<Self, PlanError> {
        let uri: Uri = request.url.parse().map_err(|_| unusable(&request.url))?;
        let (Some(host), Some(port)) = (uri.host(), port(&uri)) else {
            return Err(unusable(&request.url));
        };
        // A server that one operation names must not be a way to be handed the API's credentials.
        let credentials = if settings.may_have_credentials(host, port, site) {
            credentials
        } else {
            Vec::new()
        };
        let mut headers: Vec<(HeaderName, HeaderValue)> = settings.headers.clone();
        for (name, value) in &request.headers {
            let name = HeaderName::from_bytes(name.as_bytes());
            let value = HeaderValue::from_bytes(value.as_bytes());
            let (Ok(name), Ok(value)) = (name, value) else {
                return Err(unusable(&request.url));
            };
            headers.push((name, value));
        }
        Ok(Self {
            method: http::Method::from_bytes(request.method.as_bytes())
                .map_err(|_| unusable(&request.url))?,
            url: request.url,
            headers,
            body: request.body.map(Bytes::from),
            credentials,
            idempotent,
        })
    }

    /// What a person may see of it: the place of every credential, the text of none.
    pub fn preview(&self) -> Preview {
        let mut url = self.url.clone();
        let mut headers = Map::new();
        for (name, value) in &self.headers {
            let shown = if value.is_sensitive() {
                MASK.into()
            } else {
                String::from_utf8_lossy(value.as_bytes())
            };
            add(&mut headers, name.as_str(), &shown, ", ");
        }
        for ready in &self.credentials {
            match &ready.place {
                Place::Header(name) => {
                    headers.insert(name.to_ascii_lowercase(), Json::String(ready.mask()));
                }
                Place::Query(name) => url = with_query(&url, name, &ready.mask()),
                Place::Cookie(name) => {
                    add(
                        &mut headers,
                        "cookie",
                        &format!("{name}={}", ready.mask()),
                        "; ",
                    );
                }
            }
        }
        let (body, body_base64) = match self
            .body
            .as_deref()
            .map(|bytes| (std::str::from_utf8(bytes), bytes))
        {
            None => (None, None),
            Some((Ok(text), _)) => (Some(text.to_owned()), None),
            Some((Err(_), bytes)) => (None, Some(STANDARD.encode(bytes))),
        };
        Preview {
            method: self.method.to_string(),
            url,
            headers,
            body,
            body_base64,
        }
    }
}

/// The port that a URI leads to.
pub(super) fn port(uri: &Uri) -> Option<u16> {
    uri.port_u16().or(match uri.scheme_str() {
        Some("https") => Some(443),
        Some("http") => Some(80),
        _ => None,
    })
}

/// `url` with one more query parameter; `value` is put in as it stands.
pub(super) fn with_query(url: &str, name: &str, value: &str) -> String {
    let joint = if url.contains('?') { '&' } else { '?' };
    let name = percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC);
    format!(
        "{url}{joint}{}={value}",
        name.to_string().replace("%5F", "_").replace("%2D", "-")
    )
}

fn add(headers: &mut Map<String, Json>, name: &str, value: &str, joint: &str) {
    let joined = match headers.get(name).and_then(Json::as_str) {
        Some(there) => format!("{there}{joint}{value}"),
        None => value.to_owned(),
    };
    headers.insert(name.to_owned(), Json::String(joined));
}

fn unusable(url: &str) -> PlanError {
    PlanError {
        message: format!("the operation's address `{url}` cannot be called"),
        hint: Some("the operator can name the API's address with `base_url`".to_owned()),
    }
}
