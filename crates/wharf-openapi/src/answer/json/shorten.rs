//! A long list becomes a shorter list that is still JSON: a model can use ten whole items, and cannot
//! use half a document.

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// What is left, and the sentence that says so.
pub(super) struct Shortened {
    pub json: Box<RawValue>,
    pub note: String,
}

/// Cuts the root, or else the longest list among the root's members, to the first items that fit
/// into `limit` bytes. `None` when not even one fits, or when there is no list. Items stay as the
/// server wrote them.
pub(super) fn shorten(json: &RawValue, limit: usize) -> Option<Shortened> {
    let text = json.get();
    if text.starts_with('[') {
        let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
        let (list, kept) = first_items(&items, limit)?;
        let note = format!(
            "The list was cut: its first {kept} of {} items are shown.",
            items.len()
        );
        return Some(Shortened {
            json: RawValue::from_string(list).ok()?,
            note,
        });
    }
    let members: Members<'_> = serde_json::from_str(text).ok()?;
    let lists = members
        .0
        .iter()
        .filter(|(_, value)| value.get().starts_with('['));
    let (name, longest) = lists.max_by_key(|(_, value)| value.get().len())?;
    let items: Vec<&RawValue> = serde_json::from_str(longest.get()).ok()?;
    // The members, their names, and for each a colon, a comma and quotes written the long way.
    let rest: usize = members
        .0
        .iter()
        .map(|(key, value)| key.len() * 6 + value.get().len() + 4)
        .sum();
    let budget = limit.checked_sub(rest - longest.get().len() + 2)?;
    let (list, kept) = first_items(&items, budget)?;
    let note = format!(
        "The list `{name}` was cut: its first {kept} of {} items are shown.",
        items.len()
    );
    let written = members.0.iter().map(|(key, value)| {
        let value = if key == name {
            list.as_str()
        } else {
            value.get()
        };
        serde_json::to_string(key).map(|key| format!("{key}:{value}"))
    });
    let written = written.collect::<Result<Vec<_>, _>>().ok()?.join(",");
    Some(Shortened {
        json: RawValue::from_string(format!("{{{written}}}")).ok()?,
        note,
    })
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
