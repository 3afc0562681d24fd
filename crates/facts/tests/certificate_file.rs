//! The certificate's file: what was written comes back, and one altered byte anywhere is refused.

mod wiped;

use std::{fs, path::Path};

use leaksweep_facts::{
    certificate::{self, Certificate},
    custody::{Entry, Event, Party, Record},
    seal::{Purpose, SealError, SecretKey},
    signed::{DocumentError, MOST, Signed, Unverified, form_of},
};
use wiped::{certificate, key};

fn signed() -> Signed<Certificate> {
    Signed::new(certificate(), &key('A'))
}

fn refused(bytes: &[u8]) -> DocumentError {
    Signed::<Certificate>::parse(bytes).unwrap_err()
}

#[test]
fn the_seeds_of_the_fuzzer_are_what_is_written_today() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds");
    assert_eq!(fs::read(top.join("certificate/signed.json")).unwrap(), signed().to_bytes());
}

#[test]
fn what_was_signed_comes_back_and_its_digest_is_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("disk.json");
    signed().save(&path).unwrap();
    let read = Signed::<Certificate>::open(&path).unwrap();
    assert_eq!(read, signed());
    assert_eq!(read.signer(), &key('A').public());
    assert_eq!(read.digest(), leaksweep_facts::sweep::sha256(&fs::read(&path).unwrap()));
    assert_eq!(form_of(&read.to_bytes()).as_deref(), Some(certificate::FORM));
    read.demand(&[key('B').public(), key('A').public()]).unwrap();
    assert!(matches!(read.demand(&[key('B').public()]), Err(DocumentError::OtherSigner { .. })));
    assert!(read.demand(&[]).is_err());
}

#[test]
fn no_byte_can_be_altered() {
    let bytes = signed().to_bytes();
    assert!(bytes.len() > 1000);
    let mut changed = bytes.clone();
    for (at, byte) in bytes.iter().enumerate() {
        for other in [byte ^ 1, byte ^ 2, byte ^ 0x20, byte ^ 0x80, !byte, b' ', b'0', b'"', 0] {
            changed[at] = other;
            if other != *byte {
                assert!(Signed::<Certificate>::parse(&changed).is_err(), "{other:#x} at {at}");
            }
        }
        changed[at] = *byte;
    }
}

#[test]
fn no_byte_can_be_left_out_or_put_in() {
    let bytes = signed().to_bytes();
    for at in 0..bytes.len() {
        refused(&bytes[..at]);
        let without = [&bytes[..at], &bytes[at + 1..]].concat();
        assert!(without == bytes || Signed::<Certificate>::parse(&without).is_err(), "{at}");
        for more in [b" ".as_slice(), b"\n", b"0", b"\0"] {
            refused(&[&bytes[..at], more, &bytes[at..]].concat());
        }
    }
    for more in [b" ".as_slice(), b"\n", b"{}", &bytes] {
        refused(&[&bytes, more].concat());
    }
    assert!(matches!(refused(&bytes[..bytes.len() / 2]), DocumentError::Truncated));
}

#[test]
fn one_meaning_has_one_form() {
    let text = String::from_utf8(signed().to_bytes()).unwrap();
    let altered = [
        ("\"sector\": 512", "\"sector\": 512.0"),
        ("\"sector\": 512", "\"sector\": 5.12e2"),
        ("\"sector\": 512", "\"sector\": 512, \"colour\": null"),
        ("\"sector\": 512", "\"sector\": 512, \"sector\": 512"),
        ("bench", "b\\u0065nch"),
        ("密", "\\u5bc6"),
        ("\"firmware\": null,\n", "\n"),
        ("\n", "\r\n"),
        ("  ", "\t"),
        ("{\n  \"document\"", "\u{feff}{\n  \"document\""),
    ];
    for (one, other) in altered {
        assert!(text.contains(one), "{one}");
        let error = refused(text.replacen(one, other, 1).as_bytes());
        assert!(error.hint().is_some() || matches!(error, DocumentError::Other { .. }), "{error}");
    }
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(matches!(refused(&serde_json::to_vec(&value).unwrap()), DocumentError::Altered(_)));
}

#[test]
fn another_key_cannot_take_a_document_over() {
    let mine = signed().into_unverified();
    let other = Signed::new(certificate(), &key('B')).into_unverified();
    let mixed = [
        Unverified { document: mine.document.clone(), seal: other.seal.clone() },
        Unverified {
            document: Certificate { number: "0".repeat(16), ..certificate() },
            seal: mine.seal,
        },
    ];
    // The other's seal over the same document is the other's certificate, and says so.
    assert_eq!(mixed[0].verify().unwrap(), key('B').public());
    let bytes = serde_json::to_string_pretty(&mixed[1]).unwrap() + "\n";
    assert!(matches!(refused(bytes.as_bytes()), DocumentError::Seal(SealError::Wrong)));
}

#[test]
fn a_seal_of_anything_else_does_not_pass() {
    let content = serde_json::to_string_pretty(&certificate()).unwrap() + "\n";
    for purpose in Purpose::ALL {
        let seal = key('A').sign(purpose, content.as_bytes());
        let sealed = Unverified { document: certificate(), seal };
        assert_eq!(sealed.verify().is_ok(), purpose == Purpose::Certificate, "{purpose:?}");
    }
    let mut record = Record::of(signed());
    let person = Party { name: "Li".into(), role: "technician".into() };
    record.add(Entry::new(Event::Removal, leaksweep_facts::Time(0), person), &key('A'));
    let stolen = Unverified { document: certificate(), seal: record.entries.remove(0).seal };
    assert!(stolen.verify().is_err());
}

#[test]
fn what_is_no_certificate_is_called_by_its_name() {
    let text = |form: &str| {
        String::from_utf8(signed().to_bytes()).unwrap().replace(certificate::FORM, form)
    };
    let newer = text("leaksweep certificate 2").replace("\"number\"", "\"numeral\"");
    assert!(matches!(refused(newer.as_bytes()), DocumentError::Newer { .. }));
    assert!(matches!(
        refused(text("leaksweep certificate 2").as_bytes()),
        DocumentError::Newer { .. }
    ));
    for other in
        ["", "{}", "[]", "null", "PK\u{3}\u{4}", &text("leaksweep certificate 1x"), &text("")]
    {
        let error = refused(other.as_bytes());
        let known = matches!(
            error,
            DocumentError::Other { wanted: "certificate" } | DocumentError::Truncated
        );
        assert!(known, "{other:.40}: {error}");
    }
    let deep = "[".repeat(100_000);
    assert!(matches!(refused(deep.as_bytes()), DocumentError::Other { .. }));
}

#[test]
fn a_file_beyond_the_cap_is_neither_read_nor_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large");
    fs::write(&path, vec![b' '; MOST as usize + 1]).unwrap();
    assert!(matches!(Signed::<Certificate>::open(&path), Err(DocumentError::TooLarge)));
    let reasons = vec!["x".repeat(MOST as usize)];
    let large = Signed::new(Certificate { reasons, ..certificate() }, &key('A'));
    assert!(matches!(large.save(&folder.path().join("new")), Err(DocumentError::TooLarge)));
    assert!(Signed::<Certificate>::open(folder.path()).is_err());
}

#[test]
fn a_secret_key_is_not_in_what_it_signs() {
    let key = SecretKey::generate().unwrap();
    let secret = key.to_text();
    let secret = secret.trim().rsplit(':').next().unwrap();
    let bytes = Signed::new(certificate(), &key).to_bytes();
    assert!(!String::from_utf8(bytes).unwrap().contains(secret));
}
