//! Of a printer that did not answer nothing is known: no check passes for want of rows.

mod desk;

use std::fs;

use desk::Desk;
use serde_json::Value;

/// The system says at once that such a name has no address.
fn nowhere() -> String {
    "x".repeat(64)
}

/// The verdicts of all checks on printers: the check and its outcome.
fn verdicts(desk: &Desk, zone: &str) -> Vec<(String, String)> {
    let target = nowhere();
    let told = ["--zone", zone, "--format", "json", "-o", "r.json", "--fail-on", "never"];
    let error = desk.refuses(&[&["printer", &target], told.as_slice()].concat());
    assert!(error.contains("no printer answered") && error.contains("hint: "), "{error}");
    let report: Value = serde_json::from_slice(&fs::read(desk.path("r.json")).unwrap()).unwrap();
    let text = |verdict: &Value, key: &str| verdict[key].as_str().unwrap_or_default().to_owned();
    let of = |verdict: &Value| (text(verdict, "check"), text(verdict, "verdict"));
    report["verdicts"].as_array().unwrap().iter().map(of).collect()
}

#[test]
fn nothing_passes_and_nothing_fails() {
    let verdicts = verdicts(&Desk::new(), "sealed");
    assert!(verdicts.len() > 75, "{}", verdicts.len());
    for (check, outcome) in verdicts {
        let expected = if check.starts_with("printer/statement-") { "pass" } else { "unknown" };
        assert_eq!(outcome, expected, "{check}");
    }
}

#[test]
fn outside_a_sealed_zone_its_rules_do_not_apply() {
    let verdicts = verdicts(&Desk::new(), "office");
    let sealed = |(check, _): &&(String, String)| check.starts_with("printer/sealed-");
    let sealed: Vec<_> = verdicts.iter().filter(sealed).collect();
    assert_eq!(sealed.len(), 2);
    assert!(sealed.iter().all(|(_, outcome)| outcome == "not applicable"), "{sealed:?}");
}
