//! The settings of a gateway, every field already checked. Whoever reads config files makes these.

use wharf_policy::decide::Policy;

use crate::audit::Store;
use crate::upstream::http;

/// All of it.
#[derive(Clone, Debug)]
pub struct Settings {
    pub upstreams: Vec<UpstreamSettings>,
    pub policy: Policy,
    pub store: Store,
    pub limits: Limits,
}

/// One upstream and where its tools go.
#[derive(Clone, Debug, PartialEq)]
pub struct UpstreamSettings {
    /// Stands before the name of each tool, with an underscore; empty for none.
    pub namespace: String,
    pub kind: UpstreamKind,
}

/// What kind of system it is.
#[derive(Clone, Debug, PartialEq)]
pub enum UpstreamKind {
    Http(http::Settings),
}

/// Bounds of the gateway as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Tools on one page of a list.
    pub page_tools: usize,
}

impl UpstreamSettings {
    pub fn name(&self) -> &str {
        match &self.kind {
            UpstreamKind::Http(settings) => &settings.name,
        }
    }
}
