//! Documents of upstreams are asked for again, as often as the most impatient upstream wants.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use wharf_gateway::gateway::Gateway;
use wharf_gateway::settings::{Settings, UpstreamKind};

/// The pause between two refreshes; `None` where no upstream wants any.
pub(super) fn interval(settings: &Settings) -> Option<Duration> {
    let each = settings.upstreams.iter().filter_map(|upstream| {
        let UpstreamKind::Http(http) = &upstream.kind;
        http.refresh
    });
    each.min()
}

/// Refreshes until it is dropped. `every` is the pause, which a reload may change.
pub(super) async fn refresh(gateway: Arc<Gateway>, mut every: watch::Receiver<Option<Duration>>) {
    let mut may_change = true;
    loop {
        let interval = *every.borrow_and_update();
        let pause = async {
            match interval {
                Some(interval) => tokio::time::sleep(interval).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = pause => gateway.refresh().await,
            // An error says that nobody is left who could change it.
            changed = every.changed(), if may_change => may_change = changed.is_ok(),
        }
    }
}
