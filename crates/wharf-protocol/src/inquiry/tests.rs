use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::{Asked, Inquiry};
use crate::capability::ClientCapabilities;
use crate::input_required::InputRequest;
use crate::method::Method;
use crate::port::{Answer, Exchange, Reply, Request};
use crate::revision::Revision;

/// Nothing in these tests waits for anything.
fn done<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the future waits"),
    }
}

fn exchange(capabilities: Value) -> Exchange {
    let mut exchange = Exchange::in_process(Revision::LATEST);
    exchange.capabilities =
        serde_json::from_value::<ClientCapabilities>(capabilities).expect("the test's own JSON");
    exchange
}

/// Asks two questions, one after the other, with a piece of work before the first.
async fn handle(request: &Request, exchange: &Exchange, work: &AtomicUsize) -> Reply {
    let inquiry = Inquiry::begin(request, exchange).await?;
    let drafted: usize = inquiry
        .once("draft", async {
            Ok(work.fetch_add(1, Ordering::SeqCst) + 1)
        })
        .await?;
    let Asked::Answered(first) = inquiry.ask("first", InputRequest::roots()?).await? else {
        return inquiry.pause();
    };
    let Asked::Answered(second) = inquiry.ask("second", InputRequest::roots()?).await? else {
        return inquiry.pause();
    };
    Answer::complete(&json!({ "drafted": drafted, "first": first, "second": second }))
}

fn shown(reply: Reply) -> String {
    match reply {
        Ok(Answer::Complete { fields, .. }) => fields.get().to_owned(),
        Ok(Answer::InputRequired(asked)) => {
            serde_json::to_string(&asked).expect("results serialise")
        }
        Ok(other) => format!("{other:?}"),
        Err(error) => error.to_string(),
    }
}

#[track_caller]
fn check(method: Method, capabilities: Value, params: Value, expected: Expect) {
    let request = Request::new(method, &params).expect("the test's own JSON");
    let reply = done(handle(
        &request,
        &exchange(capabilities),
        &AtomicUsize::new(0),
    ));
    expected.assert_eq(&shown(reply));
}

#[test]
fn the_first_round_asks_and_keeps_what_was_done_before() {
    check(
        Method::TOOLS_CALL,
        json!({ "roots": {} }),
        json!({}),
        expect![[
            r#"{"inputRequests":{"first":{"method":"roots/list","params":{}}},"requestState":"{\"kept\":{\"draft\":1}}"}"#
        ]],
    );
}

#[test]
fn work_before_a_question_is_done_once_and_every_answer_is_remembered() {
    let (exchange, work) = (exchange(json!({ "roots": {} })), AtomicUsize::new(0));
    let mut params = json!({});
    for key in ["first", "second"] {
        let request = Request::new(Method::TOOLS_CALL, &params).expect("the test's own JSON");
        let Ok(Answer::InputRequired(asked)) = done(handle(&request, &exchange, &work)) else {
            panic!("no question");
        };
        params = json!({
            "requestState": asked.request_state,
            "inputResponses": { key: { "roots": [] } },
        });
    }
    let request = Request::new(Method::TOOLS_CALL, &params).expect("the test's own JSON");
    expect![[r#"{"drafted":1,"first":{"roots":[]},"second":{"roots":[]}}"#]]
        .assert_eq(&shown(done(handle(&request, &exchange, &work))));
    assert_eq!(work.load(Ordering::SeqCst), 1);
}

#[test]
fn an_answer_of_another_shape_is_refused() {
    check(
        Method::TOOLS_CALL,
        json!({ "roots": {} }),
        json!({ "inputResponses": { "first": 12345 } }),
        expect!["Invalid params: an entry of `inputResponses` is no answer to roots/list (-32602)"],
    );
    check(
        Method::TOOLS_CALL,
        json!({ "roots": {} }),
        json!({ "inputResponses": null }),
        expect![
            "Invalid params: invalid type: null, expected an object at line 1 column 22 (-32602)"
        ],
    );
}

/// RULES C4.
#[test]
fn what_the_client_did_not_declare_is_not_asked() {
    check(
        Method::TOOLS_CALL,
        json!({ "sampling": {} }),
        json!({}),
        expect!["Missing required client capability (-32021)"],
    );
}

/// RULES C4.
#[test]
fn other_methods_ask_nothing() {
    check(
        Method::TOOLS_LIST,
        json!({ "roots": {} }),
        json!({}),
        expect!["Internal error (-32603)"],
    );
}
