//! The tool that everybody serves: it adds two integers and says the sum.

use serde::Deserialize;

#[derive(Deserialize)]
pub struct Arguments {
    pub a: i64,
    pub b: i64,
}

pub const SERVER_INFO: &str = r#"{"name":"bench","version":"1"}"#;

/// The call that everybody is asked for, in the era of the shape.
pub fn call(modern: bool, progress: bool) -> String {
    let token = if progress { r#""progressToken":1,"# } else { "" };
    let meta = if modern {
        format!(
            r#",{{{token}"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{{"name":"load","version":"1"}},"io.modelcontextprotocol/clientCapabilities":{{}}}}"#
        )
    } else if progress {
        r#",{"progressToken":1}"#.to_owned()
    } else {
        String::new()
    };
    let meta = meta.replacen(',', r#","_meta":"#, 1);
    format!(
        r#"{{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{{"name":"add","arguments":{{"a":40,"b":2}}{meta}}}}}"#
    )
}
