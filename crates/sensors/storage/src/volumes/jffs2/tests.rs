use std::{collections::BTreeMap, fs, path::Path};

use super::{
    super::{packed::crc32, probe},
    JFFS2,
};
use crate::{
    Pieces, Stretch, partitions,
    volumes::samples::{Told, attempt, noise, run},
};

fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    files.insert("a.txt".into(), "机密 ".repeat(9000).into_bytes());
    files.insert("扫描/b.jpg".into(), noise(1, 100_000));
    files.insert(
        "扫描/c.dat".into(),
        [noise(2, 300), vec![0; 20_000], b"abab".repeat(2000)].concat(),
    );
    files.insert("empty".into(), Vec::new());
    for (name, content) in &files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    std::os::unix::fs::symlink("a.txt", folder.join("link")).unwrap();
    files
}

/// A node that deletes a name of the root.
fn deletion(little: bool, name: &[u8]) -> Vec<u8> {
    let two = |value: u16| if little { value.to_le_bytes() } else { value.to_be_bytes() };
    let four = |value: u32| if little { value.to_le_bytes() } else { value.to_be_bytes() };
    let mut node = [two(0x1985), two(0xE001)].concat();
    node.extend(four(40 + name.len() as u32));
    node.extend(four(crc32(0, &node)));
    for value in [1, 1 << 20, 0, 1_700_000_000] {
        node.extend(four(value));
    }
    node.extend([name.len() as u8, 8, 0, 0]);
    node.extend(four(crc32(0, &node)));
    node.extend(four(crc32(0, name)));
    node.extend(name);
    node
}

#[test]
fn files_of_both_orders_and_all_packers_are_told() {
    if leaksweep_peers::need("mkfs.jffs2").is_none() {
        return;
    }
    for (little, options) in [
        (true, &["-l"][..]),
        (false, &["-b"]),
        (true, &["-l", "-m", "none"]),
        (true, &["-l", "-X", "lzo", "-x", "zlib", "-x", "rtime"]),
        (true, &["-l", "-x", "zlib", "-x", "lzo"]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (top, path) = (folder.path().join("tree"), folder.path().join("image"));
        let mut files = tree(&top);
        let named = ["-r", top.to_str().unwrap(), "-o", path.to_str().unwrap(), "-e", "128KiB"];
        run("mkfs.jffs2", &[&named, options].concat());
        let mut image = fs::read(&path).unwrap();
        let told = Told::of(&JFFS2, image.clone());
        told.assert_live(&files);
        assert_eq!(told.content(told.live()["link"]).unwrap(), b"a.txt");
        assert!(told.deleted().is_empty() && told.problems.is_empty());
        image.resize(image.len().next_multiple_of(4), 0xFF);
        image.extend(deletion(little, b"a.txt"));
        let told = Told::of(&JFFS2, image);
        let gone = files.remove("a.txt").unwrap();
        told.assert_live(&files);
        let deleted = told.deleted();
        assert_eq!(told.content(deleted["a.txt"]).unwrap(), gone);
        assert_eq!(deleted["a.txt"].deleted_at, Some(1_700_000_000));
    }
}

#[test]
fn nodes_that_lie_end() {
    let seed = include_bytes!("../../../../../../fuzz/seeds/jffs2/little");
    let (named, _) = attempt(&JFFS2, &seed.to_vec()).unwrap();
    assert_eq!(
        named.iter().map(|named| named.path.as_str()).collect::<Vec<_>>(),
        ["a.pdf", "b", "?/inode 4"]
    );
    for at in 0..seed.len() {
        let mut image = seed.to_vec();
        image[at] = 0xFF;
        attempt(&JFFS2, &image);
    }
    assert!(attempt(&JFFS2, &vec![0xFF; 1 << 20]).is_none());
    assert!(attempt(&JFFS2, &[0x85, 0x19].repeat(1 << 18)).is_none());
}

#[test]
fn a_head_just_before_the_end_of_what_is_looked_at_ends_it() {
    let mut image = vec![0xFF; (super::FIRST + 4096) as usize];
    let mut head = [&0x1985_u16.to_le_bytes()[..], &0xE001_u16.to_le_bytes()].concat();
    head.extend(1024_u32.to_le_bytes());
    head.extend(crc32(0, &head).to_le_bytes());
    for before in [4, 8, 12, 16] {
        let at = super::FIRST as usize - before;
        image[at..at + head.len()].copy_from_slice(&head);
        assert!(attempt(&JFFS2, &image).is_none());
    }
    let end = image.len();
    image.extend(&head);
    image[end - 8..end + 4].copy_from_slice(&head);
    assert!(attempt(&JFFS2, &image).is_none());
}

#[test]
fn another_file_system_behind_it_ends_it() {
    const MIB: usize = 1 << 20;
    let node = include_bytes!("../../../../../../fuzz/seeds/jffs2/little");
    let other = include_bytes!("../ubifs/bare.img");
    let mut image = vec![0xFF; 4 * MIB];
    image[..MIB].fill(0);
    image[MIB..MIB + node.len()].copy_from_slice(node);
    // What it has itself at such a place is no other.
    image[MIB + MIB / 2..][..node.len()].copy_from_slice(node);
    image[2 * MIB..2 * MIB + other.len()].copy_from_slice(other);
    image[3 * MIB..3 * MIB + node.len()].copy_from_slice(node);
    let mut names = Vec::new();
    let slots = partitions::found(image.len() as u64, &[], &[], &mut |at| {
        let part = Pieces::part(&image, at, u64::MAX);
        let (_, volume) = probe(&mut Stretch::new(&part))?;
        names.push(volume.name);
        Some(volume.bytes)
    });
    let places: Vec<(u64, u64)> = slots.iter().map(|slot| (slot.start, slot.bytes)).collect();
    assert_eq!(names, ["jffs2", "ubifs", "jffs2"]);
    let mib = MIB as u64;
    assert_eq!((places[0], places[2]), ((mib, mib), (3 * mib, mib)));
    // It begins where an old disk has a partition: blocks of flash begin with its first node.
    let before = 8192;
    let mut part = image[MIB - before..].to_vec();
    part[..before].fill(0xFF);
    let (_, volume) = probe(&mut Stretch::new(&part)).unwrap();
    assert_eq!((volume.name, volume.bytes), ("jffs2", (MIB + before) as u64));
    // Where the other one comes first, the nodes behind it are not its own.
    let (before, behind) = (128 << 10, 64 << 10);
    let mut image = image.split_off(2 * MIB - before);
    image[before + behind..][..node.len()].copy_from_slice(node);
    assert!(attempt(&JFFS2, &image).is_none());
}
