//! What a gateway says when it has started.

use std::io::{self, Write};
use std::net::SocketAddr;

use serde_json::json;
use wharf_gateway::gateway::Report;
use wharf_gateway::upstream::http::document::DocumentError;
use wharf_policy::decide::Policy;

use crate::paint;

/// What is worth saying of a config that is about to be moved into its gateway.
pub(super) struct Banner {
    is_open: bool,
}

impl Banner {
    pub(super) fn new(policy: &Policy) -> Self {
        Self {
            is_open: policy.is_open(),
        }
    }

    /// `address` is `None` on standard streams.
    pub(super) fn print(
        &self,
        out: &mut impl Write,
        address: Option<SocketAddr>,
        report: &Report,
    ) -> io::Result<()> {
        let (strong, name) = (paint::STRONG, paint::NAME);
        writeln!(out, "{strong}Wharf {}{strong:#}", env!("CARGO_PKG_VERSION"))?;
        if let Some(address) = address {
            writeln!(out, "  MCP at {name}http://{address}/mcp{name:#}")?;
        }
        upstreams(out, report)?;
        self.warnings(out, address)?;
        match address {
            Some(address) => client_lines(out, address),
            None => Ok(()),
        }
    }

    fn warnings(&self, out: &mut impl Write, address: Option<SocketAddr>) -> io::Result<()> {
        let paint = paint::WARNING;
        if self.is_open {
            writeln!(
                out,
                "  {paint}no rules{paint:#}: every tool may be used, by whoever sits at this machine"
            )?;
        }
        if address.is_some_and(|address| !address.ip().is_loopback()) {
            writeln!(
                out,
                "  {paint}no authentication{paint:#}: other machines may reach this address, and nobody has to log in"
            )?;
        }
        Ok(())
    }
}

/// One line an upstream, those that are not open with their reason.
pub(super) fn upstreams(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let (name, error) = (paint::NAME, paint::ERROR);
    for (upstream, tools) in &report.open {
        let plural = if *tools == 1 { "tool" } else { "tools" };
        writeln!(out, "  {name}{upstream}{name:#}: {tools} {plural}")?;
    }
    for (upstream, failure) in &report.failed {
        writeln!(
            out,
            "  {name}{upstream}{name:#}: {error}not open{error:#}: {}",
            in_one_line(failure)
        )?;
        if let Some(hint) = failure.hint() {
            writeln!(out, "    hint: {hint}")?;
        }
    }
    Ok(())
}

fn in_one_line(failure: &DocumentError) -> String {
    match std::error::Error::source(failure) {
        Some(cause) => format!("{failure}: {cause}"),
        None => failure.to_string(),
    }
}

fn client_lines(out: &mut impl Write, address: SocketAddr) -> io::Result<()> {
    let faint = paint::FAINT;
    let url = format!("http://{address}/mcp");
    let servers = json!({ "mcpServers": { "wharf": { "type": "http", "url": url } } });
    writeln!(
        out,
        "\n{faint}In the config of an MCP client:{faint:#}\n  {servers}"
    )
}
