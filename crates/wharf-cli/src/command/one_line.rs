//! JSON of somebody else's as one line for scripts.

use serde_json::value::RawValue;

/// JSON as it was written, but for the line breaks between its words: inside a word there is none.
pub(super) fn on_one_line(json: &RawValue) -> String {
    json.get().replace(['\n', '\r'], " ")
}
