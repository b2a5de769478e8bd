//! `wharf call`, and the request that `--dry-run --json` prints.

use expect_test::{Expect, expect};

use crate::sandbox::Sandbox;

#[track_caller]
fn check(arguments: &[&str], expected: Expect) {
    let sandbox = Sandbox::with_pets();
    sandbox.write("photo.png", [137, 80, 78, 71, 255]);
    sandbox.write("body.json", r#"{"name": "Rex"}"#);
    sandbox.write(
        "wharf.toml",
        "[upstream.pets]\nopenapi = 'pets.json'\nnamespace = ''\n\
         auth = [{ bearer = '${file:token}' }, { api_key = '${file:token}' }]\n\
         [[rule]]\nallow = 'pets.*'\n[[rule]]\ndeny = 'pets.delete*'\n",
    );
    sandbox.write("token", "t0ken");
    let mut all = vec!["call"];
    all.extend(arguments);
    let ended = sandbox.run(&all);
    assert!(!ended.transcript().contains("t0ken"), "{ended:?}");
    expected.assert_eq(&ended.transcript());
}

#[test]
fn a_dry_run_is_one_object_with_secrets_masked() {
    check(
        &["listPets", "limit=5", "--dry-run", "--json"],
        expect![[r#"
            {"method":"GET","url":"http://127.0.0.1:9/pets?limit=5","headers":{"accept":"application/json, */*;q=0.8","authorization":"Bearer ***"},"body":null}
            exit 0
        "#]],
    );
    check(
        &["createPet", "name=Rex", "age=3", "--dry-run", "--json"],
        expect![[r#"
            {"method":"POST","url":"http://127.0.0.1:9/pets?key=***","headers":{"accept":"application/json, */*;q=0.8","content-type":"application/json"},"body":"{\"name\":\"Rex\",\"age\":3}"}
            exit 0
        "#]],
    );
    check(
        &[
            "createPet",
            "--args",
            "@body.json",
            "age=4",
            "--dry-run",
            "--json",
        ],
        expect![[r#"
            {"method":"POST","url":"http://127.0.0.1:9/pets?key=***","headers":{"accept":"application/json, */*;q=0.8","content-type":"application/json"},"body":"{\"name\":\"Rex\",\"age\":4}"}
            exit 0
        "#]],
    );
}

#[test]
fn a_body_that_is_no_text_is_shown_in_base64() {
    check(
        &["setPhoto", "body=@photo.png", "--dry-run", "--json"],
        expect![[r#"
            {"method":"PUT","url":"http://127.0.0.1:9/photo","headers":{"accept":"application/json, */*;q=0.8","content-type":"image/png","authorization":"Bearer ***"},"body":null,"body_base64":"iVBOR/8="}
            exit 0
        "#]],
    );
}

#[test]
fn what_does_not_fit_is_refused_before_anything_is_sent() {
    check(
        &["listPets", "limit=many", "--dry-run"],
        expect![[r#"
        error: `limit` is an integer, and `many` is not
        exit 2
    "#]],
    );
    check(
        &["listPets", "limt=5"],
        expect![[r#"
        error: the tool has no argument `limt`
        hint: did you mean `limit`?
        exit 2
    "#]],
    );
    check(
        &["createPet", "age=3", "--dry-run", "--json"],
        expect![[r#"
            {"content":[{"type":"text","text":"The call was not made, because its arguments do not fit:\n- `name`: required, but missing"}],"isError":true}
            exit 1
        "#]],
    );
    check(
        &["listPet"],
        expect![[r#"
        error: Unknown tool: listPet
        hint: did you mean `listPets`?
        exit 1
    "#]],
    );
}

#[test]
fn a_denied_tool_is_missing_and_the_operator_is_told_why() {
    check(
        &["deletePet", "id=1", "--json"],
        expect![[r#"
        {"error":{"code":-32602,"message":"Unknown tool: deletePet"}}
        error: Unknown tool: deletePet
        hint: the tool is there, but not for you (rule 2); clients see neither
        exit 1
    "#]],
    );
    check(
        &["deletePet", "id=1"],
        expect![[r#"
        error: Unknown tool: deletePet
        hint: the tool is there, but not for you (rule 2); clients see neither
        exit 1
    "#]],
    );
}

#[test]
fn a_call_that_nobody_answers_fails() {
    check(
        &["listPets"],
        expect![[r#"
            error: The call failed: the upstream cannot be reached. Nothing was sent. Try again later, or tell the operator.
            exit 1
        "#]],
    );
}

#[test]
fn a_document_needs_no_config() {
    let sandbox = Sandbox::with_pets();
    let ended = sandbox.run(&[
        "call",
        "listPets",
        "--openapi",
        "pets.json",
        "--base-url",
        "https://pets.example/v2",
        "--dry-run",
        "--json",
    ]);
    expect![[r#"
        {"method":"GET","url":"https://pets.example/v2/pets","headers":{"accept":"application/json, */*;q=0.8"},"body":null}
        exit 0
    "#]].assert_eq(&ended.transcript());
}
