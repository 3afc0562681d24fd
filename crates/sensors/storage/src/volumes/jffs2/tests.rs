use std::{collections::BTreeMap, fs, path::Path};

use super::{super::packed::crc32, JFFS2};
use crate::volumes::samples::{Told, attempt, noise, run};

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
