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
    seen.fill(&mut rows);
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
