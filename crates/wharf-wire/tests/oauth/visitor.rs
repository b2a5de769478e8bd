//! A client of one protected server, and that server.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request};
use serde_json::{Value, json};
use url::Url;
use wharf_wire::client::{Authorizer as _, Challenge, OutgoingFacts, Verdict};
use wharf_wire::oauth::client::{
    Authorization, Grant, Headless, Loopback, MemoryStore, Person, ProofUse, Settings, TokenStore,
};
use wharf_wire::oauth::endpoint::Endpoint;
use wharf_wire::outbound::{Connection, Egress};

use crate::clock::Fake;
use crate::scripted::{Reply, Scripted, Seen};

/// A server at `/mcp` that publishes metadata and lets in whom `admits` admits.
pub(crate) struct Protected {
    pub server: Scripted,
}

/// How a server guards itself.
pub(crate) struct Guard {
    pub issuers: Vec<String>,
    /// Laid over its metadata.
    pub metadata: Value,
    /// Where its metadata stands.
    pub metadata_path: &'static str,
    /// What it says when it refuses; `{base}` stands for its address.
    pub challenge: &'static str,
    /// Whether a request is let in; the number is how many came before.
    pub admits: fn(&Seen, usize) -> Result<(), Reply>,
}

impl Guard {
    pub(crate) fn by(issuer: &str) -> Self {
        Self {
            issuers: vec![issuer.to_owned()],
            metadata: json!({}),
            metadata_path: "/.well-known/oauth-protected-resource/mcp",
            challenge: r#"Bearer resource_metadata="{base}/.well-known/oauth-protected-resource/mcp""#,
            admits: |seen, _| match seen.header("authorization") {
                Some(_) => Ok(()),
                None => Err(Reply::status(401)),
            },
        }
    }
}

impl Protected {
    pub(crate) async fn start(guard: Guard) -> Self {
        let count = AtomicUsize::new(0);
        let server = Scripted::start(|base| {
            move |seen: &Seen| {
                if seen.path == guard.metadata_path {
                    return Reply::json(&document(&base, &guard));
                }
                if seen.path != "/mcp" {
                    return Reply::status(404);
                }
                let before = count.fetch_add(1, Ordering::Relaxed);
                let challenge = guard.challenge.replace("{base}", &base);
                match (guard.admits)(seen, before) {
                    Ok(()) => Reply::status(200),
                    Err(reply) if reply.headers.is_empty() => {
                        reply.with("www-authenticate", challenge)
                    }
                    Err(reply) => reply,
                }
            }
        })
        .await;
        Self { server }
    }

    pub(crate) fn url(&self) -> Url {
        Url::parse(&format!("{}/mcp", self.server.base)).unwrap()
    }

    /// What came in `Authorization`, request by request.
    pub(crate) fn shown(&self) -> Vec<Option<String>> {
        let asked = self.server.asked("/mcp");
        asked
            .iter()
            .map(|seen| seen.header("authorization").map(ToOwned::to_owned))
            .collect()
    }
}

fn document(base: &str, guard: &Guard) -> Value {
    let mut document = json!({
        "resource": format!("{base}/mcp"),
        "authorization_servers": guard.issuers,
    });
    for (name, value) in guard.metadata.as_object().unwrap() {
        document[name] = value.clone();
    }
    document
}

/// A person in front of a browser that needs no hands.
pub(crate) fn person() -> Person {
    let browser = Arc::new(Headless::new(Egress::new(&[], true)));
    Person {
        interaction: Arc::new(Loopback::new(browser, Duration::from_secs(20))),
        credentials: None,
        metadata_document: None,
        client_name: "Visitor".to_owned(),
        offline: false,
    }
}

/// A client and what it is made with.
pub(crate) struct Visitor {
    pub authorization: Arc<Authorization>,
    pub clock: Arc<Fake>,
    pub store: Arc<dyn TokenStore>,
    url: Url,
    connection: Connection,
}

impl Visitor {
    pub(crate) fn new(server: &Protected, grant: Grant) -> Self {
        Self::with(server, grant, |_| {})
    }

    pub(crate) fn person(server: &Protected) -> Self {
        Self::new(server, Grant::Person(person()))
    }

    pub(crate) fn with(
        server: &Protected,
        grant: Grant,
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        let clock = Fake::new();
        let mut settings = Settings {
            server: Endpoint::new(server.url()).unwrap(),
            grant,
            issuer: None,
            trusted: Vec::new(),
            proof: ProofUse::WhenOffered,
            store: Arc::new(MemoryStore::default()),
            clock: Arc::<Fake>::clone(&clock),
        };
        change(&mut settings);
        Self {
            url: server.url(),
            store: Arc::clone(&settings.store),
            authorization: Arc::new(Authorization::new(settings)),
            clock,
            connection: Connection::new(Egress::new(&[], true)),
        }
    }

    /// Sends one request, as often as the authorization says: the status that it ends with, or why
    /// it was not sent.
    pub(crate) async fn call(&self) -> Result<u16, String> {
        self.call_at(&self.url).await
    }

    /// As [`Visitor::call`], to any address.
    pub(crate) async fn call_at(&self, url: &Url) -> Result<u16, String> {
        let facts = OutgoingFacts {
            method: &Method::POST,
            url,
        };
        for refusals in 0.. {
            let response = self.send(&facts).await?;
            let status = response.status();
            let headers = response.headers();
            let text = |value: &http::HeaderValue| value.to_str().unwrap().to_owned();
            let www_authenticate: Vec<String> = headers
                .get_all("www-authenticate")
                .iter()
                .map(text)
                .collect();
            let nonce = headers.get("dpop-nonce").map(text);
            if ![401, 403].contains(&status.as_u16()) || refusals == Challenge::MOST {
                return Ok(status.as_u16());
            }
            let challenge = Challenge {
                request: facts,
                status,
                www_authenticate: &www_authenticate,
                dpop_nonce: nonce.as_deref(),
                refusals,
            };
            let verdict = self.authorization.challenged(&challenge).await;
            if verdict.map_err(chain)? == Verdict::GiveUp {
                return Ok(status.as_u16());
            }
        }
        unreachable!("refusals end")
    }

    async fn send(
        &self,
        facts: &OutgoingFacts<'_>,
    ) -> Result<http::Response<hyper::body::Incoming>, String> {
        let headers = self.authorization.headers(facts).await.map_err(chain)?;
        let mut request = Request::post(facts.url.as_str())
            .body(Bytes::new())
            .unwrap();
        request.headers_mut().extend(headers);
        Ok(self.connection.send(request).await.unwrap())
    }
}

/// An error and its causes, on a line.
fn chain(error: impl std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let next = error.to_string();
        if !text.ends_with(&next) {
            text = format!("{text}: {next}");
        }
        cause = error.source();
    }
    text
}
