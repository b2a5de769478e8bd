//! The browser in which a person signs in: its address is always printed first.

use std::io::Write as _;

use url::Url;
use wharf_protocol::port::BoxFuture;
use wharf_wire::oauth::client::{Browser, SystemBrowser};
use wharf_wire::outbound::Cause;

use crate::paint;

/// Prints the address of a page, and opens it unless told not to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Printed {
    pub opens: bool,
}

impl Browser for Printed {
    fn open<'a>(&'a self, page: &'a Url) -> BoxFuture<'a, Result<(), Cause>> {
        Box::pin(async move {
            let strong = paint::STRONG;
            writeln!(anstream::stderr(), "{strong}Sign in at{strong:#} {page}")?;
            if self.opens && SystemBrowser.open(page).await.is_err() {
                // The person has the address and any number of other browsers.
                writeln!(
                    anstream::stderr(),
                    "No browser could be opened: open it yourself."
                )?;
            }
            Ok(())
        })
    }
}
