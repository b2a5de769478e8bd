//! Which crate may know which: `docs/ARCHITECTURE.md` draws the arrows, `cargo metadata` has them.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

/// Each crate of ours, and those of ours that it may use.
const ARROWS: &[(&str, &[&str])] = &[
    ("northwind-freight", &[]),
    ("wharf-protocol", &[]),
    ("wharf-wire", &["wharf-protocol"]),
    ("wharf-macros", &[]),
    ("wharf", &["wharf-macros", "wharf-protocol", "wharf-wire"]),
    ("wharf-openapi", &["wharf-protocol"]),
    ("wharf-policy", &["wharf-protocol"]),
    (
        "wharf-gateway",
        &[
            "wharf-openapi",
            "wharf-policy",
            "wharf-protocol",
            "wharf-wire",
        ],
    ),
    (
        "wharf-cli",
        &[
            "northwind-freight",
            "wharf-gateway",
            "wharf-openapi",
            "wharf-policy",
            "wharf-protocol",
            "wharf-wire",
        ],
    ),
    ("tidy", &[]),
];

/// Crates that must stay pure, and what of others' they must never use.
const PURE: &[&str] = &["wharf-protocol", "wharf-openapi", "wharf-policy"];
const IMPURE: &[&str] = &[
    "tokio",
    "hyper",
    "hyper-util",
    "axum",
    "reqwest",
    "sqlx",
    "getrandom",
    "tracing",
];

/// What each package uses outside its tests.
fn dependencies() -> BTreeMap<String, Vec<String>> {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--format-version",
            "1",
            "--offline",
        ])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .output()
        .expect("cargo runs, since it runs this test");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
    let packages = metadata["packages"].as_array().expect("a list of packages");
    packages
        .iter()
        .map(|package| {
            let used = package["dependencies"]
                .as_array()
                .expect("a list of dependencies");
            let used = used
                .iter()
                .filter(|dependency| dependency["kind"] != "dev")
                .filter_map(|dependency| dependency["name"].as_str())
                .map(ToOwned::to_owned)
                .collect();
            (package["name"].as_str().expect("a name").to_owned(), used)
        })
        .collect()
}

#[test]
fn crates_know_only_the_crates_they_may_know() {
    let dependencies = dependencies();
    for (name, used) in &dependencies {
        let (_, allowed) = ARROWS
            .iter()
            .find(|(known, _)| known == name)
            .unwrap_or_else(|| panic!("`{name}` has no place in the drawing: give it one"));
        for other in used
            .iter()
            .filter(|other| dependencies.contains_key(*other))
        {
            assert!(
                allowed.contains(&other.as_str()),
                "`{name}` must not know `{other}`"
            );
        }
    }
}

#[test]
fn every_arrow_that_is_drawn_exists() {
    let dependencies = dependencies();
    for (name, allowed) in ARROWS {
        for other in *allowed {
            assert!(
                dependencies[*name].iter().any(|used| used == other),
                "`{name}` does not use `{other}` any more: take the arrow out of the drawing"
            );
        }
    }
}

#[test]
fn pure_crates_use_nothing_that_does_io() {
    let dependencies = dependencies();
    for name in PURE {
        for other in &dependencies[*name] {
            assert!(
                !IMPURE.contains(&other.as_str()),
                "`{name}` is pure and uses `{other}`"
            );
        }
    }
}
