//! The JSON document: its schema, its exactness, its size.

mod peer;
mod sample;

use std::process::Command;

use leaksweep_facts::verdict::{Judgement, Outcome, Subject};
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
    let Some(python) = leaksweep_peers::need("jsonschema") else { return };
    let mut python = Command::new(python);
    let folder = tempfile::tempdir().unwrap();
    python.args(["-c", peer::VALIDATE]).arg(peer::project().join("docs/report.schema.json"));
    let judgements = [
        sample::nothing(),
        sample::machines(1),
        sample::machines(3),
        sample::all_unknown(),
        sample::contained(),
        sample::remote(7),
    ];
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
fn a_picture_has_its_rows_by_column_and_its_doubts() {
    let (_, document) = document(&sample::remote(7));
    let pictures = document["pictures"].as_array().unwrap();
    assert_eq!(pictures.len(), 7);
    assert_eq!(pictures[0]["subject"], "remote-control");
    assert_eq!(pictures[0]["rows"][0]["access"], "open");
    assert_eq!(pictures[0]["rows_total"], 8);
    assert_eq!(pictures[6]["rows"], Value::Array(Vec::new()));
    assert_eq!(pictures[6]["doubts"][0]["kind"], "not-observed");
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

#[test]
fn a_refusal_is_counted_by_its_remedy() {
    let counts = |judgement: &Judgement| {
        let (_, value) = document(judgement);
        [value["wanting_privilege"].clone(), value["refused_despite_privilege"].clone()]
    };
    assert_eq!(counts(&sample::machines(1)), [2, 0]);
    assert_eq!(counts(&sample::contained()), [0, 4]);
}

#[test]
fn an_exception_that_ended_is_a_field_of_the_verdict() {
    let (_, value) = document(&sample::machines(1));
    for verdict in value["verdicts"].as_array().unwrap() {
        let expired = &verdict["expired_exception"];
        assert_eq!(expired.is_object(), verdict["check"] == "host/standing-access");
        assert!(expired.is_null() || expired["until"] == "2026-11-01T12:00:00Z");
    }
}

#[test]
fn a_sweep_says_under_which_name_it_was_judged() {
    let mut judgement = sample::machines(1);
    judgement.sweeps[0].target = "lab-07~0000".into();
    let (_, value) = document(&judgement);
    assert_eq!(value["sweep"]["target"], "lab-07");
    assert_eq!(value["sweep"]["judged_as"], "lab-07~0000");
}

#[test]
fn every_subject_of_a_picture_is_in_the_schema_and_on_the_page() {
    use Subject::*;
    // The compiler names a new subject that is not here.
    let known = |subject: Subject| match subject {
        RemoteControl | StandingAccess | MediumMap | MediumFinds | MediumPreviews | Printers
        | PrinterDoors => serde_json::to_value(subject).unwrap(),
    };
    let read =
        |name: &str| std::fs::read_to_string(peer::project().join("docs").join(name)).unwrap();
    let schema: Value = serde_json::from_str(&read("report.schema.json")).unwrap();
    let published = &schema["$defs"]["picture"]["properties"]["subject"]["enum"];
    let page = read("json.md");
    let all = [
        RemoteControl,
        StandingAccess,
        MediumMap,
        MediumFinds,
        MediumPreviews,
        Printers,
        PrinterDoors,
    ];
    for name in all.map(known) {
        assert!(published.as_array().unwrap().contains(&name), "{name}");
        assert!(page.contains(&format!("`{}`", name.as_str().unwrap())), "{name}");
    }
}
