//! The statement's file: what was written comes back, one altered byte is refused, and no other document passes for it.

mod wiped;

use std::{fs, path::Path};

use leaksweep_facts::{
    Time,
    certificate::Certificate,
    signed::{DocumentError, Signed},
    statement::{FORM, Statement},
};
use wiped::{certificate, key};

fn signed() -> Signed<Statement> {
    let statement = Statement {
        form: FORM.into(),
        printer: "printer-3".into(),
        serial: Some("CNB\\\"密".into()),
        topic: "bluetooth".into(),
        answer: "no".into(),
        how: Some("the panel, Network, Bluetooth: off".into()),
        by: "李 雷".into(),
        role: "facilities".into(),
        made: Time::parse("2026-03-01T10:00:00Z").unwrap(),
        until: Time::parse("2027-03-01"),
    };
    Signed::new(statement, &key('A'))
}

#[test]
fn the_seed_of_the_fuzzer_is_what_is_written_today() {
    let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds/statement/signed.json");
    assert_eq!(fs::read(seed).unwrap(), signed().to_bytes());
}

#[test]
fn what_was_signed_comes_back_and_no_byte_of_it_can_be_altered() {
    let bytes = signed().to_bytes();
    assert_eq!(Signed::<Statement>::parse(&bytes).unwrap(), signed());
    let mut changed = bytes.clone();
    for (at, byte) in bytes.iter().enumerate() {
        for other in [byte ^ 1, byte ^ 0x20, !byte, b' ', 0] {
            changed[at] = other;
            if other != *byte {
                assert!(Signed::<Statement>::parse(&changed).is_err(), "{other:#x} at {at}");
            }
        }
        changed[at] = *byte;
    }
}

#[test]
fn no_document_passes_for_another() {
    let other = Signed::new(certificate(), &key('A')).to_bytes();
    let refused = Signed::<Statement>::parse(&other).unwrap_err();
    assert!(matches!(refused, DocumentError::Other { wanted: "statement" }), "{refused}");
    assert!(Signed::<Certificate>::parse(&signed().to_bytes()).is_err());
    let newer =
        String::from_utf8(signed().to_bytes()).unwrap().replace(FORM, "leaksweep statement 2");
    let refused = Signed::<Statement>::parse(newer.as_bytes()).unwrap_err();
    assert!(matches!(refused, DocumentError::Newer { .. }), "{refused}");
}
