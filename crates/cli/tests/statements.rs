//! Journeys with statements on printers: signed, shown, verified, refused.

mod desk;
#[path = "../../facts/tests/wiped/mod.rs"]
#[allow(dead_code, reason = "only its keys are used")]
mod wiped;

use std::fs;

use desk::Desk;
use wiped::key;

fn desk() -> Desk {
    let desk = Desk::new();
    for letter in ['A', 'B'] {
        desk.write(&format!("{letter}.key"), &key(letter).to_text());
        desk.write(&format!("{letter}.pub"), &key(letter).public().to_string());
    }
    desk
}

fn new<'a>(topic: &'a str, answer: &'a str, file: &'a str) -> Vec<&'a str> {
    let said = ["--topic", topic, "--answer", answer, "--by", "李雷", "--role", "facilities"];
    let kept = ["--key", "A.key", "-o", file];
    [&["statement", "new", "ipp://printer-3/ipp/print"], said.as_slice(), &kept].concat()
}

#[test]
fn a_statement_is_signed_shown_and_verified() {
    let desk = desk();
    let more = ["--how", "the panel, Network", "--serial", "CNB1", "--until", "2199-01-31"];
    let says = desk.says(0, &[new("bluetooth", "no", "b.json"), more.to_vec()].concat());
    assert!(says.contains("b.json: bluetooth of printer-3 is no, signed by "), "{says}");
    let shown = desk.says(0, &["statement", "show", "b.json"]);
    for text in ["printer-3", "CNB1", "bluetooth", "the panel, Network", "李雷", "2199-01-31"] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    desk.says(0, &["statement", "show", "b.json", "--pub", "A.pub"]);
    let says = desk.says(0, &["verify", "b.json", "--pub", "A.pub"]);
    assert!(says.contains("whole, unaltered") && says.contains("bluetooth is no"), "{says}");
    for command in [["verify", "b.json"].as_slice(), &["statement", "show", "b.json"]] {
        let error = desk.refuses(&[command, &["--pub", "B.pub"]].concat());
        assert!(error.contains("its signature is not by that key"), "{error}");
    }
}

#[test]
fn a_statement_that_has_ended_is_something_found() {
    let desk = desk();
    desk.says(0, &[new("fax", "no", "f.json"), vec!["--until", "2199-01-31"]].concat());
    desk.says(0, &["verify", "f.json", "--pub", "A.pub"]);
    let error = desk.refuses(&[new("fax", "no", "g.json"), vec!["--until", "2020-01-31"]].concat());
    assert!(error.contains("it ends before it begins"), "{error}");
    assert!(!desk.path("g.json").exists());
}

#[test]
fn what_was_altered_or_is_something_else_is_refused() {
    let desk = desk();
    desk.says(0, &new("bluetooth", "no", "b.json"));
    let text = fs::read_to_string(desk.path("b.json")).unwrap();
    desk.write("altered.json", &text.replace("\"no\"", "\"yes\""));
    desk.write("half.json", &text[..text.len() / 2]);
    desk.write("newer.json", "{\"document\": {\"form\": \"leaksweep statement 2\"}}");
    desk.write("other.json", "{}");
    for (file, reason) in [
        ("altered.json", "signature is wrong"),
        ("half.json", "cut off"),
        ("newer.json", "newer leaksweep"),
        ("other.json", "it is no statement"),
        ("absent.json", "cannot be read"),
    ] {
        let error = desk.refuses(&["statement", "show", file]);
        assert!(error.contains(reason), "{file}: {error}");
    }
    for file in ["altered.json", "newer.json"] {
        desk.refuses(&["verify", file, "--pub", "A.pub"]);
    }
    assert!(desk.refuses(&["certificate", "show", "b.json"]).contains("it is no certificate"));
}

#[test]
fn a_statement_is_never_overwritten_and_a_wrong_answer_never_signed() {
    let desk = desk();
    desk.says(0, &new("erase_mode", "several", "e.json"));
    let error = desk.refuses(&new("erase_mode", "once", "e.json"));
    assert!(error.contains("is there already") && error.contains("hint: "), "{error}");
    for (topic, answer, message) in [
        ("bluetooth", "off", "bluetooth takes yes or no, not 'off'"),
        ("erase_mode", "twice", "takes none, once or several"),
        ("erase_progress", "101", "takes a number from 0 to 100"),
        ("firmware", " ", "takes a text"),
    ] {
        let error = desk.refuses(&new(topic, answer, "w.json"));
        assert!(error.contains(message) && error.contains("statement topics"), "{error}");
    }
    assert!(!desk.path("w.json").exists());
}
