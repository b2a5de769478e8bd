//! How an attempt to change the books ended.

/// Every ending but the first left the books as they were.
#[derive(Debug)]
pub(crate) enum Change<T> {
    Done(T),
    /// What should change is not there.
    Missing,
    /// It is there, in another version than the caller has seen.
    Stale,
    /// It is in a state that forbids the change.
    Refused(&'static str),
    /// `field` of the request names something that is not there.
    Unknown {
        field: String,
    },
}

impl<T> Change<T> {
    pub(super) fn from_found(found: Option<T>) -> Self {
        found.map_or(Self::Missing, Self::Done)
    }
}
