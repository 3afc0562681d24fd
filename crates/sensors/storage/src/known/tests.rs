use std::io::{self, Read};

use super::*;

fn sample(seed: u64, bytes: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..bytes).map(|_| next()).collect()
}

fn known(files: &[(&str, &[u8])]) -> Known {
    let sources = files.iter().map(|(path, bytes)| {
        let (path, bytes): (String, Box<dyn Read>) = ((*path).into(), Box::new(*bytes));
        (path, bytes)
    });
    let (known, problems) = Known::read(sources);
    assert_eq!(problems, []);
    known
}

fn rows(known: &Known, medium: &[u8]) -> Vec<(String, bool, i64, i64, Option<i64>)> {
    let mut seen = Seen::default();
    known.blocks(medium, |at, place| seen.block(place, at as u64));
    let rows = seen.rows(known, &medium).into_iter();
    rows.map(|row| (row.document, row.whole, row.blocks, row.of_blocks, row.start)).collect()
}

#[test]
fn documents_and_pieces_of_them_are_found_at_any_sector() {
    let (a, b) = (sample(1, 20_000), sample(2, 50_000));
    let known = known(&[("a.pdf", &a), ("b/b.doc", &b), ("short", b"short")]);
    let mut medium = sample(3, 512 * 3);
    medium.extend(&a);
    medium.resize(512 * 64, 0);
    medium.extend(&b[8192..8192 + 9000]);
    medium.extend(sample(4, 10_000));
    let found = rows(&known, &medium);
    let expected = [
        ("a.pdf".to_owned(), true, 4, 4, Some(512 * 3)),
        ("b/b.doc".to_owned(), false, 2, 12, Some(512 * 64)),
    ];
    assert_eq!(found, expected);
    assert_eq!(rows(&known, &sample(5, 1 << 20)), []);
}

#[test]
fn what_is_everywhere_is_no_trace() {
    let shared = sample(1, 4096);
    let filler: Vec<u8> = b"12345678".repeat(512);
    let one = [&shared[..], &filler, &[0; 4096], &sample(2, 4096), &sample(2, 4096)].concat();
    let other = [&shared[..], &[0xFF; 4096], &sample(3, 4096)].concat();
    let known = known(&[("one", &one), ("other", &other)]);
    let blocks: Vec<u32> = known.documents().iter().map(|document| document.blocks).collect();
    assert_eq!(blocks, [1, 1]);
    let medium = [&shared[..], &filler, &[0; 8192], &[0xFF; 8192]].concat();
    assert_eq!(rows(&known, &medium), []);
}

#[test]
fn an_artifact_with_the_digest_of_a_document_is_it() {
    let known = known(&[("short", b"a short one")]);
    let document = known.whole(&Sha256::digest(b"a short one").into()).unwrap();
    assert_eq!(known.whole(&Sha256::digest(b"another").into()), None);
    let mut seen = Seen::default();
    seen.artifact(document, 7, Some(99));
    let rows = seen.rows(&known, &Vec::new());
    assert_eq!((rows[0].whole, rows[0].artifact, rows[0].start), (true, Some(7), Some(99)));
}

#[test]
fn what_cannot_be_read_is_a_problem() {
    struct Broken(usize);
    impl Read for Broken {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            self.0 += 1;
            if self.0 > 3 {
                return Err(io::Error::other("gone"));
            }
            into.fill(self.0 as u8);
            into[0] = 99;
            Ok(into.len())
        }
    }
    let sources = [("bad".to_owned(), Box::new(Broken(0)) as Box<dyn Read>)];
    let (known, problems) = Known::read(sources.into_iter());
    assert!(known.is_empty() && known.blocks.is_empty());
    assert_eq!((problems.len(), problems[0].subject.as_str()), (1, "bad"));
}
