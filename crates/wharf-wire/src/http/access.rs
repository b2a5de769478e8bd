//! Which names a server answers to, and which web pages may talk to it.

use http::header::{HOST, HeaderMap, ORIGIN};
use http::request::Parts;
use http::uri::Authority;
use http::{HeaderValue, Version};

use super::refusal::Refusal;

const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];
/// The port of plain HTTP, which a `Host` or an origin leaves out.
const DEFAULT_PORT: u16 = 80;

/// Names under which a server may be called, as they stand in `Host`.
#[derive(Clone, Debug)]
pub struct Hosts(Names);

#[derive(Clone, Debug)]
enum Names {
    Any,
    Listed(Vec<Name>),
}

#[derive(Clone, Debug)]
struct Name {
    /// In lower case; an IPv6 address in brackets.
    host: String,
    /// `None` for every port.
    port: Option<u16>,
}

/// A text that is no host.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no host: write `name`, or `name:port`")]
pub struct BadHost(pub String);

impl Hosts {
    /// Every name. Only where something in front of the server checks them.
    pub fn any() -> Self {
        Self(Names::Any)
    }

    /// `localhost`, `127.0.0.1` and `[::1]` with `port`.
    pub fn loopback(port: u16) -> Self {
        let name = |host: &str| Name {
            host: host.to_owned(),
            port: Some(port),
        };
        Self(Names::Listed(LOOPBACK.map(name).to_vec()))
    }

    /// The names in `hosts`: `name`, which stands for every port, or `name:port`.
    ///
    /// # Errors
    ///
    /// [`BadHost`], naming the first text that is neither.
    pub fn listed<'a>(hosts: impl IntoIterator<Item = &'a str>) -> Result<Self, BadHost> {
        let names: Result<_, _> = hosts.into_iter().map(Name::parse).collect();
        Ok(Self(Names::Listed(names?)))
    }

    fn allow(&self, authority: &Authority) -> bool {
        match &self.0 {
            Names::Any => true,
            Names::Listed(names) => names.iter().any(|name| name.covers(authority)),
        }
    }
}

impl Name {
    fn parse(text: &str) -> Result<Self, BadHost> {
        let authority = bare_authority(text.as_bytes()).ok_or_else(|| BadHost(text.to_owned()))?;
        Ok(Self {
            host: authority.host().to_ascii_lowercase(),
            port: authority.port_u16(),
        })
    }

    fn covers(&self, authority: &Authority) -> bool {
        let port = authority.port_u16().unwrap_or(DEFAULT_PORT);
        self.host.eq_ignore_ascii_case(authority.host()) && self.port.is_none_or(|own| own == port)
    }
}

/// Web pages that may call a server, as they stand in `Origin`.
#[derive(Clone, Debug)]
pub struct Origins(Vec<String>);

/// A text that is no origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no origin: write `scheme://host` or `scheme://host:port`, in lower case")]
pub struct BadOrigin(pub String);

impl Origins {
    /// No web page at all. Programs, which send no `Origin`, are not concerned.
    pub fn none() -> Self {
        Self(Vec::new())
    }

    /// Pages that a server on the loopback interface with `port` has served itself.
    pub fn loopback(port: u16) -> Self {
        let origin = |host: &str| match port {
            DEFAULT_PORT => format!("http://{host}"),
            _ => format!("http://{host}:{port}"),
        };
        Self(LOOPBACK.map(origin).to_vec())
    }

    /// The pages of `origins`, compared byte by byte, as browsers write them.
    ///
    /// # Errors
    ///
    /// [`BadOrigin`], naming the first text that no browser would send.
    pub fn listed<'a>(origins: impl IntoIterator<Item = &'a str>) -> Result<Self, BadOrigin> {
        let origins = origins.into_iter().map(|origin| {
            let authority = origin
                .strip_prefix("https://")
                .or_else(|| origin.strip_prefix("http://"))
                .and_then(|rest| bare_authority(rest.as_bytes()));
            match authority {
                Some(_) if !origin.bytes().any(|byte| byte.is_ascii_uppercase()) => {
                    Ok(origin.to_owned())
                }
                _ => Err(BadOrigin(origin.to_owned())),
            }
        });
        Ok(Self(origins.collect::<Result<_, _>>()?))
    }

    /// These, and those of `other`.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    fn allow(&self, origin: &HeaderValue) -> bool {
        self.0.iter().any(|own| own.as_bytes() == origin.as_bytes())
    }
}

/// Refuses a request that was sent to a name which is not ours, or by a web page that may not.
pub(super) fn check(parts: &Parts, hosts: &Hosts, origins: &Origins) -> Result<(), Refusal> {
    let authority = authority(parts).ok_or(Refusal::BadHost)?;
    if !hosts.allow(&authority) {
        return Err(Refusal::ForeignHost);
    }
    match sole(&parts.headers, ORIGIN) {
        Ok(None) => Ok(()),
        Ok(Some(origin)) if origins.allow(origin) => Ok(()),
        _ => Err(Refusal::ForeignOrigin),
    }
}

/// Whom the request was sent to, where it says so once (RFC 9112, section 3.2).
fn authority(parts: &Parts) -> Option<Authority> {
    let target = parts.uri.authority();
    match sole(&parts.headers, HOST).ok()? {
        Some(host) => {
            let host = bare_authority(host.as_bytes())?;
            target.is_none_or(|target| *target == host).then_some(host)
        }
        // HTTP/2 has a pseudo-header instead.
        None if parts.version >= Version::HTTP_2 => target.cloned(),
        None => None,
    }
}

/// `host[:port]`, without a user.
fn bare_authority(text: &[u8]) -> Option<Authority> {
    let authority = Authority::try_from(text).ok()?;
    let bare = !authority.as_str().contains('@') && !authority.host().is_empty();
    // A port beyond 65,535 reads like none at all.
    let sound_port = match authority.port_u16() {
        None => authority.as_str() == authority.host(),
        Some(port) => port != 0,
    };
    (bare && sound_port).then_some(authority)
}

/// The only header of that name; an error where there are several.
fn sole(headers: &HeaderMap, name: http::HeaderName) -> Result<Option<&HeaderValue>, ()> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    match values.next() {
        None => Ok(first),
        Some(_) => Err(()),
    }
}
