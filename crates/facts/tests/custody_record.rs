//! The custody record: what becomes of a medium, and every way in which the story can be wrong.

mod wiped;

use std::{fs, path::Path};

use leaksweep_facts::{
    Time,
    custody::{Description, Entry, Event, Fault, Party, Record, Subject, Wrong},
    seal::PublicKey,
    signed::{DocumentError, Signed},
};
use wiped::{certificate, key};

const WIPED: &str = "2026-03-01T10:20:00Z";

fn party(name: &str) -> Party {
    Party { name: name.into(), role: "technician".into() }
}

/// So many minutes after the wipe.
fn entry(event: Event, minutes: i64, person: &str) -> Entry {
    Entry::new(event, Time(Time::parse(WIPED).unwrap().0 + 60 * minutes), party(person))
}

fn handed(minutes: i64, person: &str, to: &str) -> Entry {
    Entry { receiver: Some(party(to)), ..entry(Event::HandOver, minutes, person) }
}

fn record() -> Record {
    Record::of(Signed::new(certificate(), &key('A')))
}

/// Removed, handed over, received.
fn whole() -> Record {
    let mut record = record();
    record.add(entry(Event::Removal, 1, "Li"), &key('A'));
    record.add(handed(2, "Li", "Wang"), &key('A'));
    record.add(entry(Event::Receipt, 3, "Wang"), &key('B'));
    record
}

fn faults(record: &Record) -> Vec<(Option<usize>, Wrong)> {
    let faults = record.verify(Some(&keys())).faults;
    faults.into_iter().map(|fault: Fault| (fault.entry, fault.wrong)).collect()
}

fn keys() -> Vec<PublicKey> {
    ['A', 'B'].into_iter().map(|letter| key(letter).public()).collect()
}

#[test]
fn the_seeds_of_the_fuzzer_are_what_is_written_today() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds");
    assert_eq!(fs::read(top.join("custody/whole.json")).unwrap(), whole().to_bytes());
}

#[test]
fn a_whole_story_comes_back_and_has_no_fault() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("disk.custody");
    whole().save(&path).unwrap();
    let read = Record::open(&path).unwrap();
    assert_eq!(read, whole());
    let standing = read.verify(Some(&keys()));
    assert!(standing.is_complete(), "{standing:?}");
    assert_eq!(read.entries[0].document.previous, Signed::new(certificate(), &key('A')).digest());
}

#[test]
fn a_medium_that_was_never_wiped_is_described() {
    let description = Description { serial: Some("Z1".into()), ..Description::default() };
    let mut record = Record::new(Subject::Medium(description));
    record.add(entry(Event::Removal, 0, "Li"), &key('A'));
    let shredded = Entry { particles: Some("2 mm".into()), ..entry(Event::Shredding, 1, "Li") };
    record.add(shredded, &key('A'));
    assert!(record.verify(None).open.is_some());
    record.add(entry(Event::Destruction, 1, "Zhao"), &key('B'));
    assert!(record.verify(Some(&keys())).is_complete());
    // Another medium cannot be put under the same story.
    record.subject =
        Subject::Medium(Description { serial: Some("Z2".into()), ..Description::default() });
    assert_eq!(faults(&record), [(Some(1), Wrong::Broken)]);
}

#[test]
fn no_byte_can_be_altered() {
    let bytes = whole().to_bytes();
    let mut changed = bytes.clone();
    for (at, byte) in bytes.iter().enumerate() {
        for other in [byte ^ 1, byte ^ 0x20, byte ^ 0x80, b' ', b'0'] {
            changed[at] = other;
            let read = Record::parse(&changed);
            let unseen = read.is_ok_and(|read| read.verify(None).is_complete());
            assert!(!unseen || other == *byte, "{other:#x} at {at}");
        }
        changed[at] = *byte;
    }
    for at in 0..bytes.len() {
        assert!(Record::parse(&bytes[..at]).is_err());
    }
    assert!(matches!(Record::parse(&bytes[..bytes.len() / 2]), Err(DocumentError::Truncated)));
}

#[test]
fn an_entry_that_was_altered_left_out_put_in_or_moved_is_told() {
    let mut altered = whole();
    altered.entries[1].document.place = Some("elsewhere".into());
    assert!(matches!(
        faults(&altered)[..],
        [(Some(2), Wrong::Altered(_)), (Some(3), Wrong::Broken)]
    ));
    let mut without = whole();
    without.entries.remove(1);
    assert_eq!(faults(&without), [(Some(2), Wrong::Broken), (Some(2), Wrong::NothingToReceive)]);
    let mut twice = whole();
    twice.entries.insert(1, twice.entries[0].clone());
    assert_eq!(faults(&twice), [(Some(2), Wrong::Broken)]);
    let mut moved = whole();
    moved.entries.swap(0, 1);
    assert!(faults(&moved).contains(&(Some(2), Wrong::Backwards)));
    let mut of_another = whole();
    let other =
        leaksweep_facts::certificate::Certificate { number: "1".repeat(16), ..certificate() };
    of_another.subject = Record::of(Signed::new(other, &key('A'))).subject;
    assert_eq!(faults(&of_another), [(Some(1), Wrong::Broken)]);
}

#[test]
fn an_end_that_was_cut_off_leaves_the_story_open() {
    for length in 0..3 {
        let mut cut = whole();
        cut.entries.truncate(length);
        let standing = cut.verify(Some(&keys()));
        assert!(standing.faults.is_empty() && standing.open.is_some(), "{length}: {standing:?}");
    }
}

#[test]
fn a_certificate_that_was_altered_is_told() {
    let mut record = whole();
    let Subject::Certificate(certificate) = &mut record.subject else { panic!() };
    certificate.document.level = leaksweep_facts::certificate::Level::None;
    assert!(matches!(faults(&record)[..], [(None, Wrong::Altered(_)), (Some(1), Wrong::Broken)]));
}

#[test]
fn keys_that_are_not_trusted_are_told() {
    let mut record = whole();
    record.add(entry(Event::Destruction, 4, "Wang"), &key('C'));
    assert_eq!(faults(&record), [(Some(4), Wrong::Stranger(key('C').public()))]);
    assert!(record.verify(None).is_complete());
    assert_eq!(record.verify(Some(&[])).faults.len(), 5);
}

#[test]
fn time_does_not_run_backwards() {
    let mut record = record();
    record.add(entry(Event::Removal, -1, "Li"), &key('A'));
    record.add(entry(Event::Destruction, -2, "Li"), &key('A'));
    let expected = [
        (Some(1), Wrong::BeforeCertificate),
        (Some(2), Wrong::Backwards),
        (Some(2), Wrong::BeforeCertificate),
    ];
    assert_eq!(faults(&record), expected);
}

fn told(entries: Vec<Entry>) -> Vec<(Option<usize>, Wrong)> {
    let mut record = record();
    entries.into_iter().for_each(|entry| record.add(entry, &key('A')));
    faults(&record)
}

#[test]
fn the_medium_goes_from_hand_to_hand() {
    let gap = Wrong::Gap { holder: "Li".into(), person: "Wang".into() };
    let removal = || entry(Event::Removal, 0, "Li");
    assert_eq!(told(vec![removal(), entry(Event::Storage, 1, "Wang")]), [(Some(2), gap)]);
    let other = Wrong::NotReceiver { receiver: "Wang".into(), person: "Zhao".into() };
    assert_eq!(
        told(vec![removal(), handed(1, "Li", "Wang"), entry(Event::Receipt, 2, "Zhao")]),
        [(Some(3), other)]
    );
    let itself = Wrong::NotReceiver { receiver: "Wang".into(), person: "Li".into() };
    assert_eq!(
        told(vec![removal(), handed(1, "Li", "Wang"), entry(Event::Receipt, 2, "Li")]),
        [(Some(3), itself)]
    );
    // Not taken, kept, and then taken; a witness needs no part in it; names are the same however they are written.
    let sound = vec![
        removal(),
        handed(1, "Li", "Wang"),
        entry(Event::Storage, 2, "Li"),
        handed(3, "LI ", " Wang  Fang"),
        entry(Event::Receipt, 4, "wang fang"),
        entry(Event::Destruction, 5, "Zhao"),
        entry(Event::Transport, 6, "Wang Fang"),
    ];
    assert_eq!(told(sound), []);
    // It may begin with a receipt from outside.
    assert_eq!(told(vec![entry(Event::Receipt, 0, "Li")]), []);
}

#[test]
fn a_statement_must_say_what_matters() {
    let lacking = [
        (entry(Event::Removal, 0, " "), "person"),
        (entry(Event::HandOver, 0, "Li"), "receiver"),
        (handed(0, "Li", ""), "receiver"),
        (Entry { device: Some("D".into()), ..entry(Event::Degaussing, 0, "Li") }, "field"),
        (Entry { field: Some("1 T".into()), ..entry(Event::Degaussing, 0, "Li") }, "field"),
        (entry(Event::Shredding, 0, "Li"), "particles"),
        (entry(Event::Other, 0, "Li"), "note"),
    ];
    for (entry, word) in lacking {
        let missing = entry.missing().unwrap();
        assert!(missing.contains(word), "{missing}");
        assert_eq!(told(vec![entry]), [(Some(1), Wrong::Missing(missing))]);
    }
}

#[test]
fn a_receipt_by_the_givers_own_key_ends_nothing() {
    let mut record = record();
    record.add(handed(1, "Li", "Wang"), &key('A'));
    record.add(entry(Event::Receipt, 2, "Wang"), &key('A'));
    assert!(record.verify(None).open.unwrap().contains("key"));
}

#[test]
fn more_entries_than_are_read_are_not_written() {
    let mut record = record();
    record.add(entry(Event::Removal, 1, "Li"), &key('A'));
    let one = record.entries[0].clone();
    record.entries.resize(leaksweep_facts::custody::MOST_ENTRIES + 1, one);
    assert!(Record::parse(&record.to_bytes()).is_err());
    let folder = tempfile::tempdir().unwrap();
    assert!(record.save(&folder.path().join("new")).is_err());
}

#[test]
fn a_certificate_is_no_custody_record() {
    let certificate = Signed::new(certificate(), &key('A')).to_bytes();
    let error = Record::parse(&certificate).unwrap_err();
    assert!(matches!(error, DocumentError::Other { wanted: "custody record" }), "{error}");
}
