//! Journeys with papers: a certificate is checked and shown, a medium goes from hand to hand.

mod desk;
#[path = "../../facts/tests/wiped/mod.rs"]
mod wiped;

use std::fs;

use desk::Desk;
use leaksweep_facts::{
    certificate::{Certificate, Outcome},
    signed::Signed,
};
use leaksweep_peers::need;
use wiped::{certificate, key};

/// With a certificate, and the keys of three persons.
fn desk() -> Desk {
    let desk = Desk::new();
    for letter in ['A', 'B', 'C'] {
        desk.write(&format!("{letter}.key"), &key(letter).to_text());
        desk.write(&format!("{letter}.pub"), &key(letter).public().to_string());
    }
    certify(&desk, "disk.json", certificate());
    desk
}

fn certify(desk: &Desk, name: &str, certificate: Certificate) {
    fs::write(desk.path(name), Signed::new(certificate, &key('A')).to_bytes()).unwrap();
}

const LI: [&str; 6] = ["--person", "李雷", "--role", "technician", "--key", "A.key"];
const WANG: [&str; 6] = ["--person", "Wang", "--role", "recycler", "--key", "B.key"];
const TO_WANG: [&str; 4] = ["--receiver", "Wang", "--receiver-role", "recycler"];

fn add<'a>(file: &'a str, event: &'a str, more: &[&[&'a str]]) -> Vec<&'a str> {
    [&["custody", "add", file, "--event", event], more.concat().as_slice()].concat()
}

#[test]
fn a_certificate_is_verified_by_its_key_and_by_no_other() {
    let desk = desk();
    let says = desk.says(0, &["verify", "disk.json", "--pub", "A.pub"]);
    assert!(
        says.contains("whole, unaltered, signed by ") && says.contains("level purge"),
        "{says}"
    );
    assert!(says.contains("WIPED AND PROVEN 已清除并已验证"), "{says}");
    desk.says(0, &["verify", "disk.json", "--pub", "B.pub", "--pub", "A.pub"]);
    let error = desk.refuses(&["verify", "disk.json", "--pub", "B.pub"]);
    assert!(error.contains("disk.json: its signature is not by that key"), "{error}");
}

#[test]
fn an_altered_certificate_is_refused_wherever_it_is_used() {
    let desk = desk();
    let text = fs::read_to_string(desk.path("disk.json")).unwrap();
    desk.write("altered.json", &text.replace("\"purge\"", "\"clear\""));
    desk.write("spaced.json", &(text.clone() + " "));
    desk.write("half.json", &text[..text.len() / 2]);
    for (file, reason) in
        [("altered", "signature is wrong"), ("spaced", "altered"), ("half", "cut off")]
    {
        let file = format!("{file}.json");
        for arguments in [
            vec!["verify", &file, "--pub", "A.pub"],
            vec!["certificate", "show", &file],
            add(&file, "removal", &[&LI]),
        ] {
            let error = desk.refuses(&arguments);
            assert!(error.contains(reason) && error.contains("hint: "), "{arguments:?}: {error}");
        }
        assert!(!desk.path(&format!("{file}.custody")).exists());
    }
    desk.write("other.json", "{\"form\": \"leaksweep certificate 9\"}");
    assert!(desk.refuses(&["certificate", "show", "other.json"]).contains("newer leaksweep"));
    desk.write("other.json", "{}");
    assert!(
        desk.refuses(&["verify", "other.json", "--pub", "A.pub"]).contains("it is no certificate")
    );
}

#[test]
fn a_wipe_that_failed_or_is_only_claimed_is_something_found() {
    let desk = desk();
    certify(&desk, "failed.json", Certificate { result: Outcome::Failed, ..certificate() });
    certify(&desk, "claimed.json", Certificate { result: Outcome::Claimed, ..certificate() });
    certify(&desk, "odd.json", Certificate { proof: None, ..certificate() });
    let says = desk.says(1, &["verify", "failed.json", "--pub", "A.pub"]);
    assert!(says.contains("FAILED") && says.contains("level none"), "{says}");
    let says = desk.says(1, &["verify", "claimed.json", "--pub", "A.pub"]);
    assert!(says.contains("NOT PROVEN") && says.contains("by the device's word"), "{says}");
    assert!(desk.says(1, &["verify", "odd.json", "--pub", "A.pub"]).contains("CONTRADICTORY"));
}

#[test]
fn a_certificate_is_shown_on_screen_and_on_paper() {
    let desk = desk();
    let show = |form| desk.says(0, &["certificate", "show", "disk.json", "--format", form]);
    assert!(desk.says(0, &["certificate", "show", "disk.json"]).contains("Serial number 序列号"));
    assert!(show("html").starts_with("<!DOCTYPE html>"));
    assert_eq!(show("json").into_bytes(), fs::read(desk.path("disk.json")).unwrap());
    desk.says(0, &["certificate", "show", "disk.json", "--format", "pdf", "-o", "disk.pdf"]);
    assert!(fs::read(desk.path("disk.pdf")).unwrap().starts_with(b"%PDF"));
    let wrong = ["certificate", "show", "disk.json", "--format", "pdf", "--font", "A.key"];
    assert!(desk.refuses(&wrong).contains("it is no OpenType or TrueType font"));
}

#[test]
fn a_font_that_is_named_is_asked_first() {
    let Some(font) = need("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf") else {
        return;
    };
    let desk = desk();
    let show = ["certificate", "show", "disk.json", "--format", "pdf", "-o", "disk.pdf", "--font"];
    desk.says(0, &[&show[..], &[font.to_str().unwrap()]].concat());
    let pdf = fs::read(desk.path("disk.pdf")).unwrap();
    let holds = |text: &[u8]| pdf.windows(text.len()).any(|bytes| bytes == text);
    assert!(holds(b"CIDFontType2") && !holds(b"UniGB-UTF16-H"));
}

#[test]
fn a_medium_goes_from_hand_to_hand_to_its_end() {
    let desk = desk();
    let record = "disk.json.custody";
    desk.write("photo.jpg", "a photograph");
    let at = |time| ["--time", time];
    let removal = add("disk.json", "removal", &[&LI, &at("2026-03-02"), &["--place", "三楼"]]);
    assert!(desk.says(0, &removal).contains("disk.json.custody: statement 1 added"));
    let verify = ["custody", "verify", record, "--pub", "A.pub", "--pub", "B.pub"];
    assert!(desk.says(1, &verify).contains("not told to its end"));
    // Named by the certificate or by the record: it is one.
    desk.says(0, &add(record, "hand-over", &[&LI, &at("2026-03-03"), &TO_WANG]));
    let receipt =
        add("disk.json", "receipt", &[&WANG, &at("2026-03-04"), &["--attach", "photo.jpg"]]);
    assert!(desk.says(0, &receipt).contains("statement 3"));
    let says = desk.says(0, &verify);
    assert!(says.contains("3 statements; whole, unaltered, told to its end"), "{says}");
    desk.says(0, &["verify", record, "--pub", "A.pub", "--pub", "B.pub"]);
    let strange = desk.says(1, &["custody", "verify", record, "--pub", "A.pub"]);
    assert!(
        strange.contains("entry 3: its key ") && strange.contains("none of those that you trust")
    );
    let shown = desk.says(0, &["custody", "show", record]);
    for word in ["COMPLETE", "三楼", "Wang, recycler", "photo.jpg, 12 bytes"] {
        assert!(shown.contains(word), "{word}\n{shown}");
    }
    assert!(desk.says(0, &["custody", "show", record, "--pub", "A.pub"]).contains("BROKEN"));
    for form in ["html", "pdf", "json"] {
        desk.says(0, &["custody", "show", record, "--format", form, "-o", "life"]);
        assert!(fs::read(desk.path("life")).unwrap().len() > 1000);
    }
}

#[test]
fn a_record_that_was_altered_is_told_and_not_written_on() {
    let desk = desk();
    desk.says(0, &add("disk.json", "removal", &[&LI, &["--note", "first"]]));
    let record = "disk.json.custody";
    let text = fs::read_to_string(desk.path(record)).unwrap();
    desk.write(record, &text.replace("first", "other"));
    let says = desk.says(1, &["custody", "verify", record, "--pub", "A.pub"]);
    assert!(
        says.contains("1 faults") && says.contains("entry 1: its signature is wrong"),
        "{says}"
    );
    let error = desk.refuses(&add(record, "storage", &[&LI]));
    assert!(error.contains("entry 1") && error.contains("hint: get the record again"), "{error}");
    desk.write(record, &text.replace("first", "first\u{0}"));
    assert!(desk.refuses(&["custody", "verify", record, "--pub", "A.pub"]).contains(record));
}

#[test]
fn a_medium_that_was_never_wiped_is_described() {
    let desk = desk();
    let medium = ["--medium", "Seagate;; ZDH0A1B2"];
    let shred = add("old", "shredding", &[&LI, &medium, &["--particles", "2 mm"]]);
    assert!(desk.says(0, &shred).contains("old.custody: statement 1 added"));
    assert!(desk.refuses(&shred).contains("old.custody is there already"));
    desk.says(0, &add("old.custody", "destruction", &[&WANG]));
    desk.says(0, &["custody", "verify", "old.custody", "--pub", "A.pub", "--pub", "B.pub"]);
    assert!(desk.says(0, &["custody", "show", "old.custody"]).contains("ZDH0A1B2"));
    for wrong in ["", "a", "a; b", "a; b;", "a; b; c; d"] {
        let error = desk.refuses(&add("new", "removal", &[&LI, &["--medium", wrong]]));
        assert!(error.contains("does not describe a medium"), "{error}");
    }
    let error = desk.refuses(&add("absent", "removal", &[&LI]));
    assert!(error.contains("absent is not there") && error.contains("--medium"), "{error}");
}

#[test]
fn a_statement_that_cannot_be_true_or_says_too_little_is_not_signed() {
    let desk = desk();
    let refused = |arguments: Vec<&str>, message: &str| {
        let error = desk.refuses(&arguments);
        assert!(error.contains(message) && error.contains("hint: "), "{error}");
        assert!(!desk.path("disk.json.custody").exists());
    };
    refused(add("disk.json", "hand-over", &[&LI]), "the receiver");
    refused(add("disk.json", "degaussing", &[&LI]), "the device");
    refused(add("disk.json", "shredding", &[&LI]), "the size of the particles");
    refused(add("disk.json", "other", &[&LI]), "a note");
    refused(
        add("disk.json", "removal", &[&LI, &["--time", "2026-02-28"]]),
        "earlier than the end of the wipe",
    );
    let long = "长".repeat(4001);
    refused(add("disk.json", "removal", &[&LI, &["--note", &long]]), "4001 characters");
    assert!(desk.refuses(&add("disk.json", "burning", &[&LI])).contains("degaussing"));
    desk.says(0, &add("disk.json", "removal", &[&LI, &["--note", &long[3..]]]));
}

#[test]
fn a_gap_in_the_custody_is_kept_and_said() {
    let desk = desk();
    desk.says(0, &add("disk.json", "removal", &[&LI]));
    let output = desk.run(&add("disk.json", "storage", &[&WANG]));
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(error.contains("李雷 had the medium and did not hand it over"), "{error}");
}

#[test]
fn the_record_of_another_certificate_is_not_mixed_in() {
    let desk = desk();
    desk.says(0, &add("disk.json", "removal", &[&LI]));
    certify(&desk, "disk.json", Certificate { number: "1".repeat(16), ..certificate() });
    let error = desk.refuses(&add("disk.json", "storage", &[&LI]));
    assert!(error.contains("is the record of another certificate"), "{error}");
}
