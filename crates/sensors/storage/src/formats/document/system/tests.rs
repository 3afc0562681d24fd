use super::{elf::ELF, event_log::EVENT_LOG, hive::HIVE, shortcut::SHORTCUT};
use crate::{
    Stretch,
    formats::{
        End, Proof, Walked,
        document::specimens::{chance, holds, walk},
    },
};

fn put(into: &mut [u8], at: usize, bytes: &[u8]) {
    into[at..at + bytes.len()].copy_from_slice(bytes);
}

#[test]
fn a_hive_ends_with_its_bins() {
    let mut file = vec![0; 4096];
    put(&mut file, 0, b"regf");
    put(&mut file, 20, &[1, 0, 0, 0]);
    put(&mut file, 40, &12_288_u32.to_le_bytes());
    let sum = file[..508]
        .chunks(4)
        .fold(0, |sum, four| sum ^ u32::from_le_bytes(four.try_into().unwrap()));
    put(&mut file, 508, &sum.to_le_bytes());
    for (at, size) in [(0_u32, 8192_u32), (8192, 4096)] {
        let mut bin = chance(size as usize);
        (32..size as usize)
            .step_by(32)
            .for_each(|cell| put(&mut bin, cell, &(-32_i32).to_le_bytes()));
        put(&mut bin, 0, b"hbin");
        put(&mut bin, 4, &at.to_le_bytes());
        put(&mut bin, 8, &size.to_le_bytes());
        file.extend(bin);
    }
    holds(&HIVE, &file);
}

#[test]
fn an_event_log_ends_with_its_last_chunk() {
    let mut file = vec![0; 4096];
    put(&mut file, 0, b"ElfFile\0");
    put(&mut file, 40, &[0, 16, 2, 0]);
    let sum = crc32fast::hash(&file[..120]);
    put(&mut file, 124, &sum.to_le_bytes());
    for _ in 0..2 {
        let mut chunk = chance(65_536);
        put(&mut chunk, 0, b"ElfChnk\0");
        let mut crc = crc32fast::Hasher::new();
        crc.update(&chunk[..120]);
        crc.update(&chunk[128..512]);
        put(&mut chunk, 124, &crc.finalize().to_le_bytes());
        file.extend(chunk);
    }
    let walked = walk(&EVENT_LOG, &[&file[..], &chance(70_000)].concat()).unwrap();
    assert_eq!((walked.length, walked.proof), (file.len() as u64, Proof::Checksum));
    let cut = walk(&EVENT_LOG, &file[..90_000]).unwrap();
    assert_eq!(cut.end, End::Broken);
    assert_eq!(walk(&EVENT_LOG, &[&file[..128], &chance(90_000)].concat()), None);
}

#[test]
fn a_shortcut_ends_with_its_last_block() {
    let mut file = vec![0; 76];
    put(&mut file, 0, b"\x4c\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46");
    put(&mut file, 20, &[0x84, 0, 0, 0]);
    file.extend([2, 0, b'h', 0, b'i', 0]);
    file.extend([8, 0, 0, 0, 1, 0, 0, 0xA0, 0, 0, 0, 0]);
    let walked = walk(&SHORTCUT, &[&file[..], &chance(600)].concat()).unwrap();
    assert_eq!((walked.length, walked.details.title.as_deref()), (file.len() as u64, Some("hi")));
}

#[test]
fn a_program_ends_with_its_farthest_part() {
    let file = std::fs::read("/bin/true").unwrap();
    holds(&ELF, &file);
}

/// A program of so many sections of given places and lengths, behind its header.
fn program(sections: &[(u64, u64)]) -> Vec<u8> {
    let mut file = vec![0; 64 + 64 * (sections.len() + 1)];
    put(&mut file, 0, b"\x7fELF\x02\x01\x01");
    put(&mut file, 16, &[1, 0, 62, 0, 1]);
    put(&mut file, 40, &64_u64.to_le_bytes());
    put(&mut file, 52, &[64, 0, 0, 0, 0, 0, 64, 0, sections.len() as u8 + 1, 0, 0, 0]);
    for (number, (at, bytes)) in sections.iter().enumerate() {
        let entry = 128 + 64 * number;
        put(&mut file, entry + 4, &[1]);
        put(&mut file, entry + 24, &at.to_le_bytes());
        put(&mut file, entry + 32, &bytes.to_le_bytes());
    }
    file
}

#[test]
fn a_program_does_not_hide_what_it_does_not_hold() {
    const MANY: u64 = 20 << 20;
    let zeros = vec![0; MANY as usize];
    assert_eq!(walk(&ELF, &[&program(&[(0, MANY)])[..], &zeros].concat()), None);
    assert_eq!(walk(&ELF, &[&program(&[(256, MANY)])[..], &zeros].concat()), None);
    // A hole before the only section.
    assert_eq!(walk(&ELF, &[&program(&[(MANY, 64)])[..], &zeros].concat()), None);
    // Another file within.
    let own = chance(65_536 - 192).into_iter().chain(chance(MANY as usize)).collect::<Vec<_>>();
    let whole = [&program(&[(192, MANY)])[..], &own].concat();
    let walked = walk(&ELF, &whole).unwrap();
    assert_eq!((walked.length, walked.end), (192 + MANY, End::Whole));
    let mut hiding = whole.clone();
    put(&mut hiding, 65_536, b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n");
    assert_eq!(walk(&ELF, &hiding), None);
}

/// A program of so many segments of given kinds, places and lengths, behind its header.
fn loaded(kind: u8, segments: &[(u8, u64, u64)]) -> Vec<u8> {
    let mut file = vec![0; 64 + 56 * segments.len()];
    put(&mut file, 0, b"\x7fELF\x02\x01\x01");
    put(&mut file, 16, &[kind, 0, 62, 0, 1]);
    put(&mut file, 32, &64_u64.to_le_bytes());
    put(&mut file, 52, &[64, 0, 56, 0]);
    put(&mut file, 56, &(segments.len() as u16).to_le_bytes());
    for (number, (kind, at, bytes)) in segments.iter().enumerate() {
        let entry = 64 + 56 * number;
        put(&mut file, entry, &[*kind]);
        put(&mut file, entry + 8, &at.to_le_bytes());
        put(&mut file, entry + 32, &bytes.to_le_bytes());
        put(&mut file, entry + 40, &bytes.to_le_bytes());
    }
    file
}

/// A head, another file at a place behind it, and else the same bytes again and again.
struct Vast {
    head: Vec<u8>,
    other: u64,
    bytes: u64,
    noise: Vec<u8>,
}

impl crate::Bytes for Vast {
    fn len(&self) -> u64 {
        self.bytes
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> usize {
        let count = (into.len() as u64).min(self.bytes.saturating_sub(at)) as usize;
        for (place, byte) in (at..).zip(&mut into[..count]) {
            let other = place.checked_sub(self.other).and_then(|at| OTHER.get(at as usize));
            let noise = self.noise[(place % 65_536) as usize];
            *byte = *self.head.get(place as usize).or(other).unwrap_or(&noise);
        }
        count
    }
}

const OTHER: &[u8] = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n";

fn walk_vast(head: Vec<u8>, other: u64, bytes: u64) -> Option<Walked> {
    (ELF.walk)(&mut Stretch::new(&Vast { head, other, bytes, noise: chance(65_536) }))
}

#[test]
fn segments_of_a_library_are_zeros_until_they_are_loaded() {
    const MANY: u64 = 16 << 20;
    let zeros = (MANY / 10 * 8) as usize;
    let own = [vec![0; zeros], chance(MANY as usize - zeros)].concat();
    let file = [&loaded(3, &[(1, 120, MANY)])[..], &own].concat();
    let walked = walk(&ELF, &file).unwrap();
    assert_eq!((walked.length, walked.end), (file.len() as u64, End::Whole));
}

#[test]
fn many_segments_hide_no_more_than_one() {
    const EACH: u64 = (1 << 30) - 512;
    let places = (0..500).map(|number| 64 + 500 * 56 + number * EACH);
    let segments: Vec<_> = places.map(|at| (1, at, EACH)).collect();
    assert_eq!(walk_vast(loaded(2, &segments), (1 << 30) + 65_536, 501 << 30), None);
    let small: Vec<_> = (0..9000).map(|number| (1, 1 << 19 | number << 22, 1 << 22)).collect();
    let zeros = Vast { head: loaded(2, &small), other: 0, bytes: 40 << 30, noise: vec![0; 65_536] };
    assert_eq!((ELF.walk)(&mut Stretch::new(&zeros)), None);
}

#[test]
fn only_the_memory_of_a_dump_may_be_anything() {
    let dump = loaded(4, &[(4, 176, 336), (1, 512, 70 << 20)]);
    let file = [&dump[..], &chance(336), &vec![0; 70 << 20]].concat();
    let walked = walk(&ELF, &file).unwrap();
    assert_eq!((walked.length, walked.end), (file.len() as u64, End::Whole));
    let mut named = program(&[(192, 500 << 30)]);
    named[16] = 4;
    assert_eq!(walk_vast(named, 65_536, 501 << 30), None);
    let apart = loaded(4, &[(4, 176, 336), (1, 500 << 30, 512)]);
    assert_eq!(walk_vast(apart, 65_536, 501 << 30), None);
}

#[test]
fn a_shortcut_has_no_large_blocks() {
    let mut file = vec![0; 76];
    put(&mut file, 0, b"\x4c\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46");
    file.extend([0, 0, 8, 0, 1, 0, 0, 0xA0]);
    file.extend(vec![0; 1 << 20]);
    assert_eq!(walk(&SHORTCUT, &file), None);
}
