use std::{collections::BTreeMap, fs, path::PathBuf};

use leaksweep_peers::{need, skip};

use super::EXFAT;
use crate::volumes::{
    What,
    samples::{Mount, Told, image, noise, run},
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
