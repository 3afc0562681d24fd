//! The files of marks keep their rules; and each rule, broken once.

use std::{fs, path::Path};

use leaksweep_catalogue::{mark_languages, marks};

#[test]
fn every_file_is_read_and_keeps_the_rules() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogue/marks");
    let (languages, mistakes) = marks::folder(&path).unwrap();
    let mistakes: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
    assert_eq!(languages, mark_languages());
    assert!(languages.len() >= 10);
    let levels: Vec<_> = languages.iter().flat_map(|one| &one.marks).map(|one| one.level).collect();
    for level in marks::Level::ALL {
        assert!(levels.contains(level), "no word of the level {level}");
    }
}

const WHOLE: &str = r#"name = "X"

[[mark]]
words = ["VERY HIDDEN", "HIDDEN"]
level = "secret"
case = "exact"
whole_word = true
but = ["HIDDENNESS"]
source = "A law"
"#;

fn mistakes(name: &str, text: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), text).unwrap();
    let (_, mistakes) = marks::folder(folder.path()).unwrap();
    let start = format!("{}/", folder.path().display());
    mistakes.iter().map(|mistake| mistake.to_string().replace(&start, "")).collect()
}

#[test]
fn a_file_that_keeps_the_rules_has_no_mistakes() {
    assert_eq!(mistakes("xx.toml", WHOLE), [""; 0]);
}

#[test]
fn every_rule_is_told_with_its_line() {
    assert!(mistakes("english.toml", WHOLE)[0].contains("the code of a language"));
    for (from, to, line, what) in [
        ("name = \"X\"\n\n", "name = \"\"\n\n", 0, "needs a name and a mark"),
        ("\"VERY HIDDEN\", \"HIDDEN\"", "", 9, "without words"),
        ("VERY HIDDEN", "HIDDEN", 4, "twice"),
        ("VERY HIDDEN", "VERY  HIDDEN", 4, "spaces"),
        ("VERY HIDDEN", " HIDDEN", 4, "spaces"),
        ("VERY HIDDEN", "Z", 4, "single character"),
        ("VERY HIDDEN", &"VERY ".repeat(9), 4, "spaces"),
        ("VERY HIDDEN", "VERYVERYVERYVERYVERYVERYVERYVERYVERYHIDDEN", 4, "longer than 40"),
        ("\"exact\"", "\"any\"", 4, "one short word"),
        ("\"exact\"", "\"some\"", 6, "unknown variant"),
        ("VERY HIDDEN", "机密HIDDEN", 0, ""),
        ("whole_word = true", "whole_word = false", 4, "needs whole_word"),
        ("HIDDENNESS", "OTHER", 8, "holds no word"),
        ("A law", " ", 4, "needs a source"),
        ("secret", "very", 5, "unknown variant"),
        ("but", "however", 8, "unknown field"),
    ] {
        let text = WHOLE.replacen(from, to, 1);
        assert_ne!(text, WHOLE, "{from}");
        let found = mistakes("xx.toml", &text);
        if what.is_empty() {
            assert_eq!(found, [""; 0]);
            continue;
        }
        let place = if line > 0 { format!("xx.toml:{line}: ") } else { "xx.toml: ".into() };
        let told = found.iter().any(|one| one.starts_with(&place) && one.contains(what));
        assert!(told, "{to}: {found:?}");
    }
}
