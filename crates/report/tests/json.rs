//! The JSON document: its schema, its exactness, its size.

mod peer;
mod sample;

use leaksweep_facts::verdict::{Judgement, Outcome};
use leaksweep_report::{Format, Style, write};
use serde_json::Value;

fn document(judgement: &Judgement) -> (String, Value) {
    let mut out = Vec::new();
    write(Format::Json, judgement, &Style::default(), &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let value = serde_json::from_str(&text).unwrap();
    (text, value)
}

#[test]
fn every_judgement_is_valid_against_the_published_schema() {
    let name = "every_judgement_is_valid_against_the_published_schema";
    let Some(mut python) = peer::python("jsonschema") else {
        return peer::skip(name, "no python with jsonschema");
    };
    let folder = tempfile::tempdir().unwrap();
    python.args(["-c", peer::VALIDATE]).arg(peer::project().join("docs/report.schema.json"));
    let judgements =
        [sample::nothing(), sample::machines(1), sample::machines(3), sample::all_unknown()];
    for (number, judgement) in judgements.iter().enumerate() {
        let path = folder.path().join(format!("{number}.json"));
        std::fs::write(&path, document(judgement).0).unwrap();
        python.arg(path);
    }
    let output = python.output().unwrap();
    assert!(output.status.success(), "{}", peer::says(&output));
}

#[test]
fn evidence_is_exact_and_by_column() {
    let (text, value) = document(&sample::machines(1));
    let failed = value["verdicts"].as_array().unwrap().iter();
    let failed = failed.clone().find(|v| v["check"] == "host/deleted-program").unwrap();
    assert_eq!(failed["verdict"], "fail");
    assert_eq!(failed["evidence"][0]["program"], sample::SCRIPT);
    assert_eq!(failed["evidence"][1]["program"], sample::TERMINAL);
    assert_eq!(failed["evidence"][1]["pid"], 901);
    assert_eq!(failed["evidence"][4]["program"], Value::Null);
    assert_eq!(failed["evidence"][4]["arguments"], true);
    assert_eq!(failed["evidence_total"], 4321);
    let raw = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
    assert!(!text.chars().any(raw), "raw control characters in the text");
}

#[test]
fn a_single_sweep_stands_alone_too() {
    let (_, one) = document(&sample::machines(1));
    assert_eq!(one["sweep"], one["sweeps"][0]);
    assert_eq!(one["sweep"]["target"], "lab-07");
    assert_eq!(one["sweep"]["zone"], "office");
    let (_, two) = document(&sample::machines(2));
    assert_eq!(two.get("sweep"), None);
    assert_eq!(two["sweeps"].as_array().unwrap().len(), 2);
}

#[test]
fn counts_agree_with_the_verdicts() {
    let judgement = sample::machines(5);
    let (_, value) = document(&judgement);
    let verdicts = value["verdicts"].as_array().unwrap();
    for (name, count) in value["counts"].as_object().unwrap() {
        let named = verdicts.iter().filter(|v| v["verdict"] == name.replace('_', " ").as_str());
        assert_eq!(count, named.count(), "{name}");
    }
}

#[test]
fn every_unknown_says_why_and_every_exception_by_whom() {
    let judgement = sample::machines(2);
    let (_, value) = document(&judgement);
    for (verdict, written) in judgement.verdicts.iter().zip(value["verdicts"].as_array().unwrap()) {
        match &verdict.outcome {
            Outcome::Unknown(doubts) => {
                assert!(written["reason"].is_string());
                assert_eq!(written["doubts"].as_array().unwrap().len(), doubts.len());
            }
            Outcome::Excepted(..) => assert_eq!(written["exception"]["owner"], "Zhang Wei 张伟"),
            _ => assert_eq!(written["reason"], Value::Null),
        }
    }
}
