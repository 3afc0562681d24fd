use std::{collections::BTreeMap, fs, path::Path};

use leaksweep_facts::Reason;

use super::{UBI, UBIFS, nodes::scan};
use crate::volumes::{
    Content,
    packed::crc32,
    samples::{Told, attempt, noise, run},
};

fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    files.insert("a.txt".into(), "机密 ".repeat(9000).into_bytes());
    files.insert("扫描/b.jpg".into(), noise(1, 1_000_000));
    files.insert(
        "扫描/c.dat".into(),
        [noise(2, 300), vec![0; 20_000], b"abab".repeat(2000)].concat(),
    );
    files.insert("empty".into(), Vec::new());
    for at in 0..200 {
        files.insert(format!("many/{at}"), format!("file {at}").into_bytes());
    }
    for (name, content) in &files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    std::os::unix::fs::symlink("a.txt", folder.join("link")).unwrap();
    files
}

fn made(folder: &Path, packer: &str) -> (String, BTreeMap<String, Vec<u8>>) {
    let (top, path) = (folder.join("tree"), folder.join("image"));
    let files = tree(&top);
    let (top, path) = (top.to_str().unwrap(), path.to_str().unwrap().to_owned());
    run(
        "mkfs.ubifs",
        &["-r", top, "-o", &path, "-m", "2048", "-e", "126976", "-c", "200", "-x", packer],
    );
    (path, files)
}

#[test]
fn files_of_all_packers_are_told_with_and_without_the_index() {
    if leaksweep_peers::need("mkfs.ubifs").is_none() {
        return;
    }
    for packer in ["none", "lzo", "zlib", "zstd"] {
        let folder = tempfile::tempdir().unwrap();
        let (path, files) = made(folder.path(), packer);
        let told = Told::read(&UBIFS, Path::new(&path));
        assert_eq!(told.problems, []);
        told.assert_live(&files);
        assert_eq!(told.content(told.live()["link"]).unwrap(), b"a.txt");
        // Without the master nodes there is no index.
        let mut image = fs::read(&path).unwrap();
        image[126_976..126_976 * 3].fill(0xFF);
        let told = Told::of(&UBIFS, image);
        assert_eq!(told.problems.len(), 1);
        told.assert_live(&files);
    }
}

#[test]
fn volumes_of_ubi_are_put_in_order() {
    if leaksweep_peers::need("mkfs.ubifs").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (path, files) = made(folder.path(), "lzo");
    let kernel = folder.path().join("kernel");
    fs::write(&kernel, noise(8, 300_000)).unwrap();
    let part = |name: &str, number: u32, form: &str, image: &str| {
        format!(
            "[{name}]\nmode=ubi\nimage={image}\nvol_id={number}\nvol_type={form}\nvol_name={name}\nvol_size=20MiB\n"
        )
    };
    let plan = folder.path().join("plan");
    let both =
        part("root", 0, "dynamic", &path) + &part("kernel", 1, "static", kernel.to_str().unwrap());
    fs::write(&plan, both).unwrap();
    let out = folder.path().join("ubi");
    let (out, plan) = (out.to_str().unwrap(), plan.to_str().unwrap());
    run("ubinize", &["-o", out, "-m", "2048", "-p", "128KiB", plan]);
    let mut wanted: BTreeMap<String, Vec<u8>> =
        files.into_iter().map(|(name, content)| (format!("root/{name}"), content)).collect();
    wanted.insert("kernel".into(), noise(8, 300_000));
    let mut image = fs::read(out).unwrap();
    let told = Told::of(&UBI, image.clone());
    assert_eq!((told.volume.name, told.volume.label.as_deref()), ("ubifs", Some("root kernel")));
    told.assert_live(&wanted);
    // On a worn chip the blocks stand in any order.
    let (first, second) = image[3 << 17..5 << 17].split_at_mut(1 << 17);
    first.swap_with_slice(second);
    Told::of(&UBI, image).assert_live(&wanted);
}

#[test]
fn a_deleted_name_gives_its_older_nodes() {
    let seed = include_bytes!("bare.img");
    let told = Told::of(&UBIFS, seed.to_vec());
    assert_eq!(told.content(told.live()["a.pdf"]).unwrap(), b"hello hello hello");
    assert_eq!(told.content(told.deleted()["gone"]).unwrap(), b"gone");
    for at in 0..seed.len() {
        let mut image = seed.to_vec();
        image[at] = 0xFF;
        attempt(&UBIFS, &image);
        attempt(&UBI, &image);
    }
}

/// A node with this kind, key and rest behind the key.
fn node(kind: u8, key: [u32; 2], rest: &[u8]) -> Vec<u8> {
    let mut node = super::nodes::MAGIC.to_vec();
    node.resize(24, 0);
    (node[8], node[20]) = (50, kind);
    node.extend(key.iter().flat_map(|half| half.to_le_bytes()));
    node.resize(40, 0);
    node.extend(rest);
    let length = node.len() as u32;
    node[16..20].copy_from_slice(&length.to_le_bytes());
    let sum = crc32(!0, &node[8..]).to_le_bytes();
    node[4..8].copy_from_slice(&sum);
    node.resize(node.len().next_multiple_of(8), 0);
    node
}

/// An inode of five bytes with one link, and its piece.
fn file(number: u32, flags: u8) -> Vec<u8> {
    let mut rest = [0; 120];
    (rest[8], rest[52], rest[65], rest[68]) = (5, 1, 0x81, flags);
    let piece = [&5_u32.to_le_bytes()[..], &[0; 4], b"value"].concat();
    [node(0, [number, 0], &rest), node(1, [number, 1 << 29], &piece)].concat()
}

#[test]
fn values_of_attributes_are_no_files_and_encryption_has_its_own_bit() {
    let told = |files: &[Vec<u8>]| {
        let image = [include_bytes!("bare.img").to_vec(), files.concat()].concat();
        Told::of(&UBIFS, image)
    };
    let plain = told(&[file(99, 0), file(98, 0x20)]);
    let deleted = plain.deleted();
    assert_eq!(plain.content(deleted["?/inode 99"]).unwrap(), b"value");
    assert!(!deleted.contains_key("?/inode 98") && plain.volume.encryption.is_none());
    let encrypted = told(&[file(97, 0x40)]);
    assert_eq!(encrypted.volume.encryption, Some("fscrypt"));
    assert_eq!(encrypted.deleted()["?/inode 97"].content, Content::Absent("encrypted"));
}

#[test]
fn wrong_lengths_that_overlap_are_not_summed_for_ever() {
    let heads = |kind: u8| {
        let mut head = node(kind, [0; 2], &[]);
        head.truncate(24);
        head[16..20].copy_from_slice(&65_536_u32.to_le_bytes());
        [head.repeat(1 << 16), vec![0; 65_536], node(4, [7, 0], &[])].concat()
    };
    let scan = |image: Vec<u8>| {
        let mut seen = Vec::new();
        let whole = scan(&image, image.len() as u64, &mut |head, _| {
            seen.push(head.kind);
            true
        });
        (whole, seen)
    };
    // Only an index may be so long.
    assert_eq!(scan(heads(1)), (true, vec![4]));
    assert_eq!(scan(heads(9)), (false, vec![]));
    let few = [heads(9)[..24 * 16].to_vec(), vec![0; 65_536], node(4, [7, 0], &[])].concat();
    assert_eq!(scan(few), (true, vec![4]));
    let image = [include_bytes!("bare.img").to_vec(), heads(9)].concat();
    let told = Told::of(&UBIFS, image);
    assert!(told.problems.iter().any(|problem| problem.reason == Reason::TooLarge));
    assert_eq!(told.content(told.live()["a.pdf"]).unwrap(), b"hello hello hello");
}

#[test]
fn volumes_of_ubi_have_small_numbers_and_holes() {
    const BLOCK: usize = 4096;
    const STATIC: u32 = 2;
    let sealed = |mut header: Vec<u8>| {
        header.resize(60, 0);
        let sum = crc32(!0, &header).to_be_bytes();
        [header, sum.to_vec()].concat()
    };
    let words =
        |words: &[u32]| words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<u8>>();
    let headed = |header: &[u32], fill: u8| {
        let first = sealed([b"UBI#".to_vec(), words(&[0, 0, 0, 64, 128])].concat());
        let second = sealed([b"UBI!".to_vec(), words(header)].concat());
        [first, second, vec![fill; BLOCK - 128]].concat()
    };
    let block = |volume: u32, number: u32, fill: u8| headed(&[0, volume, number], fill);
    let image = [block(5, 0, 1), block(5, 3, 2), block(200, 0, 3), block(u32::MAX, 1, 4)];
    let told = Told::of(&UBI, image.concat());
    let content = told.content(told.live()["volume 5"]).unwrap();
    let size = BLOCK - 128;
    let wanted = [vec![1; size], vec![0; 2 * size], vec![2; size]].concat();
    assert!(content == wanted && told.all.len() == 1 && told.problems.is_empty());
    assert!(matches!(&told.all[0].content, Content::Runs(runs) if runs.len() == 3));
    // Each says that it has all the blocks there are.
    let image = [block(1, 3, 1), block(2, 3, 2), block(3, 3, 3), block(4, 0, 4)];
    let told = Told::of(&UBI, image.concat());
    let all: u64 = told.all.iter().map(|named| named.bytes).sum();
    assert_eq!((all, told.all.len()), ((4 + 1) * size as u64, 2));
    assert_eq!(told.problems.len(), 1, "{:?}", told.problems);
    assert!(told.content(told.live()["volume 4"]) == Some(vec![4; size]));
    // Of one that is only read: an older copy of a block has no bytes in it.
    let fixed = |number: u32, bytes: u32, order: u32, fill: u8| {
        headed(&[STATIC << 16, 7, number, 0, bytes, 0, 0, 0, 0, 0, order], fill)
    };
    let image = [fixed(0, size as u32, 1, 1), fixed(0, size as u32, 2, 2), fixed(2, 9, 3, 3)];
    let told = Told::of(&UBI, image.concat());
    let wanted = [vec![2; size], vec![0; size], vec![3; 9]].concat();
    assert!(told.content(told.live()["volume 7"]) == Some(wanted));
    assert!(told.problems.is_empty(), "{:?}", told.problems);
}
