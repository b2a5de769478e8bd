//! `wharf audit`.

use expect_test::expect;

use crate::sandbox::Sandbox;

#[test]
fn calls_are_listed_newest_first() {
    let sandbox = Sandbox::with_pets();
    let call = |arguments: &[&str]| {
        sandbox.run(&[&["call", "--openapi", "pets.json"], arguments].concat())
    };
    call(&["listPets", "limit=1", "--dry-run"]);
    call(&["createPet", "name=Rex", "password=hunter2", "--dry-run"]);
    let rows = sandbox.run(&["audit", "-n", "5", "--json"]).json_lines();
    let shown: Vec<String> = rows
        .iter()
        .map(|row| {
            format!(
                "{} {} {} {}",
                row["tool"], row["outcome"], row["rule"], row["arguments"]
            )
        })
        .collect();
    expect![[r#"
        "createPet" "dry_run" "no rules" "{\"name\":\"Rex\",\"password\":\"***\"}"
        "listPets" "dry_run" "no rules" "{\"limit\":1}""#]]
    .assert_eq(&shown.join("\n"));
    let one = sandbox.run(&["audit", "-n", "1"]).stdout;
    assert!(
        one.contains("dry_run") && one.contains("createPet") && one.lines().count() == 1,
        "{one}"
    );
}

#[test]
fn a_log_that_is_not_there_is_not_made() {
    let sandbox = Sandbox::new();
    sandbox.write("wharf.toml", "[server]\nstore = 'sqlite:none.db'\n");
    let ended = sandbox.run(&["audit"]);
    expect![[r#"
        error: there is no audit log at `none.db` yet
        hint: it is made when a gateway starts; `--config FILE` names another
        exit 1
    "#]]
    .assert_eq(&ended.transcript());
    assert!(!sandbox.path("none.db").exists());
}
