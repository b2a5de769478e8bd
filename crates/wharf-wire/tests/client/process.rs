//! Servers that are processes of ours.
#![cfg(unix)]

use std::time::Duration;

use expect_test::expect;
#[cfg(target_os = "linux")]
use tokio::io::AsyncReadExt as _;
use url::Url;
use wharf_wire::client::{
    AskError, Asking, Client, ClientSettings, Command, ConnectError, StartError, Target, connect,
};

use crate::peer::{DISCOVERED, INITIALIZED, call, settings};

fn shell(script: &str) -> Command {
    Command {
        arguments: vec!["-c".into(), script.into()],
        ..Command::new("sh")
    }
}

fn quick() -> ClientSettings {
    let mut settings = settings(&Url::parse("http://localhost").expect("an address"));
    settings.limits.farewell = Duration::from_millis(50);
    settings
}

async fn start(script: &str) -> Result<Client, ConnectError> {
    connect(Target::Command(shell(script)), quick()).await
}

/// The first lines of a script that is a modern server.
fn modern(rest: &str) -> String {
    format!(r#"read line; echo '{{"jsonrpc":"2.0","id":1,"result":{DISCOVERED}}}'; {rest}"#)
}

#[tokio::test]
async fn a1_a_process_gets_its_own_environment_and_the_least_of_ours() {
    // Set for this test process by cargo, and nobody else's business.
    assert!(std::env::var_os("CARGO_PKG_NAME").is_some());
    let mut command = shell(&modern(
        r#"read line; echo "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"is\":\"$MINE ${CARGO_PKG_NAME-none} ${PATH:+path}\"}}"; read line"#,
    ));
    command.environment.push(("MINE".into(), "given".into()));
    let client = connect(Target::Command(command), quick())
        .await
        .expect("a connection");
    expect![[r#"{"is":"given none path"}"#]].assert_eq(&call(&client, "t").await);
    client.close().await;
}

#[tokio::test]
async fn g64_a_process_that_exits_leaves_its_last_words() {
    let script = modern("read line; echo 'out of \u{1b}[31m coffee' >&2; exit 3");
    let client = start(&script).await.expect("a connection");
    let request = crate::peer::request(
        wharf_protocol::method::Method::TOOLS_CALL,
        r#"{"name":"t"}"#,
    );
    let Err(AskError::Lost { last_words }) = client.ask(request, &Asking::default()).await else {
        panic!("nobody is there");
    };
    expect![[r"
        exit status: 3
        out of  [31m coffee"]]
    .assert_eq(&last_words.expect("last words"));
}

#[tokio::test]
async fn g64_garbage_and_a_flood_of_complaints_change_nothing() {
    let script = modern(
        r#"i=0; while [ $i -lt 3000 ]; do echo "a long complaint about nothing in particular" >&2; i=$((i+1)); done
        echo 'Server ready!'; echo '{"half":'; read line; echo '{"jsonrpc":"2.0","id":2,"result":{}}'; read line"#,
    );
    let client = start(&script).await.expect("a connection");
    assert_eq!(call(&client, "t").await, "{}");
}

/// A server whose child, and which itself, ignores every polite request to end; the child holds a
/// pipe open for as long as it lives.
#[cfg(target_os = "linux")]
async fn stubborn(end: impl AsyncFnOnce(Client)) {
    let (writer, mut reader) = tokio::net::unix::pipe::pipe().expect("a pipe");
    let writer = writer.into_blocking_fd().expect("a file");
    let path = format!(
        "/proc/{}/fd/{}",
        std::process::id(),
        std::os::fd::AsRawFd::as_raw_fd(&writer)
    );
    let script = modern(
        "trap '' TERM; exec 9>\"$0\"; (trap '' TERM; while :; do sleep 1; done) & echo >&9; while :; do sleep 1; done",
    );
    let mut command = shell(&script);
    command.arguments.push(path.into());
    let client = connect(Target::Command(command), quick())
        .await
        .expect("a connection");
    let mut rest = Vec::new();
    reader
        .read_buf(&mut rest)
        .await
        .expect("the child is there");
    drop(writer);
    end(client).await;
    // Ends once nobody holds the other end any more.
    reader
        .read_to_end(&mut rest)
        .await
        .expect("a pipe can be read");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn g64_a_group_that_ignores_everything_is_killed_when_it_is_closed() {
    stubborn(async |client: Client| client.close().await).await;
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn g64_a_group_dies_with_its_client() {
    stubborn(async |client: Client| drop(client)).await;
}

#[tokio::test]
async fn a_server_that_exits_at_the_first_modern_word_is_started_again() {
    let script = format!(
        r#"read line; case "$line" in *'"initialize"'*) ;; *) exit 1;; esac
        echo '{{"jsonrpc":"2.0","id":1,"result":{INITIALIZED}}}'; read line; read line"#
    );
    let client = start(&script).await.expect("a connection");
    assert_eq!(client.learnt().revision.as_str(), "2025-11-25");
}

#[tokio::test]
async fn a_program_that_is_not_there_is_told_with_where_it_was_looked_for() {
    let mut command = Command::new("no-such-program");
    command
        .environment
        .push(("PATH".into(), "/nowhere:/usr/bin".into()));
    let Err(ConnectError::Start(error)) = connect(Target::Command(command), quick()).await else {
        panic!("there is no such program");
    };
    expect!["there is no program `no-such-program` in PATH"].assert_eq(&error.to_string());
    expect!["install it, or give its full path; searched /nowhere, /usr/bin"]
        .assert_eq(&error.hint().expect("a hint"));
    let refused = connect(
        Target::Command(Command::new(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/Cargo.toml"
        ))),
        quick(),
    )
    .await;
    assert!(matches!(
        refused,
        Err(ConnectError::Start(StartError::NotExecutable(_)))
    ));
    let mut nowhere = shell("true");
    nowhere.directory = Some("/nowhere".into());
    let refused = connect(Target::Command(nowhere), quick()).await;
    assert!(matches!(
        refused,
        Err(ConnectError::Start(StartError::NoDirectory(_)))
    ));
}
