//! All tools of all upstreams at one moment. A call keeps the snapshot it started with.

use std::collections::HashMap;
use std::sync::Arc;

use super::name;
use super::tool::Tool;
use crate::upstream::Upstream;

/// An upstream and the namespace of its tools.
pub type Berth = (String, Arc<dyn Upstream>);

/// The catalog, immutable.
#[derive(Debug, Default)]
pub struct Snapshot {
    /// By name, so that lists and their pages have one order that no restart changes.
    tools: Vec<Tool>,
    by_name: HashMap<String, usize>,
    berths: Vec<Berth>,
}

impl Snapshot {
    pub fn new(berths: Vec<Berth>) -> Self {
        let mut names = Vec::new();
        let mut places = Vec::new();
        for (namespace, upstream) in &berths {
            for (index, listing) in upstream.tools().iter().enumerate() {
                names.push((
                    name::exposed(namespace, &listing.name),
                    upstream.name().to_owned(),
                ));
                places.push((Arc::clone(upstream), index));
            }
        }
        name::distinguish(&mut names);
        let mut tools: Vec<Tool> = names
            .into_iter()
            .zip(places)
            .map(|((name, _), (upstream, index))| Tool::new(name, upstream, index))
            .collect();
        tools.sort_by(|left, right| left.name.cmp(&right.name));
        // Two tools of one upstream never share a name; should they all the same, the first stays.
        tools.dedup_by(|later, earlier| later.name == earlier.name);
        let by_name = tools
            .iter()
            .enumerate()
            .map(|(place, tool)| (tool.name.clone(), place))
            .collect();
        Self {
            tools,
            by_name,
            berths,
        }
    }

    /// Every tool, by name.
    pub fn tools(&self) -> &[Tool] {
        &self.tools
    }

    pub fn berths(&self) -> &[Berth] {
        &self.berths
    }

    pub(super) fn get(&self, name: &str) -> Option<&Tool> {
        self.by_name.get(name).map(|place| &self.tools[*place])
    }

    /// The same catalog with one upstream in place of the one of that name.
    #[must_use]
    pub fn with(&self, upstream: Arc<dyn Upstream>) -> Self {
        let berths = self
            .berths
            .iter()
            .map(|(namespace, old)| {
                let new = if old.name() == upstream.name() {
                    &upstream
                } else {
                    old
                };
                (namespace.clone(), Arc::clone(new))
            })
            .collect();
        Self::new(berths)
    }
}
