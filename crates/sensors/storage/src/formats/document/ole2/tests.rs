use super::OLE2;
use crate::{
    Stretch,
    formats::{
        End,
        document::specimens::{chance, heard, holds, walk},
    },
};

fn put(into: &mut [u8], at: usize, bytes: &[u8]) {
    into[at..at + bytes.len()].copy_from_slice(bytes);
}

fn entry(name: &str, kind: u8, start: u32, size: u32) -> [u8; 128] {
    let mut entry = [0; 128];
    let name: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
    put(&mut entry, 0, &name);
    put(&mut entry, 64, &[name.len() as u8, 0, kind, 1]);
    put(&mut entry, 68, &[0xFF; 12]);
    put(&mut entry, 116, &start.to_le_bytes());
    put(&mut entry, 120, &size.to_le_bytes());
    entry
}

/// Streams one after the other, then the directory, then the table: at most 128 sectors.
fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut next: Vec<u32> = Vec::new();
    let mut entries = vec![entry("Root Entry", 5, 0xFFFF_FFFE, 0)];
    let mut bytes = Vec::new();
    for (name, stream) in streams {
        assert!(stream.len() >= 4096, "shorter ones lie among small sectors");
        let first = next.len() as u32;
        let count = stream.len().div_ceil(512) as u32;
        entries.push(entry(name, 2, first, stream.len() as u32));
        next.extend(first + 1..first + count);
        next.push(0xFFFF_FFFE);
        bytes.extend_from_slice(stream);
        bytes.resize(next.len() * 512, 0);
    }
    entries.resize(4, [0; 128]);
    let (directory, table) = (next.len() as u32, next.len() as u32 + 1);
    let mut header = vec![0; 512];
    put(&mut header, 0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    put(&mut header, 24, &[0x3E, 0, 3, 0, 0xFE, 0xFF, 9, 0, 6, 0]);
    put(&mut header, 44, &[1, 0, 0, 0]);
    put(&mut header, 48, &directory.to_le_bytes());
    put(&mut header, 56, &[0, 0x10, 0, 0]);
    put(&mut header, 60, &0xFFFF_FFFE_u32.to_le_bytes());
    put(&mut header, 68, &0xFFFF_FFFE_u32.to_le_bytes());
    put(&mut header, 76, &table.to_le_bytes());
    header[80..].fill(0xFF);
    next.extend([0xFFFF_FFFE, 0xFFFF_FFFD]);
    let mut sectors: Vec<u8> = next.into_iter().flat_map(u32::to_le_bytes).collect();
    sectors.resize(512, 0xFF);
    [header, bytes, entries.concat(), sectors].concat()
}

/// A workbook with two shared strings.
fn workbook() -> Vec<u8> {
    let mut book = vec![9, 8, 4, 0, 0, 6, 5, 0];
    let strings =
        [&[2, 0, 0, 0, 2, 0, 0, 0, 6, 0, 0][..], b"secret", &[2, 0, 1, 0x3A, 0x67, 0xC6, 0x5B]]
            .concat();
    book.extend([0xFC, 0, strings.len() as u8, 0]);
    book.extend(strings);
    book.extend([10, 0, 0, 0]);
    book.extend(chance(20_480 - book.len()));
    compound(&[("Workbook", &book)])
}

#[test]
fn it_ends_behind_the_highest_sector() {
    let file = workbook();
    let walked = holds(&OLE2, &file);
    assert_eq!((walked.kind.unwrap().name, walked.details.encrypted), ("xls", Some(false)));
    let text = heard(&OLE2, &file);
    assert!(text.contains("secret\n机密\n"), "{text}");
}

#[test]
fn the_directory_tells_where_it_was_torn() {
    let file = workbook();
    let torn = [&file[..8192], &chance(4096), &file[8192..], &[0; 9000]].concat();
    let walked = walk(&OLE2, &torn).unwrap();
    assert_ne!(walked.end, End::Whole);
    let found = OLE2.joints().unwrap()(&mut Stretch::new(&torn), &walked, 1 << 20);
    assert!(
        found.iter().any(|joint| joint.gap == 4096 && joint.split.contains(&8192)),
        "{found:?}"
    );
}

#[test]
fn chains_that_loop_end() {
    let mut file = workbook();
    let table = file.len() - 512;
    put(&mut file, table + 39 * 4, &0_u32.to_le_bytes());
    put(&mut file, table + 40 * 4, &40_u32.to_le_bytes());
    assert!(walk(&OLE2, &file).is_some());
    heard(&OLE2, &file);
}

#[test]
fn a_section_that_does_not_unpack_is_where_it_was_cut() {
    use std::io::Write;
    let mut header = b"HWP Document File".to_vec();
    header.resize(36, 0);
    header.push(1);
    header.resize(4096, 0);
    let mut pack = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    for number in chance(4000) {
        writeln!(pack, "{number} of the minutes").unwrap();
    }
    let file = compound(&[("FileHeader", &header), ("Section0", &pack.finish().unwrap())]);
    holds(&OLE2, &file);
    let mut cut = file.clone();
    let foreign = 512 + 4096 + 6 * 512;
    let rest = file.len() - 1024 - foreign;
    put(&mut cut, foreign, &chance(rest));
    let walked = walk(&OLE2, &cut).unwrap();
    assert_eq!(walked.end, End::Broken);
    assert!(walked.length.abs_diff(foreign as u64) <= 1024, "{} {foreign}", walked.length);
}

/// Bytes of Deflate that make a thousand times as many.
fn bomb() -> Vec<u8> {
    use std::io::Write;
    let mut pack = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    pack.write_all(&vec![0; 32 << 20]).unwrap();
    pack.finish().unwrap()
}

#[test]
fn sections_that_share_their_sectors_are_unpacked_within_a_budget() {
    let mut header = b"HWP Document File".to_vec();
    header.resize(36, 0);
    header.push(1);
    header.resize(4096, 0);
    let packed = bomb();
    let mut file = compound(&[("FileHeader", &header), ("Section0", &packed)]);
    let count = packed.len().div_ceil(512) as u32;
    let directory = 512 * (1 + 8 + count as usize);
    let more = entry("Section1", 2, 8, packed.len() as u32).repeat(40);
    file.splice(directory + 512..directory + 512, more);
    let table = directory + 512 + 40 * 128;
    put(&mut file, table + (8 + count as usize) * 4, &(9 + count).to_le_bytes());
    for sector in 9 + count..18 + count {
        put(&mut file, table + sector as usize * 4, &(sector + 1).to_le_bytes());
    }
    put(&mut file, table + (18 + count as usize) * 4, &0xFFFF_FFFE_u32.to_le_bytes());
    put(&mut file, table + (19 + count as usize) * 4, &0xFFFF_FFFD_u32.to_le_bytes());
    put(&mut file, 76, &(19 + count).to_le_bytes());
    let mut stretch = Stretch::new(&file);
    let walked = (OLE2.walk)(&mut stretch).unwrap();
    assert_eq!(walked.end, End::Whole);
    assert!((8 << 20..40 << 20).contains(&stretch.cost()), "{}", stretch.cost());
}

#[test]
fn pieces_that_share_their_bytes_are_no_more_than_the_document() {
    let document = [b'w'; 2048];
    let mut plan: Vec<u8> = (0..101_u32).flat_map(|at| (at * 2000).to_le_bytes()).collect();
    for _ in 0..100 {
        plan.extend([0, 0]);
        plan.extend((0x4000_0000_u32).to_le_bytes());
        plan.extend([0, 0]);
    }
    let told = [&[2][..], &(plan.len() as u32).to_le_bytes(), &plan].concat();
    let mut said = 0;
    super::word::pieces(&document, &told, &mut |text| said += text.len()).unwrap();
    assert_eq!(said, 2048);
}

#[test]
fn tables_that_are_named_twice_are_wrong() {
    let mut file = workbook();
    let table = (file.len() as u32 - 1024) / 512;
    put(&mut file, 44, &[109, 0, 0, 0]);
    (0..109).for_each(|at| put(&mut file, 76 + at * 4, &table.to_le_bytes()));
    let mut stretch = Stretch::new(&file);
    let Some(Ok(store)) = super::Store::read(&mut stretch) else { panic!("no table") };
    assert_eq!(store.marks.iter().filter(|(_, right)| *right).count(), 1);
    // A sector of places that goes on with itself.
    put(&mut file, 44, &[0, 0, 2, 0]);
    put(&mut file, 68, &40_u32.to_le_bytes());
    put(&mut file, 512 * 41, &[1; 512]);
    put(&mut file, 512 * 41 + 508, &40_u32.to_le_bytes());
    let mut stretch = Stretch::new(&file);
    assert!(super::Store::read(&mut stretch).is_some_and(|store| store.is_err()));
}
