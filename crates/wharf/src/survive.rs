//! Polling what others wrote: it may panic, take too long, or stop to ask.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use crate::call::Call;

/// How a body came to its end.
pub(crate) enum Ended<T> {
    Returned(T),
    /// It waits for answers that its caller has to bring.
    Asked,
    Panicked(String),
    TimedOut(Duration),
}

/// Polls `body` to one of its ends.
pub(crate) async fn survive<T>(
    call: &Call<'_>,
    timeout: Option<Duration>,
    body: impl Future<Output = T>,
) -> Ended<T> {
    let mut body = pin!(body);
    let watched = poll_fn(|context| {
        // A body that has panicked is never polled again.
        let polled = catch_unwind(AssertUnwindSafe(|| body.as_mut().poll(context)));
        match polled {
            Err(panic) => Poll::Ready(Ended::Panicked(said(&*panic))),
            Ok(Poll::Ready(value)) => Poll::Ready(Ended::Returned(value)),
            Ok(Poll::Pending) => {
                let questions = call.questions.get();
                if questions.is_some_and(|questions| questions.is_open(context.waker())) {
                    Poll::Ready(Ended::Asked)
                } else {
                    Poll::Pending
                }
            }
        }
    });
    match timeout {
        None => watched.await,
        Some(limit) => tokio::time::timeout(limit, watched)
            .await
            .unwrap_or(Ended::TimedOut(limit)),
    }
}

/// What a panic said.
fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&'static str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
        .to_owned()
}
