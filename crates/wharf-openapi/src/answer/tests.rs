//! What a model reads, answer by answer.

mod bytes;
mod failure;
mod header;
mod never_panics;
mod structured;
mod text;

use expect_test::Expect;
use wharf_protocol::content::{Content, ResourceBody};
use wharf_protocol::tool::CallToolResult;

use super::{AnswerLimits, Response, translate};

const LIMITS: AnswerLimits = AnswerLimits {
    text_bytes: 400,
    binary_bytes: 60,
    rows: 3,
};

/// An answer, written down for a test.
struct Case {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    cut: Option<u64>,
}

fn answer(status: u16, content_type: &str, body: impl AsRef<[u8]>) -> Case {
    let case = Case {
        status,
        headers: Vec::new(),
        body: body.as_ref().to_vec(),
        cut: None,
    };
    if content_type.is_empty() {
        case
    } else {
        case.header("Content-Type", content_type)
    }
}

impl Case {
    fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    fn cut_of(mut self, total: u64) -> Self {
        self.cut = Some(total);
        self
    }

    fn result(&self) -> CallToolResult {
        let response = Response {
            status: self.status,
            headers: &self.headers,
            body: &self.body,
            cut: self.cut,
        };
        translate(&response, &LIMITS)
    }
}

#[track_caller]
fn check(case: Case, expected: Expect) {
    expected.assert_eq(&shown(&case.result()));
}

/// One paragraph a block, then the structured content unless the first block says the same.
fn shown(result: &CallToolResult) -> String {
    let mut lines: Vec<String> = result.content.iter().map(block).collect();
    if let Some(structured) = &result.structured_content {
        let same = result.content.first().and_then(Content::as_text) == Some(structured.get());
        lines.push(if same {
            "structured".to_owned()
        } else {
            format!("structured: {}", structured.get())
        });
    }
    if result.is_error {
        lines.insert(0, "error".to_owned());
    }
    lines.join("\n--\n").replace('\r', "\\r")
}

fn block(content: &Content) -> String {
    match content {
        Content::Text(text) => text.text.clone(),
        Content::Image(media) => format!("image {} {}", media.mime_type, media.data),
        Content::Audio(media) => format!("audio {} {}", media.mime_type, media.data),
        Content::Resource(embedded) => {
            let resource = &embedded.resource;
            let (ResourceBody::Text(data) | ResourceBody::Blob(data)) = &resource.body;
            format!("resource {} {:?} {data}", resource.uri, resource.mime_type)
        }
        other => format!("{other:?}"),
    }
}
