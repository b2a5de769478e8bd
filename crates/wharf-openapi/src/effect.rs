//! What calling an operation does to the world, as far as its document tells.

use serde::Serialize;
use wharf_protocol::tool::ToolAnnotations;

/// What a call changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// Nothing.
    Read,
    /// Something is made or changed. `idempotent`: twice is the same as once.
    Write { idempotent: bool },
    /// Something may be gone afterwards.
    Destructive { idempotent: bool },
}

impl Effect {
    /// Judges by the method, and by words where those ask for more caution.
    ///
    /// Words only ever raise the effect: `POST /search` stays a write, because a rule that lets
    /// readers through must not rest on a name. But `GET /?Action=DeleteVolume` is no read (the AWS
    /// query protocol), and `POST /volumes/{id}/purge` destroys.
    pub fn of(method: &str, path: &str, operation_id: Option<&str>) -> Self {
        let by_method = match method {
            "GET" | "HEAD" | "OPTIONS" | "TRACE" | "QUERY" => Self::Read,
            "PUT" => Self::Write { idempotent: true },
            "DELETE" => Self::Destructive { idempotent: true },
            _ => Self::Write { idempotent: false },
        };
        let action = action(path);
        let named = [action, operation_id, last_literal(path)]
            .into_iter()
            .flatten();
        match by_method {
            Self::Read if action.is_none_or(reads) => by_method,
            Self::Read if action.is_some_and(destroys) => Self::Destructive { idempotent: false },
            Self::Read => Self::Write { idempotent: false },
            Self::Write { idempotent } if named.into_iter().any(destroys) => {
                Self::Destructive { idempotent }
            }
            Self::Write { .. } | Self::Destructive { .. } => by_method,
        }
    }

    /// Whether a call that is made twice does what it does when made once.
    pub fn is_idempotent(self) -> bool {
        match self {
            Self::Read => true,
            Self::Write { idempotent } | Self::Destructive { idempotent } => idempotent,
        }
    }

    /// The hints of MCP. `PUT` and `PATCH` overwrite what was there, so they are not "additive"
    /// and count as destructive there, although policies tell them from [`Effect::Destructive`].
    pub(crate) fn annotations(self, method: &str, title: Option<String>) -> ToolAnnotations {
        let (read_only, destructive, idempotent) = match self {
            Self::Read => (true, false, true),
            Self::Write { idempotent } => (false, matches!(method, "PUT" | "PATCH"), idempotent),
            Self::Destructive { idempotent } => (false, true, idempotent),
        };
        ToolAnnotations {
            title,
            read_only_hint: Some(read_only),
            destructive_hint: Some(destructive),
            idempotent_hint: Some(idempotent),
            open_world_hint: Some(true),
        }
    }
}

/// The value of `Action=…` in a path's fixed query or fragment.
fn action(path: &str) -> Option<&str> {
    let (_, query) = path.split_once(['?', '#'])?;
    let pair = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("Action="))?;
    Some(pair.trim_end_matches('#'))
}

fn last_literal(path: &str) -> Option<&str> {
    let path = path.split(['?', '#']).next()?;
    path.rsplit(['/', '.', ':'])
        .find(|segment| !segment.is_empty())
}

fn reads(name: &str) -> bool {
    begins_with(
        name,
        &[
            "get", "list", "describe", "search", "query", "find", "read", "lookup", "preview",
            "estimate",
        ],
    )
}

fn destroys(name: &str) -> bool {
    let verbs = &[
        "delete",
        "remove",
        "destroy",
        "purge",
        "terminate",
        "erase",
        "wipe",
        "drop",
        "truncate",
        "revoke",
    ];
    // `volumes/delete` and `chat.delete` name the thing first.
    begins_with(name, verbs)
        || name
            .rsplit(['/', '.', '_', '-', ':'])
            .next()
            .is_some_and(|last| begins_with(last, verbs))
}

/// Whether the first word of `name` is one of `verbs`: `deleteUser` and `delete_user`, not `deleted`.
fn begins_with(name: &str, verbs: &[&str]) -> bool {
    verbs.iter().any(|verb| {
        let Some((head, rest)) = name.split_at_checked(verb.len()) else {
            return false;
        };
        head.eq_ignore_ascii_case(verb) && !rest.starts_with(|next: char| next.is_ascii_lowercase())
    })
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::Effect;

    #[track_caller]
    fn check(method: &str, path: &str, operation_id: Option<&str>, expected: Expect) {
        expected.assert_eq(&format!("{:?}", Effect::of(method, path, operation_id)));
    }

    #[test]
    fn the_method_decides() {
        check("GET", "/pets", None, expect!["Read"]);
        check("QUERY", "/pets", None, expect!["Read"]);
        check(
            "POST",
            "/pets",
            None,
            expect!["Write { idempotent: false }"],
        );
        check(
            "PUT",
            "/pets/{id}",
            None,
            expect!["Write { idempotent: true }"],
        );
        check(
            "PATCH",
            "/pets/{id}",
            None,
            expect!["Write { idempotent: false }"],
        );
        check(
            "DELETE",
            "/pets/{id}",
            None,
            expect!["Destructive { idempotent: true }"],
        );
    }

    #[test]
    fn a_word_makes_a_write_destructive() {
        check(
            "POST",
            "/volumes/{id}/purge",
            None,
            expect!["Destructive { idempotent: false }"],
        );
        check(
            "POST",
            "/chat.delete",
            Some("chat_delete"),
            expect!["Destructive { idempotent: false }"],
        );
        check(
            "PUT",
            "/users/{id}",
            Some("deleteUser"),
            expect!["Destructive { idempotent: true }"],
        );
    }

    #[test]
    fn no_word_makes_a_write_a_read() {
        check(
            "POST",
            "/search",
            Some("searchPets"),
            expect!["Write { idempotent: false }"],
        );
    }

    #[test]
    fn a_word_that_only_begins_so_is_another() {
        check(
            "POST",
            "/deletions",
            Some("removedItems"),
            expect!["Write { idempotent: false }"],
        );
    }

    #[test]
    fn an_action_in_the_query_is_what_a_get_does() {
        check(
            "GET",
            "/?Action=DeleteVolume",
            None,
            expect!["Destructive { idempotent: false }"],
        );
        check(
            "GET",
            "/#Action=CreateVolume",
            None,
            expect!["Write { idempotent: false }"],
        );
        check("GET", "/?Action=DescribeVolumes", None, expect!["Read"]);
    }
}
