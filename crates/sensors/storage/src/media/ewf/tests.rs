use std::process::Command;

use super::*;

/// Text, chance and zeros.
pub fn content(bytes: usize) -> Vec<u8> {
    let mut seed = 9_u64;
    let mut chance = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 56) as u8
    };
    let byte = |at: usize, chance: u8| match at / 50_000 % 3 {
        0 => b"a line of text\n"[at % 15],
        1 => chance,
        _ => 0,
    };
    (0..bytes).map(|at| byte(at, chance())).collect()
}

fn acquired(arguments: &[&str], bytes: &[u8]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("raw"), bytes).unwrap();
    let told = Command::new("ewfacquire")
        .current_dir(&folder)
        .args(["-u", "-t", "image", "-C", "case 7", "-D", "a disk", "-E", "ev", "-e", "Müller"])
        .args(["-N", "notes", "-d", "sha1"])
        .args(arguments)
        .arg(folder.path().join("raw"))
        .output()
        .unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    folder
}

fn assert_reads(image: &Ewf, bytes: &[u8]) {
    assert_eq!(image.len(), bytes.len() as u64);
    let mut read = vec![0xAA; bytes.len()];
    image.read(0, &mut read, &mut |run| panic!("lost {run:?}"));
    assert!(read == bytes);
    for (at, count) in [(0, 1), (32_767, 2), (70_000, 100_000), (bytes.len() - 3, 3)] {
        let mut piece = vec![0xAA; count];
        image.read(at as u64, &mut piece, &mut |run| panic!("lost {run:?}"));
        assert!(piece == bytes[at..at + count], "{at}");
    }
}

#[test]
fn images_of_every_form_read_as_what_was_acquired() {
    if leaksweep_peers::need("ewfacquire").is_none() {
        return;
    }
    let bytes = content(5 * 1024 * 1024 + 512);
    for form in ["encase1", "encase3", "encase5", "encase6", "encase7", "ftk", "linen6"] {
        for packing in ["none", "best"] {
            let folder = acquired(&["-f", form, "-c", packing, "-S", "1572864"], &bytes);
            let image = Ewf::open(&folder.path().join("image.E01")).unwrap();
            assert_reads(&image, &bytes);
            let about = image.about();
            let notes = about.notes.text().unwrap();
            assert_eq!(about.sector, Some(512), "{form}");
            for part in ["case 7", "a disk", "examiner M", "notes", "MD5 by its own record "] {
                assert!(notes.contains(part), "{form} {packing}: {notes}");
            }
        }
    }
    let folder = acquired(&["-f", "smart", "-c", "fast"], &bytes);
    assert_reads(&Ewf::open(&folder.path().join("image.s01")).unwrap(), &bytes);
}

#[test]
fn a_missing_segment_is_named_and_a_damaged_chunk_is_lost_alone() {
    if leaksweep_peers::need("ewfacquire").is_none() {
        return;
    }
    let bytes = content(5 * 1024 * 1024);
    let folder = acquired(&["-f", "encase6", "-c", "none", "-S", "1572864"], &bytes);
    let second = folder.path().join("image.E02");
    let whole = std::fs::read(&second).unwrap();
    let mut damaged = whole.clone();
    damaged[200_000] ^= 1;
    std::fs::write(&second, &damaged).unwrap();
    let image = Ewf::open(&second).unwrap();
    let mut lost = Vec::new();
    let mut read = vec![0; bytes.len()];
    image.read(0, &mut read, &mut |run| lost.push(run));
    assert!(lost.len() == 1 && lost[0].bytes == 32_768, "{lost:?}");
    assert_eq!(read.iter().zip(&bytes).filter(|(a, b)| a != b).count(), 1, "given as it is");
    std::fs::remove_file(&second).unwrap();
    let error = Ewf::open(&folder.path().join("image.E01")).err().unwrap().to_string();
    assert!(error.contains("image.E02 is missing"), "{error}");
}

/// Where the contents of its sections of this name begin.
fn contents(segment: &[u8], name: &[u8]) -> Vec<usize> {
    let name = [name, &[0; 16]].concat()[..16].to_vec();
    let places = segment.windows(16).enumerate().filter(|(_, window)| **window == name);
    places.map(|(at, _)| at + 76).collect()
}

#[test]
fn a_table_without_its_head_shifts_nothing() {
    if leaksweep_peers::need("ewfacquire").is_none() {
        return;
    }
    let bytes = content(5 * 1024 * 1024);
    let folder = acquired(&["-f", "encase6", "-c", "none", "-S", "1572864"], &bytes);
    let path = folder.path().join("image.E02");
    let mut segment = std::fs::read(&path).unwrap();
    let (first, second) = (contents(&segment, b"table")[0], contents(&segment, b"table2")[0]);
    segment[first..first + 24].fill(0);
    std::fs::write(&path, &segment).unwrap();
    assert_reads(&Ewf::open(&path).unwrap(), &bytes);
    let head: [u8; 24] = segment[second..second + 24].try_into().unwrap();
    let mut few = head;
    few[..4].copy_from_slice(&5_u32.to_le_bytes());
    for damaged in [[0; 24], [0xFF; 24], few] {
        for at in [first, second] {
            segment[at..at + 24].copy_from_slice(&damaged);
        }
        std::fs::write(&path, &segment).unwrap();
        let image = Ewf::open(&path).unwrap();
        let (mut read, mut lost) = (vec![0; bytes.len()], Vec::new());
        image.read(0, &mut read, &mut |run| lost.push(run));
        let begins = lost[0].start as usize;
        assert!((1 << 20..2 << 20).contains(&begins), "the first segment is there: {begins}");
        assert!(read[..begins] == bytes[..begins] && read[begins..].iter().all(|byte| *byte == 0));
        assert_eq!(image.gap(begins as u64, u64::MAX), Some(Gap::lost(image.len())));
        assert!(image.faults().iter().any(|fault| fault.contains("a table is lost")));
    }
    // The entries' own checksum tells as well how many there are.
    for at in [first, second] {
        segment[at..at + 24].copy_from_slice(&head);
        segment[at + 20] ^= 1;
    }
    std::fs::write(&path, &segment).unwrap();
    assert_reads(&Ewf::open(&path).unwrap(), &bytes);
}

/// A section with its head, whose checksum is right.
fn section(at: usize, name: &[u8], content: &[u8]) -> Vec<u8> {
    let mut head = [name, &[0; 76]].concat()[..72].to_vec();
    let end = (at + 76 + content.len()) as u64;
    head[16..24].copy_from_slice(&end.to_le_bytes());
    head[24..32].copy_from_slice(&(76 + content.len() as u64).to_le_bytes());
    let sum = simd_adler32::adler32(&&head[..]).to_le_bytes();
    [&head, &sum[..], content].concat()
}

/// The head of a table of so many chunks.
fn table_head(count: u32) -> Vec<u8> {
    let head = [&count.to_le_bytes()[..], &[0; 16]].concat();
    let sum = simd_adler32::adler32(&&head[..]).to_le_bytes();
    [head, sum.to_vec()].concat()
}

#[test]
fn a_table_of_none_or_too_many_ends_nothing_and_shifts_nothing() {
    let chunk: Vec<u8> = (0..512).map(|at| at as u8).collect();
    let sum = simd_adler32::adler32(&&chunk[..]).to_le_bytes();
    let mut segment = [MAGIC, &[1, 1, 0, 0, 0]].concat();
    let place = segment.len() as u32 + 76;
    let sectors = [&chunk[..], &sum].concat();
    let volume: Vec<u8> =
        [0_u32, 8, 1, 512, 8, 0].iter().flat_map(|number| number.to_le_bytes()).collect();
    let entries = [&place.to_le_bytes()[..], &[0; 4]].concat();
    let of = |count: u32, entries: &[u8]| [&table_head(count)[..], entries].concat();
    let tables = [of(0, &[]), of(3, &entries[..4]), of(1, &entries)];
    let sections = [(&b"sectors"[..], sectors), (b"volume", volume)].into_iter();
    let sections = sections.chain(tables.into_iter().map(|table| (&b"table"[..], table)));
    for (name, content) in sections.chain([(&b"done"[..], Vec::new())]) {
        segment.extend(section(segment.len(), name, &content));
    }
    let image = Ewf::single(Box::new(segment)).unwrap();
    let (mut read, mut lost) = (vec![0xAA; 4096], 0);
    image.read(0, &mut read, &mut |run| lost += run.bytes);
    assert_eq!(lost, 6 * 512);
    for (number, found) in read.chunks(512).enumerate() {
        let expected = if matches!(number, 0 | 3) { &chunk[..] } else { &[0; 512] };
        assert!(found == expected, "{number}");
    }
    let gap = |at| image.gap(at, u64::MAX);
    assert_eq!([gap(0), gap(1536)], [None; 2]);
    assert_eq!([gap(512), gap(2048)], [1536, 4096].map(|end| Some(Gap::lost(end))));
}

#[test]
fn every_piece_of_a_damaged_chunk_is_lost() {
    if leaksweep_peers::need("ewfacquire").is_none() {
        return;
    }
    const CHUNK: usize = 16 << 20;
    let bytes = content(CHUNK + 512);
    let folder = acquired(&["-f", "encase6", "-c", "none", "-b", "32768"], &bytes);
    let path = folder.path().join("image.E01");
    let mut segment = std::fs::read(&path).unwrap();
    segment[1 << 20] ^= 1;
    std::fs::write(&path, &segment).unwrap();
    let image = Ewf::open(&path).unwrap();
    let (mut lost, mut piece) = (0, vec![0; 1 << 20]);
    for at in (0..CHUNK).step_by(piece.len()) {
        image.read(at as u64, &mut piece, &mut |run| lost += run.bytes);
    }
    image.read(CHUNK as u64, &mut piece[..512], &mut |_| panic!("the last one is sound"));
    assert_eq!(lost, CHUNK as u64);
}

#[test]
fn any_damage_is_survived() {
    if leaksweep_peers::need("ewfacquire").is_none() {
        return;
    }
    let folder = acquired(&["-f", "encase6", "-c", "fast"], &content(300_000 / 512 * 512));
    let whole = std::fs::read(folder.path().join("image.E01")).unwrap();
    let mut seed = 5_u64;
    let mut chance = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) as usize % below
    };
    for _ in 0..300 {
        let mut image = whole.clone();
        for _ in 0..4 {
            let at = chance(image.len());
            image[at] = [0, 0xFF, image[at] ^ 1][chance(3)];
        }
        image.truncate(if chance(3) == 0 { chance(whole.len()) } else { whole.len() });
        crate::parsers::media_ewf(&image);
    }
}

#[test]
fn segments_are_named_in_their_order() {
    let name = |first: &str, number| {
        segment(Path::new(first), number).map(|path| path.to_str().unwrap().to_owned())
    };
    for (number, ending) in [(1, "E01"), (99, "E99"), (100, "EAA"), (775, "EZZ"), (776, "FAA")] {
        assert_eq!(name("d.E01", number), Some(format!("d.{ending}")), "{number}");
    }
    assert_eq!(name("d.e07", 101).as_deref(), Some("d.eab"));
    assert_eq!(name("d.EAB", 1).as_deref(), Some("d.E01"));
    assert_eq!(name("d.s01", 2).as_deref(), Some("d.s02"));
    assert_eq!(name("d.E01", 15_000), None);
}
