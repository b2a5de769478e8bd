//! Reading back what was written, by a reader of the specification's words, gives what went in.

use percent_encoding::percent_decode_str;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{operation, parameter};
use crate::operation::{Location, Style};
use crate::plan::plan;

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn strings(items: &[String]) -> Value {
    items
        .iter()
        .map(|item| Value::from(item.as_str()))
        .collect()
}

/// The target behind `/x/` or `/x?` for one argument; `None` when the plan was refused.
fn sent(location: Location, style: Style, explode: bool, value: &Value) -> Option<String> {
    let path = if location == Location::Path {
        "/x/{id}"
    } else {
        "/x"
    };
    let operation = operation("GET", path).with(parameter("id", location, style, explode));
    let arguments: Map<String, Value> = [("id".to_owned(), value.clone())].into_iter().collect();
    let url = plan(&operation, &arguments).ok()?.url;
    Some(
        url["https://api.test/x".len()..]
            .trim_start_matches(['/', '?'])
            .to_owned(),
    )
}

/// The values of `id=…` pairs.
fn values(query: &str, separator: char) -> Vec<String> {
    let pairs = query.split(separator).filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| decode(pair.strip_prefix("id=").unwrap_or("")))
        .collect()
}

/// Text that is no dot segment, since those are refused.
fn item() -> impl Strategy<Value = String> {
    "\\PC{1,12}|[ -~]{1,12}".prop_filter("dot segments are refused", |text| {
        let decoded = decode(text);
        let pieces = |text: &str| {
            text.split(['/', '\\'])
                .any(|piece| matches!(piece.split(';').next(), Some("." | "..")))
        };
        !pieces(text) && !pieces(&decoded)
    })
}

/// Names that are not empty, whose order in an object is the map's.
fn members() -> impl Strategy<Value = Vec<(String, String)>> {
    btree_map("[a-zA-Z $&=+,;.%é]{1,6}", item(), 1..4).prop_map(|map| map.into_iter().collect())
}

fn object(members: &[(String, String)]) -> Value {
    members
        .iter()
        .map(|(key, value)| (key.clone(), Value::from(value.as_str())))
        .collect()
}

proptest! {
    #[test]
    fn simple_values(text in item()) {
        if let Some(path) = sent(Location::Path, Style::Simple, false, &json!(text)) {
            prop_assert_eq!(decode(&path), text);
        }
    }

    #[test]
    fn simple_arrays(items in vec(item(), 1..5)) {
        if let Some(path) = sent(Location::Path, Style::Simple, false, &strings(&items)) {
            prop_assert_eq!(path.split(',').map(decode).collect::<Vec<_>>(), items);
        }
    }

    #[test]
    fn label_arrays_by_comma(items in vec(item(), 1..5)) {
        if let Some(path) = sent(Location::Path, Style::Label, false, &strings(&items)) {
            let read: Vec<_> = path.strip_prefix('.').unwrap_or("").split(',').map(decode).collect();
            prop_assert_eq!(read, items);
        }
    }

    #[test]
    fn matrix_arrays(items in vec(item(), 1..5)) {
        if let Some(path) = sent(Location::Path, Style::Matrix, true, &strings(&items)) {
            prop_assert_eq!(values(&path, ';'), items);
        }
    }

    #[test]
    fn exploded_forms(items in vec("\\PC{0,12}", 1..5)) {
        let query = sent(Location::Query, Style::Form, true, &strings(&items));
        prop_assert_eq!(query.map(|query| values(&query, '&')), Some(items));
    }

    #[test]
    fn joined_forms(items in vec("\\PC{1,12}", 1..5)) {
        let query = sent(Location::Query, Style::Form, false, &strings(&items)).unwrap_or_default();
        let joined = query.strip_prefix("id=").unwrap_or("");
        prop_assert_eq!(joined.split(',').map(decode).collect::<Vec<_>>(), items);
    }

    #[test]
    fn piped_forms(items in vec("[^|\\p{C}]{1,12}", 1..5)) {
        let query = sent(Location::Query, Style::PipeDelimited, false, &strings(&items)).unwrap_or_default();
        let joined = decode(query.strip_prefix("id=").unwrap_or(""));
        prop_assert_eq!(joined.split('|').map(str::to_owned).collect::<Vec<_>>(), items);
    }

    #[test]
    fn exploded_objects(members in members()) {
        let query = sent(Location::Query, Style::Form, true, &object(&members)).unwrap_or_default();
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        prop_assert_eq!(pairs.map(|(key, value)| (decode(key), decode(value))).collect::<Vec<_>>(), members);
    }

    #[test]
    fn joined_objects(members in members()) {
        let query = sent(Location::Query, Style::Form, false, &object(&members)).unwrap_or_default();
        let parts: Vec<_> = query.strip_prefix("id=").unwrap_or("").split(',').map(decode).collect();
        let pairs = parts.chunks(2).map(|pair| (pair[0].clone(), pair[1].clone()));
        prop_assert_eq!(pairs.collect::<Vec<_>>(), members);
    }

    #[test]
    fn deep_objects(members in members()) {
        let query = sent(Location::Query, Style::DeepObject, true, &object(&members)).unwrap_or_default();
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let read = pairs.map(|(key, value)| {
            let key = decode(key);
            (key.strip_prefix("id[").and_then(|key| key.strip_suffix(']')).unwrap_or("").to_owned(), decode(value))
        });
        prop_assert_eq!(read.collect::<Vec<_>>(), members);
    }

    #[test]
    fn integers(number in any::<i64>()) {
        let query = sent(Location::Query, Style::Form, true, &json!(number));
        prop_assert_eq!(query, Some(format!("id={number}")));
    }

    #[test]
    fn no_value_changes_the_shape_of_the_url(text in "\\PC{0,20}|[./\\\\;%2eEfF]{0,12}") {
        if let Some(path) = sent(Location::Path, Style::Simple, false, &json!(text)) {
            let url = url::Url::parse(&format!("https://api.test/a/b/{path}/c")).map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert_eq!(url.path_segments().map(Iterator::count), Some(4));
            prop_assert_eq!(url.query(), None);
            prop_assert_eq!(url.fragment(), None);
        }
    }

    #[test]
    fn nothing_panics(path in "[ -~]{0,20}", value in "\\PC{0,20}") {
        let operation = operation("GET", &path).with(parameter("id", Location::Path, Style::Matrix, true));
        let arguments: Map<String, Value> = [("id".to_owned(), json!([value, { "a": [null] }]))].into_iter().collect();
        let _ = plan(&operation, &arguments);
    }
}
