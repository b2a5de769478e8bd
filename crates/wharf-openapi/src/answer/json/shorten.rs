//! A long list becomes a shorter list that is still JSON: a model can use ten whole items, and cannot
//! use half a document.

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// What is left, and the sentence that says so.
pub(super) struct Shortened {
    pub json: Box<RawValue>,
    pub note: String,
}

/// How many objects a list may be wrapped in (`{"data": {"hits": […]}}`).
const MAX_WRAPPERS: usize = 4;

/// Cuts the root, or else the list that the longest members lead to, to the first items that fit
/// into `limit` bytes. `None` when not even one fits, or when there is no list. Items stay as the
/// server wrote them.
pub(super) fn shorten(json: &RawValue, limit: usize) -> Option<Shortened> {
    let short = inside(json.get(), limit, MAX_WRAPPERS)?;
    let name = if short.path.is_empty() {
        String::new()
    } else {
        format!(" `{}`", short.path.join("."))
    };
    Some(Shortened {
        json: RawValue::from_string(short.json).ok()?,
        note: format!(
            "The list{name} was cut: its first {} of {} items are shown.",
            short.kept, short.total
        ),
    })
}

/// A value on the way to its list.
struct Short {
    json: String,
    /// The names of the members that lead to the list.
    path: Vec<String>,
    kept: usize,
    total: usize,
}

fn inside(text: &str, limit: usize, wrappers: usize) -> Option<Short> {
    if text.starts_with('[') {
        let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
        let (json, kept) = first_items(&items, limit)?;
        return Some(Short {
            json,
            path: Vec::new(),
            kept,
            total: items.len(),
        });
    }
    if !text.starts_with('{') || wrappers == 0 {
        return None;
    }
    let Members(members) = serde_json::from_str(text).ok()?;
    let longest = members
        .iter()
        .enumerate()
        .max_by_key(|(_, (_, value))| value.get().len())?
        .0;
    // Quotes, colon, comma, and every character of a name escaped: never too little.
    let rest: usize = members
        .iter()
        .map(|(key, value)| key.len() * 6 + value.get().len() + 4)
        .sum();
    let budget = limit.checked_sub(rest - members[longest].1.get().len() + 2)?;
    let mut short = inside(members[longest].1.get(), budget, wrappers - 1)?;
    let written = members.iter().enumerate().map(|(at, (key, value))| {
        let value = if at == longest {
            short.json.as_str()
        } else {
            value.get()
        };
        serde_json::to_string(key).map(|key| format!("{key}:{value}"))
    });
    short.json = format!(
        "{{{}}}",
        written.collect::<Result<Vec<_>, _>>().ok()?.join(",")
    );
    short.path.insert(0, members[longest].0.clone());
    Some(short)
}

/// As many items as fit, as a list, and how many those are.
fn first_items(items: &[&RawValue], limit: usize) -> Option<(String, usize)> {
    let mut list = String::from("[");
    let mut kept = 0;
    for item in items {
        if list.len() + item.get().len() + 2 > limit {
            break;
        }
        if kept > 0 {
            list.push(',');
        }
        list.push_str(item.get());
        kept += 1;
    }
    list.push(']');
    (kept > 0).then_some((list, kept))
}

/// An object's members in their order, values unread.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(InOrder).map(Members)
    }
}
