//! CSV as a spreadsheet reads it.

mod sample;

use std::process::Command;

use leaksweep_report::{Format, Style, write};

fn csv(count: usize) -> String {
    let mut out = Vec::new();
    write(Format::Csv, &sample::machines(count), &Style::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Python's strict reader, since a spreadsheet is not at hand.
const READ: &str = "
import csv, json, sys
text = open(sys.argv[1], newline='', encoding='utf-8-sig')
print(json.dumps(list(csv.DictReader(text, strict=True))))
";

#[test]
fn another_reader_gets_one_record_for_each_row_of_evidence() {
    let Some(python) = leaksweep_peers::need("python3") else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("evidence.csv");
    std::fs::write(&path, csv(2)).unwrap();
    let output = Command::new(python).args(["-c", READ]).arg(path).output().unwrap();
    let records: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
    let judgement = sample::machines(2);
    let rows = judgement.verdicts.iter().filter_map(|v| v.outcome.evidence());
    assert_eq!(records.len(), rows.map(|evidence| evidence.rows.len()).sum::<usize>());
    let first = records.iter().find(|r| r["check"] == "host/deleted-program").unwrap();
    assert_eq!(first["row"], "1");
    assert_eq!(first["rows"], "4321");
    assert_eq!(first["target"], "lab-07");
    assert!(first["evidence"].as_str().unwrap().contains(sample::SCRIPT));
}

#[test]
fn no_line_and_no_field_is_broken_by_a_fact() {
    let text = csv(3);
    assert!(text.starts_with('\u{feff}'));
    for line in text.trim_end_matches("\r\n").split("\r\n") {
        assert!(!line.contains(|c: char| c.is_control()), "{line:?}");
        assert_eq!(line.matches('"').count() % 2, 0, "{line}");
    }
}
