//! SARIF: valid against the official schema, stable over runs, inert.

mod peer;
mod sample;

use std::{collections::HashMap, os::unix::fs::PermissionsExt, process::Command};

use leaksweep_facts::{
    Time,
    verdict::{Judgement, Outcome, Value as Fact},
};
use leaksweep_report::{Format, Style, write};
use serde_json::Value;

const MULTITOOL: &str = "@microsoft/sarif-multitool-linux";

fn sarif(judgement: &Judgement, every: bool) -> Value {
    let mut out = Vec::new();
    write(Format::Sarif, judgement, &Style { every, ..Style::default() }, &mut out).unwrap();
    serde_json::from_slice(&out).unwrap()
}

fn results(log: &Value) -> &Vec<Value> {
    log["runs"][0]["results"].as_array().unwrap()
}

fn prints(log: &Value) -> Vec<String> {
    let print = |result: &Value| result["partialFingerprints"]["leaksweepEvidence/v1"].to_string();
    let mut prints: Vec<String> = results(log).iter().map(print).collect();
    prints.sort();
    prints
}

#[test]
fn every_log_is_valid_against_the_official_schema() {
    let Some(package) = leaksweep_peers::need(MULTITOOL) else { return };
    let Some(python) = leaksweep_peers::need("jsonschema") else { return };
    let schema = package.join("sarif-2.1.0.json");
    let mut python = Command::new(python);
    let folder = tempfile::tempdir().unwrap();
    python.args(["-c", peer::VALIDATE]).arg(schema);
    let judgements = [sample::nothing(), sample::machines(1), sample::machines(3)];
    for (number, judgement) in judgements.iter().enumerate() {
        for every in [false, true] {
            let path = folder.path().join(format!("{number}-{every}.sarif"));
            std::fs::write(&path, sarif(judgement, every).to_string()).unwrap();
            python.arg(path);
        }
    }
    let output = python.output().unwrap();
    assert!(output.status.success(), "{}", peer::says(&output));
}

/// The validator by one of the standard's editors, which knows rules that no schema can say.
#[test]
fn another_validator_finds_no_error() {
    let Some(package) = leaksweep_peers::need(MULTITOOL) else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.sarif");
    std::fs::write(&path, sarif(&sample::machines(3), true).to_string()).unwrap();
    let program = package.join("Sarif.Multitool");
    // Peers are installed without running their scripts, one of which would do this.
    std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
    let mut validate = Command::new(program);
    validate.env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1").arg("validate").arg(path);
    let said = peer::says(&validate.output().unwrap());
    assert!(said.contains("Analysis completed successfully"), "{said}");
    assert!(!said.contains(": error "), "{said}");
}

#[test]
fn fingerprints_outlive_time_process_numbers_and_order() {
    let before = sample::machines(3);
    let mut after = before.clone();
    after.judged = Time(after.judged.0 + 1);
    after.verdicts.reverse();
    for verdict in &mut after.verdicts {
        if let Outcome::Fail(evidence) = &mut verdict.outcome {
            evidence.rows.reverse();
            for row in &mut evidence.rows {
                let pid = evidence.columns.iter().position(|column| column == "pid");
                for (at, cell) in row.iter_mut().enumerate() {
                    match cell {
                        Fact::Time(time) => time.0 += 7,
                        Fact::Int(number) if Some(at) == pid => *number += 7,
                        _ => {}
                    }
                }
            }
        }
    }
    assert_eq!(prints(&sarif(&before, true)), prints(&sarif(&after, true)));
}

#[test]
fn fingerprints_tell_findings_apart() {
    let log = sarif(&sample::machines(9), true);
    let all = prints(&log);
    let mut different = all.clone();
    different.dedup();
    assert_eq!(all.len(), different.len());
}

#[test]
fn failures_and_exceptions_alone_are_results_unless_every_verdict_is_asked_for() {
    let judgement = sample::machines(2);
    let few = sarif(&judgement, false);
    assert!(results(&few).iter().all(|result| result["kind"] == "fail"));
    let suppressed = results(&few).iter().filter(|r| r["suppressions"][0]["kind"] == "external");
    assert_eq!(suppressed.count(), 2);
    let mut kinds: HashMap<String, usize> = HashMap::new();
    for result in results(&sarif(&judgement, true)) {
        *kinds.entry(result["kind"].as_str().unwrap().into()).or_default() += 1;
    }
    let counts = judgement.counts();
    assert_eq!(kinds["pass"], counts.pass);
    assert_eq!(kinds["open"], counts.unknown);
    assert_eq!(kinds["notApplicable"], counts.not_applicable);
}

#[test]
fn an_exception_that_ended_is_a_property_of_the_result() {
    let log = sarif(&sample::machines(1), false);
    let ended = |result: &&Value| result["properties"]["expiredException"].is_object();
    let ended: Vec<&Value> = results(&log).iter().filter(ended).collect();
    assert_eq!(ended.len(), 1);
    assert_eq!(ended[0]["ruleId"], "host/standing-access");
    assert_eq!(ended[0]["suppressions"], Value::Array(Vec::new()));
    let exception = &ended[0]["properties"]["expiredException"];
    assert_eq!(exception["owner"], "Zhang Wei 张伟");
    assert_eq!(exception["until"], "2026-11-01T12:00:00Z");
}

#[test]
fn a_rule_is_the_check_and_a_result_points_at_it() {
    let log = sarif(&sample::machines(1), false);
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), sample::checks().len());
    for result in results(&log) {
        let place = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(rules[place]["id"], result["ruleId"]);
    }
    let rule = rules.iter().find(|rule| rule["id"] == "host/standing-access").unwrap();
    assert_eq!(rule["properties"]["security-severity"], "9.5");
    assert_eq!(rule["defaultConfiguration"]["level"], "error");
}

#[test]
fn no_address_leaves_the_root_of_the_target() {
    let log = sarif(&sample::machines(1), false);
    let mut paths = 0;
    for result in results(&log) {
        let artifact = &result["locations"][0]["physicalLocation"]["artifactLocation"];
        if let Some(uri) = artifact["uri"].as_str() {
            assert!(!uri.starts_with('/') && !uri.contains(':'), "{uri}");
            assert_eq!(artifact["uriBaseId"], "TARGET_ROOT");
            paths += 1;
        }
    }
    assert!(paths > 5);
}
