//! Servers that tell of their changes.

use std::sync::Arc;

use expect_test::expect;
use wharf_wire::client::Changes;

use crate::listener::Listener;
use crate::peer::{INITIALIZED, Peer, Said, event, said, stream_head};
use crate::pipe::Pipe;

const CHANGED: &str = r#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#;

#[tokio::test]
async fn a_modern_client_subscribes_to_what_may_change() {
    let listener = Listener::new();
    let peer = Peer::modern(|_| Said::Open(format!("{}{}", stream_head(), event(CHANGED)))).await;
    let heard = Arc::clone(&listener);
    let client = peer
        .connect(|settings| {
            settings.changes = Changes::Watched;
            settings.listener = heard;
        })
        .await
        .expect("a connection");
    expect!["notifications/tools/list_changed "].assert_eq(&listener.until_heard(1).await);
    let asked = &peer.asked("subscriptions/listen")[0].body["params"]["notifications"];
    expect![[r#"{"toolsListChanged":true}"#]].assert_eq(&asked.to_string());
    client.close().await;
}

#[tokio::test]
async fn a_legacy_client_listens_in_its_session() {
    let listener = Listener::new();
    let peer = Peer::start(|asked| match asked.what() {
        "server/discover" => said(400, "", ""),
        "initialize" => asked.result(INITIALIZED),
        "GET" => Said::Open(format!("{}{}", stream_head(), event(CHANGED))),
        _ => said(202, "", ""),
    })
    .await;
    let heard = Arc::clone(&listener);
    let client = peer
        .connect(|settings| {
            settings.changes = Changes::Watched;
            settings.listener = heard;
        })
        .await
        .expect("a connection");
    expect!["notifications/tools/list_changed "].assert_eq(&listener.until_heard(1).await);
    let asked = &peer.asked("GET")[0];
    assert_eq!(asked.header("accept"), Some("text/event-stream"));
    assert_eq!(asked.header("mcp-protocol-version"), Some("2025-11-25"));
    client.close().await;
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_news_is_bounded_and_loses_no_change() {
    let listener = Listener::new();
    let heard = Arc::clone(&listener);
    let (mut pipe, client) = Pipe::modern(|settings| settings.listener = heard).await;
    pipe.say(CHANGED).await;
    for number in 0..10_000 {
        pipe.say(&format!(
            r#"{{"jsonrpc":"2.0","method":"notifications/message","params":{{"level":"info","data":{number}}}}}"#
        ))
        .await;
    }
    let heard = listener.until_heard(1).await;
    assert!(
        heard.starts_with("notifications/tools/list_changed"),
        "{heard}"
    );
    drop(client);
}
