//! The names under which tools are offered: the upstream's namespace, then the tool's own name.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

/// Longest name that every model provider takes, in bytes.
const MAX_NAME_BYTES: usize = 64;

/// How much of a name the tools of an upstream may use, in bytes: what its namespace leaves.
pub(crate) fn room(namespace: &str) -> usize {
    let taken = if namespace.is_empty() {
        0
    } else {
        namespace.len() + 1
    };
    MAX_NAME_BYTES.saturating_sub(taken).max(16)
}

/// `crm` and `get_customer` → `crm_get_customer`.
pub(super) fn exposed(namespace: &str, name: &str) -> String {
    if namespace.is_empty() {
        name.to_owned()
    } else {
        format!("{namespace}_{name}")
    }
}

/// Tells tools of different upstreams apart that ended up with one name (`a` + `b_c`, `a_b` + `c`).
/// Each gets a suffix of its own, so that none depends on which upstream came first.
pub(super) fn distinguish(names: &mut [(String, String)]) {
    let mut holders: HashMap<&str, usize> = HashMap::new();
    for (name, _) in names.iter() {
        *holders.entry(name).or_default() += 1;
    }
    let shared: Vec<bool> = names
        .iter()
        .map(|(name, _)| holders[name.as_str()] > 1)
        .collect();
    for ((name, upstream), _) in names.iter_mut().zip(shared).filter(|(_, shared)| *shared) {
        let digest = Sha256::digest(upstream.as_bytes());
        let suffix = format!("_{:02x}{:02x}{:02x}", digest[0], digest[1], digest[2]);
        let kept = name.floor_char_boundary(MAX_NAME_BYTES - suffix.len());
        name.truncate(kept);
        name.push_str(&suffix);
    }
}

#[cfg(test)]
mod tests {
    use super::{distinguish, exposed};

    #[test]
    fn two_upstreams_that_meet_in_one_name_are_told_apart_in_any_order() {
        let pair = |left: (&str, &str), right: (&str, &str)| {
            let mut names = vec![
                (exposed(left.0, left.1), left.0.to_owned()),
                (exposed(right.0, right.1), right.0.to_owned()),
                ("alone".to_owned(), "x".to_owned()),
            ];
            distinguish(&mut names);
            names.into_iter().map(|(name, _)| name).collect::<Vec<_>>()
        };
        let one = pair(("a", "b_c"), ("a_b", "c"));
        let other = pair(("a_b", "c"), ("a", "b_c"));
        assert_ne!(one[0], one[1]);
        assert_eq!((&one[0], &one[1]), (&other[1], &other[0]));
        assert_eq!(one[2], "alone");
    }
}
