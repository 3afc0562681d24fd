//! A root of a real Debian system in which every way of staying on a machine was planted: each is
//! found by the check that the recipe names, with its file and line. Systems without any have
//! almost nothing to say.

use std::{fs, path::Path, process::Command};

use serde_json::Value;

const RECIPE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../peers/roots/planted.sh");
/// An ordinary system is no heap of findings.
const MOST_FINDINGS: usize = 3;

/// A line `# plant: NAME | CHECK | TEXT [| TEXT …]` of the recipe.
struct Plant {
    name: String,
    check: String,
    texts: Vec<String>,
}

fn plants() -> Vec<Plant> {
    let recipe = fs::read_to_string(RECIPE).expect("the recipe can be read");
    let lines = recipe.lines().filter_map(|line| line.trim_start().strip_prefix("# plant: "));
    let lines = lines.filter(|line| !line.starts_with("NAME"));
    let plant = |line: &str| {
        let mut parts = line.split('|').map(|part| part.trim().to_owned());
        let (name, check) = (parts.next().unwrap(), parts.next().expect("a check"));
        Plant { name, check: format!("host/{check}"), texts: parts.collect() }
    };
    lines.map(plant).collect()
}

fn report(root: &Path) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_leaksweep"));
    command.args(["host", "--format", "json", "--fail-on", "never", "--root"]).arg(root);
    let output = command.env("HOME", "/nonexistent").output().expect("it runs");
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{error}");
    serde_json::from_slice(&output.stdout).expect("a JSON report")
}

fn failures(report: &Value) -> impl Iterator<Item = &Value> {
    let verdicts = report["verdicts"].as_array().expect("verdicts").iter();
    verdicts.filter(|verdict| verdict["verdict"] == "fail")
}

/// Whether one row of the evidence holds every text; `line N` is the cell of that column.
fn proves(verdict: &Value, texts: &[String]) -> bool {
    let rows = verdict["evidence"].as_array().expect("evidence").iter();
    let holds = |row: &Value, text: &str| match text.strip_prefix("line ") {
        Some(line) => row["line"].as_i64() == line.parse().ok(),
        None => {
            let cells = row.as_object().expect("a row").values();
            cells.filter_map(Value::as_str).any(|cell| cell.contains(text))
        }
    };
    rows.into_iter().any(|row| texts.iter().all(|text| holds(row, text)))
}

#[test]
fn every_planted_mechanism_is_found_with_its_file_and_line() {
    let Some(root) = leaksweep_peers::root("planted") else { return };
    let report = report(&root);
    let missed: Vec<String> = plants()
        .iter()
        .filter(|plant| {
            let mut of_check = failures(&report).filter(|verdict| verdict["check"] == plant.check);
            !of_check.any(|verdict| proves(verdict, &plant.texts))
        })
        .map(|plant| format!("{}: {} does not show {:?}", plant.name, plant.check, plant.texts))
        .collect();
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn ordinary_systems_have_almost_nothing_to_say() {
    for name in ["fresh", "desktop"] {
        let Some(root) = leaksweep_peers::root(name) else { return };
        let report = report(&root);
        let found: Vec<String> = failures(&report)
            .map(|verdict| format!("{} {:#}", verdict["check"], verdict["evidence"]))
            .collect();
        assert!(found.len() <= MOST_FINDINGS, "{name}:\n{}", found.join("\n"));
    }
}
