//! Who may depend on whom, and on what terms, asserted from `cargo metadata`.

use std::{path::Path, process::Command, sync::LazyLock};

use serde_json::{Value, json};

/// What all others stand on; these know nobody but the contract below them.
const GROUND: &[&str] =
    &["leaksweep-facts", "leaksweep-formats", "leaksweep-catalogue", "leaksweep-digest"];
/// What the middle row may not know: each other, DataFusion, the programs above.
const MIDDLE: &[&str] = &["leaksweep-engine", "leaksweep-report", "leaksweep-wipe"];
/// Where DataFusion may be named.
const JUDGES: &[&str] = &["leaksweep-engine", "leaksweep-hub"];
/// Only tests may stand on it, and what runs the tests.
const PEERS: &str = "leaksweep-peers";

/// For the platform on which leaksweep is used; others have dependencies that nobody here downloads.
static METADATA: LazyLock<Value> = LazyLock::new(|| {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(["--filter-platform", "x86_64-unknown-linux-gnu"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON")
});

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or("")
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// The crates of the house: they have no source but this repository.
fn house(metadata: &Value) -> impl Iterator<Item = &Value> {
    list(metadata, "packages").iter().filter(|package| package["source"].is_null())
}

fn is_sensor(package: &Value) -> bool {
    text(package, "manifest_path").contains("/crates/sensors/")
}

/// The crates of the house that a crate of the house may depend on.
fn may_know(package: &Value, all: &Value) -> Option<Vec<String>> {
    let sensors = || house(all).filter(|p| is_sensor(p)).map(|p| text(p, "name"));
    let ground = || GROUND.iter().copied();
    let names: Vec<&str> = match text(package, "name") {
        PEERS => vec![],
        "leaksweep-facts" => vec![],
        name if GROUND.contains(&name) => vec!["leaksweep-facts"],
        "xtask" => vec![PEERS],
        "leaksweep" => ground().chain(MIDDLE.iter().copied()).chain(sensors()).collect(),
        "leaksweep-hub" => ground().chain(["leaksweep-engine", "leaksweep-report"]).collect(),
        name if MIDDLE.contains(&name) || is_sensor(package) => ground().collect(),
        _ => return None,
    };
    Some(names.into_iter().map(str::to_owned).collect())
}

/// Every dependency that breaks the design. Those of tests and of builds count like any other.
fn wrong_arrows(metadata: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    for package in house(metadata) {
        let name = text(package, "name");
        let Some(allowed) = may_know(package, metadata) else {
            wrong.push(format!("{name} has no place in the house"));
            continue;
        };
        for dependency in list(package, "dependencies") {
            let on = text(dependency, "name");
            let ours = house(metadata).any(|other| text(other, "name") == on);
            let for_tests = on == PEERS && text(dependency, "kind") == "dev";
            let heavy = on.starts_with("datafusion") || on.starts_with("ballista");
            let fine = if ours {
                for_tests || allowed.iter().any(|name| name == on)
            } else {
                !heavy || JUDGES.contains(&name)
            };
            if !fine {
                wrong.push(format!("{name} -> {on}"));
            }
        }
    }
    wrong
}

#[test]
fn arrows_point_one_way() {
    assert_eq!(wrong_arrows(&METADATA), [""; 0]);
    assert!(house(&METADATA).count() >= 7);
}

#[test]
fn an_arrow_that_points_the_wrong_way_is_seen() {
    let package = |name: &str, on: &str, kind: Value| {
        let path = format!("/x/crates/sensors/{name}/Cargo.toml");
        let path = if name.ends_with("host") { path } else { "/x/crates/a/Cargo.toml".into() };
        let dependencies = json!([{"name": on, "kind": kind}]);
        json!({"name": name, "source": null, "manifest_path": path, "dependencies": dependencies})
    };
    let normal = Value::Null;
    let cases = [
        ("leaksweep-facts", "leaksweep-host", normal.clone(), true),
        ("leaksweep-host", "leaksweep-facts", normal.clone(), false),
        ("leaksweep-host", "leaksweep-engine", json!("dev"), true),
        ("leaksweep-host", "datafusion-common", json!("dev"), true),
        ("leaksweep-engine", "datafusion", normal.clone(), false),
        ("leaksweep-engine", "leaksweep-host", normal.clone(), true),
        ("leaksweep-report", "leaksweep-engine", normal.clone(), true),
        ("leaksweep-report", PEERS, json!("dev"), false),
        ("leaksweep-report", PEERS, normal.clone(), true),
        ("leaksweep", "leaksweep-engine", normal.clone(), false),
        ("leaksweep", "datafusion", normal.clone(), true),
        ("leaksweep-extra", "serde", normal.clone(), true),
    ];
    let bare = |name: &str| package(name, "serde", Value::Null);
    for (name, on, kind, wrong) in cases {
        let on_package = on.starts_with("leaksweep").then(|| bare(on));
        let packages: Vec<Value> =
            on_package.into_iter().chain([package(name, on, kind)]).collect();
        let found = wrong_arrows(&json!({"packages": packages}));
        assert_eq!(!found.is_empty(), wrong, "{name} -> {on}: {found:?}");
    }
}

#[test]
fn every_licence_is_one_that_deny_toml_allows() {
    let allowed = allowed_licences();
    let mut refused = Vec::new();
    for package in list(&METADATA, "packages") {
        let licence = text(package, "license");
        if !licence::allows(licence, &allowed) {
            refused.push(format!("{}: '{licence}'", text(package, "name")));
        }
    }
    assert_eq!(refused, [""; 0]);
}

#[test]
fn every_crate_comes_from_the_one_registry() {
    for package in list(&METADATA, "packages") {
        let source = text(package, "source");
        let known = source.is_empty() || source.ends_with("github.com/rust-lang/crates.io-index");
        assert!(known, "{} comes from {source}", text(package, "name"));
    }
}

fn allowed_licences() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deny.toml");
    let file = std::fs::read_to_string(path).expect("deny.toml");
    let file: toml::Table = file.parse().expect("deny.toml is TOML");
    let allowed = file["licenses"]["allow"].as_array().expect("a list");
    allowed.iter().filter_map(|name| name.as_str()).map(str::to_owned).collect()
}

/// SPDX licence expressions, as far as crates use them.
mod licence {
    /// Whether the terms that the holder may choose are all allowed. An expression that cannot be
    /// read is refused.
    pub fn allows(expression: &str, allowed: &[String]) -> bool {
        let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
        let words: Vec<&str> = spaced.split_whitespace().collect();
        let mut reader = Reader { words: &words, allowed };
        reader.any() == Some(true) && reader.words.is_empty()
    }

    struct Reader<'a> {
        words: &'a [&'a str],
        allowed: &'a [String],
    }

    impl<'a> Reader<'a> {
        /// `OR` binds weaker than `AND`.
        fn any(&mut self) -> Option<bool> {
            let mut result = self.every()?;
            while self.took("OR") {
                result |= self.every()?;
            }
            Some(result)
        }

        fn every(&mut self) -> Option<bool> {
            let mut result = self.one()?;
            while self.took("AND") {
                result &= self.one()?;
            }
            Some(result)
        }

        fn one(&mut self) -> Option<bool> {
            if self.took("(") {
                let inner = self.any()?;
                return self.took(")").then_some(inner);
            }
            let mut name = self.next()?.to_owned();
            if self.took("WITH") {
                name = format!("{name} WITH {}", self.next()?);
            }
            Some(self.allowed.contains(&name))
        }

        fn next(&mut self) -> Option<&'a str> {
            let (first, rest) = self.words.split_first()?;
            self.words = rest;
            Some(first)
        }

        fn took(&mut self, word: &str) -> bool {
            let there = self.words.first() == Some(&word);
            if there {
                self.words = &self.words[1..];
            }
            there
        }
    }
}

#[test]
fn licence_expressions_are_read_as_spdx_means_them() {
    let allowed = ["MIT", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned);
    let cases = [
        ("MIT", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("GPL-3.0 AND MIT", false),
        ("MIT/GPL-3.0", true),
        ("(MIT OR GPL-3.0) AND MIT", true),
        ("MIT OR GPL-3.0 AND GPL-2.0", true),
        ("MIT AND (GPL-3.0 OR GPL-2.0)", false),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("Apache-2.0", false),
        ("", false),
        ("MIT MIT", false),
        ("(MIT", false),
    ];
    for (expression, fine) in cases {
        assert_eq!(licence::allows(expression, &allowed), fine, "{expression}");
    }
}
