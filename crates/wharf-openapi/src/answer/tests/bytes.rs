use expect_test::expect;

use super::{answer, check};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n0000";

#[test]
fn pictures_and_sounds_have_blocks_of_their_own() {
    check(
        answer(200, "image/png", PNG),
        expect!["image image/png iVBORw0KGgowMDAw"],
    );
    check(
        answer(200, "application/octet-stream", PNG),
        expect!["image image/png iVBORw0KGgowMDAw"],
    );
    check(
        answer(200, "application/json", PNG),
        expect!["image image/png iVBORw0KGgowMDAw"],
    );
    check(
        answer(200, "image/jpeg", PNG),
        expect!["image image/png iVBORw0KGgowMDAw"],
    );
    check(
        answer(200, "audio/mpeg", b"\xff\xfb\x90\x00\x00"),
        expect!["audio audio/mpeg //uQAAA="],
    );
    check(
        answer(200, "audio/x-wav", b"RIFF\x04\x00\x00\x00WAVE"),
        expect!["audio audio/wav UklGRgQAAABXQVZF"],
    );
}

#[test]
fn a_picture_that_models_cannot_see_is_a_file() {
    check(
        answer(200, "image/tiff", b"II*\0\x08\0"),
        expect![[r#"resource wharf://answer/52374e1fb4b54cd2.tiff Some("image/tiff") SUkqAAgA"#]],
    );
    check(
        answer(200, "image/png", b"\x00\x01not a png"),
        expect![[
            r#"resource wharf://answer/f499eb4f260df960.png Some("image/png") AAFub3QgYSBwbmc="#
        ]],
    );
}

#[test]
fn other_bytes_are_a_resource() {
    check(
        answer(200, "application/pdf", b"%PDF-1.7\n%\xe2\xe3"),
        expect![[
            r#"resource wharf://answer/b8b7e4e9ffa3773d.pdf Some("application/pdf") JVBERi0xLjcKJeLj"#
        ]],
    );
    check(
        answer(200, "application/zip", b"PK\x03\x04\x14\0\xff"),
        expect![[
            r#"resource wharf://answer/3018024f2bf6322a.zip Some("application/zip") UEsDBBQA/w=="#
        ]],
    );
    check(
        answer(200, "", b"\x00\x01\xfe\xff"),
        expect![[
            r#"resource wharf://answer/c5dbae22661af6db Some("application/octet-stream") AAH+/w=="#
        ]],
    );
    check(
        answer(200, "application/json", b"PK\x03\x04\x14\0\xff"),
        expect![[
            r#"resource wharf://answer/3018024f2bf6322a Some("application/octet-stream") UEsDBBQA/w=="#
        ]],
    );
    check(
        answer(200, "text/plain", b"PK\x03\x04\x14\0\xff"),
        expect![[
            r#"resource wharf://answer/3018024f2bf6322a Some("application/octet-stream") UEsDBBQA/w=="#
        ]],
    );
    check(
        answer(200, "application/pdf", "<html><title>Login</title></html>"),
        expect![[r#"
            Login
            --
            The server announced application/pdf and sent a page of HTML (33 bytes); only its title and first words are shown. It may be asking for a login."#]],
    );
    check(
        answer(200, "image/png", r#"{"error":"x"}"#),
        expect![[r#"
        {"error":"x"}
        --
        structured"#]],
    );
}

#[test]
fn too_many_bytes_are_a_sentence() {
    check(
        answer(200, "application/zip", [0xff; 61]),
        expect![
            "The answer is a file of type application/zip and 61 bytes, more than the 60 that are passed on."
        ],
    );
    check(
        answer(200, "application/zip", [0xff; 50]).cut_of(9_000_000),
        expect![
            "The answer is a file of type application/zip and 9000000 bytes; it was cut at 50 bytes and is left out."
        ],
    );
    check(
        answer(200, "image/png", PNG).cut_of(0),
        expect![
            "The answer is a file of type image/png and an unknown size; it was cut at 12 bytes and is left out."
        ],
    );
}
