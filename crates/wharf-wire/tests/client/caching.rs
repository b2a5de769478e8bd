//! Results that are kept (2026-07-28, caching).

use std::time::Duration;

use expect_test::{Expect, expect};
use wharf_protocol::method::Method;
use wharf_wire::client::{Asking, Client, Freshness};

use crate::peer::{ask, ask_as};
use crate::pipe::Pipe;

/// Lists the tools; what was asked, where the server answers with `result`, and nothing where it was
/// not asked at all.
async fn listed(pipe: &mut Pipe, client: &Client, params: &str, result: &str) -> String {
    let asking = ask(client, Method::TOOLS_LIST, params);
    tokio::pin!(asking);
    tokio::select! {
        biased;
        kept = &mut asking => format!("kept {kept}"),
        line = pipe.hear() => {
            let id = id_of(&line);
            pipe.say(&format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{result}}}"#)).await;
            format!("asked {}", asking.await)
        }
    }
}

fn id_of(line: &str) -> String {
    let frame: serde_json::Value = serde_json::from_str(line).expect("JSON");
    frame["id"].to_string()
}

#[track_caller]
fn check(found: &str, expected: Expect) {
    expected.assert_eq(found);
}

const FRESH: &str = r#"{"tools":[1],"ttlMs":1000,"cacheScope":"private"}"#;

#[tokio::test(start_paused = true)]
async fn a_result_is_kept_for_as_long_as_it_is_fresh() {
    let (mut pipe, client) = Pipe::modern(|_| {}).await;
    let first = listed(&mut pipe, &client, "{}", FRESH).await;
    check(
        &first,
        expect![[r#"asked {"tools":[1],"ttlMs":1000,"cacheScope":"private"}"#]],
    );
    // `_meta` is no part of the question.
    let again = listed(&mut pipe, &client, r#"{"_meta":{"a":1}}"#, "{}").await;
    check(
        &again,
        expect![[r#"kept {"tools":[1],"ttlMs":1000,"cacheScope":"private"}"#]],
    );
    let other = listed(&mut pipe, &client, r#"{"cursor":"2"}"#, r#"{"tools":[2]}"#).await;
    check(&other, expect![[r#"asked {"tools":[2]}"#]]);
    tokio::time::advance(Duration::from_millis(1001)).await;
    let late = listed(&mut pipe, &client, "{}", r#"{"tools":[3]}"#).await;
    check(&late, expect![[r#"asked {"tools":[3]}"#]]);
}

#[tokio::test(start_paused = true)]
async fn a_change_makes_a_result_stale_at_once() {
    let (mut pipe, client) = Pipe::modern(|_| {}).await;
    listed(&mut pipe, &client, "{}", FRESH).await;
    pipe.say(r#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#)
        .await;
    // The answer to something else comes after the notification.
    listed(&mut pipe, &client, r#"{"cursor":"x"}"#, r#"{"tools":[]}"#).await;
    let after = listed(&mut pipe, &client, "{}", r#"{"tools":[4]}"#).await;
    check(&after, expect![[r#"asked {"tools":[4]}"#]]);
}

#[tokio::test(start_paused = true)]
async fn a_result_that_was_overtaken_by_a_change_is_not_kept() {
    let (mut pipe, client) = Pipe::modern(|_| {}).await;
    let asking = async { ask(&client, Method::TOOLS_LIST, "{}").await };
    let answering = async {
        let id = id_of(&pipe.hear().await);
        pipe.say(r#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#)
            .await;
        pipe.say(&format!(
            r#"{{"jsonrpc":"2.0","id":{id},"result":{FRESH}}}"#
        ))
        .await;
    };
    tokio::join!(asking, answering);
    let after = listed(&mut pipe, &client, "{}", r#"{"tools":[5]}"#).await;
    check(&after, expect![[r#"asked {"tools":[5]}"#]]);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_kept_that_must_not_be() {
    let (mut pipe, client) = Pipe::modern(|_| {}).await;
    for hint in [r#""ttlMs":0"#, r#""ttlMs":-5"#, r#""other":1"#] {
        let result = format!(r#"{{"tools":[],{hint}}}"#);
        for _ in 0..2 {
            let found = listed(&mut pipe, &client, "{}", &result).await;
            assert!(found.starts_with("asked"), "{found}");
        }
    }
    // An answer to answers of ours.
    for _ in 0..2 {
        let found = listed(&mut pipe, &client, r#"{"requestState":"s"}"#, FRESH).await;
        assert!(found.starts_with("asked"), "{found}");
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_wants_the_newest_gets_it() {
    let (mut pipe, client) = Pipe::modern(|_| {}).await;
    listed(&mut pipe, &client, "{}", FRESH).await;
    let now = Asking {
        freshness: Freshness::Now,
        ..Asking::default()
    };
    let asking = ask_as(&client, Method::TOOLS_LIST, "{}", &now);
    let answering = async {
        let id = id_of(&pipe.hear().await);
        pipe.say(&format!(
            r#"{{"jsonrpc":"2.0","id":{id},"result":{{"tools":[6]}}}}"#
        ))
        .await;
    };
    let (found, ()) = tokio::join!(asking, answering);
    check(&found, expect![[r#"{"tools":[6]}"#]]);
}
