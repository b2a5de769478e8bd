//! An HTTP API as an upstream: its document compiled, its calls planned, sent and translated.

pub mod credential;
pub mod document;
mod plan;
mod send;
pub mod settings;
pub mod token;

use std::sync::{Arc, OnceLock};

use wharf_openapi::answer;
use wharf_openapi::operation::Operation;
use wharf_openapi::{Compiled, Entry};
use wharf_policy::admitted::Admitted;
use wharf_policy::arguments::{Arguments, Validator};
use wharf_policy::facts::Effect;
use wharf_policy::secret::Secret;
use wharf_protocol::port::BoxFuture;
use wharf_protocol::tool::CallToolResult;
use wharf_wire::outbound::Connection;

pub use wharf_wire::outbound::Received as Answer;

pub use self::plan::Plan;
pub use self::settings::Settings;

use self::credential::Wallet;
use super::{Answered, Listing, PlanError, Planned, Rendered, SendError, Upstream};

/// One berthed API.
#[derive(Debug)]
pub struct HttpUpstream {
    settings: Arc<Settings>,
    compiled: Arc<Compiled>,
    listings: Vec<Listing>,
    operations: Vec<OnceLock<Arc<Operation>>>,
    wallet: Wallet,
    site: document::Site,
    connection: Connection,
}

impl HttpUpstream {
    /// Berths an API whose document was fetched from `site`.
    pub fn new(settings: Arc<Settings>, compiled: Arc<Compiled>, site: document::Site) -> Self {
        let listings = compiled.entries().iter().map(listing).collect();
        let operations = compiled.entries().iter().map(|_| OnceLock::new()).collect();
        let wallet = Wallet::new(&settings.credentials);
        let connection = Connection::new(settings.egress());
        Self {
            settings,
            compiled,
            listings,
            operations,
            wallet,
            site,
            connection,
        }
    }

    pub fn compiled(&self) -> &Compiled {
        &self.compiled
    }

    pub fn settings(&self) -> &Arc<Settings> {
        &self.settings
    }

    /// The operation behind a tool, resolved once.
    fn operation(&self, tool: usize) -> &Arc<Operation> {
        self.operations[tool].get_or_init(|| {
            let rendered = self.compiled.tool(&self.compiled.entries()[tool]);
            Arc::new(self.rebased(rendered.operation))
        })
    }

    /// The operation at the address that the config names, where it names one.
    fn rebased(&self, mut operation: Operation) -> Operation {
        operation.server = self.settings.server(&operation.server, &self.site);
        operation
    }
}

impl Upstream for HttpUpstream {
    fn name(&self) -> &str {
        &self.settings.name
    }

    fn tools(&self) -> &[Listing] {
        &self.listings
    }

    fn render(&self, tool: usize) -> Rendered {
        let rendered = self.compiled.tool(&self.compiled.entries()[tool]);
        // Whoever looks at a tool may well call it: the operation is at hand now.
        let _ = self.operations[tool].set(Arc::new(self.rebased(rendered.operation)));
        let definition = rendered.definition;
        Rendered {
            validator: Validator::compile(definition.input_schema.get()),
            title: definition.title,
            description: definition.description,
            input_schema: definition.input_schema,
            output_schema: rendered
                .output_schema
                .filter(|_| self.settings.output_schemas),
            annotations: definition.annotations.unwrap_or_default(),
        }
    }

    fn plan(&self, tool: usize, arguments: Arguments) -> Result<Planned, PlanError> {
        let operation = self.operation(tool);
        let request =
            wharf_openapi::plan::plan(operation, &arguments).map_err(|error| PlanError {
                hint: error.hint(),
                message: error.to_string(),
            })?;
        let effect = self.compiled.entries()[tool].effect;
        let schemes = self.compiled.security_schemes();
        let credentials = self.wallet.choose(
            &operation.security,
            |name| schemes.get(name),
            !schemes.is_empty(),
        );
        Plan::new(
            request,
            effect.is_idempotent(),
            credentials,
            &self.settings,
            &self.site,
        )
        .map(Planned::Http)
    }

    fn send(&self, planned: Admitted<Planned>) -> BoxFuture<'_, Result<Answered, SendError>> {
        Box::pin(async move {
            let Planned::Http(plan) = planned.get();
            send::send(plan, &self.connection, &self.settings)
                .await
                .map(Answered::Http)
        })
    }

    fn translate(&self, _tool: usize, answer: Answered) -> CallToolResult {
        let Answered::Http(answer) = answer;
        let response = answer::Response {
            status: answer.status,
            headers: &answer.headers,
            body: &answer.body,
            cut: answer.cut.then(|| answer.declared_bytes.unwrap_or(0)),
        };
        answer::translate(&response, &self.settings.answer)
    }

    fn secrets(&self) -> Vec<Secret> {
        let mut secrets = self.wallet.secrets();
        secrets.extend(self.settings.header_secrets());
        secrets
    }
}

fn listing(entry: &Entry) -> Listing {
    Listing {
        name: entry.name.clone(),
        effect: effect(entry.effect),
        summary: entry.summary.clone(),
    }
}

fn effect(effect: wharf_openapi::Effect) -> Effect {
    match effect {
        wharf_openapi::Effect::Read => Effect::Read,
        wharf_openapi::Effect::Write { .. } => Effect::Write,
        wharf_openapi::Effect::Destructive { .. } => Effect::Destructive,
    }
}
