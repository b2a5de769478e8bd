use expect_test::expect;

use super::{answer, check};

#[test]
fn headers_that_lead_further_are_kept() {
    check(
        answer(201, "application/json", "{}")
            .header("location", "/pets/7")
            .header("etag", "\"v1\"")
            .header("Set-Cookie", "session=secret")
            .header("Server", "nginx"),
        expect![[r#"
            {}
            --
            HTTP 201 Created
            Location: /pets/7
            ETag: "v1"
            --
            structured"#]],
    );
    check(
        answer(202, "", "")
            .header("Operation-Location", "/jobs/1")
            .header("Retry-After", "10"),
        expect![[r#"
            The call succeeded (HTTP 202 Accepted); the answer has no body.
            --
            Operation-Location: /jobs/1
            Retry-After: 10"#]],
    );
}

#[test]
fn the_next_page_is_found() {
    check(
        answer(200, "application/json", "[]")
            .header(
                "Link",
                "<https://api.test/x?page=1,2>; rel=\"prev\", <https://api.test/x?page=3>; title=\"a, b\"; rel=\"last next\"",
            )
            .header("X-Total-Count", "99"),
        expect![[r#"
            []
            --
            X-Total-Count: 99
            Link: <https://api.test/x?page=3>; rel="next"
            --
            structured"#]],
    );
    check(
        answer(200, "application/json", "[]").header("Link", "</style.css>; rel=preload"),
        expect![[r#"
            []
            --
            structured"#]],
    );
    check(
        answer(200, "application/json", "[]").header("link", "</x?after=7>; rel=next"),
        expect![[r#"
            []
            --
            Link: </x?after=7>; rel="next"
            --
            structured"#]],
    );
    check(
        answer(200, "application/json", "[]").header("Next-Page", "https://api.test/x?_token=abc"),
        expect![[r#"
            []
            --
            Next-Page: https://api.test/x?_token=abc
            --
            structured"#]],
    );
}

#[test]
fn a_link_shows_no_credential() {
    check(
        answer(200, "application/json", "[]").header(
            "Link",
            "<https://u:p@api.test/x?api_key=K&page=2&Access_Token=T>; rel=\"next\"",
        ),
        expect![[r#"
            []
            --
            Link: <https://***@api.test/x?api_key=***&page=2&Access_Token=***>; rel="next"
            --
            structured"#]],
    );
}

#[test]
fn a_header_cannot_break_its_line() {
    check(
        answer(200, "application/json", "[]").header("ETag", "a\r\nb\u{1b}[1m"),
        expect![[r#"
            []
            --
            ETag: a  b
            --
            structured"#]],
    );
}
