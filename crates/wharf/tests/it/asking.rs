//! Questions, in both eras by the same contract.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use expect_test::expect;
use serde_json::json;
use wharf::protocol::error::code;
use wharf::protocol::revision::Revision;
use wharf::testing::Client;
use wharf::{Ask, Error, JsonSchema, Result, Server, State};

const ERAS: [Revision; 2] = [Revision::V2025_11_25, Revision::V2026_07_28];

#[derive(serde::Deserialize, JsonSchema)]
struct Seats {
    /// How many.
    #[schemars(range(min = 1, max = 9))]
    count: u8,
    row: Option<String>,
}

#[derive(Default)]
struct Reservations(AtomicU32);

/// Books seats.
#[wharf::tool]
async fn book(show: String, made: State<Reservations>, ask: Ask) -> Result<String> {
    let reserve = async {
        let number = made.0.fetch_add(1, Ordering::Relaxed);
        Ok::<_, Error>(format!("R{number}"))
    };
    let reservation: String = ask.once("reserve", reserve).await?;
    let seats: Seats = ask.form(format!("How many seats for {show}?")).await?;
    let row = seats.row.unwrap_or_else(|| "any".to_owned());
    if !ask
        .confirm(format!("{} seats in row {row}?", seats.count))
        .await?
    {
        return Ok("nothing booked".to_owned());
    }
    let blurb = ask.model("Describe the show.", 100).await?;
    Ok(format!(
        "{reservation}: {} seats, row {row}. {blurb}",
        seats.count
    ))
}

async fn client(revision: Revision) -> Client {
    let server = Server::new("box office")
        .state(Reservations::default())
        .tool(book);
    Client::new(server)
        .await
        .speaking(revision)
        .answering(
            |question| match (question.method.as_str(), question.message()) {
                ("sampling/createMessage", _) => Some(json!("Loud.")),
                (_, "How many seats for Hamlet?") => Some(json!({ "count": 3, "row": "C" })),
                (_, "3 seats in row C?") => Some(json!({ "confirmed": true })),
                (_, "How many seats for Lear?") => Some(json!({ "count": 99 })),
                _ => None,
            },
        )
}

#[tokio::test]
async fn one_function_asks_clients_of_both_eras() {
    for revision in ERAS {
        let client = client(revision).await;
        for number in 0..2 {
            let answer = client.call("book", json!({ "show": "Hamlet" })).await;
            // What comes before the questions was done once a call.
            assert_eq!(
                answer.text(),
                format!("R{number}: 3 seats, row C. Loud."),
                "{revision:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_person_may_decline() {
    for revision in ERAS {
        let answer = client(revision)
            .await
            .call("book", json!({ "show": "Macbeth" }))
            .await;
        assert!(answer.is_error());
        expect!["the person was asked and did not want to answer"].assert_eq(&answer.text());
    }
}

#[tokio::test]
async fn a_forged_answer_is_refused() {
    for revision in ERAS {
        let params = json!({ "name": "book", "arguments": { "show": "Lear" } });
        let error = client(revision)
            .await
            .request("tools/call", params)
            .await
            .expect_err("forged");
        expect![[r#"
            Invalid params: a form was filled in wrongly:
            - `count`: expected an integer from 1 to 9, got 99 (-32602)"#]]
        .assert_eq(&error.to_string());
    }
}

/// Asks two things at once.
#[wharf::tool]
async fn both(rounds: State<Reservations>, ask: Ask) -> Result<String> {
    rounds.0.fetch_add(1, Ordering::Relaxed);
    let (left, right) = tokio::join!(ask.confirm("left?"), ask.confirm("right?"));
    Ok(format!(
        "{} {} in {} rounds",
        left?,
        right?,
        rounds.0.load(Ordering::Relaxed)
    ))
}

#[tokio::test]
async fn questions_asked_together_travel_together() {
    for (revision, rounds) in ERAS.into_iter().zip([1, 2]) {
        let server = Server::new("test")
            .state(Reservations::default())
            .tool(both);
        let client = Client::new(server).await.speaking(revision);
        let client = client
            .answering(|question| Some(json!({ "confirmed": question.message() == "left?" })));
        let answer = client.call("both", json!({})).await;
        assert_eq!(answer.text(), format!("true false in {rounds} rounds"));
    }
}

/// Asks from a task of its own.
#[wharf::tool]
async fn elsewhere(ask: Ask) -> Result<bool> {
    let ask = Arc::new(ask);
    tokio::spawn(async move { ask.confirm("go?").await }).await?
}

#[tokio::test]
async fn a_question_from_another_task_is_noticed() {
    for revision in ERAS {
        let client = Client::of(elsewhere).await.speaking(revision);
        let client = client.answering(|_| Some(json!({ "confirmed": true })));
        assert_eq!(client.call("elsewhere", json!({})).await.text(), "true");
    }
}

#[tokio::test]
async fn a_client_that_cannot_be_asked_is_told_so() {
    use wharf::protocol::method::Method;
    use wharf::protocol::port::{Exchange, Request};

    let app = Server::new("test")
        .tool(elsewhere)
        .into_handler()
        .await
        .expect("it starts");
    let params = json!({ "name": "elsewhere", "arguments": {} });
    let request = Request::new(Method::TOOLS_CALL, &params).expect("JSON");
    let reply = app
        .handle(request, &Exchange::in_process(Revision::LATEST))
        .await;
    assert_eq!(
        reply.expect_err("nobody to ask").code,
        code::MISSING_CLIENT_CAPABILITY
    );
}
