//! Against files made by hand, whose directories say what others do not.

use super::{
    super::tests::{self, PNG, Sparse, chance},
    TIFF,
};
use crate::{
    Stretch,
    formats::{End, Proof},
};

/// Tag, type, count and value.
type Entry = (u16, u16, u32, u32);

const SIDE: usize = 64;
/// Where the points stand.
const POINTS: usize = 4096;
/// Where the points end.
const BEHIND: usize = POINTS + SIDE * SIDE;

/// A grey page in one strip, and what else its directory says.
fn page(packing: u32, bytes: usize, more: &[Entry]) -> Vec<Entry> {
    let side = SIDE as u32;
    let mut entries = vec![
        (256, 3, 1, side),
        (257, 3, 1, side),
        (258, 3, 1, 8),
        (259, 3, 1, packing),
        (262, 3, 1, 1),
        (273, 4, 1, POINTS as u32),
        (278, 3, 1, side),
        (279, 4, 1, bytes as u32),
    ];
    entries.extend(more);
    entries
}

fn directory(entries: &[Entry], next: u32) -> Vec<u8> {
    let mut bytes = (entries.len() as u16).to_le_bytes().to_vec();
    for (tag, kind, count, value) in entries {
        let short = [tag, kind].map(|short| short.to_le_bytes()).concat();
        bytes.extend([short, count.to_le_bytes().to_vec(), value.to_le_bytes().to_vec()].concat());
    }
    bytes.extend(next.to_le_bytes());
    bytes
}

/// Directories one behind the other, and what stands in the strip.
fn file(directories: &[Vec<Entry>], strip: &[u8]) -> Vec<u8> {
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    for (index, entries) in directories.iter().enumerate() {
        let next = bytes.len() + 6 + entries.len() * 12;
        let last = index + 1 == directories.len();
        bytes.extend(directory(entries, if last { 0 } else { next as u32 }));
    }
    assert!(bytes.len() <= POINTS);
    bytes.resize(POINTS, 0);
    bytes.extend(strip);
    bytes
}

fn points() -> Vec<u8> {
    (0..SIDE * SIDE).map(|at| (at % SIDE + at / SIDE) as u8).collect()
}

fn found(bytes: &[u8]) -> (u64, End) {
    tests::found("tiff", bytes).unwrap()
}

fn whole(bytes: &[u8]) -> (u64, End) {
    (bytes.len() as u64, End::Whole)
}

/// A page with a value of a maker behind its points.
fn with_value(bytes: usize) -> Vec<u8> {
    let value = (50_000, 7, bytes as u32, BEHIND as u32);
    file(&[page(1, SIDE * SIDE, &[value])], &points())
}

#[test]
fn a_long_value_of_a_maker_belongs_to_its_file() {
    let mut bytes = with_value(300_000);
    bytes.extend(chance(300_000));
    assert_eq!(found(&bytes), whole(&bytes));
}

#[test]
fn a_text_behind_the_points_belongs_to_its_file() {
    for mark in ["", "\u{FEFF}"] {
        let text = format!("{mark}<?xml version=\"1.0\"?>{}", "<Plane TheC=\"0\"/>".repeat(6000));
        let value = (270, 2, text.len() as u32, BEHIND as u32);
        let own = file(&[page(1, SIDE * SIDE, &[value])], &points());
        let bytes = [own, text.into_bytes()].concat();
        assert_eq!(found(&bytes), whole(&bytes));
    }
}

#[test]
fn points_of_fourteen_bits_may_stand_in_sixteen() {
    const WIDE: usize = 1024;
    let mut entries = page(1, WIDE * WIDE * 2, &[]);
    entries[0] = (256, 3, 1, WIDE as u32);
    entries[1] = (257, 3, 1, WIDE as u32);
    entries[2] = (258, 3, 1, 14);
    entries[6] = (278, 3, 1, WIDE as u32);
    let points = (0..WIDE * WIDE).flat_map(|at| ((at % WIDE + at / WIDE) as u16).to_le_bytes());
    let bytes = file(&[entries], &points.collect::<Vec<u8>>());
    assert_eq!(found(&[&bytes[..], &chance(9000)].concat()), whole(&bytes));
}

/// Points in a stream of about so many bytes.
fn stored(bytes: usize) -> Vec<u8> {
    use std::io::Write;
    let points: Vec<u8> = (0..bytes).map(|at| (at % 61) as u8).collect();
    let stream = |count: usize| {
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::none());
        zlib.write_all(&points[..count]).unwrap();
        zlib.finish().unwrap()
    };
    let more = stream(bytes).len() - bytes;
    stream(bytes - more)
}

#[test]
fn strips_without_their_directory_may_meet_where_the_first_look_ends() {
    let strips = [stored((1 << 20) - 20), stored(1 << 20)].concat();
    let bytes = [&b"II*\0\xF0\xFF\xFF\x0F"[..], &strips].concat();
    assert_eq!(found(&bytes), (bytes.len() as u64, End::Broken));
}

#[test]
fn a_value_in_which_another_file_begins_is_not_claimed() {
    let mut bytes = with_value(300_000);
    bytes.extend(chance(100_000));
    let at = bytes.len() as u64;
    bytes.extend(PNG);
    bytes.extend(chance(200_000));
    assert_eq!(found(&bytes), (at, End::Broken));
}

#[test]
fn a_value_that_is_far_longer_than_its_picture_is_not_claimed() {
    let bytes = with_value(3_000_000_000);
    let medium = Sparse(&bytes, 1 << 32, 0);
    let mut stretch = Stretch::new(&medium);
    let walked = (TIFF.walk)(&mut stretch).unwrap();
    assert_eq!((walked.length, walked.end), (BEHIND as u64, End::Broken));
    assert!(stretch.cost() < 1 << 20);
}

#[test]
fn another_file_between_parts_that_are_right_is_no_break() {
    let begins = 400_000;
    let old_strip = (273, 4, 1, begins);
    let mut entries = page(1, SIDE * 512, &[(50_000, 7, 100_000, BEHIND as u32)]);
    entries[1] = (257, 3, 1, 512);
    entries[5] = old_strip;
    entries[6] = (278, 3, 1, 512);
    let mut bytes = file(&[entries], &chance(90_000));
    bytes.extend(PNG);
    bytes.resize(begins as usize, 7);
    bytes.extend(points().repeat(8));
    let walked = tests::walk("tiff", &bytes).unwrap();
    let whole = (bytes.len() as u64, End::Whole, Proof::Structure);
    assert_eq!((walked.length, walked.end, walked.proof), whole);
}

#[test]
fn a_strip_ends_where_its_stream_does() {
    use std::io::Write;
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    zlib.write_all(&points()).unwrap();
    let strip = zlib.finish().unwrap();
    for told in [strip.len(), 1 << 20] {
        let mut bytes = file(&[page(8, told, &[])], &strip);
        let length = bytes.len() as u64;
        bytes.extend(chance(2 << 20));
        assert_eq!(found(&bytes), (length, End::Whole));
    }
}

#[test]
fn strips_at_one_place_are_not_read_again_and_again() {
    const STRIPS: u32 = 512;
    const BYTES: u32 = 512 * 1024;
    let mut entries = page(1, 0, &[]);
    entries[1] = (257, 3, 1, STRIPS);
    entries[5] = (273, 4, STRIPS, 512);
    entries[6] = (278, 3, 1, 1);
    entries[7] = (279, 4, STRIPS, 512 + STRIPS * 4);
    let mut bytes = file(&[entries], &vec![1; 2 << 20]);
    for strip in 0..STRIPS {
        let at = 512 + strip as usize * 4;
        bytes.resize(bytes.len().max(at + 4), 0);
        bytes[at..at + 4].copy_from_slice(&(8192 + (strip & 1) * 16).to_le_bytes());
        let at = at + STRIPS as usize * 4;
        bytes[at..at + 4].copy_from_slice(&BYTES.to_le_bytes());
    }
    let mut stretch = Stretch::new(&bytes);
    let walked = (TIFF.walk)(&mut stretch).unwrap();
    assert!(walked.length < 64 << 10, "points alone are its own: {}", walked.length);
    assert!(stretch.cost() < 16 << 20, "{}", stretch.cost());
}

#[test]
fn a_directory_without_points_does_not_end_the_chain() {
    let end = BEHIND as u32;
    let thumbnail = vec![(513, 4, 1, end), (514, 4, 1, 500)];
    let raw = vec![(259, 3, 1, 6), (273, 4, 1, end + 500), (279, 4, 1, 9_000)];
    let mut bytes = file(&[page(1, SIDE * SIDE, &[]), thumbnail, raw], &points());
    bytes.extend(chance(9_500));
    assert_eq!(found(&bytes), whole(&bytes));
}

#[test]
fn an_entry_of_an_unknown_type_is_skipped() {
    let bytes = file(&[page(1, SIDE * SIDE, &[(50_001, 200, 9, 1 << 31)])], &points());
    assert_eq!(found(&bytes), whole(&bytes));
}

#[test]
fn runs_of_thinned_colours_are_followed_to_the_end_of_their_strip() {
    let strip = [&[0x83, 9][..], &[2, 1, 2, 3]].concat().repeat(40);
    let mut entries = page(32773, strip.len(), &[]);
    entries[4] = (262, 3, 1, 6);
    let bytes = file(&[entries], &strip);
    assert_eq!(found(&bytes), whole(&bytes));
}
