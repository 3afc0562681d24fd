use std::{sync::Arc, time::Duration};

use super::*;
use crate::chance::noise;

fn swept(content: &[u8]) -> Rows {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("disk.img");
    std::fs::write(&path, content).unwrap();
    let options = Options::new(Input::Path(path));
    let medium = media::open(&options.input, &options.media).unwrap();
    let (words, _) = Words::new(&[]);
    let formats = formats::all().collect();
    let mut rows = Rows::default();
    let seen =
        Observation { options: &options, medium: &medium, words: &words, known: None, formats };
    seen.fill(Time::now(), &mut rows).unwrap();
    rows
}

fn wiped(rows: &Rows) -> Option<&str> {
    rows.media[0].wiped.as_deref()
}

#[test]
fn what_is_one_filler_from_end_to_end_was_wiped() {
    for (content, expected) in [
        (vec![0; 1 << 20], "zeros"),
        (vec![0xFF; 1 << 20], "ones"),
        ([0x33, 0xCC, 0x55, 0xAA].repeat(1 << 18), "pattern"),
        (noise(5, 1 << 20), "random"),
    ] {
        assert_eq!(wiped(&swept(&content)), Some(expected));
    }
}

#[test]
fn an_encrypted_medium_without_a_table_is_not_wiped() {
    let mut medium = noise(5, 1 << 20);
    medium[..8].copy_from_slice(b"LUKS\xba\xbe\0\x01");
    let rows = swept(&medium);
    assert_eq!(wiped(&rows), None);
    let [part] = &rows.partitions[..] else { panic!("{} partitions", rows.partitions.len()) };
    assert_eq!((part.encryption.as_deref(), &*part.scheme), (Some("luks1"), "none"));
    assert_eq!((part.start, part.bytes), (0, 1 << 20));
}

#[test]
fn a_find_longer_than_an_image_can_store_keeps_its_row_alone() {
    let (bytes, find_bytes) = (1 << 62, 1 << 50);
    let stored = Stored { bytes, empty: bytes - 4096 };
    let (words, _) = Words::new(&[]);
    let reader = || -> Box<dyn Reader + '_> { Box::new(Marked::new(&words)) };
    let allowance = Allowance::of(u64::MAX, 0);
    let teller = Teller {
        reader: &reader,
        previews: &Room::new(0),
        shelf: None,
        known: None,
        most: stored.of_one(),
        allowance: &allowance,
    };
    let find = Find {
        runs: vec![Run::new(Run::HOLE, find_bytes)],
        bytes: find_bytes,
        kind: formats::all().next().unwrap().kind,
        format: None,
        walked: None,
        state: recovery::State::Whole,
        ways: vec!["ext4"],
        names: None,
    };
    let told = teller.tell(&vec![0; 4096], 1, &find);
    assert_eq!((told.artifact.bytes, told.artifact.sha256), (1 << 50, None));
    let [problem] = &told.problems[..] else { panic!("{:?}", told.problems) };
    assert_eq!(problem.reason, Reason::TooLarge);
}

#[test]
fn zeros_and_what_is_lost_are_not_stored() {
    let mut state = State::default();
    let mut at = 0;
    for (class, bytes) in [(Class::Zero, 500), (Class::Text, 300), (Class::Bad, 200)] {
        state.map.push(Extent::new(at, bytes, class::Look { class, entropy: 0 }));
        at += bytes;
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    file.as_file().set_len(at).unwrap();
    let options = Options::new(Input::Path(file.path().to_owned()));
    let medium = media::open(&options.input, &options.media).unwrap();
    let (words, _) = Words::new(&[]);
    let formats = formats::all().collect();
    let seen =
        Observation { options: &options, medium: &medium, words: &words, known: None, formats };
    let stored = seen.stored(&state);
    assert_eq!((stored.bytes, stored.empty), (1000, 700));
}

/// A journal in memory: all that was ever kept, and what is left of an earlier sweep.
#[derive(Default)]
struct Memory {
    kept: Mutex<Vec<Vec<u8>>>,
    left: Option<Vec<u8>>,
}

impl Journal for Memory {
    fn left(&self) -> std::io::Result<Option<Vec<u8>>> {
        Ok(self.left.clone())
    }

    fn keep(&self, content: &[u8]) -> std::io::Result<()> {
        self.kept.lock().unwrap().push(content.to_vec());
        Ok(())
    }

    fn every(&self) -> Duration {
        Duration::ZERO
    }
}

/// What came of it, and all that was kept meanwhile.
type Resumed = (Result<Sweep, MediaError>, Vec<Vec<u8>>);

fn resumed(path: &Path, left: Option<Vec<u8>>) -> Resumed {
    let journal = Arc::new(Memory { left, ..Memory::default() });
    let mut options = Options::new(Input::Path(path.to_owned()));
    options.journal = Some(journal.clone());
    let swept = sweep(&options);
    let kept = journal.kept.lock().unwrap().clone();
    (swept, kept)
}

fn medium_of_texts() -> Vec<u8> {
    let mut medium = noise(9, 5 << 20);
    for portion in 0..5 {
        let text = format!("STRENG GEHEIM, page {portion}\n").repeat(300);
        medium[(portion << 20) + 8192..][..text.len()].copy_from_slice(text.as_bytes());
    }
    medium
}

#[test]
fn a_reading_that_was_interrupted_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("disk.img");
    std::fs::write(&path, medium_of_texts()).unwrap();
    let (whole, kept) = resumed(&path, None);
    let whole = whole.unwrap();
    let marks: usize =
        whole.table("storage_marks").unwrap().iter().map(|batch| batch.num_rows()).sum();
    assert!(marks >= 5 && kept.len() > 1);
    // The first was kept before anything was read.
    for left in &kept[1..] {
        let mut left: serde_json::Value = serde_json::from_slice(left).unwrap();
        left["started"] = "2020-01-01T00:00:00Z".into();
        let (again, kept_again) = resumed(&path, Some(left.to_string().into_bytes()));
        let again = again.unwrap();
        let first: serde_json::Value = serde_json::from_slice(&kept_again[0]).unwrap();
        assert_eq!(first["state"]["done"], left["state"]["done"]);
        assert_eq!(first["started"], left["started"]);
        assert_eq!(again.manifest.started.to_string(), "2020-01-01T00:00:00Z");
        for name in ["storage_media", "storage_extents", "storage_artifacts", "storage_marks"] {
            assert_eq!(again.table(name), whole.table(name), "{name}");
        }
    }
}

/// A journal on a full disk.
struct Full;

impl Journal for Full {
    fn left(&self) -> std::io::Result<Option<Vec<u8>>> {
        Ok(None)
    }

    fn keep(&self, _: &[u8]) -> std::io::Result<()> {
        Err(std::io::Error::other("no room"))
    }

    fn every(&self) -> Duration {
        Duration::ZERO
    }
}

#[test]
fn a_journal_that_cannot_be_kept_is_said_before_anything_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("disk.img");
    std::fs::write(&path, vec![7; 4096]).unwrap();
    let mut options = Options::new(Input::Path(path));
    options.journal = Some(Arc::new(Full));
    let Err(error) = sweep(&options) else { panic!("it was kept") };
    assert_eq!(error.to_string(), "cannot keep the journal: no room");
    assert_eq!(options.progress.phase(), "opening");
}

#[test]
fn a_journal_that_cannot_be_believed_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("disk.img");
    std::fs::write(&path, medium_of_texts()).unwrap();
    let (_, kept) = resumed(&path, None);
    let good = String::from_utf8(kept.last().unwrap().clone()).unwrap();
    let refused = |path: &Path, left: &str| match resumed(path, Some(left.into())).0 {
        Err(MediaError::Journal { detail }) => detail,
        other => panic!("{left:.60}: {:?}", other.map(|_| ())),
    };
    assert!(refused(&path, "").contains("no journal"));
    assert!(refused(&path, &good[..good.len() / 2]).contains("no journal"));
    let lies = [
        ("\"done\":", "\"done\":1048576,\"was\":"),
        (
            "\"extents\":[",
            "\"extents\":[{\"start\":9,\"bytes\":9,\"class\":\"Zero\",\"weight\":0},",
        ),
        ("\"hits\":[", "\"hits\":[[1,4000000000],"),
        ("\"hits\":[", "\"hits\":[[18446744073709551615,1],"),
        ("\"candidates\":[]", "\"candidates\":[[1,65535]]"),
        ("\"bad\":[]", "\"bad\":[[18446744073709551615,9]]"),
        ("\"places\":[]", "\"places\":[[{\"document\":7,\"block\":1},1]]"),
    ];
    for (from, to) in lies {
        assert!(good.contains(from), "{from}");
        let detail = refused(&path, &good.replacen(from, to, 1));
        assert!(detail.contains("contradicts"), "{to}: {detail}");
    }
    let other = folder.path().join("other.img");
    let mut medium = medium_of_texts();
    medium[0] ^= 1;
    std::fs::write(&other, medium).unwrap();
    assert!(refused(&other, &good).contains("another medium"));
}
