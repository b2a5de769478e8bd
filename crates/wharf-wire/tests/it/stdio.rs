//! A server on a pipe.

use std::time::Duration;

use expect_test::{Expect, expect};
use tokio::io::{
    AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream, Lines, ReadHalf, WriteHalf,
};
use tokio::task::JoinHandle;
use wharf_protocol::port::Change;
use wharf_wire::stdio::{Limits, serve};

use crate::double::Double;
use crate::server::{META, call, request};

const INITIALIZE: &str = r#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{}}}"#;
const INITIALIZED: &str = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
const PING: &str = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;

struct Pipe {
    double: std::sync::Arc<Double>,
    input: WriteHalf<DuplexStream>,
    output: Lines<BufReader<ReadHalf<DuplexStream>>>,
    serving: JoinHandle<std::io::Result<()>>,
}

impl Pipe {
    fn open(limits: Limits, buffer: usize) -> Self {
        let double = Double::new();
        let (ours, theirs) = tokio::io::duplex(buffer);
        let (reader, writer) = tokio::io::split(theirs);
        let handler: std::sync::Arc<Double> = std::sync::Arc::clone(&double);
        let serving = tokio::spawn(serve(handler, reader, writer, limits));
        let (output, input) = tokio::io::split(ours);
        Self {
            double,
            input,
            output: BufReader::new(output).lines(),
            serving,
        }
    }

    fn standard() -> Self {
        Self::open(Limits::STANDARD, 1 << 16)
    }

    async fn say(&mut self, line: &str) {
        let line = format!("{line}\n");
        self.input
            .write_all(line.as_bytes())
            .await
            .expect("the server reads");
    }

    async fn hear(&mut self) -> String {
        let line = self.output.next_line().await.expect("UTF-8");
        line.expect("the server writes")
    }

    /// Ends the input and returns what is still said.
    async fn close(mut self) -> Vec<String> {
        self.input.shutdown().await.expect("a pipe can be closed");
        let mut rest = Vec::new();
        while let Ok(Some(line)) = self.output.next_line().await {
            rest.push(line);
        }
        self.serving.await.expect("no panic").expect("no error");
        rest
    }
}

/// Says `line` to a fresh server and compares its answer.
async fn check(line: &str, expected: Expect) {
    let mut pipe = Pipe::standard();
    pipe.say(line).await;
    expected.assert_eq(&pipe.hear().await);
}

#[tokio::test]
async fn both_eras_share_a_pipe() {
    let mut pipe = Pipe::standard();
    pipe.say(INITIALIZE).await;
    expect![[r#"{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-06-18","capabilities":{"tools":{"listChanged":true},"resources":{"subscribe":true}},"serverInfo":{"name":"double","version":"1"}}}"#]].assert_eq(&pipe.hear().await);
    pipe.say(INITIALIZED).await;
    pipe.say(PING).await;
    expect![[r#"{"jsonrpc":"2.0","id":1,"result":{}}"#]].assert_eq(&pipe.hear().await);
    pipe.say(&request("tools/list")).await;
    expect![[r#"{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","tools":[],"_meta":{"io.modelcontextprotocol/serverInfo":{"name":"double","version":"1"}}}}"#]].assert_eq(&pipe.hear().await);
}

#[tokio::test]
async fn a_request_that_belongs_to_no_era_is_refused() {
    check(PING, expect![[r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"`_meta` lacks the required `io.modelcontextprotocol/protocolVersion`, and no `initialize` came before"}}"#]]).await;
    check(&request("initialize"), expect![[r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found: initialize"}}"#]]).await;
    check(
        &request("tools/list").replace("2026-07-28", "1900-01-01"),
        expect![[r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32022,"message":"Unsupported protocol version","data":{"supported":["2024-11-05","2025-03-26","2025-06-18","2025-11-25","2026-07-28"],"requested":"1900-01-01"}}}"#]],
    )
    .await;
}

#[tokio::test]
async fn a_pipe_has_one_session() {
    let mut pipe = Pipe::standard();
    pipe.say(INITIALIZE).await;
    pipe.hear().await;
    pipe.say(INITIALIZE).await;
    expect![[r#"{"jsonrpc":"2.0","id":0,"error":{"code":-32600,"message":"Invalid request: this session is initialized already"}}"#]].assert_eq(&pipe.hear().await);
}

/// Rows 14 to 19, on a pipe.
#[tokio::test]
async fn a_frame_that_cannot_be_taken_is_answered() {
    check("{", expect![[r#"{"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error: EOF while parsing an object at line 1 column 1"}}"#]]).await;
    check("[]", expect![[r#"{"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid request: batches are not taken, send one message at a time"}}"#]]).await;
    check(r#"{"jsonrpc":"2.0","id":3}"#, expect![[r#"{"jsonrpc":"2.0","id":3,"error":{"code":-32600,"message":"Invalid request: a message has a `method`, or an `id` with either `result` or `error`"}}"#]]).await;
    check(r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, expect![[r#"{"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid request: `id` must be a string or an integer at line 1 column 26"}}"#]]).await;
}

#[tokio::test]
async fn a_line_that_is_too_long_is_skipped() {
    let limits = Limits {
        frame_bytes: 256,
        ..Limits::STANDARD
    };
    let mut pipe = Pipe::open(limits, 64);
    pipe.say(&"x".repeat(10_000)).await;
    expect![[r#"{"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid request: a frame has at most 256 bytes"}}"#]].assert_eq(&pipe.hear().await);
    pipe.say(PING).await;
    assert!(pipe.hear().await.contains("-32602"));
}

#[tokio::test]
async fn requests_run_side_by_side_and_can_be_cancelled() {
    let mut pipe = Pipe::standard();
    pipe.say(&call("wait", "1")).await;
    pipe.double.until_waiting(1).await;
    pipe.say(&call("echo", "2").replace(r#""id":1"#, r#""id":2"#))
        .await;
    assert!(pipe.hear().await.contains(r#""id":2"#));
    pipe.say(&call("echo", "3")).await;
    expect![[r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32600,"message":"Invalid request: a request with this `id` is running"}}"#]].assert_eq(&pipe.hear().await);
    pipe.say(r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#)
        .await;
    pipe.double.until_waiting(0).await;
    pipe.say(&call("echo", "4")).await;
    assert!(pipe.hear().await.contains(r#""echo":4"#));
    assert!(pipe.close().await.is_empty());
}

#[tokio::test]
async fn a_client_is_asked_and_answers() {
    let mut pipe = Pipe::standard();
    pipe.say(INITIALIZE).await;
    pipe.hear().await;
    pipe.say(r#"{"jsonrpc":"2.0","id":"a","method":"tools/call","params":{"name":"ask"}}"#)
        .await;
    expect![[r#"{"jsonrpc":"2.0","id":1,"method":"elicitation/create","params":{"message":"?"}}"#]]
        .assert_eq(&pipe.hear().await);
    pipe.say(r#"{"jsonrpc":"2.0","id":9,"result":{"stray":true}}"#)
        .await;
    pipe.say(r#"{"jsonrpc":"2.0","id":1,"result":{"action":"accept"}}"#)
        .await;
    pipe.say(r#"{"jsonrpc":"2.0","id":1,"result":{"action":"again"}}"#)
        .await;
    expect![[r#"{"jsonrpc":"2.0","id":"a","result":{"heard":{"action":"accept"}}}"#]]
        .assert_eq(&pipe.hear().await);
}

#[tokio::test]
async fn a_request_of_ours_is_withdrawn_with_the_request_it_serves() {
    let mut pipe = Pipe::standard();
    pipe.say(INITIALIZE).await;
    pipe.hear().await;
    pipe.say(r#"{"jsonrpc":"2.0","id":"a","method":"tools/call","params":{"name":"ask"}}"#)
        .await;
    pipe.hear().await;
    pipe.say(r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"a"}}"#)
        .await;
    expect![[r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#]]
        .assert_eq(&pipe.hear().await);
}

#[tokio::test]
async fn changes_reach_a_session_once_it_is_initialized() {
    let mut pipe = Pipe::standard();
    pipe.say(INITIALIZE).await;
    pipe.hear().await;
    pipe.say(INITIALIZED).await;
    pipe.double.until_heard(1).await;
    pipe.double
        .announce
        .send(Change::Tools)
        .expect("somebody listens");
    expect![[r#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#]]
        .assert_eq(&pipe.hear().await);
}

#[tokio::test]
async fn a_subscription_ends_in_good_order_with_the_input() {
    let mut pipe = Pipe::standard();
    pipe.say(&format!(r#"{{"jsonrpc":"2.0","id":5,"method":"subscriptions/listen","params":{{"notifications":{{"toolsListChanged":true}},{META}}}}}"#)).await;
    expect![[r#"{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"notifications":{"toolsListChanged":true},"_meta":{"io.modelcontextprotocol/subscriptionId":5}}}"#]].assert_eq(&pipe.hear().await);
    expect![[r#"
        {"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":5}}
        {"jsonrpc":"2.0","id":5,"result":{"resultType":"complete","_meta":{"io.modelcontextprotocol/subscriptionId":5,"io.modelcontextprotocol/serverInfo":{"name":"double","version":"1"}}}}"#]].assert_eq(&pipe.close().await.join("\n"));
}

#[tokio::test]
async fn no_frame_breaks_a_line() {
    check(
        &call("verbatim", "1"),
        expect![[r#"{"jsonrpc":"2.0","id":1,"result":{ "a":  1}}"#]],
    )
    .await;
}

/// What is running when the input ends is finished; what does not finish is dropped.
#[tokio::test(start_paused = true)]
async fn the_end_of_the_input_leaves_time_to_finish() {
    let mut pipe = Pipe::open(
        Limits {
            grace: Duration::from_secs(5),
            ..Limits::STANDARD
        },
        1 << 16,
    );
    pipe.say(&call("wait", "1")).await;
    pipe.say(&call("echo", "2").replace(r#""id":1"#, r#""id":2"#))
        .await;
    let double = std::sync::Arc::clone(&pipe.double);
    double.until_waiting(1).await;
    let rest = pipe.close().await;
    assert_eq!(rest.len(), 1);
    double.until_waiting(0).await;
}

#[tokio::test]
async fn a_request_too_many_is_refused() {
    let mut pipe = Pipe::open(
        Limits {
            requests: 1,
            ..Limits::STANDARD
        },
        1 << 16,
    );
    pipe.say(&call("wait", "1")).await;
    pipe.double.until_waiting(1).await;
    pipe.say(&call("echo", "2").replace(r#""id":1"#, r#""id":2"#))
        .await;
    expect![[r#"{"jsonrpc":"2.0","id":2,"error":{"code":-32603,"message":"Too many requests are running, try again later"}}"#]].assert_eq(&pipe.hear().await);
}

/// A client that reads nothing holds its own requests up and nothing else: memory stays bounded.
#[tokio::test]
async fn a_slow_reader_slows_its_own_requests_down() {
    let limits = Limits {
        queued_frames: 1,
        ..Limits::STANDARD
    };
    let mut pipe = Pipe::open(limits, 64);
    for id in 0..20 {
        let call = call("echo", "1").replace(r#""id":1"#, &format!(r#""id":{id}"#));
        pipe.say(&call).await;
    }
    let mut ids = Vec::new();
    for _ in 0..20 {
        let line = pipe.hear().await;
        let frame: serde_json::Value = serde_json::from_str(&line).expect("one frame a line");
        ids.push(frame["id"].as_i64().expect("an id"));
    }
    ids.sort_unstable();
    assert_eq!(ids, (0..20).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn a_client_that_is_gone_ends_the_server() {
    let mut pipe = Pipe::standard();
    pipe.say(&call("wait", "1")).await;
    pipe.double.until_waiting(1).await;
    let Pipe {
        input,
        output,
        serving,
        double,
    } = pipe;
    drop((input, output));
    let _ = serving.await.expect("no panic");
    double.until_waiting(0).await;
}
