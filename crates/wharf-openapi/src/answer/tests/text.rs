use expect_test::expect;

use super::{answer, check};

#[test]
fn nothing_is_a_sentence() {
    check(
        answer(200, "application/json", ""),
        expect!["The call succeeded (HTTP 200 OK); the answer has no body."],
    );
    check(
        answer(204, "", ""),
        expect!["The call succeeded (HTTP 204 No Content); the answer has no body."],
    );
    check(
        answer(200, "text/plain", " \r\n"),
        expect!["The call succeeded (HTTP 200 OK); the answer has no body."],
    );
    check(
        answer(299, "", ""),
        expect!["The call succeeded (HTTP 299); the answer has no body."],
    );
}

#[test]
fn text_is_exact() {
    check(
        answer(200, "text/plain", "  a\tb\r\n<c>\n"),
        expect![[r#"
              a	b\r
            <c>
        "#]],
    );
    check(
        answer(200, "text/markdown; charset=utf-8", "# Ü"),
        expect!["# Ü"],
    );
    check(answer(200, "application/yaml", "a: 1"), expect!["a: 1"]);
    check(
        answer(200, "application/x-unheard-of", "hello"),
        expect!["hello"],
    );
    check(
        answer(200, "text/event-stream", "data: 1\n\n"),
        expect![[r#"
        data: 1

    "#]],
    );
    check(
        answer(200, "text/html", "<!doctype html><p>hi</p>"),
        expect!["<!doctype html><p>hi</p>"],
    );
    check(answer(200, "image/svg+xml", "<svg/>"), expect!["<svg/>"]);
}

#[test]
fn charsets_are_decoded() {
    check(
        answer(200, "text/plain; charset=iso-8859-1", b"J\xfcrgen"),
        expect!["Jürgen"],
    );
    check(
        answer(200, "text/plain; charset=\"windows-1252\"", b"5 \x80"),
        expect!["5 €"],
    );
    check(
        answer(200, "text/plain; charset=shift_jis", b"\x93\xfa"),
        expect!["日"],
    );
    let wide: Vec<u8> = "\u{feff}hé"
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    check(answer(200, "text/plain", wide), expect!["hé"]);
    check(answer(200, "text/plain", "\u{feff}hé"), expect!["hé"]);
}

#[test]
fn broken_bytes_are_replaced_and_that_is_said() {
    check(
        answer(200, "text/plain", b"J\xfcrgen"),
        expect![[r#"
        J�rgen
        --
        Some bytes are not valid UTF-8; each shows as �."#]],
    );
    check(
        answer(200, "text/plain; charset=klingon", b"ok"),
        expect!["ok"],
    );
}

#[test]
fn terminal_sequences_and_control_characters_are_taken_out() {
    check(
        answer(200, "text/plain", "\u{1b}[31mred\u{1b}[0m\0\u{8}\tok\n"),
        expect![[r#"
            red	ok

            --
            11 control characters were removed."#]],
    );
    check(
        answer(200, "text/plain", "a\u{1b}]0;title\u{7}b\u{9b}2Jc\u{1b}["),
        expect![[r#"
            abc[
            --
            14 control characters were removed."#]],
    );
    check(
        answer(200, "application/json", "{\"a\":\"\\u001b[31m\"}"),
        expect![[r#"
        {"a":"\u001b[31m"}
        --
        structured"#]],
    );
}

#[test]
fn long_text_is_cut_and_that_is_said() {
    let case = answer(200, "text/plain", "é".repeat(300));
    let result = case.result();
    assert_eq!(result.content[0].as_text().map(str::len), Some(400));
    expect!["The text was cut at 400 bytes of 600."].assert_eq(&super::block(&result.content[1]));
    check(
        answer(200, "text/plain", &"é".as_bytes()[..1]).cut_of(5000),
        expect![[r#"

            --
            The answer was cut at 1 bytes of 5000."#]],
    );
    check(
        answer(200, "text/plain", "abc").cut_of(0),
        expect![[r#"
        abc
        --
        The answer was cut at 3 bytes; its whole length is unknown."#]],
    );
}

#[test]
fn a_page_in_place_of_data_is_summed_up() {
    let page = "<!DOCTYPE html><html><head><title>Sign in</title><script>var x = '<p>';</script></head>\
                <body><style>p{}</style><h1>Welcome</h1><p>Please <b>log in</b> &amp; go on.</p></body></html>";
    check(
        answer(200, "application/json", page),
        expect![[r#"
        Sign in: Welcome Please log in & go on.
        --
        The server announced application/json and sent a page of HTML (181 bytes); only its title and first words are shown. It may be asking for a login."#]],
    );
    check(
        answer(200, "text/csv", page),
        expect![[r#"
            Sign in: Welcome Please log in & go on.
            --
            The server announced text/csv and sent a page of HTML (181 bytes); only its title and first words are shown. It may be asking for a login."#]],
    );
}

#[test]
fn a_redirection_says_where_it_points() {
    check(
        answer(302, "text/html", "<html>moved</html>")
            .header("Location", "https://files.test/a.zip?sig=1"),
        expect![
            "HTTP 302 Found: the server points to https://files.test/a.zip?sig=1, which was not followed."
        ],
    );
    check(
        answer(304, "", ""),
        expect!["HTTP 304 Not Modified: nothing has changed since the version the request named."],
    );
    check(
        answer(301, "", ""),
        expect!["HTTP 301 Moved Permanently: the server points elsewhere without saying where."],
    );
}
