//! `wharf serve`: both transports, both eras.

use expect_test::expect;
use serde_json::{Value, json};

use crate::mcp::{request, tool_names};
use crate::sandbox::Sandbox;

#[test]
fn standard_streams_speak_both_eras_and_nothing_else() {
    let sandbox = Sandbox::with_pets();
    let mut running = sandbox.start(&["serve", "--openapi", "pets.json", "--stdio"]);
    running.say(&request("tools/list", json!({})).to_string());
    let listed: Value = serde_json::from_str(&running.wait_for("")).unwrap();
    assert_eq!(
        listed["result"]["tools"].as_array().map(Vec::len),
        Some(4),
        "{listed}"
    );

    let hello = json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}});
    running.say(
        &json!({"jsonrpc": "2.0", "id": 2, "method": "initialize", "params": hello}).to_string(),
    );
    let greeted: Value = serde_json::from_str(&running.wait_for("")).unwrap();
    assert_eq!(
        greeted["result"]["protocolVersion"], "2025-06-18",
        "{greeted}"
    );
    running.say(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#);
    running.say(r#"{"jsonrpc":"2.0","id":3,"method":"tools/list"}"#);
    let listed: Value = serde_json::from_str(&running.wait_for("")).unwrap();
    assert_eq!(
        listed["result"]["tools"].as_array().map(Vec::len),
        Some(4),
        "{listed}"
    );

    running.hang_up();
    assert_eq!(running.end(), Some(0));
}

#[test]
fn a_signal_ends_a_server_in_order() {
    for signal in ["-INT", "-TERM"] {
        let sandbox = Sandbox::with_pets();
        let mut running =
            sandbox.start(&["serve", "--openapi", "pets.json", "--listen", "127.0.0.1:0"]);
        let address = running.address();
        assert_eq!(tool_names(address).len(), 4);
        running.signal(signal);
        assert_eq!(running.end(), Some(0), "{signal}");
    }
}

#[test]
fn a_signal_ends_standard_streams_that_are_still_open() {
    let sandbox = Sandbox::with_pets();
    let mut running = sandbox.start(&["serve", "--openapi", "pets.json", "--stdio"]);
    running.wait_for_error("tools");
    running.signal("-TERM");
    assert_eq!(running.end(), Some(0));
}

#[test]
fn an_upstream_that_is_missing_keeps_no_other_from_serving() {
    let sandbox = Sandbox::with_pets();
    sandbox.write(
        "wharf.toml",
        "[server]\nlisten = '127.0.0.1:0'\n[upstream.pets]\nopenapi = 'pets.json'\n[upstream.gone]\nopenapi = 'gone.json'\n",
    );
    let running = sandbox.start(&["serve"]);
    let address = running.address();
    running.wait_for("pets: 4 tools");
    running.wait_for("gone: not open");
    running.wait_for("no rules: every tool may be used");
    running.wait_for(&format!("\"url\":\"http://{address}/mcp\""));
    assert_eq!(
        tool_names(address),
        [
            "pets_createPet",
            "pets_deletePet",
            "pets_listPets",
            "pets_setPhoto"
        ]
    );
}

#[test]
fn an_address_for_everybody_is_refused() {
    let sandbox = Sandbox::with_pets();
    let ended = sandbox.run(&["serve", "--openapi", "pets.json", "--listen", "0.0.0.0:0"]);
    expect![[r#"
        error: 0.0.0.0:0 can be reached from other machines, and nobody has to log in
        hint: listen on 127.0.0.1, or set `insecure_listen = true` in the `[server]` of a config if something in front does authentication
        exit 2
    "#]].assert_eq(&ended.transcript());
}

#[test]
fn a_port_that_is_taken_is_said_so() {
    let sandbox = Sandbox::with_pets();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let ended = sandbox.run(&["serve", "--openapi", "pets.json", "--listen", &address]);
    expect![[r#"
        error: cannot listen on ADDRESS
          cause: Address already in use (os error 98)
        hint: `--listen 127.0.0.1:0` takes any free port
        exit 1
    "#]]
    .assert_eq(&ended.transcript().replace(&address, "ADDRESS"));
}
