use std::{collections::BTreeMap, fs, path::Path};

use leaksweep_peers::need;

use super::FAT;
use crate::{
    Run,
    volumes::{
        Content, What,
        samples::{Told, Unread, attempt, image, noise, run},
    },
};

/// Files on an image, made and removed by mtools.
struct Card {
    folder: tempfile::TempDir,
    files: BTreeMap<String, Vec<u8>>,
}

impl Card {
    fn new(bytes: u64, options: &[&str]) -> Option<Self> {
        need("mkfs.fat")?;
        need("mcopy")?;
        let folder = tempfile::tempdir().unwrap();
        image(&folder.path().join("card"), bytes);
        let card = Self { folder, files: BTreeMap::new() };
        let path = card.path();
        run("mkfs.fat", &[options, &["-i", "1234ABCD", "-n", "SCANS", &path]].concat());
        Some(card)
    }

    fn path(&self) -> String {
        self.folder.path().join("card").to_str().unwrap().to_owned()
    }

    fn folder(&mut self, path: &str) {
        run("mmd", &["-i", &self.path(), &format!("::{path}")]);
    }

    fn copy(&mut self, path: &str, content: Vec<u8>) {
        let from = self.folder.path().join("content");
        fs::write(&from, &content).unwrap();
        let from = from.to_str().unwrap();
        run("mcopy", &["-i", &self.path(), from, &format!("::{path}")]);
        self.files.insert(path.to_owned(), content);
    }

    fn delete(&mut self, path: &str) -> Vec<u8> {
        run("mdel", &["-i", &self.path(), &format!("::{path}")]);
        self.files.remove(path).unwrap()
    }

    fn told(&self) -> Told {
        Told::read(&FAT, Path::new(&self.path()))
    }
}

fn sizes() -> [(&'static str, u64, &'static [&'static str]); 4] {
    [
        ("fat12", 4 << 20, &["-F", "12"]),
        ("fat16", 32 << 20, &["-F", "16"]),
        ("fat32", 64 << 20, &["-F", "32", "-s", "1"]),
        ("fat32", 48 << 20, &["-F", "32", "-s", "1", "-S", "512", "-f", "1"]),
    ]
}

#[test]
fn live_files_are_exact_and_deleted_ones_are_named() {
    for (name, bytes, options) in sizes() {
        let Some(mut card) = Card::new(bytes, options) else { return };
        for folder in ["扫描", "扫描/二〇二六年度预算 (机密)", "EMPTY"] {
            card.folder(folder);
        }
        for number in 0..24 {
            let content = noise(number, 1500 + number as usize * 977);
            card.copy(&format!("扫描/Fax {number} 传真文件.tif"), content);
        }
        card.copy("扫描/二〇二六年度预算 (机密)/a.txt", b"short".to_vec());
        card.copy("UPPER.TXT", Vec::new());
        card.copy("lower.txt", noise(99, 4096));
        let mut gone = BTreeMap::new();
        for number in (0..24).step_by(2) {
            let path = format!("扫描/Fax {number} 传真文件.tif");
            let content = card.delete(&path);
            gone.insert(path, content);
        }
        gone.insert("lower.txt".into(), card.delete("lower.txt"));
        let told = card.told();
        assert_eq!(told.volume.name, name);
        assert_eq!(told.volume.label.as_deref(), Some("SCANS"));
        assert_eq!(told.volume.uuid.as_deref(), Some("1234-ABCD"));
        assert_eq!(told.volume.bytes, bytes);
        told.assert_live(&card.files);
        assert_eq!(told.live()["EMPTY"].what, What::Folder);
        assert_eq!(told.problems, []);
        let deleted = told.deleted();
        for (path, content) in &gone {
            let path = if path == "lower.txt" { "_ower.txt" } else { path };
            let named = deleted.get(path).unwrap_or_else(|| panic!("{path}: {:?}", deleted.keys()));
            assert_eq!(named.bytes, content.len() as u64);
            assert!(told.content(named).as_ref() == Some(content), "{path}");
            assert!(named.modified.is_some_and(|time| time > 1_600_000_000));
            assert_eq!(named.recorded, named.bytes <= told.volume.cluster);
            assert!(named.way.ends_with("deleted entry"));
        }
        assert_eq!(deleted.len(), gone.len());
        told.assert_as_fls(Path::new(&card.path()));
    }
}

#[test]
fn fragments_are_followed_and_guesses_skip_what_lives() {
    let Some(mut card) = Card::new(16 << 20, &["-F", "16", "-s", "4"]) else { return };
    for number in 0..200 {
        card.copy(&format!("f{number:03}.bin"), noise(number, 40_000));
    }
    let before: Vec<Vec<u8>> =
        (0..200).step_by(2).map(|number| card.delete(&format!("f{number:03}.bin"))).collect();
    // It fills the gaps up to the last of them.
    let filler = noise(1000, 100 * 40_960 - 40_960 * 3);
    card.copy("large.bin", filler);
    let told = card.told();
    told.assert_live(&card.files);
    let Content::Runs(runs) = &told.live()["large.bin"].content else { panic!() };
    assert!(runs.len() > 50, "{}", runs.len());
    let deleted = told.deleted();
    let name = |number: usize| format!("_{:03}.bin", number * 2);
    let states = |number: usize| {
        let named = deleted.get(name(number).as_str());
        named.map(|named| (told.content(named) == Some(before[number].clone()), named.recorded))
    };
    // The large file's entry took the first one's place.
    assert_eq!(states(99), Some((true, false)));
    let lost = deleted.values().filter(|named| named.content == Content::Absent("overwritten"));
    assert!(lost.count() > 80);
}

#[test]
fn deleted_folders_and_those_that_nothing_names_are_walked() {
    let Some(mut card) = Card::new(64 << 20, &["-F", "32", "-s", "1"]) else { return };
    card.folder("Jobs");
    card.folder("Jobs/inner folder");
    card.folder("Keep");
    for number in 0..40 {
        card.copy(&format!("Jobs/inner folder/print job {number}.prn"), noise(number, 300));
    }
    card.copy("Jobs/Page one.prn", noise(77, 900));
    run("mdeltree", &["-i", &card.path(), "::Jobs"]);
    card.files.clear();
    let mut told = card.told();
    let deleted = told.deleted();
    assert_eq!(deleted["Jobs/Page one.prn"].bytes, 900);
    for number in 0..40 {
        let path = format!("Jobs/inner folder/print job {number}.prn");
        assert_eq!(told.content(deleted[path.as_str()]), Some(noise(number, 300)), "{path}");
    }
    assert_eq!(told.live().keys().collect::<Vec<_>>(), [&"Keep"]);
    // A quick format: tables and root are empty.
    let path = card.path();
    run("mkfs.fat", &["-F", "32", "-s", "1", &path]);
    told = card.told();
    let deleted = told.deleted();
    for number in 0..40 {
        let path = format!("?/inner folder/print job {number}.prn");
        assert_eq!(told.content(deleted[path.as_str()]), Some(noise(number, 300)), "{path}");
    }
}

#[test]
fn what_cannot_be_read_of_a_folder_does_not_end_it() {
    let Some(mut card) = Card::new(64 << 20, &["-F", "32", "-s", "1"]) else { return };
    card.folder("MANY");
    for number in 10..58 {
        card.copy(&format!("MANY/F{number}"), noise(number, 300));
    }
    let image = fs::read(card.path()).unwrap();
    let place = |name: &[u8]| memchr::memmem::find(&image, name).unwrap() as u64;
    let part = Run::new(place(b"F30        ") / 512 * 512, 512);
    let (named, problems) = attempt(&FAT, &Unread { of: &image, part }).unwrap();
    assert!(named.iter().all(|named| !named.deleted));
    assert_eq!(named.len(), 1 + 48 - 16);
    assert!(named.iter().any(|named| named.path == "MANY/F57"));
    let said: Vec<&str> = problems.iter().map(|problem| problem.detail.as_str()).collect();
    assert_eq!(said, ["parts of its folders cannot be read"]);
}

#[test]
fn a_folder_whose_cluster_holds_a_file_has_no_odd_entries() {
    let Some(mut card) = Card::new(64 << 20, &["-F", "32", "-s", "1"]) else { return };
    card.folder("LOST");
    card.copy("LOST/A.TXT", noise(1, 300));
    let mut image = fs::read(card.path()).unwrap();
    let start = memchr::memmem::find(&image, b"A       TXT").unwrap() / 512 * 512;
    // Neither the first letters nor the attributes of any entry.
    let content = noise(2, 512).into_iter().map(|byte| byte & 0x17 | 1);
    image.splice(start..start + 512, content);
    let told = Told::of(&FAT, image);
    assert_eq!(told.live().into_keys().collect::<Vec<_>>(), ["LOST"]);
}

/// A small volume with something of everything, for mutation.
pub fn sample() -> Option<Vec<u8>> {
    let mut card = Card::new(2 << 20, &["-F", "12"])?;
    for folder in ["live", "Folder with 文件"] {
        card.folder(folder);
        for number in 0..12 {
            card.copy(&format!("{folder}/a long name {number}.pdf"), noise(number, 5000));
        }
    }
    card.delete("live/a long name 3.pdf");
    run("mdeltree", &["-i", &card.path(), "::Folder with 文件"]);
    fs::read(card.path()).ok()
}
