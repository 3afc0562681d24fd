use std::{collections::BTreeMap, fs, path::PathBuf};

use leaksweep_peers::{need, skip};

use super::EXFAT;
use crate::{
    Run,
    volumes::{
        Content, What,
        samples::{Mount, Told, Unread, attempt, image, noise, run},
    },
};

/// An image that is filled through FUSE.
struct Card {
    folder: tempfile::TempDir,
}

impl Card {
    fn new(bytes: u64) -> Option<Self> {
        need("mkfs.exfat")?;
        need("mount.exfat-fuse")?;
        let folder = tempfile::tempdir().unwrap();
        let card = Self { folder };
        image(&card.path(), bytes);
        run("mkfs.exfat", &["-L", "扫描", "-c", "4K", card.path().to_str().unwrap()]);
        Some(card)
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("card")
    }

    fn mount(&self) -> Option<Mount> {
        let mount = Mount::through_loop("mount.exfat-fuse", &self.path(), &[]);
        if mount.is_none() {
            skip("no FUSE and no loop device here");
        }
        mount
    }

    fn told(&self) -> Told {
        Told::read(&EXFAT, &self.path())
    }
}

#[test]
fn live_files_are_exact_and_deleted_ones_recorded() {
    let Some(card) = Card::new(32 << 20) else { return };
    let Some(mount) = card.mount() else { return };
    let mut files = BTreeMap::new();
    for folder in ["传真", "传真/机密", "empty"] {
        fs::create_dir(mount.at(folder)).unwrap();
    }
    let mut write = |path: String, content: Vec<u8>| {
        fs::write(mount.at(&path), &content).unwrap();
        files.insert(path, content);
    };
    for number in 0..60 {
        write(
            format!("传真/第 {number} 页, a long name that takes three entries.tif"),
            noise(number, number as usize * 901),
        );
    }
    write("传真/机密/预算.xlsx".into(), noise(500, 70_000));
    let gone: BTreeMap<String, Vec<u8>> =
        files.extract_if(.., |path, _| path.contains("0 页")).collect();
    for path in gone.keys() {
        fs::remove_file(mount.at(path)).unwrap();
    }
    mount.end();
    let told = card.told();
    assert_eq!(told.volume.label.as_deref(), Some("扫描"));
    assert_eq!((told.volume.cluster, told.volume.bytes), (4096, 32 << 20));
    assert_eq!(told.problems, []);
    told.assert_live(&files);
    assert_eq!(told.live()["empty"].what, What::Folder);
    let deleted = told.deleted();
    assert_eq!(deleted.len(), gone.len());
    told.assert_as_fls(&card.path());
    for (path, content) in &gone {
        let named = deleted[path.as_str()];
        assert_eq!(told.content(named).as_ref(), Some(content), "{path}");
        assert!(named.modified.is_some_and(|time| time > 1_600_000_000));
    }
}

#[test]
fn fragments_and_deleted_folders_are_followed() {
    let Some(card) = Card::new(16 << 20) else { return };
    let Some(mount) = card.mount() else { return };
    for number in 0..150 {
        fs::write(mount.at(&format!("f{number}")), noise(number, 81_920)).unwrap();
    }
    for number in (0..150).step_by(2) {
        fs::remove_file(mount.at(&format!("f{number}"))).unwrap();
    }
    let large = noise(1000, 4_000_000);
    fs::write(mount.at("large"), &large).unwrap();
    fs::create_dir_all(mount.at("gone/inner")).unwrap();
    fs::write(mount.at("gone/inner/secret 机密.txt"), noise(7, 5000)).unwrap();
    fs::remove_dir_all(mount.at("gone")).unwrap();
    mount.end();
    let told = card.told();
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::from([("large".into(), large)]);
    files.extend((1..150).step_by(2).map(|number| (format!("f{number}"), noise(number, 81_920))));
    told.assert_live(&files);
    let secret = told.deleted()["gone/inner/secret 机密.txt"];
    assert_eq!(told.content(secret), Some(noise(7, 5000)));
}

/// A set of entries: a file or folder in one piece.
fn set(name: &str, folder: bool, deleted: bool, first: u32, bytes: u64) -> Vec<u8> {
    let mut set = vec![0; 96];
    (set[0], set[32], set[64]) = (0x85, 0xC0, 0xC1);
    (set[1], set[4], set[33], set[35]) = (2, if folder { 0x10 } else { 0 }, 3, name.len() as u8);
    set[40..48].copy_from_slice(&bytes.to_le_bytes());
    set[52..56].copy_from_slice(&first.to_le_bytes());
    set[56..64].copy_from_slice(&bytes.to_le_bytes());
    for (at, unit) in name.encode_utf16().enumerate() {
        set[66 + at * 2..68 + at * 2].copy_from_slice(&unit.to_le_bytes());
    }
    let bytes = set.iter().enumerate().filter(|(at, _)| *at != 2 && *at != 3);
    let sum = bytes.fold(0, |sum: u16, (_, byte)| sum.rotate_right(1).wrapping_add((*byte).into()));
    set[2..4].copy_from_slice(&sum.to_le_bytes());
    if deleted {
        [0, 32, 64].iter().for_each(|at| set[*at] &= 0x7F);
    }
    set
}

/// A volume of 64 KiB that says it has four thousand million clusters, with these sets in its root.
fn claiming(sets: &[Vec<u8>]) -> Vec<u8> {
    let mut volume = vec![0; 64 << 10];
    let mut put = |at: usize, bytes: &[u8]| volume[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, b"\xEB\x76\x90EXFAT   ");
    put(72, &u64::MAX.to_le_bytes()[..6]);
    // The table, its length, where clusters begin, how many there are, and the root's.
    for (at, value) in [(80, 8), (84, 8), (88, 16), (92, 0xFFFF_0000), (96, 2)] {
        put(at, &u32::to_le_bytes(value));
    }
    put(108, &[9, 3, 1]);
    put(8 * 512 + 8, &[0xFF; 8]);
    put(8192, &[0x81]);
    put(8192 + 20, &[3]);
    put(8192 + 32, &sets.concat());
    volume
}

#[test]
fn work_is_measured_by_what_is_there() {
    let bytes = 0xF000_0000 * 4096;
    let told = Told::of(&EXFAT, claiming(&[set("gone.mov", false, true, 4, bytes)]));
    let gone = told.deleted()["gone.mov"];
    assert_eq!((gone.bytes, gone.recorded), (bytes, true));
    assert_eq!(gone.content, Content::Runs(vec![Run::new(8192 + 2 * 4096, bytes)]));
    assert_eq!(told.problems, []);
}

#[test]
fn a_folder_that_is_too_large_is_told() {
    let mut volume = claiming(&[set("many", true, false, 5, 17 << 20)]);
    // What lies behind its end is of no use to anybody.
    assert_eq!(Told::of(&EXFAT, volume.clone()).problems, []);
    volume.truncate(8192 + 3 * 4096);
    volume.resize(18 << 20, 1);
    let told = Told::of(&EXFAT, volume);
    let problems: Vec<&str> = told.problems.iter().map(|problem| problem.detail.as_str()).collect();
    assert_eq!(problems, ["some of its folders are larger than are read"]);
}

#[test]
fn what_cannot_be_read_of_a_folder_is_told() {
    let volume = claiming(&[set("a", false, false, 5, 1)]);
    let (named, problems) =
        attempt(&EXFAT, &Unread { of: &volume, part: Run::new(8192 + 1024, 512) }).unwrap();
    assert_eq!(named.len(), 1);
    let said: Vec<&str> = problems.iter().map(|problem| problem.detail.as_str()).collect();
    assert_eq!(said, ["parts of its folders cannot be read"]);
}

/// A small volume with something of everything, for mutation.
pub fn sample() -> Option<Vec<u8>> {
    let card = Card::new(4 << 20)?;
    let mount = card.mount()?;
    fs::create_dir(mount.at("文件")).unwrap();
    for number in 0..12 {
        fs::write(mount.at(&format!("文件/{number}")), noise(number, 9000)).unwrap();
    }
    fs::remove_file(mount.at("文件/3")).unwrap();
    mount.end();
    fs::read(card.path()).ok()
}
