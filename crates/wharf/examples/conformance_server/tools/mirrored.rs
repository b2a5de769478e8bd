//! The tool whose arguments stand in headers as well.

use std::sync::{Arc, LazyLock};

use serde_json::value::to_raw_value;
use serde_json::{Value, json};
use wharf_protocol::mirrored::MirroredParameter;

pub(crate) const NAME: &str = "test_x_mcp_header";

pub(crate) fn schema() -> Value {
    json!({
        "type": "object",
        "properties": {
            "region": { "type": "string", "x-mcp-header": "Region" },
            "limit": { "type": "integer", "x-mcp-header": "Limit" }
        },
        "required": ["region"]
    })
}

/// What its caller has to repeat.
pub(crate) fn parameters() -> Arc<[MirroredParameter]> {
    static PARAMETERS: LazyLock<Arc<[MirroredParameter]>> = LazyLock::new(|| {
        let schema = to_raw_value(&schema()).expect("a value always serialises");
        let found = MirroredParameter::all(&schema).expect("the schema above is sound");
        found.into()
    });
    Arc::clone(&PARAMETERS)
}
