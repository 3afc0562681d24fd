//! OCSF: valid against the published schema of its version.

mod peer;
mod sample;

use std::process::Command;

use leaksweep_facts::verdict::{Judgement, Outcome};
use leaksweep_report::{Format, Style, write};
use serde_json::Value;

fn lines(judgement: &Judgement) -> String {
    let mut out = Vec::new();
    write(Format::Ocsf, judgement, &Style::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn events(judgement: &Judgement) -> Vec<Value> {
    lines(judgement).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Validates every line against the class that it names, in the version that it names.
const VALIDATE: &str = "
import json, sys, jsonschema
from ocsf_json_schema import get_ocsf_schema, OcsfJsonSchemaEmbedded
validators, bad = {}, 0
for line in open(sys.argv[1], encoding='utf-8'):
    event = json.loads(line)
    key = event['metadata']['version'], event['class_uid']
    if key not in validators:
        schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(version=key[0]))
        name = schema.lookup_class_name_from_uid(class_uid=key[1])
        schema = schema.get_class_schema(class_name=name, profiles=[])
        validators[key] = jsonschema.Draft202012Validator(schema)
    for error in validators[key].iter_errors(event):
        print(key, error.json_path, error.message[:300])
        bad += 1
print(len(validators), 'classes')
sys.exit(bad > 0)
";

#[test]
fn every_event_is_valid_against_the_published_schema() {
    let Some(python) = leaksweep_peers::need("jsonschema") else { return };
    let Some(_) = leaksweep_peers::need("ocsf_json_schema") else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.jsonl");
    std::fs::write(&path, lines(&sample::machines(3))).unwrap();
    let output = Command::new(python).args(["-c", VALIDATE]).arg(path).output().unwrap();
    assert!(output.status.success(), "{}", peer::says(&output));
    assert!(peer::says(&output).contains("2 classes"));
}

#[test]
fn every_verdict_is_a_compliance_finding_and_an_attack_a_detection_too() {
    let judgement = sample::machines(2);
    let events = events(&judgement);
    let of = |class: u32| events.iter().filter(move |event| event["class_uid"] == class);
    assert_eq!(of(2003).count(), judgement.verdicts.len());
    let attacks = |outcome: &Outcome| matches!(outcome, Outcome::Fail(_));
    let expected = judgement.verdicts.iter();
    let expected = expected.filter(|v| attacks(&v.outcome) && !v.check.attack.is_empty()).count();
    assert_eq!(of(2004).count(), expected);
    for event in &events {
        let class = event["class_uid"].as_u64().unwrap();
        assert_eq!(event["type_uid"], class * 100 + 1);
        assert_eq!(event["category_uid"], class / 1000);
        assert_eq!(event["time"], sample::NOON.0 * 1000);
    }
}

#[test]
fn a_part_of_a_technique_names_its_technique() {
    let events = events(&sample::machines(1));
    let detection = events.iter().filter(|event| event["class_uid"] == 2004);
    let access = detection.clone().find(|e| e["metadata"]["event_code"] == "host/standing-access");
    let attacks = &access.unwrap()["finding_info"]["attacks"];
    assert_eq!(attacks[0]["technique"]["uid"], "T1219");
    assert_eq!(attacks[0]["sub_technique"]["uid"], "T1219.002");
    assert_eq!(attacks[1]["technique"]["uid"], "T1133");
}

#[test]
fn the_answer_and_what_is_to_be_done_are_told_apart() {
    let events = events(&sample::machines(1));
    let find = |id: &str| events.iter().find(|e| e["metadata"]["event_code"] == id).unwrap();
    let cases = [
        ("host/second-root", 3, 1, 4),
        ("host/quiet-12", 1, 4, 1),
        ("host/old-telnet", 2, 1, 0),
        ("host/no-updates", 3, 3, 2),
        ("host/snap-source", 99, 99, 1),
    ];
    for (id, compliance, status, severity) in cases {
        let event = find(id);
        assert_eq!(event["compliance"]["status_id"], compliance, "{id}");
        assert_eq!(event["status_id"], status, "{id}");
        assert_eq!(event["severity_id"], severity, "{id}");
    }
}
