//! `wharf demo`, from its start to a sudden end.

use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::ScopedJoinHandle;

use serde_json::{Value, json};

use crate::mcp::{ask, call, tool_names};
use crate::sandbox::{Sandbox, ended};

#[test]
fn every_line_that_the_demo_prints_works_when_pasted() {
    let sandbox = Sandbox::new();
    let running = sandbox.start(&["demo", "--listen", "127.0.0.1:0"]);
    let mut lines = Vec::new();
    while lines.len() < 6 {
        lines.push(running.wait_for(" --config "));
    }
    for line in lines {
        let mut shell = std::process::Command::new("sh");
        shell
            .args(["-c", &line])
            .env("PATH", "/usr/bin:/bin")
            .env("XDG_STATE_HOME", sandbox.path("state"));
        let ended = ended(shell.output().unwrap());
        assert_eq!(ended.code, Some(0), "{line}: {ended:?}");
        assert_eq!(
            ended.stdout == "denied\n",
            line.contains("deleteShipment"),
            "{line}: {ended:?}"
        );
    }
}

#[test]
fn a_client_reads_writes_and_is_denied() {
    let sandbox = Sandbox::new();
    let running = sandbox.start(&["demo", "--listen", "127.0.0.1:0"]);
    let address = running.address();
    let names = tool_names(address);
    assert!(
        names.contains(&"northwind_createTicket".to_owned()),
        "{names:?}"
    );
    assert!(
        !names.iter().any(|name| name.contains("delete")),
        "{names:?}"
    );

    let read = call(
        address,
        "northwind_getWarehouse",
        json!({"warehouse": "RTM1"}),
    )
    .unwrap();
    assert_eq!(
        read["result"]["structuredContent"]["city"], "Rotterdam",
        "{read}"
    );

    let ticket = json!({"customer_id": 67, "subject": "Late", "description": "Where is it?"});
    let written = call(address, "northwind_createTicket", ticket.clone()).unwrap();
    let id = written["result"]["structuredContent"]["id"]
        .as_u64()
        .unwrap_or_else(|| panic!("{written}"));

    let shown = ask(
        address,
        "tools/call",
        json!({"name": "northwind_createTicket", "arguments": ticket, "_meta": {"dev.wharf/dry-run": true}}),
    )
    .unwrap();
    assert_eq!(
        shown["result"]["structuredContent"]["headers"]["x-api-key"], "***",
        "{shown}"
    );
    let next = call(address, "northwind_getTicket", json!({"ticket_id": id + 1})).unwrap();
    assert_eq!(
        next["result"]["isError"], true,
        "a dry run made a ticket: {next}"
    );

    let denied = call(address, "northwind_deleteTicket", json!({"ticket_id": id})).unwrap();
    assert_eq!(
        denied["error"]["message"], "Unknown tool: northwind_deleteTicket",
        "{denied}"
    );
}

#[test]
fn no_acknowledged_call_is_missing_after_a_sudden_end() {
    const CALLERS: usize = 8;
    const ENOUGH: usize = 60;
    let sandbox = Sandbox::new();
    let running = sandbox.start(&["demo", "--listen", "127.0.0.1:0"]);
    let address = running.address();
    let acknowledged = Mutex::new(HashSet::new());
    let answered = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let mut callers = Vec::new();
        for caller in 0..CALLERS {
            let (acknowledged, answered) = (&acknowledged, &answered);
            callers.push(scope.spawn(move || {
                for number in 0.. {
                    let subject = format!("mark-{caller}-{number}-");
                    let ticket = json!({"customer_id": 1, "subject": subject, "description": "x"});
                    // The first call that is not answered is the end of the gateway.
                    let Ok(answer) = call(address, "northwind_createTicket", ticket) else {
                        return;
                    };
                    assert!(
                        answer["result"]["structuredContent"]["id"].is_u64(),
                        "{answer}"
                    );
                    acknowledged.lock().unwrap().insert(subject);
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            }));
        }
        // A caller only ends early where something is wrong, and says so.
        while answered.load(Ordering::Relaxed) < ENOUGH
            && !callers.iter().all(ScopedJoinHandle::is_finished)
        {
            std::thread::yield_now();
        }
        running.signal("-KILL");
    });
    assert!(answered.into_inner() >= ENOUGH);
    let rows = sandbox
        .run(&[
            "audit",
            "--config",
            "state/wharf/demo/demo.toml",
            "-n",
            "100000",
            "--json",
        ])
        .json_lines();
    let recorded = |stage: &str, subject: &str| {
        rows.iter().any(|row| {
            row["stage"] == stage
                && row["arguments"]
                    .as_str()
                    .is_some_and(|text| text.contains(subject))
        })
    };
    for subject in acknowledged.lock().unwrap().iter() {
        assert!(
            recorded("attempt", subject) && recorded("outcome", subject),
            "{subject} is not on record"
        );
    }
    let verdict = sandbox
        .run(&[
            "audit",
            "--config",
            "state/wharf/demo/demo.toml",
            "--verify",
            "--json",
        ])
        .json();
    assert_eq!(verdict["sound"], Value::Bool(true), "{verdict}");
}
