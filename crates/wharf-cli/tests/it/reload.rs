//! A running gateway takes a new config as a whole, or not at all.

use crate::mcp::tool_names;
use crate::sandbox::Sandbox;

const GOOD: &str = "[server]\nlisten = '127.0.0.1:0'\n[upstream.pets]\nopenapi = 'pets.json'\n";

#[test]
fn a_config_is_reloaded_when_it_changes_and_only_if_it_is_good() {
    let sandbox = Sandbox::with_pets();
    sandbox.write("wharf.toml", GOOD);
    let running = sandbox.start(&["serve"]);
    let address = running.address();
    assert_eq!(tool_names(address).len(), 4);

    sandbox.write(
        "wharf.toml",
        format!("{GOOD}[[rule]]\ndeny = 'pets.*'\neffekt = 'read'\n"),
    );
    running.wait_for_error("unknown key `effekt`");
    running.wait_for_error("the old config stays in force");
    assert_eq!(tool_names(address).len(), 4);

    sandbox.write(
        "wharf.toml",
        format!("{GOOD}[upstream.more]\nopenapi = 'gone.json'\n[[rule]]\ndeny = 'pets.*'\n"),
    );
    running.wait_for_error("`more` cannot be opened");
    running.wait_for_error("the old config stays in force");
    assert_eq!(tool_names(address).len(), 4);

    sandbox.write(
        "wharf.toml",
        format!("{GOOD}[[rule]]\ndeny = 'pets.create*'\n[[rule]]\nallow = 'pets.delete*'\n"),
    );
    running.wait_for_error("reloaded");
    assert_eq!(tool_names(address), ["pets_deletePet", "pets_listPets"]);

    sandbox.write("wharf.toml", GOOD.replace("127.0.0.1:0", "127.0.0.1:1"));
    running.wait_for_error("changes of `[server]` take effect at the next start");
    assert_eq!(tool_names(address).len(), 4);
}

#[test]
fn a_hang_up_asks_for_a_reload() {
    let sandbox = Sandbox::with_pets();
    sandbox.write("wharf.toml", GOOD);
    let running = sandbox.start(&["serve"]);
    running.wait_for("mcpServers");
    running.signal("-HUP");
    running.wait_for_error("reloaded wharf.toml");
}
