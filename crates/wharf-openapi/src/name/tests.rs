use expect_test::{Expect, expect};

use super::{Origin, assign};

/// Each line is `operationId METHOD path`; `-` stands for none.
#[track_caller]
fn check(operations: &str, most: usize, expected: Expect) {
    let origins: Vec<Origin<'_>> = operations.lines().map(origin).collect();
    expected.assert_eq(&assign(&origins, most).join("\n"));
}

fn origin(line: &str) -> Origin<'_> {
    let mut words = line.trim().rsplitn(3, ' ');
    let mut next = || words.next().unwrap_or_default();
    let (path, method, id) = (next(), next(), next());
    Origin {
        operation_id: Some(id).filter(|id| *id != "-"),
        method,
        path,
    }
}

#[test]
fn a_legal_id_is_kept_as_it_is() {
    check(
        "getPetById GET /pets/{id}\nlist-pets GET /pets\n_internal GET /i",
        64,
        expect![[r#"
            getPetById
            list-pets
            _internal"#]],
    );
}

#[test]
fn what_is_illegal_becomes_one_underscore() {
    check(
        "repos/list-languages GET /l\nusers.user.Get GET /u\nList all pets! GET /p\n列表 GET /pets",
        64,
        expect![[r#"
            repos_list-languages
            users_user_Get
            List_all_pets
            get_pets"#]],
    );
}

#[test]
fn without_an_id_method_and_path_speak() {
    check(
        "- GET /pets/{petId}\n- GET /\n- POST /orgs/{org}/repos/{repo}/keys\n- GET /?Action=ListUsers",
        64,
        expect![[r#"
            get_pets_by_petId
            get_root
            post_orgs_by_org_repos_by_repo_keys
            get_Action_ListUsers"#]],
    );
}

#[test]
fn who_wrote_the_name_so_keeps_it() {
    check(
        "a_b GET /1\na/b GET /2",
        64,
        expect![[r#"
        a_b
        a_b_7d1cd7"#]],
    );
}

#[test]
fn equals_are_told_apart_by_what_they_call() {
    check(
        "list GET /pets\nlist GET /toys",
        64,
        expect![[r#"
        list_b0bd07
        list_41003b"#]],
    );
}

#[test]
fn order_and_growth_change_no_other_name() {
    check(
        "list GET /toys\nnew POST /toys\nlist GET /pets\nlist GET /dogs",
        64,
        expect![[r#"
            list_41003b
            new
            list_b0bd07
            list_f5398a"#]],
    );
}

#[test]
fn a_long_name_is_cut_after_a_word() {
    check(
        "administration/createOrganizationWideRepositoryPermissionAssignments PUT /a",
        40,
        expect!["administration_createOrganization_b5a4a4"],
    );
}

#[test]
fn a_suffix_that_is_taken_grows() {
    check(
        "list GET /pets\nlist GET /toys\nlist_b0bd07 GET /x",
        64,
        expect![[r#"
            list_b0bd07bf
            list_41003b
            list_b0bd07"#]],
    );
}
