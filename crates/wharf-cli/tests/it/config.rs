//! `wharf config`: every mistake at once, with its place and what to do.

use expect_test::{Expect, expect};

use crate::sandbox::Sandbox;

#[track_caller]
fn check(config: &str, expected: Expect) {
    let sandbox = Sandbox::new();
    sandbox.write("wharf.toml", config);
    expected.assert_eq(&sandbox.run(&["config", "check"]).transcript());
}

#[test]
fn every_mistake_is_reported_at_once_with_its_place() {
    check(
        r#"
[server]
listn = "127.0.0.1:1"
listen = "0.0.0.0:7777"
store = "postgres://db/wharf"
max_concurrent = "many"

[upstream.crm]
openapi = "ftp://crm.example/openapi.json"
timeout = "60"
retries = 99
auth = { bearer = "a", basic = { username = "u" } }
headers = { "bad header" = "x" }

[upstream.Tickets]
mcp = "https://tickets.example/mcp"

[[rule]]
alow = "crm.*"

[[rule]]
deny = "crm.delete_*"
effect = "destroy"
to = ["everybody"]
when = "true"

[rules]
"#,
        expect![[r#"
            wharf.toml:3:1: error: unknown key `listn` in `server`
              help: did you mean `listen`?
            wharf.toml:4:10: error: this address can be reached from other machines, and nobody has to log in
              help: listen on `127.0.0.1`, or set `insecure_listen = true` if something in front does authentication
            wharf.toml:5:9: error: PostgreSQL comes with a later version of Wharf
              help: write `sqlite:PATH`
            wharf.toml:6:18: error: `server.max_concurrent` is an integer, not a string
            wharf.toml:9:11: error: this address begins with neither `http://` nor `https://`
            wharf.toml:10:11: error: `60` is not a duration
              help: write it like `60s`, `1m30s` or `500ms`
            wharf.toml:11:11: error: `99` is not between 0 and 10
            wharf.toml:12:19: warning: this secret stands in the file itself, where everybody who reads the file sees it
              help: refer to it: `${env:NAME}`, `${file:PATH}` or `${exec:PROGRAM ARGUMENTS}`
            wharf.toml:12:24: error: `upstream.crm.auth` has both `bearer` and `basic`
              help: keep one of `bearer`, `basic`, `api_key` or `oauth2`
            wharf.toml:12:32: error: `upstream.crm.auth.basic` has no `password`
              help: The password.
            wharf.toml:13:13: error: `bad header` cannot name a header
            wharf.toml:15:11: error: `Tickets` cannot name an upstream
              help: take 1 to 32 of `a-z`, `0-9`, `_` and `-`
            wharf.toml:16:1: error: `mcp` comes with a later version of Wharf
              help: remove it: a key without effect would mislead whoever reads this file
            wharf.toml:19:1: error: unknown key `alow` in `rule 1`
              help: did you mean `allow`?
            wharf.toml:23:10: error: `rule 2.effect` is one of `read`, `write` or `destructive`
              help: did you mean `destructive`?
            wharf.toml:24:7: error: `everybody` names nobody
              help: write `*`, `user:NAME` or `group:NAME`
            wharf.toml:25:1: error: `when` comes with a later version of Wharf
              help: remove it: a key without effect would mislead whoever reads this file
            wharf.toml:27:2: error: unknown key `rules` at the top of the file
              help: did you mean `rule`?
            error: the config `wharf.toml` has mistakes
            exit 78
        "#]],
    );
}

#[test]
fn what_is_no_toml_is_located() {
    check(
        "[server\nlisten = \"127.0.0.1:1\nstore = 5 5\n",
        expect![[r#"
            wharf.toml:1:8: error: unclosed table, expected `]`
            error: the config `wharf.toml` has mistakes
            exit 78
        "#]],
    );
}

#[test]
fn a_good_config_is_good() {
    check(
        r#"
[upstream.crm]
openapi = "https://crm.example/openapi.json"
refresh = "never"
max_answer_bytes = "1MiB"
timeout = "1m30s"
namespace = ""

[[rule]]
allow = ["crm.*", "*.list*"]
to = ["*"]
effect = ["read", "write"]
"#,
        expect![[r#"
            wharf.toml: ok, 1 upstream, rules in force
            exit 0
        "#]],
    );
}

#[test]
fn a_rule_that_does_nothing_is_told_so() {
    check(
        r#"
[upstream.crm]
openapi = "crm.json"
[[rule]]
deny = "delete_customer"
[[rule]]
deny = "crn.delete_*"
[[rule]]
deny = "crm.delete_*"
to = "group:support"
"#,
        expect![[r#"
            wharf.toml: ok, 1 upstream, rules in force
            wharf.toml:5:8: warning: `delete_customer` matches no tool
              help: globs are over `upstream.tool`: write `delete_customer.*` or `*.delete_customer`
            wharf.toml:7:8: warning: there is no upstream `crn`
              help: did you mean `crm`?
            wharf.toml:10:6: warning: nobody is this yet: without authentication everybody is `user:local`, in no group
              help: write `*`, or leave `to` out, for a rule that holds now
            exit 0
        "#]],
    );
}

/// Rule B2.
#[test]
fn listening_to_everybody_has_to_be_said_twice() {
    check(
        "[server]\nlisten = \"0.0.0.0:0\"\n",
        expect![[r#"
        wharf.toml:2:10: error: this address can be reached from other machines, and nobody has to log in
          help: listen on `127.0.0.1`, or set `insecure_listen = true` if something in front does authentication
        error: the config `wharf.toml` has mistakes
        exit 78
    "#]],
    );
    check(
        "[server]\nlisten = \"0.0.0.0:0\"\ninsecure_listen = true\n",
        expect![[r#"
            wharf.toml: ok, 0 upstreams, no rules
            wharf.toml:2:10: warning: everybody who reaches this address may use every tool that the rules allow: nobody has to log in
              help: put something in front that does authentication, and list its name in `allowed_hosts`
            exit 0
        "#]],
    );
}

#[test]
fn scripts_get_the_findings_as_json() {
    let sandbox = Sandbox::new();
    sandbox.write("wharf.toml", "[server]\nlistn = 1\n");
    let ended = sandbox.run(&["config", "check", "--json"]);
    expect![[r#"
        {"file":"wharf.toml","diagnostics":[{"severity":"error","line":2,"column":1,"message":"unknown key `listn` in `server`","help":"did you mean `listen`?"}]}
        exit 78
    "#]].assert_eq(&ended.transcript());
}

#[test]
fn a_missing_config_is_a_configuration_error() {
    let ended = Sandbox::new().run(&["serve"]);
    expect![[r#"
        error: cannot read the config `wharf.toml`
          cause: No such file or directory (os error 2)
        hint: name another file, or an API document with `--openapi`, which needs none
        exit 78
    "#]]
    .assert_eq(&ended.transcript());
}

#[test]
fn the_schema_knows_every_key_of_the_reference() {
    let sandbox = Sandbox::new();
    let schema = sandbox.run(&["config", "schema"]);
    let reference = sandbox.run(&["config", "reference"]);
    let keys = reference
        .stdout
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("- `"));
    let keys: Vec<&str> = keys
        .filter(|line| !line.contains("comes with a later version"))
        .filter_map(|line| line.split('`').next())
        .collect();
    assert!(keys.len() > 30, "{keys:?}");
    for key in keys {
        assert!(schema.stdout.contains(&format!("\"{key}\": {{")), "{key}");
    }
    schema.json();
}

#[test]
fn the_published_reference_is_the_one_that_the_binary_prints() {
    let printed = Sandbox::new().run(&["config", "reference"]).stdout;
    let published = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/reference/config.md"
    );
    assert_eq!(
        std::fs::read_to_string(published).unwrap(),
        printed,
        "write it again: `cargo run -- config reference >docs/reference/config.md`"
    );
}
