//! Secrets are references: resolved, and never printed.

use expect_test::{Expect, expect};

use crate::sandbox::{Sandbox, ended};

const SECRET: &str = "hunter2-e8c1";

/// A pet shop whose token is `reference`; its dry run must show the token's place and not its text.
#[track_caller]
fn check(reference: &str, expected: Expect) {
    let sandbox = Sandbox::with_pets();
    sandbox.write("token", format!("{SECRET}\n"));
    sandbox.write(
        "wharf.toml",
        format!("[upstream.pets]\nopenapi = 'pets.json'\nauth = {{ bearer = '{reference}' }}\n"),
    );
    let mut command = sandbox.command(&["call", "pets_listPets", "--dry-run", "--json"]);
    let ended = ended(
        command
            .env("PET_TOKEN", SECRET)
            .env("WHARF_LOG", "trace")
            .output()
            .unwrap(),
    );
    let printed = ended.transcript();
    assert!(!printed.contains(SECRET), "{printed}");
    let lines: Vec<&str> = ended
        .stderr
        .lines()
        .filter(|line| !line.contains("Z "))
        .collect();
    expected.assert_eq(&format!("{}{}", ended.stdout, lines.join("\n")));
}

#[test]
fn a_secret_may_come_from_the_environment() {
    check(
        "${env:PET_TOKEN}",
        expect![[r#"
        {"method":"GET","url":"http://127.0.0.1:9/pets","headers":{"accept":"application/json, */*;q=0.8","authorization":"Bearer ***"},"body":null}
    "#]],
    );
}

#[test]
fn a_secret_may_come_from_a_file() {
    check(
        "${file:token}",
        expect![[r#"
        {"method":"GET","url":"http://127.0.0.1:9/pets","headers":{"accept":"application/json, */*;q=0.8","authorization":"Bearer ***"},"body":null}
    "#]],
    );
}

#[test]
fn a_secret_may_come_from_a_command() {
    check(
        "${exec:cat token}",
        expect![[r#"
            {"method":"GET","url":"http://127.0.0.1:9/pets","headers":{"accept":"application/json, */*;q=0.8","authorization":"Bearer ***"},"body":null}
        "#]],
    );
}

#[test]
fn a_literal_secret_is_taken_with_a_warning() {
    check(
        SECRET,
        expect![[r#"
        {"method":"GET","url":"http://127.0.0.1:9/pets","headers":{"accept":"application/json, */*;q=0.8","authorization":"Bearer ***"},"body":null}
        wharf.toml:3:19: warning: this secret stands in the file itself, where everybody who reads the file sees it
          help: refer to it: `${env:NAME}`, `${file:PATH}` or `${exec:PROGRAM ARGUMENTS}`"#]],
    );
}

#[test]
fn what_cannot_be_resolved_is_located() {
    check(
        "${env:NO_SUCH_VARIABLE}",
        expect![[r#"
        wharf.toml:3:20: error: the environment variable `NO_SUCH_VARIABLE` is not set
          help: set it: export NO_SUCH_VARIABLE=…
        error: the config `wharf.toml` has mistakes"#]],
    );
    check(
        "${file:no/such/file}",
        expect![[r#"
        wharf.toml:3:20: error: cannot read the file `no/such/file`: entity not found
          help: paths are relative to the folder of the config file
        error: the config `wharf.toml` has mistakes"#]],
    );
    check(
        "${exec:false}",
        expect![[r#"
            wharf.toml:3:20: error: `false` failed (exit status: 1)
              help: the command is run without a shell; what it prints is the secret
            error: the config `wharf.toml` has mistakes"#]],
    );
    check(
        "${exec:no-such-program-anywhere --now}",
        expect![[r#"
        wharf.toml:3:20: error: cannot run `no-such-program-anywhere`: entity not found
          help: the command is run without a shell; what it prints is the secret
        error: the config `wharf.toml` has mistakes"#]],
    );
    check(
        "${vault:x}",
        expect![[r#"
        wharf.toml:3:19: error: a reference says neither `env:`, `file:` nor `exec:`
          help: write `${env:NAME}`, `${file:PATH}` or `${exec:PROGRAM ARGUMENTS}`; `$${` stands for `${` itself
        error: the config `wharf.toml` has mistakes"#]],
    );
}

#[test]
fn a_secret_that_no_header_can_carry_is_not_shown() {
    let sandbox = Sandbox::with_pets();
    sandbox.write(
        "wharf.toml",
        "[upstream.pets]\nopenapi = 'pets.json'\nbase_url = '${env:PET_TOKEN}'\n\
         headers = { x = '${env:PET_TOKEN}' }\nauth = { bearer = '${env:PET_TOKEN}' }\n",
    );
    let mut command = sandbox.command(&["config", "check"]);
    let ended = ended(
        command
            .env("PET_TOKEN", format!("{SECRET}\nx"))
            .output()
            .unwrap(),
    );
    expect![[r#"
        wharf.toml:3:12: error: this is no address: relative URL without a base
        wharf.toml:4:17: error: no header can carry the value of `x`
          help: headers hold no line breaks and no control characters
        wharf.toml:5:19: error: no header can carry this secret
          help: it holds a line break or another control character
        error: the config `wharf.toml` has mistakes
        exit 78
    "#]]
    .assert_eq(&ended.transcript());
}
