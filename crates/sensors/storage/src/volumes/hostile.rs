//! Volumes that lie, in all places where real ones have anything.

use std::time::{Duration, Instant};

use super::{
    EXFAT, FAT, FileSystem, ISO9660, NTFS, SQUASHFS,
    samples::{attempt, image, noise, run},
};
use crate::Bytes;

/// A volume with some bytes changed.
struct Changed<'a> {
    of: &'a [u8],
    /// How much is left of it.
    len: usize,
    changes: Vec<(usize, u8)>,
}

impl Bytes for Changed<'_> {
    fn len(&self) -> u64 {
        self.len as u64
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> usize {
        let read = self.of[..self.len].read_at(at, into);
        for (place, byte) in &self.changes {
            let inside = (*place as u64).checked_sub(at).filter(|inside| *inside < read as u64);
            if let Some(inside) = inside {
                into[inside as usize] = *byte;
            }
        }
        read
    }
}

const EXTREMES: [u64; 8] = [0, 1, 2, 0x7FFF_FFFF, 0xFFFF_FFFF, 1 << 40, u64::MAX >> 1, u64::MAX];

fn changed<'a>(image: &'a [u8], places: &[usize], seed: u64) -> Changed<'a> {
    let random = noise(seed, 64);
    let number =
        |at: usize| u64::from_le_bytes(random[at * 8..at * 8 + 8].try_into().unwrap()) as usize;
    let mut changes = Vec::new();
    for at in 0..=number(0) % 4 {
        let place = places[number(at + 1) % places.len()];
        let value = match number(at + 2) % 3 {
            0 => EXTREMES[number(at + 3) % EXTREMES.len()],
            1 => number(at + 3) as u64,
            _ => u64::from(image[places[number(at + 3) % places.len()]]),
        };
        let width = 1 << (number(at + 3) >> 8 & 3);
        changes.extend(
            value
                .to_le_bytes()
                .into_iter()
                .take(width)
                .enumerate()
                .map(|(step, byte)| (place + step, byte)),
        );
    }
    let len = if number(7) % 16 == 0 { number(6) % image.len() } else { image.len() };
    Changed { of: image, len, changes }
}

/// How many mutations of each volume are tried.
fn rounds() -> u64 {
    std::env::var("LEAKSWEEP_MUTATIONS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(100)
}

/// Changes what is not noise: places that follow or precede zeros.
fn try_all(system: &FileSystem, image: Option<Vec<u8>>) {
    let Some(image) = image else { return };
    let (told, _) = attempt(system, &image).unwrap();
    assert!(told.len() > 5);
    let tables = image.chunks(512).enumerate().filter(|(_, sector)| {
        let zeros = sector.iter().filter(|byte| **byte == 0).count();
        (32..512).contains(&zeros)
    });
    let places: Vec<usize> = tables.flat_map(|(at, _)| at * 512..at * 512 + 512).collect();
    let mut slowest = (Duration::ZERO, 0);
    for seed in 0..rounds() {
        let volume = changed(&image, &places, seed + 1);
        let begun = Instant::now();
        attempt(system, &volume);
        slowest = slowest.max((begun.elapsed(), seed));
    }
    eprintln!("slowest: {slowest:?}");
    assert!(slowest.0 < Duration::from_secs(20), "{slowest:?}");
}

#[test]
fn fat_that_lies_ends() {
    try_all(&FAT, super::fat::tests::sample());
}

#[test]
fn exfat_that_lies_ends() {
    try_all(&EXFAT, super::exfat::tests::sample());
}

#[test]
fn ntfs_that_lies_ends() {
    try_all(&NTFS, super::ntfs::tests::sample());
}

#[test]
fn iso9660_that_lies_ends() {
    try_all(&ISO9660, super::iso9660::tests::sample());
}

#[test]
fn squashfs_that_lies_ends() {
    let clear = ["-noI", "-noD", "-noF", "-noX"];
    try_all(&SQUASHFS, super::squashfs::tests::sample("gzip", &clear));
    for packer in ["gzip", "xz", "lzo", "lz4", "zstd", "lzma"] {
        try_all(&SQUASHFS, super::squashfs::tests::sample(packer, &[]));
    }
}

/// A volume in a sparse file.
struct Sparse(std::fs::File, u64);

impl Bytes for Sparse {
    fn len(&self) -> u64 {
        self.1
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> usize {
        std::os::unix::fs::FileExt::read_at(&self.0, into, at).unwrap()
    }
}

#[test]
fn the_largest_volumes_are_quick_where_they_hold_little() {
    let makers: [(&FileSystem, &str, u64, &[&str]); 3] = [
        (&FAT, "mkfs.fat", 1 << 40, &["-F", "32", "-s", "64"]),
        (&EXFAT, "mkfs.exfat", 8 << 40, &["-c", "128K"]),
        (&NTFS, "mkntfs", 1 << 40, &["-F", "-Q", "-q"]),
    ];
    for (system, program, bytes, options) in makers {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("volume");
        image(&path, bytes);
        if leaksweep_peers::need(program).is_none() {
            return;
        }
        run(program, &[options, &[path.to_str().unwrap()]].concat());
        let volume = Sparse(std::fs::File::open(&path).unwrap(), bytes);
        let begun = Instant::now();
        let (told, problems) = attempt(system, &volume).unwrap();
        assert_eq!((told.len(), problems.len()), (0, 0), "{program}: {problems:?}");
        eprintln!("{program}: {:?}", begun.elapsed());
        assert!(begun.elapsed() < Duration::from_secs(20), "{program}: {:?}", begun.elapsed());
    }
}

/// A FAT32 volume whose root has many folders and whose folders are each other's.
#[test]
fn folders_in_each_other_and_many_entries_are_read_once() {
    let (size, count) = (4096_usize, 70_000_usize);
    let data = (32 + 560) * 512;
    let mut volume = vec![0_u8; data + 1200 * size];
    let mut put = |at: usize, bytes: &[u8]| volume[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &[0xEB, 0x58, 0x90]);
    put(11, &[0, 2, 8, 32, 0, 1, 0, 0, 0, 0, 0xF8, 0, 0]);
    put(32, &((data / 512 + count * 8) as u32).to_le_bytes());
    put(36, &560_u32.to_le_bytes());
    put(44, &2_u32.to_le_bytes());
    put(32 * 512, &0x0FFF_FFF8_u32.to_le_bytes());
    // The chain of every cluster goes on, and the last comes back to the first.
    for cluster in 2..1200_u32 {
        let next = if cluster == 1199 { 2 } else { cluster + 1 };
        put(32 * 512 + cluster as usize * 4, &next.to_le_bytes());
    }
    for index in 0..1190 * size / 32 {
        let mut entry = *b"F0000000   \x10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
        entry[1..8].copy_from_slice(format!("{index:07}").as_bytes());
        entry[26..28].copy_from_slice(&((index % 1190 + 2) as u16).to_le_bytes());
        // Every other one is a file that says it is as large as can be.
        if index % 2 == 1 {
            entry[11] = 0x20;
            entry[28..32].fill(0xFF);
        }
        put(data + index * 32, &entry);
    }
    let begun = Instant::now();
    let (told, problems) = attempt(&FAT, &volume).unwrap();
    assert!(told.len() >= 100_000 && told.len() <= super::MOST_FILES, "{}", told.len());
    assert!(problems.len() <= 4, "{problems:?}");
    assert!(problems.iter().any(|problem| problem.detail.contains("longer than are followed")));
    eprintln!("{} entries: {:?}", told.len(), begun.elapsed());
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}
