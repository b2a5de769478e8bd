//! The settings of the server itself, every field already checked.

use std::net::{Ipv4Addr, SocketAddr};

use wharf_wire::http::{BadHost, BadOrigin, Hosts, Limits, Origins};

/// Where the gateway listens, to whom, and at what cost.
#[derive(Clone, Debug)]
pub struct Server {
    pub listen: SocketAddr,
    /// Whether `listen` may be an address that other machines reach.
    pub insecure_listen: bool,
    /// Beside the names of the loopback interface.
    pub allowed_hosts: Vec<String>,
    /// Beside the pages that the server itself serves.
    pub allowed_origins: Vec<String>,
    pub limits: Limits,
}

impl Server {
    /// What holds where a config says nothing.
    pub fn local() -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 7777).into(),
            insecure_listen: false,
            allowed_hosts: Vec::new(),
            allowed_origins: Vec::new(),
            limits: Limits::STANDARD,
        }
    }

    /// What the endpoint is told, once it is known on which port it listens.
    ///
    /// # Errors
    ///
    /// [`EndpointError`] for a host or an origin that is none; a checked config has no such thing.
    pub fn endpoint(&self, port: u16) -> Result<wharf_wire::http::Settings, EndpointError> {
        let own = ["localhost", "127.0.0.1", "[::1]"].map(|name| format!("{name}:{port}"));
        let listed = self.allowed_hosts.iter().chain(&own).map(String::as_str);
        let origins = Origins::listed(self.allowed_origins.iter().map(String::as_str))?;
        Ok(wharf_wire::http::Settings {
            hosts: Hosts::listed(listed)?,
            origins: Origins::loopback(port).and(origins),
            limits: self.limits,
        })
    }
}

/// A name that no client can call, or a page that no browser can show.
#[derive(Debug, thiserror::Error)]
pub enum EndpointError {
    #[error(transparent)]
    Host(#[from] BadHost),
    #[error(transparent)]
    Origin(#[from] BadOrigin),
}

impl PartialEq for Server {
    fn eq(&self, other: &Self) -> bool {
        // Of the limits, those that a config can set.
        let of = |server: &Self| (server.limits.requests, server.limits.body_bytes);
        self.listen == other.listen
            && self.insecure_listen == other.insecure_listen
            && self.allowed_hosts == other.allowed_hosts
            && self.allowed_origins == other.allowed_origins
            && of(self) == of(other)
    }
}
