//! A caller with every credential, who checks each answer against the API document.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::{HeaderMap, Request};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use northwind_freight::{Company, Database, Settings};
use serde_json::Value;

use crate::contract::Contract;

pub(crate) const JSON: (&str, &str) = ("content-type", "application/json");
pub(crate) const MERGE_PATCH: (&str, &str) = ("content-type", "application/merge-patch+json");

pub(crate) struct Visitor {
    pub(crate) company: Company,
    client: Client<HttpConnector, Full<Bytes>>,
    contract: Contract,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Visitor {
    /// Opens a company of its own for one test.
    pub(crate) async fn arrive() -> Self {
        Self::visit(Database::InMemory).await
    }

    pub(crate) async fn visit(database: Database) -> Self {
        let settings = Settings {
            address: ([127, 0, 0, 1], 0).into(),
            database,
            slow_report: Duration::ZERO,
        };
        let company = Company::open(settings).await.unwrap();
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self {
            company,
            client,
            contract: Contract::read(),
        }
    }

    /// Reads `path` with the credential of its desk.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], "").await
    }

    /// Sends a request with the credential of its desk.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Answer {
        let (name, value) = credential(path);
        let headers = [headers, &[(name, &value)]].concat();
        self.knock(method, path, &headers, body).await
    }

    /// Sends exactly this request.
    pub(crate) async fn knock(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.company.url()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self
            .client
            .request(request.body(Full::new(body.into())).unwrap())
            .await
            .unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let answer = Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
        };
        self.contract.check(method, path, &answer);
        answer
    }
}

impl Answer {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    #[track_caller]
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// Empty when there is no such header.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

/// The header that opens the desk of `path`.
pub(crate) fn credential(path: &str) -> (&'static str, String) {
    let credentials = Company::credentials();
    match path.split(['/', '?']).nth(1).unwrap() {
        "warehouses" => {
            let (user, password) = credentials.basic;
            (
                "authorization",
                format!(
                    "Basic {}",
                    BASE64_STANDARD.encode(format!("{user}:{password}"))
                ),
            )
        }
        "shipments" | "invoices" | "reports" => {
            ("authorization", format!("Bearer {}", credentials.bearer))
        }
        _ => ("x-api-key", credentials.api_key.to_owned()),
    }
}
