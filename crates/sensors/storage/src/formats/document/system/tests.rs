use super::{elf::ELF, event_log::EVENT_LOG, hive::HIVE, shortcut::SHORTCUT};
use crate::formats::{
    End, Proof,
    document::specimens::{chance, holds, walk},
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

#[test]
fn a_shortcut_has_no_large_blocks() {
    let mut file = vec![0; 76];
    put(&mut file, 0, b"\x4c\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46");
    file.extend([0, 0, 8, 0, 1, 0, 0, 0xA0]);
    file.extend(vec![0; 1 << 20]);
    assert_eq!(walk(&SHORTCUT, &file), None);
}
