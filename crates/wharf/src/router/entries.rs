//! Things by name, in the order they were added.

use std::collections::HashMap;
use std::sync::Arc;

use crate::call::Shared;

/// One thing, and the state of the server that it came with.
pub(crate) struct Entry<T> {
    pub(crate) name: String,
    pub(crate) item: T,
    pub(crate) home: Arc<Shared>,
}

/// Things of one kind.
pub(crate) struct Entries<T> {
    all: Vec<Entry<T>>,
    index: HashMap<String, usize>,
}

impl<T> Entries<T> {
    /// Adds `entry`, unless its name is taken: then it comes back.
    pub(crate) fn insert(&mut self, entry: Entry<T>) -> Result<(), Entry<T>> {
        if self.index.contains_key(&entry.name) {
            return Err(entry);
        }
        self.index.insert(entry.name.clone(), self.all.len());
        self.all.push(entry);
        Ok(())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Entry<T>> {
        self.all.get(*self.index.get(name)?)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Entry<T>> {
        self.all.iter()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

impl<T> IntoIterator for Entries<T> {
    type Item = Entry<T>;
    type IntoIter = std::vec::IntoIter<Entry<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.all.into_iter()
    }
}

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self {
            all: Vec::new(),
            index: HashMap::new(),
        }
    }
}
