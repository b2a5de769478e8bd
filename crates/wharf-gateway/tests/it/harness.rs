//! A gateway in front of something, and calls through it as a client would make them.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use northwind_freight::{Company, Database};
use serde_json::{Value, json};
use wharf_gateway::audit::Store;
use wharf_gateway::call::DRY_RUN;
use wharf_gateway::gateway::Gateway;
use wharf_gateway::settings::{Limits, Settings, UpstreamKind, UpstreamSettings};
use wharf_gateway::upstream::http;
use wharf_gateway::upstream::http::credential::{Credential, CredentialKind};
use wharf_gateway::upstream::http::settings::DocumentSource;
use wharf_policy::decide::Policy;
use wharf_policy::rule::{Rule, RuleId, Subject, ToolPattern, Verdict};
use wharf_policy::secret::Secret;
use wharf_protocol::error::ErrorObject;
use wharf_protocol::method::Method;
use wharf_protocol::port::{Answer, Exchange, Handler as _, Request};
use wharf_protocol::revision::Revision;

/// A folder of the test's own, gone when it ends.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("wharf-test-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn write(&self, name: &str, contents: &str) -> PathBuf {
        let path = self.0.join(name);
        let mut file = std::fs::File::create(&path).unwrap();
        file.write_all(contents.as_bytes()).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Northwind Freight on a port of its own.
pub async fn company() -> Company {
    Company::open(northwind_freight::Settings {
        address: "127.0.0.1:0".parse().unwrap(),
        database: Database::InMemory,
        slow_report: Duration::from_millis(50),
    })
    .await
    .unwrap()
}

/// The company as an upstream, with all three of its credentials.
pub fn northwind(company: &Company) -> http::Settings {
    let credentials = Company::credentials();
    let document = format!("{}/openapi.json", company.url()).parse().unwrap();
    http::Settings {
        credentials: vec![
            credential(CredentialKind::ApiKey {
                value: Secret::new(credentials.api_key),
                place: None,
            }),
            credential(CredentialKind::Basic {
                username: credentials.basic.0.to_owned(),
                password: Secret::new(credentials.basic.1),
            }),
            credential(CredentialKind::Bearer(Secret::new(credentials.bearer))),
        ],
        ..http::Settings::new("northwind", DocumentSource::Url(document))
    }
}

pub fn credential(kind: CredentialKind) -> Credential {
    Credential { scheme: None, kind }
}

/// Settings for these upstreams, each its own namespace, everything allowed, nothing kept.
pub fn settings(upstreams: Vec<http::Settings>) -> Settings {
    Settings {
        upstreams: upstreams
            .into_iter()
            .map(|http| UpstreamSettings {
                namespace: String::new(),
                kind: UpstreamKind::Http(http),
            })
            .collect(),
        policy: Policy::default(),
        store: Store::Memory,
        limits: Limits { page_tools: 100 },
    }
}

pub fn rule(number: usize, verdict: Verdict, tools: &str) -> Rule {
    Rule {
        id: RuleId::Numbered(number),
        verdict,
        tools: ToolPattern::new(tools),
        effects: vec![],
        to: vec![Subject::Anybody],
    }
}

/// A gateway on these settings, all of whose upstreams are open.
pub async fn start(settings: Settings) -> Gateway {
    let (gateway, report) = Gateway::start(settings).await.unwrap();
    assert!(report.failed.is_empty(), "{:?}", report.failed);
    gateway
}

/// A document with one operation, served by a file.
pub fn document(folder: &Folder, server: &str, method: &str, operation: &Value) -> DocumentSource {
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": server}],
        "paths": {"/thing": {method: operation}},
    });
    DocumentSource::File(folder.write("openapi.json", &document.to_string()))
}

/// What a client sees of a call: the result, or the JSON-RPC error.
pub async fn call(gateway: &Gateway, tool: &str, arguments: Value) -> Result<Value, ErrorObject> {
    ask(
        gateway,
        Method::TOOLS_CALL,
        json!({"name": tool, "arguments": arguments}),
        json!({}),
    )
    .await
}

pub async fn dry_run(
    gateway: &Gateway,
    tool: &str,
    arguments: Value,
) -> Result<Value, ErrorObject> {
    let params = json!({"name": tool, "arguments": arguments});
    ask(gateway, Method::TOOLS_CALL, params, json!({DRY_RUN: true})).await
}

pub async fn ask(
    gateway: &Gateway,
    method: Method,
    params: Value,
    meta: Value,
) -> Result<Value, ErrorObject> {
    let mut exchange = Exchange::in_process(Revision::LATEST);
    exchange.meta = serde_json::from_value(meta).unwrap();
    let request = Request::new(method, &params).unwrap();
    match gateway.handle(request, &exchange).await? {
        Answer::Complete { fields, .. } => Ok(serde_json::from_str(fields.get()).unwrap()),
        Answer::Verbatim(raw) => Ok(serde_json::from_str(raw.get()).unwrap()),
        other => panic!("not a whole result: {other:?}"),
    }
}

/// The text of a result's blocks, joined.
pub fn text(result: &Value) -> String {
    let blocks = result["content"].as_array().unwrap();
    let texts: Vec<&str> = blocks
        .iter()
        .filter_map(|block| block["text"].as_str())
        .collect();
    texts.join("\n")
}
