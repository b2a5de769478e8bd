//! What the value of an argument could be, while a person types it.

use wharf_protocol::port::BoxFuture;

/// The completions of a prompt or a template, by argument.
#[derive(Default)]
pub(crate) struct Completions(Vec<(String, Box<dyn Complete>)>);

pub(crate) trait Complete: Send + Sync {
    fn complete(&self, typed: String) -> BoxFuture<'static, Vec<String>>;
}

impl<F, W> Complete for F
where
    F: Fn(String) -> W + Send + Sync,
    W: Future<Output = Vec<String>> + Send + 'static,
{
    fn complete(&self, typed: String) -> BoxFuture<'static, Vec<String>> {
        Box::pin(self(typed))
    }
}

impl Completions {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn insert(&mut self, argument: &str, complete: impl Complete + 'static) {
        self.0.push((argument.to_owned(), Box::new(complete)));
    }

    pub(crate) fn get(&self, argument: &str) -> Option<&dyn Complete> {
        let (_, complete) = self.0.iter().find(|(known, _)| known == argument)?;
        Some(&**complete)
    }
}
