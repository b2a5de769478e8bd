//! Browsers: the person's own, and one without windows.

use std::fmt;
use std::process::{Command, Stdio};

use url::Url;
use wharf_protocol::port::BoxFuture;

use crate::oauth::endpoint::Endpoint;
use crate::oauth::fetch::{self, Fetch};
use crate::outbound::{Cause, Egress};

/// Longest way through redirects that a [`Headless`] browser goes.
const HOPS: usize = 10;

/// Shows a page to a person.
pub trait Browser: Send + Sync + fmt::Debug {
    /// Opens `page`, which was found to be a web address; done once it is shown.
    fn open<'a>(&'a self, page: &'a Url) -> BoxFuture<'a, Result<(), Cause>>;
}

/// The browser that the operating system opens web pages with.
#[derive(Clone, Copy, Debug)]
pub struct SystemBrowser;

impl Browser for SystemBrowser {
    fn open<'a>(&'a self, page: &'a Url) -> BoxFuture<'a, Result<(), Cause>> {
        let page = Endpoint::new(page.clone());
        Box::pin(async move {
            let mut command = command(page?.url());
            let status = tokio::task::spawn_blocking(move || command.status()).await??;
            if status.success() {
                Ok(())
            } else {
                Err("the program that opens web pages failed".into())
            }
        })
    }
}

/// The program and its arguments, without a shell: an address may hold anything that one would
/// obey.
fn command(page: &Url) -> Command {
    let mut command = if cfg!(target_os = "windows") {
        let mut command = Command::new("rundll32");
        command.arg("url.dll,FileProtocolHandler");
        command
    } else if cfg!(target_os = "macos") {
        Command::new("open")
    } else {
        Command::new("xdg-open")
    };
    command
        .arg(page.as_str())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Fetches a page and follows its redirects, as a browser does where nobody needs to be asked: for
/// tests and for issuers that let a machine in by its address.
#[derive(Clone, Debug)]
pub struct Headless {
    fetch: Fetch,
}

impl Headless {
    /// A browser that goes where `egress` permits.
    pub fn new(egress: Egress) -> Self {
        Self {
            fetch: Fetch::new(egress),
        }
    }

    async fn follow(&self, page: &Url) -> Result<(), Cause> {
        let mut at = Endpoint::new(page.clone())?;
        for _ in 0..HOPS {
            let answer = self.fetch.visit(&at).await?;
            let Some(next) =
                fetch::header(&answer, "location").filter(|_| (300..400).contains(&answer.status))
            else {
                return Ok(());
            };
            at = Endpoint::new(at.url().join(next)?)?;
        }
        Err("the page redirects without end".into())
    }
}

impl Browser for Headless {
    fn open<'a>(&'a self, page: &'a Url) -> BoxFuture<'a, Result<(), Cause>> {
        Box::pin(self.follow(page))
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::command;

    /// Row D10.
    #[test]
    fn an_address_is_one_argument_of_a_program_that_is_no_shell() {
        let page = Url::parse("https://as.example/a?x=$(id);`id`&calc").unwrap();
        let command = command(&page);
        let arguments: Vec<_> = command.get_args().collect();
        assert_eq!(arguments.last().unwrap(), &page.as_str());
        assert!(
            !["sh", "bash", "cmd"]
                .iter()
                .any(|shell| command.get_program() == *shell)
        );
    }
}
