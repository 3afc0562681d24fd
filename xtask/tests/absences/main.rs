//! What must not be in the source, asserted: a rule that nobody checks stops being true.
//!
//! Reads the tokens of every file under `crates/*/src`, without comments, texts and tests.

mod rules;
mod source;

use std::{collections::BTreeSet, path::Path};

use rules::{RULES, Rule};
use source::Source;

fn top() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn violations(rule: &Rule, sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources.iter().filter(|source| rule.covers(&source.path)) {
        for phrase in rule.phrases {
            let lines = source.lines_with(phrase);
            found.extend(lines.iter().map(|line| format!("{}:{line}: {phrase}", source.path)));
        }
    }
    found
}

#[test]
fn the_source_holds_nothing_that_a_rule_forbids() {
    let sources = source::all(top());
    assert!(sources.len() > 20, "only {} files found", sources.len());
    let mut report = String::new();
    for rule in RULES {
        let found = violations(rule, &sources);
        if !found.is_empty() {
            report += &format!("\n{}:\n  {}\n", rule.says, found.join("\n  "));
        }
    }
    assert!(report.is_empty(), "{report}");
}

#[test]
fn every_rule_finds_every_phrase_that_it_forbids() {
    for rule in RULES {
        for phrase in rule.phrases {
            let planted = rules::planted(phrase);
            let path = format!("{}planted.rs", rule.within[0]);
            let found = violations(rule, &[Source::parse(&path, &planted)]);
            assert_eq!(found, [format!("{path}:2: {phrase}")], "{}", rule.says);
        }
    }
}

#[test]
fn every_rule_leaves_comments_texts_and_tests_alone() {
    for phrase in RULES.iter().flat_map(|rule| rule.phrases) {
        let inside = rules::planted(phrase);
        let text = format!(
            "// {phrase}\nconst A: &str = {phrase:?};\n#[cfg(test)]\n#[allow(x)]\nmod tests {{ {inside} }}\n"
        );
        let source = Source::parse("crates/a/src/lib.rs", &text);
        assert!(source.lines_with(phrase).is_empty(), "{phrase}");
    }
}

#[test]
fn what_stands_behind_a_test_is_read_again() {
    let text = "#[cfg(test)]\nuse a::b;\n#[cfg(test)]\nmod tests {}\nfn f() {\n unsafe {} }";
    assert_eq!(Source::parse("a.rs", text).lines_with("unsafe"), [6]);
    let text = "#[cfg(not(test))]\nmod a { unsafe {} }";
    assert_eq!(Source::parse("a.rs", text).lines_with("unsafe"), [2]);
}

#[test]
fn an_import_in_a_group_is_seen_by_its_whole_path() {
    let text = "use std::{\n fs::{self, File,\n write as put}, io};";
    let source = Source::parse("a.rs", text);
    assert_eq!(source.lines_with("fs::write"), [3]);
    assert_eq!(source.lines_with("std::io"), [3]);
    assert!(source.lines_with("fs::io").is_empty());
}

#[test]
fn exemptions_name_files_that_are_there() {
    let paths: BTreeSet<String> = source::all(top()).into_iter().map(|s| s.path).collect();
    for rule in RULES {
        for place in rule.within.iter().chain(rule.except) {
            assert!(paths.iter().any(|path| path.starts_with(place)), "{place}: {}", rule.says);
        }
    }
}

#[test]
fn no_module_is_named_after_nothing() {
    let sources = source::all(top());
    for source in &sources {
        assert_eq!(vague_part(&source.path), None, "{}", source.path);
    }
    assert_eq!(vague_part("crates/a/src/utils.rs"), Some("utils"));
    assert_eq!(vague_part("crates/a/src/types/b.rs"), Some("types"));
}

/// The part of a path that says nothing of what is inside.
fn vague_part(path: &str) -> Option<&str> {
    const VAGUE: [&str; 8] =
        ["utils", "util", "helpers", "helper", "common", "misc", "types", "shared"];
    path.split('/')
        .map(|part| part.strip_suffix(".rs").unwrap_or(part))
        .find(|part| VAGUE.contains(part))
}
