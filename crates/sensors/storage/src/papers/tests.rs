use leaksweep_facts::{
    Table,
    certificate::{Level, Medium, Outcome, Paper, Proof, Sample, Tool},
    custody::{Description, Entry, Event, Party},
    seal::SecretKey,
    sweep::hex,
};
use leaksweep_formats::fingerprint::{Chain, Seal};

use super::*;
use crate::chance::noise;

const BYTES: usize = 1 << 20;

fn key(letter: char) -> SecretKey {
    let seed: String = std::iter::repeat_n(letter, 42).collect();
    SecretKey::parse(&format!("leaksweep-secret-key-1:{seed}A=")).unwrap()
}

fn fingerprint(content: &[u8]) -> String {
    let mut chain = Chain::default();
    Seal::of(0, content).for_each(|seal| chain.take(&seal));
    hex(&chain.finish(content.len() as u64))
}

fn said(serial: Option<&str>, content: &[u8]) -> Said {
    Said {
        form: "leaksweep certificate 1".into(),
        number: "00c0ffee00c0ffee".into(),
        tool: Tool {
            name: "leaksweep".into(),
            version: "0.1.0".into(),
            machine: "bench".into(),
            machine_serial: None,
        },
        medium: Medium {
            model: serial.map(|_| "Example 980".into()),
            serial: serial.map(str::to_owned),
            kind: "flash".into(),
            bytes: content.len() as u64,
            hidden_after: Some(0),
            ..Medium::default()
        },
        paper: Paper { asset: Some("P-7".into()), ..Paper::default() },
        steps: Vec::new(),
        result: Outcome::Wiped,
        level: Level::Purge,
        reasons: Vec::new(),
        unreached: vec!["RPMB".into(), "spare blocks".into()],
        before: None,
        after: None,
        proof: Some(proof(content)),
        started: "2026-03-01T10:00:00Z".into(),
        ended: "2026-03-01T10:20:00Z".into(),
    }
}

fn proof(content: &[u8]) -> Proof {
    Proof {
        started: "2026-03-01T10:02:00Z".into(),
        ended: "2026-03-01T10:20:00Z".into(),
        read_bytes: content.len() as u64,
        bytes: content.len() as u64,
        expected: "zero".into(),
        classes: Vec::new(),
        left_over: Vec::new(),
        left_over_count: 0,
        left_over_bytes: 0,
        bad: Vec::new(),
        bad_bytes: 512,
        sample: None,
        differential: None,
        fingerprint: fingerprint(content),
    }
}

fn this(serial: Option<&str>, content: &[u8]) -> This {
    This {
        model: serial.map(|_| "example 980 ".into()),
        serial: serial.map(str::to_owned),
        bytes: content.len() as u64,
        fingerprint: Some(fingerprint(content)),
    }
}

fn told(files: &[(&str, Vec<u8>)], this: &This, trusted: &[PublicKey]) -> Papers {
    let files = files.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.clone())).collect();
    Given { files, problems: Vec::new() }.told(this, trusted)
}

fn one(said: Said, this: &This) -> Certificate {
    let file = Signed::new(said, &key('B')).to_bytes();
    told(&[("a.json", file)], this, &[]).certificates.remove(0)
}

#[test]
fn a_certificate_is_of_the_medium_with_its_serial_number_model_and_size() {
    let (blank, full) = (vec![0; BYTES], noise(1, BYTES));
    let row = one(said(Some("S5 "), &blank), &this(Some("s5"), &full));
    assert_eq!((row.of_this_medium, row.matched_by.as_deref()), (Some(true), Some("serial")));
    assert_eq!((row.valid, row.current, row.same_fingerprint), (true, true, Some(false)));
    assert_eq!((row.level.as_deref(), row.result.as_deref()), (Some("purge"), Some("wiped")));
    assert_eq!(row.ended.map(|time| time.to_string()).as_deref(), Some("2026-03-01T10:20:00Z"));
    assert_eq!((row.hidden_bytes, row.bad_bytes), (Some(0), Some(512)));
    assert_eq!(row.unreached.as_deref(), Some("RPMB; spare blocks"));
    assert_eq!((row.key, row.trusted), (Some(key('B').public().id()), None));

    let others = [
        ("serial number", this(Some("S6"), &blank)),
        ("size", this(Some("S5"), &blank[1..])),
        ("model", This { model: Some("Other".into()), ..this(Some("S5"), &blank) }),
    ];
    for (what, other) in others {
        let row = one(said(Some("S5"), &blank), &other);
        assert_eq!((row.of_this_medium, row.current), (Some(false), false), "another {what}");
    }
    let bridge = This { model: None, ..this(Some("S5"), &blank) };
    assert_eq!(one(said(Some("S5"), &blank), &bridge).of_this_medium, Some(true));
}

#[test]
fn without_a_serial_number_the_content_decides_unless_it_is_that_of_every_blank_medium() {
    let (blank, full) = (vec![0; BYTES], noise(1, BYTES));
    let matched = |certificate: Option<&str>, medium: Option<&str>, content: &[u8]| {
        one(said(certificate, content), &this(medium, content)).matched_by
    };
    let content = Some("fingerprint".to_owned());
    assert_eq!(matched(Some("S5"), None, &full), content, "an image of the disk");
    assert_eq!(matched(None, Some("S5"), &full), content);
    assert_eq!(matched(Some("S5"), None, &blank), None);
    assert_eq!(matched(None, Some("S5"), &blank), None);
    assert_eq!(matched(None, None, &blank), content, "a file that was wiped as one");
    let row = one(said(None, &blank), &this(None, &full));
    assert_eq!((row.of_this_medium, row.same_fingerprint), (Some(false), Some(false)));
}

#[test]
fn a_fingerprint_is_compared_only_where_all_was_read_both_times() {
    let blank = vec![0; BYTES];
    let part = This { fingerprint: None, ..this(Some("S5"), &blank) };
    assert_eq!(one(said(Some("S5"), &blank), &part).same_fingerprint, None);
    let mut sampled = said(Some("S5"), &blank);
    let sample = Sample { blocks: 1, of: 16, bound: "little".into() };
    sampled.proof = Some(Proof { sample: Some(sample), ..proof(&blank) });
    assert_eq!(one(sampled, &this(Some("S5"), &blank)).same_fingerprint, None);
    let unproven = Said { proof: None, ..said(Some("S5"), &blank) };
    let row = one(unproven, &this(Some("S5"), &blank));
    assert_eq!((row.same_fingerprint, row.bad_bytes), (None, None));
    assert_eq!((row.result.as_deref(), row.proven), (Some("wiped"), Some(false)));
    assert_eq!(one(said(Some("S5"), &blank), &this(Some("S5"), &blank)).proven, Some(true));
}

#[test]
fn an_alteration_of_any_byte_is_told_and_never_counts() {
    let this = this(Some("S5"), &[0; 4096]);
    let whole = Signed::new(said(Some("S5"), &[0; 4096]), &key('B')).to_bytes();
    assert!(told(&[("a", whole.clone())], &this, &[]).certificates[0].current);
    let name = memchr::memmem::find(&whole, b": \"leaksweep certificate ").unwrap();
    for at in 0..whole.len() {
        let mut altered = whole.clone();
        altered[at] ^= 1;
        let rows = told(&[("a", altered)], &this, &[]).certificates;
        assert!(rows.iter().all(|row| !row.valid && !row.current && row.fault.is_some()), "{at}");
        let named = (name..name + 25).contains(&at);
        assert!(named || rows.len() == 1, "byte {at} hides it");
    }
    for length in 60..whole.len() - 1 {
        let rows = told(&[("a", whole[..length].to_vec())], &this, &[]).certificates;
        assert_eq!((rows[0].valid, rows[0].of_this_medium), (false, None), "{length}");
    }
}

#[test]
fn the_last_valid_certificate_of_a_trusted_key_counts() {
    let content = vec![0; 4096];
    let made = |ended: &str, letter| {
        let ended = format!("2026-03-{ended}T00:00:00Z");
        Signed::new(Said { ended, ..said(Some("S5"), &content) }, &key(letter)).to_bytes()
    };
    let mut broken = made("09", 'B');
    let at = broken.len() - 40;
    broken[at] ^= 1;
    let files =
        [("a", made("02", 'B')), ("b", made("04", 'C')), ("c", made("01", 'B')), ("d", broken)];
    let current = |trusted: &[PublicKey]| {
        let rows = told(&files, &this(Some("S5"), &content), trusted).certificates;
        let current: Vec<_> = rows.iter().filter(|row| row.current).collect();
        current.iter().map(|row| row.path.clone()).collect::<Vec<_>>()
    };
    assert_eq!(current(&[]), ["b"]);
    assert_eq!(current(&[key('B').public()]), ["a"]);
    assert_eq!(current(&[key('D').public()]), [""; 0]);
    let rows = told(&files, &this(Some("S5"), &content), &[key('B').public()]).certificates;
    let trusted: Vec<_> = rows.iter().map(|row| row.trusted).collect();
    assert_eq!(trusted, [Some(true), Some(false), Some(true), None]);
}

fn party(name: &str) -> Party {
    Party { name: name.into(), role: "operator".into() }
}

fn entry(event: Event, day: u32, name: &str) -> Entry {
    let time = leaksweep_facts::Time::parse(&format!("2026-03-{day:02}T00:00:00Z")).unwrap();
    Entry::new(event, time, party(name))
}

fn record() -> Record {
    let content = [0; 4096];
    let mut record = Record::of(Signed::new(said(Some("S5"), &content), &key('B')));
    let hand_over = Entry { receiver: Some(party("Wang")), ..entry(Event::HandOver, 3, "Li") };
    record.add(Entry { place: Some("room 4".into()), ..entry(Event::Removal, 2, "Li") }, &key('B'));
    record.add(hand_over, &key('B'));
    record
}

#[test]
fn a_custody_record_has_a_row_for_each_statement_and_one_for_itself() {
    let this = this(Some("S5"), &[0; 4096]);
    let papers = told(&[("r.json", record().to_bytes())], &this, &[]);
    assert!(papers.certificates[0].current, "the certificate that it carries");
    let rows = &papers.custody;
    let events: Vec<_> = rows.iter().map(|row| (row.number, &*row.event)).collect();
    assert_eq!(events, [(0, "certificate"), (1, "removal"), (2, "hand-over")]);
    assert!(rows.iter().all(|row| row.statements == 2 && row.fault.is_none()));
    assert!(rows.iter().all(|row| row.of_this_medium == Some(true) && row.unfinished.is_some()));
    assert_eq!((rows[1].place.as_deref(), rows[1].receiver.as_deref()), (Some("room 4"), None));
    let people = (rows[2].person.as_deref(), rows[2].receiver.as_deref());
    assert_eq!(people, (Some("Li"), Some("Wang")));
    assert_eq!(rows[2].key, Some(key('B').public().id()));

    let mut whole = record();
    whole.add(entry(Event::Receipt, 4, "Wang"), &key('C'));
    let rows = told(&[("r", whole.to_bytes())], &this, &[]).custody;
    assert!(rows.iter().all(|row| row.unfinished.is_none() && row.fault.is_none()));
    let rows = told(&[("r", whole.to_bytes())], &this, &[key('B').public()]).custody;
    let faults: Vec<_> = rows.iter().map(|row| row.fault.is_some()).collect();
    assert_eq!(faults, [false, false, false, true], "a key that nobody trusts");
}

#[test]
fn faults_stand_at_their_statement() {
    let this = this(Some("S5"), &[0; 4096]);
    let mut cut = record();
    cut.entries.remove(0);
    let rows = told(&[("r", cut.to_bytes())], &this, &[]).custody;
    assert_eq!(rows[0].fault, None);
    assert!(rows[1].fault.as_deref().is_some_and(|fault| fault.contains("chain is broken")));

    let mut altered = record();
    altered.entries[0].document.place = Some("room 5".into());
    let rows = told(&[("r", altered.to_bytes())], &this, &[]).custody;
    assert!(rows[1].fault.is_some() && rows[1].key.is_none());

    let mut bytes = record().to_bytes();
    bytes.truncate(bytes.len() / 2);
    let rows = told(&[("r", bytes)], &this, &[]).custody;
    assert_eq!((&*rows[0].event, rows[0].of_this_medium), ("unreadable", None));
    assert!(rows[0].fault.is_some());
}

#[test]
fn a_medium_that_was_never_wiped_is_known_by_what_a_person_wrote_of_it() {
    let described = |serial: Option<&str>| {
        let serial = serial.map(str::to_owned);
        let description = Description { serial, ..Description::default() };
        let record = Record::new(Subject::Medium(description));
        told(&[("r", record.to_bytes())], &this(Some("S5"), &[0; 9]), &[]).custody.remove(0)
    };
    let row = described(Some("s5"));
    assert_eq!((&*row.event, row.of_this_medium), ("medium", Some(true)));
    assert_eq!(described(Some("S6")).of_this_medium, Some(false));
    assert_eq!(described(None).of_this_medium, Some(false));
}

#[test]
fn what_is_no_paper_is_left_aside_and_what_cannot_be_read_is_a_problem() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("papers");
    std::fs::create_dir_all(folder.join("2026")).unwrap();
    let whole = Signed::new(said(Some("S5"), &[0; 9]), &key('B')).to_bytes();
    std::fs::write(folder.join("2026/a.json"), &whole).unwrap();
    std::fs::write(folder.join("a.pdf"), b"%PDF-1.7 leaksweep certificate 1").unwrap();
    std::fs::write(folder.join("report.json"), b"{\"format\": 1}").unwrap();
    std::fs::write(folder.join("empty"), b"").unwrap();
    let mut large = whole.clone();
    large.resize(5 << 20, b' ');
    std::fs::write(folder.join("large.json"), large).unwrap();
    std::os::unix::fs::symlink("/dev/zero", folder.join("link")).unwrap();
    let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
    let fifo = rustix::fs::FileType::Fifo;
    rustix::fs::mknodat(rustix::fs::CWD, folder.join("pipe"), fifo, mode, 0).unwrap();

    let this = this(Some("S5"), &[0; 9]);
    let papers = Given::read(&folder).unwrap().told(&this, &[]);
    let paths: Vec<_> = papers.certificates.iter().map(|row| &*row.path).collect();
    assert_eq!(paths, ["2026/a.json"]);
    let told: Vec<_> =
        papers.problems.iter().map(|problem| (problem.table, &*problem.subject)).collect();
    assert_eq!(told, [(CERTIFICATES, "large.json"), (CUSTODY, "large.json")]);

    let one = Given::read(&folder.join("2026/a.json")).unwrap().told(&this, &[]);
    assert_eq!((&*one.certificates[0].path, one.problems.len()), ("a.json", 0));
    assert!(Given::read(&folder.join("absent")).is_err());
    assert!(Given::read(&folder.join("pipe")).is_err());
}

#[test]
fn too_many_papers_are_a_problem() {
    let sources = (0..MOST_FILES + 1).map(|number| -> Source {
        (format!("{number}"), Box::new(&b"{\"form\": \"leaksweep certificate 1\""[..]))
    });
    let given = Given::of(sources);
    assert_eq!((given.files.len(), given.problems.len()), (MOST_FILES, 2));
}

#[test]
fn a_sweep_holds_the_medium_against_its_papers() {
    let place = tempfile::tempdir().unwrap();
    let (image, paper) = (place.path().join("disk.img"), place.path().join("a.json"));
    let content = noise(3, BYTES);
    std::fs::write(&image, &content).unwrap();
    Signed::new(said(Some("S5"), &content), &key('B')).save(&paper).unwrap();
    let input = crate::media::Input::Path(image);
    let options =
        crate::Options { certificates: Some(paper), ..crate::Options::new(input.clone()) };
    let swept = crate::sweep(&options).unwrap();
    assert!(swept.manifest.extent.certificates);
    for (table, rows) in [(Certificate::DEF.name, 1), (Custody::DEF.name, 0)] {
        let batches = swept.table(table).unwrap();
        assert_eq!(batches.iter().map(|batch| batch.num_rows()).sum::<usize>(), rows, "{table}");
    }
    let none = crate::sweep(&crate::Options::new(input)).unwrap();
    assert!(!none.manifest.extent.certificates);
    assert!(none.table(Certificate::DEF.name).is_none());
}
