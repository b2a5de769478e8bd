//! The config as its author meant it: typed values become settings, and what makes no sense becomes
//! a finding. Pure: whatever had to be read has been read before.

mod credential;
mod rule;
mod server;
mod upstream;

use std::ops::Range;
use std::path::Path;

use url::Url;
use wharf_gateway::settings::{Limits, Settings};
use wharf_policy::decide::Policy;
use wharf_policy::secret::Secret;

use super::Config;
use super::diagnostic::{Diagnostic, Findings};
use super::file::{File, Quantity, Text};
use super::reference::{Piece, pieces};
use super::secret::Resolved;
use super::{duration, size};

pub(crate) use self::server::address as listen_address;

/// Tools on one page of a list. Clients that show them to a model want all of them, and a page of
/// this size stays below a few megabytes.
pub(crate) const PAGE_TOOLS: usize = 1_000;

/// Makes settings of what was typed. What cannot be used is reported and left out, so the result is
/// only good if no error was found.
pub(super) fn check(
    file: &File<'_>,
    resolved: &Resolved,
    folder: &Path,
    findings: &mut Findings<'_>,
) -> Config {
    let mut check = Check {
        resolved,
        folder,
        findings,
    };
    let (server, store) = check.server(&file.server);
    let upstreams = file
        .upstreams
        .iter()
        .filter_map(|upstream| check.upstream(upstream))
        .collect();
    let names: Vec<&str> = file
        .upstreams
        .iter()
        .map(|upstream| upstream.name.raw)
        .collect();
    let rules = (1..)
        .zip(&file.rules)
        .flat_map(|(number, rule)| check.rule(number, rule, &names))
        .collect();
    Config {
        server,
        settings: Settings {
            upstreams,
            policy: Policy::new(rules),
            store,
            limits: Limits {
                page_tools: PAGE_TOOLS,
            },
        },
        file: None,
    }
}

/// What checking needs.
struct Check<'c, 't> {
    resolved: &'c Resolved,
    folder: &'c Path,
    findings: &'c mut Findings<'t>,
}

/// A text with its references resolved. Messages quote `Text::raw`, never this.
struct Expanded {
    value: Secret,
    /// Whether any part of it came from a reference.
    referenced: bool,
}

impl Check<'_, '_> {
    fn error(&mut self, at: &Range<usize>, message: impl Into<String>) -> &mut Diagnostic {
        self.findings.error(at, message)
    }

    /// `None` where a reference cannot be resolved, which is reported here.
    fn expand(&mut self, text: &Text<'_>) -> Option<Expanded> {
        let pieces = match pieces(text.raw) {
            Ok(pieces) => pieces,
            Err(bad) => {
                self.error(&text.at, bad.to_string())
                    .help("write `${env:NAME}`, `${file:PATH}` or `${exec:PROGRAM ARGUMENTS}`; `$${` stands for `${` itself");
                return None;
            }
        };
        let mut value = String::new();
        let mut referenced = false;
        for piece in pieces {
            match piece {
                Piece::Text(plain) => value.push_str(&plain),
                Piece::Reference(reference) => match self.resolved.get(&reference)? {
                    Ok(secret) => {
                        value.push_str(secret.expose());
                        referenced = true;
                    }
                    Err(error) => {
                        let at = self.findings.within(&text.at, &reference.to_string());
                        self.error(&at, error.to_string()).help(reference.hint());
                        return None;
                    }
                },
            }
        }
        Some(Expanded {
            value: Secret::new(value),
            referenced,
        })
    }

    /// A text that is not secret by itself.
    fn plain(&mut self, text: &Text<'_>) -> Option<String> {
        self.expand(text)
            .map(|expanded| expanded.value.expose().to_owned())
    }

    fn plain_all(&mut self, texts: &[Text<'_>]) -> Vec<String> {
        texts.iter().filter_map(|text| self.plain(text)).collect()
    }

    /// A secret. One that stands in the file itself is taken with a warning.
    fn secret(&mut self, text: &Text<'_>) -> Option<Secret> {
        let expanded = self.expand(text)?;
        if expanded.value.is_empty() {
            self.error(&text.at, "this secret is empty");
            return None;
        }
        if !expanded.referenced {
            self.findings
                .warning(&text.at, "this secret stands in the file itself, where everybody who reads the file sees it")
                .help("refer to it: `${env:NAME}`, `${file:PATH}` or `${exec:PROGRAM ARGUMENTS}`");
        }
        Some(expanded.value)
    }

    /// An address of `http` or `https`. Credentials do not belong into it, because addresses are
    /// shown in logs and messages.
    fn url(&mut self, text: &Text<'_>) -> Option<Url> {
        let plain = self.plain(text)?;
        match Url::parse(&plain) {
            Ok(url) if !matches!(url.scheme(), "http" | "https") => {
                self.error(
                    &text.at,
                    "this address begins with neither `http://` nor `https://`",
                );
            }
            Ok(url) if !url.username().is_empty() || url.password().is_some() => {
                self.error(&text.at, "this address holds credentials")
                    .help("addresses are shown in logs: put the credentials into `auth`");
            }
            Ok(url) => return Some(url),
            Err(error) => {
                self.error(&text.at, format!("this is no address: {error}"));
            }
        }
        None
    }

    fn duration(&mut self, text: &Text<'_>) -> Option<std::time::Duration> {
        let plain = self.plain(text)?;
        match duration::parse(&plain) {
            Ok(duration) if !duration.is_zero() => return Some(duration),
            Ok(_) => self
                .error(&text.at, "this duration is zero")
                .help("the shortest is `1ms`"),
            Err(bad) => self
                .error(&text.at, format!("`{}` is {bad}", text.raw.escape_debug()))
                .help("write it like `60s`, `1m30s` or `500ms`"),
        }
        None
    }

    fn size(&mut self, quantity: &Quantity<'_>) -> Option<usize> {
        let text = &quantity.0;
        match size::parse(text.raw) {
            Ok(size) if size > 0 => return Some(size),
            Ok(_) => self
                .error(&text.at, "this size is zero")
                .help("give at least one byte"),
            Err(bad) => self
                .error(&text.at, format!("`{}` is {bad}", text.raw.escape_debug()))
                .help("write it like `8MiB`, `500kB` or `4096`"),
        }
        None
    }

    /// An integer from `least` to `most`.
    fn integer(&mut self, text: &Text<'_>, least: u32, most: u32) -> Option<u32> {
        match text.raw.parse() {
            Ok(number) if (least..=most).contains(&number) => Some(number),
            _ => {
                self.error(
                    &text.at,
                    format!("`{}` is not between {least} and {most}", text.raw),
                );
                None
            }
        }
    }
}
