//! Checks `[server]`.

use std::net::{Ipv4Addr, SocketAddr};

use wharf_gateway::audit::Store;
use wharf_wire::http::{Hosts, Limits, Origins};

use super::Check;
use crate::config::file::{Server as Typed, Text};
use crate::config::server::Server;

impl Check<'_, '_> {
    pub(super) fn server(&mut self, typed: &Typed<'_>) -> (Server, Store) {
        let mut server = Server::local();
        server.insecure_listen = typed.insecure_listen.unwrap_or(false);
        if let Some(listen) = &typed.listen {
            self.listen(listen, &mut server);
        }
        server.allowed_hosts = self.checked(&typed.allowed_hosts, |host| {
            Hosts::listed([host]).err().map(|bad| bad.to_string())
        });
        server.allowed_origins = self.checked(&typed.allowed_origins, |origin| {
            Origins::listed([origin]).err().map(|bad| bad.to_string())
        });
        let most = u32::try_from(Limits::STANDARD.connections).unwrap_or(u32::MAX);
        if let Some(requests) = typed
            .max_concurrent
            .as_ref()
            .and_then(|typed| self.integer(typed, 1, most))
        {
            server.limits.requests = requests as usize;
        }
        if let Some(bytes) = typed
            .max_request_bytes
            .as_ref()
            .and_then(|typed| self.size(typed))
        {
            server.limits.body_bytes = bytes;
        }
        let store = typed.store.as_ref().and_then(|store| self.store(store));
        (
            server,
            store.unwrap_or_else(|| Store::File(self.folder.join("wharf.db"))),
        )
    }

    /// There is no authentication, so whoever reaches the port is let in: it must be one that other
    /// machines do not reach, unless the operator says in so many words that it may be.
    fn listen(&mut self, text: &Text<'_>, server: &mut Server) {
        let Some(plain) = self.plain(text) else {
            return;
        };
        let Some(address) = address(&plain) else {
            self.error(
                &text.at,
                format!("`{}` is no address to listen on", text.raw.escape_debug()),
            )
            .help("write an IP address and a port, like `127.0.0.1:7777`");
            return;
        };
        server.listen = address;
        if address.ip().is_loopback() {
            return;
        }
        if server.insecure_listen {
            self.findings
                .warning(&text.at, "everybody who reaches this address may use every tool that the rules allow: nobody has to log in")
                .help("put something in front that does authentication, and list its name in `allowed_hosts`");
        } else {
            self.error(&text.at, "this address can be reached from other machines, and nobody has to log in")
                .help("listen on `127.0.0.1`, or set `insecure_listen = true` if something in front does authentication");
        }
    }

    fn store(&mut self, text: &Text<'_>) -> Option<Store> {
        let plain = self.plain(text)?;
        match plain.split_once(':') {
            Some(("sqlite", ":memory:")) => Some(Store::Memory),
            Some(("sqlite", path)) if !path.is_empty() => Some(Store::File(
                self.folder.join(path.strip_prefix("//").unwrap_or(path)),
            )),
            Some(("postgres" | "postgresql", _)) => {
                self.error(&text.at, "PostgreSQL comes with a later version of Wharf")
                    .help("write `sqlite:PATH`");
                None
            }
            _ => {
                self.error(&text.at, "this is no store")
                    .help("write `sqlite:PATH` or `sqlite::memory:`");
                None
            }
        }
    }

    /// The texts with which nothing is wrong.
    fn checked(
        &mut self,
        texts: &[Text<'_>],
        wrong: impl Fn(&str) -> Option<String>,
    ) -> Vec<String> {
        let mut good = Vec::new();
        for text in texts {
            let Some(plain) = self.plain(text) else {
                continue;
            };
            match wrong(text.raw) {
                Some(message) => {
                    self.error(&text.at, message);
                }
                None => good.push(plain),
            }
        }
        good
    }
}

/// An IP address with a port, or `localhost` with one.
pub(crate) fn address(text: &str) -> Option<SocketAddr> {
    match text.strip_prefix("localhost:") {
        Some(port) => port
            .parse()
            .ok()
            .map(|port| (Ipv4Addr::LOCALHOST, port).into()),
        None => text.parse().ok(),
    }
}
