//! Text without a form, words that are looked for, and documents that are known.

use std::{io::Read, sync::LazyLock};

use crate::{
    Run, Stretch,
    formats::{Texts, document::text},
    known::{BLOCK, Known, Seen},
    marks::{Reading, Words},
};

pub fn text_runs(bytes: &[u8]) {
    let medium = bytes.to_vec();
    let all = medium.len() as u64;
    let mut done = 0;
    text::runs(&medium, Run::new(0, all), &mut |start, walked| {
        assert!(start >= done && start + walked.length <= all);
        done = start + walked.length;
    });
    text::whole(&mut Stretch::new(&medium));
}

pub fn marks_text(bytes: &[u8]) {
    static WORDS: LazyLock<Words> =
        LazyLock::new(|| Words::new(&["Äther".into(), "天罗".into()]).0);
    let mut reading = Reading::new(&WORDS);
    for text in bytes.split(|byte| *byte == b'|') {
        reading.begin("text");
        text.chunks(5).for_each(|piece| reading.push(piece));
    }
    assert!(reading.finish().iter().all(|found| found.times <= bytes.len() as u64));
}

/// Four blocks that differ are the document. Of the rest two bytes each tell which of its sectors stands next on the medium, and how
/// many bytes of it.
pub fn known_block(bytes: &[u8]) {
    const SECTOR: usize = 512;
    let Some((seed, rest)) = bytes.split_first_chunk::<16>() else { return };
    let document: Vec<u8> = (0..4 * BLOCK)
        .map(|at| seed[at % 16].wrapping_mul((at / 16) as u8 | 1).wrapping_add((at / 4096) as u8))
        .collect();
    let mut medium = Vec::new();
    for pair in rest.as_chunks::<2>().0 {
        let from = usize::from(pair[0]) % (document.len() / SECTOR) * SECTOR;
        let count = (usize::from(pair[1]) * 2 + 2).min(SECTOR);
        medium.extend(&document[from..from + count]);
    }
    let source: Box<dyn Read> = Box::new(&document[..]);
    let (known, _) = Known::read([("document".to_owned(), source)].into_iter());
    let mut seen = Seen::default();
    known.blocks(&medium, |at, place| seen.block(place, at as u64));
    for row in seen.rows(&known, &medium) {
        assert!(row.blocks <= row.of_blocks);
    }
}
