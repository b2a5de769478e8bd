//! What the operator of an endpoint decides.

use std::net::SocketAddr;

use super::access::{Hosts, Origins};
use super::limits::Limits;

/// Who may call, and what it may cost.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Names under which clients may call.
    pub hosts: Hosts,
    /// Web pages that may call.
    pub origins: Origins,
    pub limits: Limits,
}

impl Settings {
    /// For a server on this machine: it answers to the names of the loopback interface with the port
    /// of `address`, and to no web page but its own.
    ///
    /// A web page can make its visitor's browser call a local server under a name of the page's
    /// choosing (DNS rebinding); this is what stops it.
    pub fn local(address: SocketAddr) -> Self {
        Self {
            hosts: Hosts::loopback(address.port()),
            origins: Origins::loopback(address.port()),
            limits: Limits::STANDARD,
        }
    }
}
