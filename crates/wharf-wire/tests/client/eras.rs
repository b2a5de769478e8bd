//! Which era a server is found to be of (2026-07-28, backward compatibility).

use expect_test::{Expect, expect};
use wharf_wire::client::{Client, ConnectError, Speaks};

use crate::peer::{Asked, DISCOVERED, INITIALIZED, Peer, Said, json, said};
use crate::pipe::Pipe;

/// Connects to a server that answers `server/discover` so, and `initialize` and everything else as
/// legacy servers do; shows what it was asked and what came of it.
async fn check(
    discovered: impl Fn(&Asked) -> Said + Send + Sync + 'static,
    speaks: Speaks,
    expected: Expect,
) {
    let peer = Peer::start(move |asked| match asked.what() {
        "server/discover" => discovered(asked),
        "initialize" => asked.result(INITIALIZED),
        "notifications/initialized" => said(202, "", ""),
        _ => said(405, "", ""),
    })
    .await;
    let connected = peer.connect(|settings| settings.speaks = speaks).await;
    expected.assert_eq(&format!("{}\n{}", peer.log(), shown(&connected)));
}

fn shown(connected: &Result<Client, ConnectError>) -> String {
    match connected {
        Ok(client) => format!("speaks {}", client.learnt().revision),
        Err(ConnectError::Ask(error)) => format!("error: {error}"),
        Err(error) => format!("error: {error}"),
    }
}

#[tokio::test]
async fn a_server_that_discovers_itself_is_modern() {
    check(
        |asked| asked.result(DISCOVERED),
        Speaks::BothEras,
        expect![[r"
            server/discover
            speaks 2026-07-28"]],
    )
    .await;
}

#[tokio::test]
async fn a_modern_error_is_answered_in_the_modern_era() {
    // The first attempt is refused with the very revision that was asked for.
    let refused = std::sync::atomic::AtomicBool::new(false);
    check(
        move |asked| {
            if refused.swap(true, std::sync::atomic::Ordering::SeqCst) {
                return asked.result(DISCOVERED);
            }
            asked.error(
                400,
                r#"{"code":-32022,"message":"?","data":{"supported":["2026-07-28"]}}"#,
            )
        },
        Speaks::BothEras,
        expect![[r"
            server/discover
            server/discover
            speaks 2026-07-28"]],
    )
    .await;
    check(
        |asked| asked.error(400, r#"{"code":-32021,"message":"no elicitation"}"#),
        Speaks::BothEras,
        expect![[r"
            server/discover
            error: no elicitation (-32021)"]],
    )
    .await;
}

#[tokio::test]
async fn revisions_on_offer_decide() {
    check(
        |asked| {
            asked.error(
                400,
                r#"{"code":-32022,"message":"?","data":{"supported":["2025-06-18"]}}"#,
            )
        },
        Speaks::BothEras,
        expect![[r"
            server/discover
            initialize
            notifications/initialized
            speaks 2025-11-25"]],
    )
    .await;
    check(
        |asked| {
            asked.error(
                400,
                r#"{"code":-32022,"message":"?","data":{"supported":["2031-01-01"]}}"#,
            )
        },
        Speaks::BothEras,
        expect![[r"
            server/discover
            error: the server speaks none of our revisions, only 2031-01-01"]],
    )
    .await;
}

#[tokio::test]
async fn any_other_refusal_is_that_of_a_legacy_server() {
    let legacy = || {
        expect![[r"
            server/discover
            initialize
            notifications/initialized
            speaks 2025-11-25"]]
    };
    check(|_| said(400, "", ""), Speaks::BothEras, legacy()).await;
    check(
        |_| said(404, "content-type: text/html", "<h1>?</h1>"),
        Speaks::BothEras,
        legacy(),
    )
    .await;
    let server_error =
        r#"{"jsonrpc":"2.0","error":{"code":-32000,"message":"no session"},"id":null}"#;
    check(|_| json(400, server_error), Speaks::BothEras, legacy()).await;
    check(
        |asked| asked.error(200, r#"{"code":-32601,"message":"?"}"#),
        Speaks::BothEras,
        legacy(),
    )
    .await;
}

#[tokio::test]
async fn trouble_says_nothing_about_the_era() {
    check(
        |_| said(503, "", "try\u{1b}[31m later"),
        Speaks::BothEras,
        expect![[r"
            server/discover
            error: the server answered 503 Service Unavailable and no message"]],
    )
    .await;
    check(
        |_| said(401, "www-authenticate: Bearer", ""),
        Speaks::BothEras,
        expect![[r"
            server/discover
            error: the server wants to know who asks (401 Unauthorized)"]],
    )
    .await;
}

#[tokio::test]
async fn one_era_can_be_had_alone() {
    check(
        |_| said(400, "", ""),
        Speaks::ModernOnly,
        expect![[r"
            server/discover
            error: the server answered 400 Bad Request and no message"]],
    )
    .await;
    check(
        |asked| asked.result(DISCOVERED),
        Speaks::LegacyOnly,
        expect![[r"
            initialize
            notifications/initialized
            speaks 2025-11-25"]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_silent_server_on_a_pipe_is_greeted_after_a_while() {
    let (mut pipe, connecting) = Pipe::open(|_| {});
    assert!(pipe.hear().await.contains("server/discover"));
    assert!(pipe.hear().await.contains(r#""method":"initialize""#));
    pipe.say(&format!(
        r#"{{"jsonrpc":"2.0","id":2,"result":{INITIALIZED}}}"#
    ))
    .await;
    assert_eq!(
        shown(&connecting.await.expect("no panic")),
        "speaks 2025-11-25"
    );
}

#[tokio::test(start_paused = true)]
async fn a_modern_server_that_starts_slowly_is_still_modern() {
    let (mut pipe, connecting) = Pipe::open(|_| {});
    pipe.hear().await;
    pipe.hear().await;
    pipe.say(&format!(
        r#"{{"jsonrpc":"2.0","id":1,"result":{DISCOVERED}}}"#
    ))
    .await;
    assert_eq!(
        shown(&connecting.await.expect("no panic")),
        "speaks 2026-07-28"
    );
}

#[tokio::test]
async fn a_revision_that_nobody_knows_ends_the_handshake() {
    let (mut pipe, connecting) = Pipe::open(|settings| settings.speaks = Speaks::LegacyOnly);
    pipe.hear().await;
    pipe.say(
        r#"{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2019-01-01","capabilities":{}}}"#,
    )
    .await;
    assert_eq!(
        shown(&connecting.await.expect("no panic")),
        "error: the server speaks none of our revisions, only 2019-01-01"
    );
}
