//! A result on its way out: finished for the era of its reader, spliced together as text.

use wharf_protocol::envelope;
use wharf_protocol::id::RequestId;
use wharf_protocol::meta::{Meta, key};
use wharf_protocol::port::{Answer, Reply};
use wharf_protocol::revision::Era;

/// Writes the response to `id`. `identity` is the server's `Implementation` as JSON.
///
/// The fields of a result are copied and never parsed again: they may be large, and they are
/// somebody else's text.
pub(crate) fn response(id: &RequestId, reply: &Reply, era: Era, identity: &str) -> Vec<u8> {
    match reply {
        Ok(Answer::Complete { fields, meta }) => {
            finished(id, "complete", fields.get(), meta, era, identity)
        }
        Ok(Answer::InputRequired(fields)) => special(id, "input_required", fields, era, identity),
        Ok(Answer::Task(task)) => special(id, "task", task, era, identity),
        Ok(Answer::Verbatim(result)) => envelope::response(id, result),
        Err(error) => envelope::failure(Some(id), error),
    }
}

/// A result that is not complete.
fn special(
    id: &RequestId,
    result_type: &str,
    fields: &impl serde::Serialize,
    era: Era,
    identity: &str,
) -> Vec<u8> {
    let fields = serde_json::to_string(fields).expect("names, texts and raw JSON always serialise");
    finished(id, result_type, &fields, &Meta::default(), era, identity)
}

/// A response whose result has `fields`, which are an object.
fn finished(
    id: &RequestId,
    result_type: &str,
    fields: &str,
    meta: &Meta,
    era: Era,
    identity: &str,
) -> Vec<u8> {
    let mut frame = opened(id, fields.len() + identity.len());
    write_result(&mut frame, result_type, fields, meta, era, identity);
    frame.push(b'}');
    frame
}

/// The head of a response, up to its result, with room for `body_bytes` more.
fn opened(id: &RequestId, body_bytes: usize) -> Vec<u8> {
    let mut frame = Vec::with_capacity(body_bytes + 192);
    frame.extend_from_slice(br#"{"jsonrpc":"2.0","id":"#);
    write_json(&mut frame, id);
    frame.extend_from_slice(br#","result":"#);
    frame
}

fn write_result(
    frame: &mut Vec<u8>,
    result_type: &str,
    fields: &str,
    meta: &Meta,
    era: Era,
    identity: &str,
) {
    frame.push(b'{');
    let mut members = Members { frame, any: false };
    if era == Era::Modern {
        members.raw(r#""resultType":""#);
        members.frame.extend_from_slice(result_type.as_bytes());
        members.frame.push(b'"');
    }
    members.raw(inside(fields));
    match era {
        Era::Modern => {
            members.raw(r#""_meta":"#);
            write_meta(frame, meta, Some(identity));
        }
        Era::Legacy if !meta.is_empty() => {
            members.raw(r#""_meta":"#);
            write_meta(frame, meta, None);
        }
        Era::Legacy => {}
    }
    frame.push(b'}');
}

/// What stands between the braces of a JSON object.
fn inside(object: &str) -> &str {
    object
        .trim()
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
        .unwrap_or_default()
        .trim()
}

/// The members of an object, with commas between them.
struct Members<'a> {
    frame: &'a mut Vec<u8>,
    any: bool,
}

impl Members<'_> {
    fn raw(&mut self, members: &str) {
        if members.is_empty() {
            return;
        }
        if self.any {
            self.frame.push(b',');
        }
        self.frame.extend_from_slice(members.as_bytes());
        self.any = true;
    }
}

/// A handler that names a server itself, as a proxy may, is taken at its word.
fn write_meta(frame: &mut Vec<u8>, meta: &Meta, identity: Option<&str>) {
    let identity = identity.filter(|_| meta.get(key::SERVER_INFO).is_none());
    if identity.is_none() {
        return write_json(frame, meta);
    }
    frame.push(b'{');
    let mut first = true;
    for (name, value) in meta.iter().map(|(name, value)| (name, value.get())) {
        write_member(frame, &mut first, name, value);
    }
    if let Some(identity) = identity {
        write_member(frame, &mut first, key::SERVER_INFO, identity);
    }
    frame.push(b'}');
}

fn write_member(frame: &mut Vec<u8>, first: &mut bool, name: &str, value: &str) {
    if !std::mem::take(first) {
        frame.push(b',');
    }
    write_json(frame, name);
    frame.push(b':');
    frame.extend_from_slice(value.as_bytes());
}

fn write_json(frame: &mut Vec<u8>, value: &(impl serde::Serialize + ?Sized)) {
    serde_json::to_writer(frame, value).expect("names, ids and raw JSON always serialise");
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::value::RawValue;
    use wharf_protocol::error::ErrorObject;

    use super::{Answer, Era, Meta, Reply, response};

    fn complete(fields: &str, meta: &str) -> Answer {
        Answer::Complete {
            fields: RawValue::from_string(fields.to_owned()).expect("the test's own JSON"),
            meta: serde_json::from_str::<Meta>(meta).expect("the test's own JSON"),
        }
    }

    #[track_caller]
    fn check(reply: Reply, era: Era, expected: Expect) {
        let frame = response(&7.into(), &reply, era, r#"{"name":"s","version":"1"}"#);
        expected.assert_eq(&String::from_utf8(frame).expect("frames are UTF-8"));
    }

    #[test]
    fn a_modern_result_says_that_it_is_complete_and_whose_it_is() {
        check(
            Ok(complete(r#"{"tools":[]}"#, "{}")),
            Era::Modern,
            expect![[
                r#"{"jsonrpc":"2.0","id":7,"result":{"resultType":"complete","tools":[],"_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s","version":"1"}}}}"#
            ]],
        );
    }

    #[test]
    fn an_empty_modern_result_has_no_stray_comma() {
        check(
            Ok(complete("{ }", r#"{"a/b":[1, 2]}"#)),
            Era::Modern,
            expect![[
                r#"{"jsonrpc":"2.0","id":7,"result":{"resultType":"complete","_meta":{"a/b":[1, 2],"io.modelcontextprotocol/serverInfo":{"name":"s","version":"1"}}}}"#
            ]],
        );
    }

    #[test]
    fn a_server_named_by_the_handler_is_not_named_twice() {
        check(
            Ok(complete(
                "{}",
                r#"{"io.modelcontextprotocol/serverInfo":1}"#,
            )),
            Era::Modern,
            expect![[
                r#"{"jsonrpc":"2.0","id":7,"result":{"resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":1}}}"#
            ]],
        );
    }

    #[test]
    fn a_legacy_result_is_left_as_it_is() {
        check(
            Ok(complete(r#"{"a":1}"#, "{}")),
            Era::Legacy,
            expect![[r#"{"jsonrpc":"2.0","id":7,"result":{"a":1}}"#]],
        );
        check(
            Ok(complete("{}", r#"{"a":1}"#)),
            Era::Legacy,
            expect![[r#"{"jsonrpc":"2.0","id":7,"result":{"_meta":{"a":1}}}"#]],
        );
    }

    #[test]
    fn an_error_keeps_its_id() {
        check(
            Err(ErrorObject::internal()),
            Era::Modern,
            expect![[
                r#"{"jsonrpc":"2.0","id":7,"error":{"code":-32603,"message":"Internal error"}}"#
            ]],
        );
    }
}
