//! `wharf tools`.

use expect_test::expect;

use crate::sandbox::Sandbox;

const CONFIG: &str = "[upstream.pets]\nopenapi = 'pets.json'\n[[rule]]\nallow = 'pets.create*'\n";

#[test]
fn only_what_may_be_used_is_listed() {
    let sandbox = Sandbox::with_pets();
    sandbox.write("pets.toml", CONFIG);
    expect![[r#"
        pets_createPet	write	Add a pet
        pets_listPets	read	List pets
        exit 0
    "#]]
    .assert_eq(&sandbox.run(&["tools", "pets.toml"]).transcript());
    expect![[r#"
        pets_createPet	write	Add a pet
        exit 0
    "#]]
    .assert_eq(&sandbox.run(&["tools", "pets.toml", "ADD"]).transcript());
    expect![[r#"
        deletePet	destructive	Delete a pet
        exit 0
    "#]]
    .assert_eq(
        &sandbox
            .run(&["tools", "--openapi", "pets.json", "delete"])
            .transcript(),
    );
}

#[test]
fn scripts_get_whole_definitions() {
    let sandbox = Sandbox::with_pets();
    let ended = sandbox.run(&["tools", "--openapi", "pets.json", "--json"]);
    let names: Vec<String> = ended
        .json_lines()
        .iter()
        .map(|tool| tool["name"].to_string())
        .collect();
    expect![[r#""createPet" "deletePet" "listPets" "setPhoto""#]].assert_eq(&names.join(" "));
    assert!(
        ended
            .json_lines()
            .iter()
            .all(|tool| tool["inputSchema"].is_object())
    );
}

#[test]
fn an_upstream_that_is_missing_is_an_error() {
    let sandbox = Sandbox::new();
    let ended = sandbox.run(&["tools", "--openapi", "no.json"]);
    expect![[r#"
        error: cannot read the API document `no.json`
          cause: No such file or directory (os error 2)
        exit 1
    "#]]
    .assert_eq(&ended.transcript());
}
