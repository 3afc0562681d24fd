//! A check that is wrong says so, with the file and the line. Each case here spoils the template
//! in one way.

use std::path::Path;

use leaksweep_engine::{
    Trial,
    check::{TEMPLATE, parse},
};

/// What the trial of the template says after `from` became `to`.
fn spoilt(from: &str, to: &str) -> Vec<String> {
    assert!(TEMPLATE.contains(from), "the template has no '{from}'");
    let text = TEMPLATE.replacen(from, to, 1);
    match parse("host/spoilt", Path::new("spoilt.md"), &text) {
        Err(error) => vec![error.to_string()],
        Ok(check) => Trial::of(&check).failures.iter().map(ToString::to_string).collect(),
    }
}

fn line_of(needle: &str) -> usize {
    1 + TEMPLATE.lines().position(|line| line.contains(needle)).unwrap()
}

#[test]
fn the_template_itself_is_a_good_check() {
    let check = parse("host/template", Path::new("template.md"), TEMPLATE).unwrap();
    let trial = Trial::of(&check);
    assert_eq!(trial.failures, []);
    assert_eq!(trial.cases, 3);
}

#[test]
fn each_fault_is_named_with_its_line() {
    let where_line = line_of("WHERE starts");
    let cases = [
        ("WHERE starts", "WHERE begins", format!("spoilt.md:{where_line}: "), "begins"),
        (
            "FROM host_services",
            "FROM host_service",
            "spoilt.md:".into(),
            "did you mean 'host_services'",
        ),
        ("SELECT target", "SELECT FROM target", "spoilt.md:".into(), ""),
        ("SELECT target, name", "SELECT name", "spoilt.md:".into(), "first column"),
        ("reads: [host_services]", "reads: [host_users]", "spoilt.md:4: ".into(), "host_services"),
        (
            "reads: [host_services]",
            "reads: [host_services, targets]",
            "spoilt.md:4: ".into(),
            "targets",
        ),
        ("severity: medium", "severity: awful", "spoilt.md:2: ".into(), "awful"),
        ("measures: [R4]", "measures: [Q9]", "spoilt.md:3: ".into(), "Q9"),
        ("measures: [R4]", "measure: [R4]", "spoilt.md:3: ".into(), "unknown key 'measure'"),
        (
            "severity: medium",
            "when: nonsense > 3\nseverity: medium",
            "spoilt.md:".into(),
            "nonsense",
        ),
        ("## Fix", "## Mend", "spoilt.md:".into(), "'Mend'"),
        ("## Limits", "## Why", "spoilt.md:".into(), "second section 'Why'"),
        ("→ unknown", "→ pass", "spoilt.md:1: ".into(), "no case expects 'unknown'"),
        ("→ unknown", "→ maybe", "spoilt.md:".into(), "'maybe'"),
        (
            "| host_services | name",
            "| host_service | name",
            "spoilt.md:".into(),
            "no table 'host_service'",
        ),
        (
            "name | program | starts",
            "name | progam | starts",
            "spoilt.md:".into(),
            "no column 'progam'",
        ),
        ("/tmp/helper | true", "/tmp/helper | perhaps", "spoilt.md:".into(), "'perhaps'"),
        ("/tmp/helper | true |", "/tmp/helper |", "spoilt.md:".into(), "cells"),
        ("/tmp/helper | true", "/opt/helper | true", "spoilt.md:".into(), "gives pass, not fail"),
        ("```sql", "```", "spoilt.md:".into(), "no sql block"),
    ];
    for (from, to, place, says) in cases {
        let found = spoilt(from, to).join("\n");
        assert!(found.contains(&place) && found.contains(says), "{from} → {to}: {found}");
    }
}

#[test]
fn a_query_that_forgets_the_target_is_caught() {
    // Alone each case is right; together one machine's service convicts another.
    let found = spoilt(
        "FROM host_services\nWHERE starts\n",
        "FROM host_services\nWHERE EXISTS (SELECT 1 FROM host_services o WHERE o.starts)\n",
    );
    assert!(found.join("\n").contains("among other targets"), "{found:?}");
}

#[test]
fn a_query_may_only_read() {
    for statement in ["DROP TABLE host_services", "COPY host_services TO 'x.csv'", "SET a = 1"] {
        let query = "SELECT target, name, program, path\nFROM host_services\nWHERE starts\n  AND (program LIKE '/tmp/%' OR program LIKE '/var/tmp/%')\nORDER BY name";
        let found = spoilt(query, statement);
        assert!(!found.is_empty(), "{statement}");
    }
}
