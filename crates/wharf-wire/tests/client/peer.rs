//! A server that answers each HTTP request with exactly the bytes that it was told to.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use url::Url;
use wharf_protocol::capability::Implementation;
use wharf_protocol::method::Method;
use wharf_protocol::port::Request;
use wharf_wire::client::{
    AskError, Asking, Client, ClientSettings, ConnectError, Limits, Target, connect,
};
use wharf_wire::outbound::{Connection, Egress};

/// The answer of a modern server to `server/discover`.
pub(crate) const DISCOVERED: &str = r#"{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{"listChanged":true}},"ttlMs":0,"cacheScope":"public"}"#;
/// The answer of a legacy server to `initialize`.
pub(crate) const INITIALIZED: &str = r#"{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"s","version":"1"}}"#;

/// One HTTP request, as the server sees it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    /// `POST`, `GET` or `DELETE`.
    pub(crate) verb: String,
    pub(crate) path: String,
    head: String,
    pub(crate) body: Value,
}

impl Asked {
    /// What is asked: the method of the message, else that of HTTP.
    pub(crate) fn what(&self) -> &str {
        self.body["method"].as_str().unwrap_or(&self.verb)
    }

    /// The value of a header; `name` in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines
            .find(|(found, _)| *found == name)
            .map(|(_, value)| value)
    }

    pub(crate) fn id(&self) -> String {
        self.body["id"].to_string()
    }

    /// The answer to it with `result`, as JSON.
    pub(crate) fn result(&self, result: &str) -> Said {
        json(
            200,
            &format!(
                r#"{{"jsonrpc":"2.0","id":{},"result":{result}}}"#,
                self.id()
            ),
        )
    }

    /// The answer to it with an error.
    pub(crate) fn error(&self, status: u16, error: &str) -> Said {
        json(
            status,
            &format!(r#"{{"jsonrpc":"2.0","id":{},"error":{error}}}"#, self.id()),
        )
    }
}

/// What the server does about a request.
pub(crate) enum Said {
    /// Says this and closes the connection.
    Bytes(String),
    /// Says this and keeps the connection open.
    Open(String),
    /// Says this over and over until nobody listens.
    Endless(String, String),
}

/// A whole response.
pub(crate) fn json(status: u16, body: &str) -> Said {
    said(status, "content-type: application/json", body)
}

pub(crate) fn said(status: u16, headers: &str, body: &str) -> Said {
    let length = body.len();
    Said::Bytes(format!(
        "HTTP/1.1 {status} X\r\n{headers}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    ))
}

/// A stream that says `events` and ends.
pub(crate) fn stream(events: &str) -> Said {
    Said::Bytes(format!("{}{events}", stream_head()))
}

pub(crate) fn stream_head() -> &'static str {
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
}

/// One message as an event.
pub(crate) fn event(message: &str) -> String {
    format!("event: message\ndata: {message}\n\n")
}

type Script = dyn Fn(&Asked) -> Said + Send + Sync;

/// The server, and what it was asked.
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    more: Arc<Notify>,
    serving: JoinHandle<()>,
}

impl Peer {
    pub(crate) async fn start(script: impl Fn(&Asked) -> Said + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound socket");
        let asked = Arc::new(Mutex::new(Vec::new()));
        let more = Arc::new(Notify::new());
        let script: Arc<Script> = Arc::new(script);
        let serving = tokio::spawn(serve(
            listener,
            script,
            Arc::clone(&asked),
            Arc::clone(&more),
        ));
        Self {
            address,
            asked,
            more,
            serving,
        }
    }

    /// A modern server that answers `server/discover` by itself.
    pub(crate) async fn modern(script: impl Fn(&Asked) -> Said + Send + Sync + 'static) -> Self {
        Self::start(move |asked| match asked.what() {
            "server/discover" => asked.result(DISCOVERED),
            _ => script(asked),
        })
        .await
    }

    /// A legacy server that answers the handshake by itself, in the session `s1`, and offers no
    /// stream of its own.
    pub(crate) async fn legacy(script: impl Fn(&Asked) -> Said + Send + Sync + 'static) -> Self {
        Self::start(
            move |asked| match (asked.what(), asked.header("last-event-id")) {
                ("server/discover", _) => said(400, "", ""),
                ("initialize", _) => {
                    let Said::Bytes(answer) = asked.result(INITIALIZED) else {
                        unreachable!("a result is said at once")
                    };
                    Said::Bytes(answer.replacen("\r\n", "\r\nmcp-session-id: s1\r\n", 1))
                }
                ("notifications/initialized", _) => said(202, "", ""),
                ("GET", None) => said(405, "", ""),
                _ => script(asked),
            },
        )
        .await
    }

    pub(crate) fn url(&self) -> Url {
        Url::parse(&format!("http://{}/mcp", self.address)).expect("an address")
    }

    /// Everything that was asked so far, one a line.
    pub(crate) fn log(&self) -> String {
        let asked = self.asked.lock().expect("no panic");
        let lines: Vec<_> = asked.iter().map(Asked::what).collect();
        lines.join("\n")
    }

    /// The requests for `what`.
    pub(crate) fn asked(&self, what: &str) -> Vec<Asked> {
        let asked = self.asked.lock().expect("no panic");
        asked
            .iter()
            .filter(|asked| asked.what() == what)
            .cloned()
            .collect()
    }

    /// Waits until `what` was asked so often.
    pub(crate) async fn until_asked(&self, what: &str, times: usize) {
        while self.asked(what).len() < times {
            let more = self.more.notified();
            if self.asked(what).len() < times {
                more.await;
            }
        }
    }

    pub(crate) async fn client(&self) -> Client {
        self.connect(|_| {}).await.expect("a connection")
    }

    pub(crate) async fn connect(
        &self,
        change: impl FnOnce(&mut ClientSettings),
    ) -> Result<Client, ConnectError> {
        let url = self.url();
        let mut settings = settings(&url);
        change(&mut settings);
        connect(Target::Url(url), settings).await
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Settings for tests: nothing waits long, for whatever is waited for never comes.
pub(crate) fn settings(url: &Url) -> ClientSettings {
    ClientSettings {
        limits: Limits {
            request_timeout: Duration::from_secs(20),
            frame_bytes: 64 << 10,
            ..Limits::STANDARD
        },
        ..ClientSettings::quiet(
            Implementation::new("test", "1"),
            Connection::new(Egress::new(&[url], true)),
        )
    }
}

async fn serve(
    listener: TcpListener,
    script: Arc<Script>,
    log: Arc<Mutex<Vec<Asked>>>,
    more: Arc<Notify>,
) {
    let mut open = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let (script, log, more) = (Arc::clone(&script), Arc::clone(&log), Arc::clone(&more));
        open.spawn(async move {
            let mut stream = stream;
            let Some(asked) = read(&mut stream).await else {
                return;
            };
            log.lock().expect("no panic").push(asked.clone());
            more.notify_waiters();
            answer(&mut stream, script(&asked)).await;
        });
    }
}

async fn answer(stream: &mut TcpStream, said: Said) {
    match said {
        Said::Bytes(text) => {
            let _ = stream.write_all(text.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
        Said::Open(text) => {
            let _ = stream.write_all(text.as_bytes()).await;
            // Until the client leaves.
            let _ = stream.read(&mut [0; 1]).await;
        }
        Said::Endless(head, again) => {
            let _ = stream.write_all(head.as_bytes()).await;
            while stream.write_all(again.as_bytes()).await.is_ok() {}
        }
    }
}

async fn read(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut first = head.split_whitespace();
    let mut asked = Asked {
        verb: first.next()?.to_owned(),
        path: first.next()?.to_owned(),
        head: head.clone(),
        body: Value::Null,
    };
    let length = asked
        .header("content-length")
        .map_or(0, |length| length.parse().expect("a number"));
    while bytes.len() < end + 4 + length {
        stream.read_buf(&mut bytes).await.ok()?;
    }
    asked.body = serde_json::from_slice(&bytes[end + 4..]).unwrap_or_default();
    Some(asked)
}

/// Asks for `method` with `params` and shows the result, or the error.
pub(crate) async fn ask(client: &Client, method: Method, params: &str) -> String {
    ask_as(client, method, params, &Asking::default()).await
}

pub(crate) async fn ask_as(
    client: &Client,
    method: Method,
    params: &str,
    asking: &Asking,
) -> String {
    shown(
        client
            .ask(request(method, params), asking)
            .await
            .map(|result| result.get().to_owned()),
    )
}

pub(crate) async fn call(client: &Client, tool: &str) -> String {
    ask(
        client,
        Method::TOOLS_CALL,
        &format!(r#"{{"name":"{tool}"}}"#),
    )
    .await
}

pub(crate) fn request(method: Method, params: &str) -> Request {
    Request {
        method,
        params: Some(serde_json::from_str(params).expect("the test's own JSON")),
    }
}

pub(crate) fn shown(outcome: Result<String, AskError>) -> String {
    outcome.unwrap_or_else(|error| format!("error: {error}"))
}
