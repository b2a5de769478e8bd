//! The life of a tool call, on one page. `docs/life-of-a-call.md` tells the same story; stages have
//! the same names there, in spans, in audit entries and in errors.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use tracing::{Instrument as _, Span, field::Empty, info_span};
use wharf_policy::arguments::Arguments;
use wharf_policy::facts::Effect;
use wharf_policy::record::Outcome;
use wharf_policy::redact;
use wharf_protocol::error::ErrorObject;
use wharf_protocol::port::{Answer, Exchange, Reply, Request};
use wharf_protocol::tool::{CallToolParams, CallToolResult};

use crate::audit::Entry;
use crate::catalog::{Unseen, View};
use crate::gateway::{Gateway, State};
use crate::guard::guard;
use crate::identify::identify;
use crate::rescue::{CallError, rescue};
use crate::upstream::Preview;

/// The `_meta` key that asks for a dry run: the request is planned and shown, and not sent. A server
/// that honours it declares an extension of the same name.
pub const DRY_RUN: &str = "dev.wharf/dry-run";

/// Longest arguments that an audit entry keeps, in bytes of JSON.
const AUDITED_BYTES: usize = 4096;

/// How far a call came.
#[derive(Debug)]
pub(crate) enum Passage {
    /// All the way: what the model reads.
    Through(CallToolResult),
    /// Up to the plan, as asked.
    Shown(Preview),
}

impl Gateway {
    /// Answers `tools/call`: opens the audit entry, attempts the call, closes the entry. Nobody hears
    /// of an outcome that is not on record.
    pub(crate) async fn call(&self, request: &Request, exchange: &Exchange) -> Reply {
        let params: CallToolParams = request.params()?;
        let span = info_span!("tool.call", tool = %params.name.escape_debug(), upstream = Empty, outcome = Empty);
        let mut entry = self.trail().entry(new_id(), &params.name);
        let state = self.state();
        let passage = self
            .attempt(&state, exchange, params, &mut entry)
            .instrument(span.clone())
            .await;
        let outcome = outcome(&passage);
        span.record("outcome", outcome.as_str());
        entry
            .close(outcome)
            .await
            .map_err(|_| ErrorObject::internal())?;
        match rescue(passage) {
            Ok(result) => Answer::complete(&result.fit(exchange.revision)),
            Err(error) => Err(error),
        }
    }

    /// The spine: one line a stage.
    async fn attempt(
        &self,
        state: &Arc<State>,
        exchange: &Exchange,
        params: CallToolParams,
        entry: &mut Entry<'_>,
    ) -> Result<Passage, CallError> {
        let arguments = arguments(&params)?;
        // identify: who is asking.
        let principal = identify(exchange);
        principal.name().clone_into(&mut entry.record.principal);
        // view: what this principal can see; hidden and missing look alike.
        let view = View::new(&state.catalog, &state.policy, &principal);
        let tool = view
            .find(&params.name)
            .map_err(|why| unseen(entry, &params.name, why))?;
        let validator = tool
            .validator()
            .ok_or_else(|| CallError::unseen(&params.name, Unseen::Missing))?;
        entry.record.upstream = Some(tool.upstream.name().to_owned());
        entry.record.effect = Some(tool.facts.effect);
        entry.record.arguments = audited(&arguments);
        Span::current().record("upstream", tool.upstream.name());
        // admit: rules on this very call, and arguments that fit. The only way on.
        let admitted = state
            .policy
            .admit(&principal, &tool.facts, validator, arguments)?;
        entry.record.rule = Some(admitted.rule().to_string());
        // plan: the request that would be sent. A dry run stops here and shows it.
        let planned = admitted.try_map(|arguments| tool.plan(arguments))?;
        if dry_run(exchange) {
            return Ok(Passage::Shown(planned.get().preview()));
        }
        // journal: a write is on record before it leaves.
        if tool.facts.effect != Effect::Read {
            entry.attempt().await?;
        }
        // send: the only line that leaves the process.
        let answer = tool.upstream.send(planned).await?;
        entry.record.status = answer.status();
        // translate: what the model gets to read.
        let result = tool.translate(answer);
        // guard: no credential of ours comes back in it.
        Ok(Passage::Through(guard(result, &tool.upstream.secrets())))
    }
}

/// A tool that is not in the view; the entry keeps the rule that hides it.
fn unseen(entry: &mut Entry<'_>, name: &str, why: Unseen) -> CallError {
    if let Unseen::Hidden(rule) = &why {
        entry.record.rule = Some(rule.to_string());
    }
    CallError::unseen(name, why)
}

/// The caller's arguments; none are like an empty object.
fn arguments(params: &CallToolParams) -> Result<Arguments, CallError> {
    match &params.arguments {
        None => Ok(Arguments::new()),
        Some(raw) => serde_json::from_str(raw.get()).map_err(|_| CallError::NotAnObject),
    }
}

/// A new call's id: it sorts by time and nobody guesses it.
fn new_id() -> String {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let mut random = [0; 8];
    // Without randomness an id is only as unique as the clock; it is a name, not a secret.
    let _ = getrandom::fill(&mut random);
    format!(
        "{:012x}{:016x}",
        since.as_millis(),
        u64::from_be_bytes(random)
    )
}

fn dry_run(exchange: &Exchange) -> bool {
    exchange.meta.read(DRY_RUN).unwrap_or(false)
}

/// Arguments as they may be written down: masked, and cut where they are long.
fn audited(arguments: &Arguments) -> String {
    let masked = serde_json::Value::Object(redact::masked(arguments)).to_string();
    if masked.len() <= AUDITED_BYTES {
        return masked;
    }
    let kept = masked.floor_char_boundary(AUDITED_BYTES);
    format!("{}… ({} bytes in all)", &masked[..kept], masked.len())
}

fn outcome(passage: &Result<Passage, CallError>) -> Outcome {
    match passage {
        Ok(Passage::Through(result)) if result.is_error => Outcome::UpstreamError,
        Ok(Passage::Through(_)) => Outcome::Ok,
        Ok(Passage::Shown(_)) => Outcome::DryRun,
        Err(error) => error.outcome(),
    }
}
