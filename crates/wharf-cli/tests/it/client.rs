//! `wharf tools`, `call` and `inspect` with MCP servers: our own over HTTP and pipes, and one of the
//! legacy era.

use expect_test::{Expect, expect};

use crate::legacy;
use crate::sandbox::{Ended, Sandbox};
use crate::scripted::{Reply, Scripted, Seen};

/// Runs `wharf` against the legacy server; its address stands as `URL` on both sides.
#[track_caller]
fn check(arguments: &[&str], expected: Expect) {
    let sandbox = Sandbox::new();
    let server = Scripted::start(|_| legacy::answer);
    let url = format!("{}/mcp", server.base);
    let arguments: Vec<&str> = arguments
        .iter()
        .map(|word| if *word == "URL" { url.as_str() } else { word })
        .collect();
    let transcript = sandbox.run(&arguments).transcript();
    expected.assert_eq(&transcript.replace(&url, "URL"));
}

#[test]
fn a_server_of_the_legacy_era_is_listed() {
    check(
        &["tools", "URL"],
        expect![[r#"
            add	read	Adds
            fail	unknown	Fails
            refuse	write	
            pay	unknown	
            exit 0
        "#]],
    );
    check(
        &["tools", "URL", "FAIL"],
        expect![[r#"
            fail	unknown	Fails
            exit 0
        "#]],
    );
    check(
        &["tools", "--url", "URL", "--json", "fail", "--era", "legacy"],
        expect![[r#"
            {"name":"fail","title":"Fails","inputSchema":{"type":"object"}}
            exit 0
        "#]],
    );
}

#[test]
fn arguments_are_typed_by_the_schema_of_the_tool() {
    check(
        &["call", "add", "a=1", "b=2", "--url", "URL"],
        expect![[r#"
            {
              "a": 1,
              "b": "2"
            }
            exit 0
        "#]],
    );
    check(
        &["call", "add", "a=one", "--url", "URL"],
        expect![[r#"
            error: `a` is an integer, and `one` is not
            exit 2
        "#]],
    );
    check(
        &["call", "add", "c=1", "--url", "URL"],
        expect![[r#"
            error: the tool has no argument `c`
            hint: it takes a, b
            exit 2
        "#]],
    );
    check(
        &["call", "ad", "--url", "URL"],
        expect![[r#"
        error: the server has no tool `ad`
        hint: did you mean `add`?
        exit 1
    "#]],
    );
}

#[test]
fn a_result_is_printed_as_its_server_wrote_it() {
    check(
        &["call", "add", "a=1", "--url", "URL", "--json"],
        expect![[r#"
        {"content":[{"type":"text","text":"{\"a\":1}"}],"unheardOf":1}
        exit 0
    "#]],
    );
}

#[test]
fn a_failure_of_the_tool_fails_the_command_and_tells_the_terminal_nothing() {
    check(
        &["call", "fail", "--url", "URL"],
        expect![[r#"
        error: it broke�[31m
        exit 1
    "#]],
    );
    check(
        &["call", "refuse", "--url", "URL", "--json"],
        expect![[r#"
        {"error":{"code":-32050,"message":"not today"}}
        error: not today (-32050)
        exit 1
    "#]],
    );
}

#[test]
fn pages_to_visit_first_are_told() {
    check(
        &["call", "pay", "--url", "URL"],
        expect![[r#"
        error: pay first (-32042)
        hint: if you trust it, visit https://bank.example/pay and run the command again
        exit 1
    "#]],
    );
}

#[test]
fn nobody_waits_longer_than_they_said() {
    let sandbox = Sandbox::new();
    let silent = [
        "tools",
        "--timeout",
        "100ms",
        "--",
        "sh",
        "-c",
        "cat >/dev/null",
    ];
    expect![[r#"
        error: cannot connect to `sh`
          cause: cannot get to know the server
          cause: the server did not answer within 100ms
        hint: `--timeout 5m` waits longer
        exit 1
    "#]]
    .assert_eq(&sandbox.run(&silent).transcript());
}

#[test]
fn a_command_that_is_interrupted_leaves_no_process_behind() {
    let sandbox = Sandbox::new();
    // It answers nothing, and outlives any patience.
    let server = "echo $$ >pid.new; mv pid.new pid; exec sleep 30";
    let mut running = sandbox.start(&["tools", "--", "sh", "-c", server]);
    let since = std::time::Instant::now();
    let pid = loop {
        if let Ok(pid) = std::fs::read_to_string(sandbox.path("pid")) {
            break pid;
        }
        assert!(since.elapsed().as_secs() < 30, "its server did not start");
        std::thread::yield_now();
    };
    running.signal("-INT");
    assert_eq!(running.end(), Some(1));
    running.wait_for_error("interrupted");
    let place = format!("/proc/{}/stat", pid.trim());
    // One that has ended may still wait for its new parent to take notice.
    let runs = || std::fs::read_to_string(&place).is_ok_and(|stat| !stat.contains(") Z "));
    let since = std::time::Instant::now();
    while runs() {
        assert!(since.elapsed().as_secs() < 10, "its server still runs");
        std::thread::yield_now();
    }
}

#[test]
fn only_a_server_that_declares_it_shows_a_request_without_sending_it() {
    check(
        &["call", "add", "--url", "URL", "--dry-run"],
        expect![[r#"
        error: `URL` does not declare that it can show a request without sending it (`dev.wharf/dry-run`)
        hint: without `--dry-run` the call is made
        exit 2
    "#]],
    );
}

#[test]
fn a_server_is_inspected() {
    check(
        &["inspect", "URL"],
        expect![[r#"
            server        scripted 1
            at            URL
            revision      2025-11-25 (legacy)
            offers        tools
            tools         4
            instructions  Be kind.�[2J
            exit 0
        "#]],
    );
    check(
        &["inspect", "URL", "--json"],
        expect![[r#"
            {"url":"URL","revision":"2025-11-25","era":"legacy","server":{"name":"scripted","version":"1"},"capabilities":{"tools":{}},"instructions":"Be kind.\u001b[2J","counts":{"tools":4,"resources":null,"resource_templates":null,"prompts":null}}
            exit 0
        "#]],
    );
}

#[test]
fn one_server_is_named_and_nothing_beside_it() {
    check(
        &["inspect"],
        expect![[r#"
        error: no server is named
        hint: write `wharf inspect URL` or `wharf inspect -- COMMAND`
        exit 2
    "#]],
    );
    check(
        &["tools", "URL", "--config", "a.toml"],
        expect![[r#"
        error: give one config, one document or one server
        exit 2
    "#]],
    );
    check(
        &["tools", "ftp://somewhere/mcp"],
        expect![[r#"
        error: this is no address of an MCP server
        hint: give a URL that begins with http:// or https://
        exit 2
    "#]],
    );
    check(
        &["tools", "http://me:pass@127.0.0.1/mcp"],
        expect![[r#"
        error: an address must not hold a user or a password
        hint: give them as a header: `--header 'Authorization: Basic ${env:…}'`
        exit 2
    "#]],
    );
}

#[test]
fn what_keeps_a_server_from_answering_is_said() {
    let sandbox = Sandbox::new();
    expect![[r#"
        error: cannot connect to `http://127.0.0.1:1/mcp`
          cause: cannot get to know the server
          cause: the server cannot be reached
          cause: client error (Connect)
          cause: Connection refused (os error 111)
        exit 1
    "#]]
    .assert_eq(
        &sandbox
            .run(&["tools", "http://127.0.0.1:1/mcp"])
            .transcript(),
    );
    expect![[r#"
        error: cannot connect to `./no-such-server`
          cause: cannot start the server
          cause: there is no program at `./no-such-server`
        exit 1
    "#]]
    .assert_eq(
        &sandbox
            .run(&["tools", "--", "./no-such-server"])
            .transcript(),
    );
    expect![[r#"
        error: cannot connect to `sh`
          cause: cannot get to know the server
          cause: the server left before it answered
        hint: it last said: exit status: 3
        it hurts
        exit 1
    "#]]
    .assert_eq(
        &sandbox
            .run(&["tools", "--", "sh", "-c", "echo it hurts >&2; exit 3"])
            .transcript(),
    );
}

/// Asks with these credentials; what the server saw, and the transcript.
fn shown(arguments: &[&str]) -> (Option<Seen>, Ended) {
    let sandbox = Sandbox::new();
    sandbox.write("token", "s3cret-in-a-file\n");
    let server = Scripted::start(|_| legacy::answer);
    let url = format!("{}/mcp?key=s3cret-in-a-query", server.base);
    let mut command = sandbox.command(&["tools", &url]);
    command.args(arguments).env("TOKEN", "s3cret-in-a-variable");
    let ended = crate::sandbox::ended(command.output().unwrap());
    (server.asked("/mcp").pop(), ended)
}

#[test]
fn a_token_is_shown_to_the_server_and_to_nobody_else() {
    for (arguments, expected) in [
        (["--bearer", "TOKEN"], "Bearer s3cret-in-a-variable"),
        (["--bearer", "${file:token}"], "Bearer s3cret-in-a-file"),
        (
            ["--header", "Authorization: Basic ${env:TOKEN}"],
            "Basic s3cret-in-a-variable",
        ),
    ] {
        let (seen, ended) = shown(&arguments);
        assert_eq!(seen.unwrap().header("authorization"), Some(expected));
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert!(!ended.transcript().contains("s3cret"), "{ended:?}");
    }
}

#[test]
fn a_token_in_plain_sight_is_refused_and_not_repeated() {
    let (seen, ended) = shown(&["--bearer", "s3cret_typed_out"]);
    assert!(seen.is_none());
    expect![[r#"
        error: `--bearer` is neither a reference nor the name of an environment variable that is set
        hint: write `--bearer '${env:NAME}'`; a token itself would be seen by everybody on this machine
        exit 2
    "#]].assert_eq(&ended.transcript());
}

#[test]
fn a_server_that_refuses_a_token_is_not_signed_in_at() {
    let sandbox = Sandbox::new();
    let server = Scripted::start(|_| |_: &Seen| Reply::status(401));
    let url = format!("{}/mcp", server.base);
    let mut command = sandbox.command(&["tools", &url, "--bearer", "TOKEN"]);
    command.env("TOKEN", "t");
    let ended = crate::sandbox::ended(command.output().unwrap());
    expect![[r#"
        error: cannot connect to `URL`
          cause: cannot get to know the server
          cause: the server wants to know who asks (401 Unauthorized)
        hint: it refuses what was shown, if anything: `--bearer '${env:TOKEN}'` shows a token; `wharf login URL` signs in, over https only
        exit 1
    "#]].assert_eq(&ended.transcript().replace(&url, "URL"));
}

#[test]
fn our_own_server_answers_over_http() {
    let sandbox = Sandbox::with_pets();
    let running = sandbox.start(&["serve", "--openapi", "pets.json", "--listen", "127.0.0.1:0"]);
    let url = format!("http://{}/mcp", running.address());
    expect![[r#"
        createPet	write	Add a pet
        deletePet	destructive	Delete a pet
        listPets	read	List pets
        setPhoto	destructive	PUT /photo
        exit 0
    "#]]
    .assert_eq(&sandbox.run(&["tools", &url]).transcript());
    // Declared as an extension, which came with the modern era.
    let dry = [
        "call",
        "listPets",
        "limit=5",
        "--url",
        &url,
        "--dry-run",
        "--json",
        "--era",
        "modern",
    ];
    expect![[r#"
        {"method":"GET","url":"http://127.0.0.1:9/pets?limit=5","headers":{"accept":"application/json, */*;q=0.8"},"body":null}
        exit 0
    "#]].assert_eq(&sandbox.run(&dry).transcript());
    expect![[r#"
        error: The call failed: the upstream cannot be reached. Nothing was sent. Try again later, or tell the operator.
        exit 1
    "#]].assert_eq(&sandbox.run(&["call", "listPets", "--url", &url]).transcript());
}

#[test]
fn our_own_server_answers_over_a_pipe() {
    let sandbox = Sandbox::with_pets();
    let wharf = env!("CARGO_BIN_EXE_wharf");
    let state = format!("XDG_STATE_HOME={}", sandbox.path("server").display());
    let server = [
        "--env",
        &state,
        "--",
        wharf,
        "serve",
        "--openapi",
        "pets.json",
        "--stdio",
    ];
    let run = |arguments: &[&str]| {
        let all = [arguments, &server].concat();
        sandbox.run(&all).transcript().replace(wharf, "wharf")
    };
    expect![[r#"
        deletePet	destructive	Delete a pet
        exit 0
    "#]]
    .assert_eq(&run(&["tools", "delete"]));
    expect![[r#"
        {"method":"DELETE","url":"http://127.0.0.1:9/pets/7","headers":{"accept":"application/json, */*;q=0.8"},"body":null}
        exit 0
    "#]].assert_eq(&run(&["call", "deletePet", "id=7", "--dry-run", "--json"]));
    expect![[r#"
        server        wharf 0.1.0
        at            wharf
        revision      2025-11-25 (legacy)
        offers        tools (tells of changes)
        tools         4
        exit 0
    "#]]
    .assert_eq(&run(&["inspect", "--era", "legacy"]));
}
