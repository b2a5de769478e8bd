//! Checks `[upstream.NAME]`.

use http::{HeaderName, HeaderValue};
use wharf_gateway::settings::{UpstreamKind, UpstreamSettings};
use wharf_gateway::upstream::http::Settings;
use wharf_gateway::upstream::http::settings::DocumentSource;
use wharf_policy::redact::is_secret_name;

use super::Check;
use crate::config::file::{Text, Upstream};

/// Longest name of an upstream or a namespace, in bytes.
const NAME_BYTES: usize = 32;

impl Check<'_, '_> {
    pub(super) fn upstream(&mut self, typed: &Upstream<'_>) -> Option<UpstreamSettings> {
        let name = self.upstream_name(&typed.name);
        let namespace = self.namespace(typed);
        let document = typed
            .openapi
            .as_ref()
            .and_then(|openapi| self.document(openapi));
        // Everything is checked, so that everything is reported, before anything is given up.
        let mut settings = Settings::new(
            name.unwrap_or_default(),
            document.clone().unwrap_or(Self::nowhere()),
        );
        settings.base_url = typed.base_url.as_ref().and_then(|url| self.url(url));
        settings.credentials = typed
            .auth
            .iter()
            .filter_map(|auth| self.credential(auth))
            .collect();
        settings.credential_hosts = self.plain_all(&typed.credential_hosts);
        settings.headers = typed
            .headers
            .iter()
            .filter_map(|(name, value)| self.header(name, value))
            .collect();
        if let Some(timeout) = typed
            .timeout
            .as_ref()
            .and_then(|timeout| self.duration(timeout))
        {
            settings.call_timeout = timeout;
        }
        if let Some(retries) = typed
            .retries
            .as_ref()
            .and_then(|retries| self.integer(retries, 0, 10))
        {
            settings.retries = retries;
        }
        if let Some(bytes) = typed
            .max_answer_bytes
            .as_ref()
            .and_then(|bytes| self.size(bytes))
        {
            settings.answer_bytes = bytes;
        }
        match &typed.refresh {
            Some(text) if text.raw == "never" => settings.refresh = None,
            Some(text) => settings.refresh = self.duration(text).or(settings.refresh),
            None => {}
        }
        if let Some(output_schemas) = typed.output_schemas {
            settings.output_schemas = output_schemas;
        }
        document?;
        Some(UpstreamSettings {
            namespace: namespace?,
            kind: UpstreamKind::Http(settings),
        })
    }

    /// Stands where no document does until the whole upstream is given up.
    fn nowhere() -> DocumentSource {
        DocumentSource::File(std::path::PathBuf::new())
    }

    fn upstream_name(&mut self, name: &Text<'_>) -> Option<String> {
        if !name.raw.is_empty() && is_name(name.raw) {
            return Some(name.raw.to_owned());
        }
        self.error(
            &name.at,
            format!("`{}` cannot name an upstream", name.raw.escape_debug()),
        )
        .help(format!(
            "take 1 to {NAME_BYTES} of `a-z`, `0-9`, `_` and `-`"
        ));
        None
    }

    fn namespace(&mut self, typed: &Upstream<'_>) -> Option<String> {
        let Some(text) = &typed.namespace else {
            return Some(typed.name.raw.to_owned());
        };
        let plain = self.plain(text)?;
        if is_name(&plain) {
            return Some(plain);
        }
        self.error(
            &text.at,
            format!("`{}` cannot be a namespace", text.raw.escape_debug()),
        )
        .help(format!(
            "take at most {NAME_BYTES} of `a-z`, `0-9`, `_` and `-`"
        ));
        None
    }

    fn document(&mut self, text: &Text<'_>) -> Option<DocumentSource> {
        let plain = self.plain(text)?;
        if plain.is_empty() {
            self.error(&text.at, "this names no document")
                .help("give a URL or a path");
            None
        } else if plain.contains("://") {
            self.url(text).map(DocumentSource::Url)
        } else {
            Some(DocumentSource::File(self.folder.join(plain)))
        }
    }

    fn header(&mut self, name: &Text<'_>, value: &Text<'_>) -> Option<(HeaderName, HeaderValue)> {
        let expanded = self.expand(value)?;
        let header = HeaderName::try_from(name.raw).ok();
        if header.is_none() {
            self.error(
                &name.at,
                format!("`{}` cannot name a header", name.raw.escape_debug()),
            );
        }
        let Ok(mut content) = HeaderValue::from_str(expanded.value.expose()) else {
            self.error(
                &value.at,
                format!(
                    "no header can carry the value of `{}`",
                    name.raw.escape_debug()
                ),
            )
            .help("headers hold no line breaks and no control characters");
            return None;
        };
        content.set_sensitive(expanded.referenced || is_secret_name(name.raw));
        Some((header?, content))
    }
}

fn is_name(text: &str) -> bool {
    text.len() <= NAME_BYTES
        && text
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'))
}
