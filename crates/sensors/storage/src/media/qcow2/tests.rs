use std::process::Command;

use super::{super::ewf_content as content, *};

fn qemu(folder: &Path, arguments: &[&str]) {
    let mut command = Command::new("qemu-img");
    let told = command.current_dir(folder).args(arguments).output().unwrap();
    assert!(told.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&told.stderr));
}

fn image(folder: &Path, name: &str) -> Qcow2 {
    let path = folder.join(name);
    let file = files::plain(&path).unwrap();
    let len = files::length(&file).unwrap();
    Qcow2::open(&path, None, Box::new(Patient::file(file, len))).unwrap()
}

fn assert_reads(image: &Qcow2, bytes: &[u8], what: &str) {
    assert_eq!(image.len(), bytes.len() as u64);
    let mut read = vec![0xAA; bytes.len()];
    image.read(0, &mut read, &mut |run| panic!("{what}: lost {run:?}"));
    assert!(read == bytes, "{what}");
    for (at, count) in [(0, 1), (65_535, 2), (70_000, 300_000), (bytes.len() - 3, 3)] {
        let mut piece = vec![0xAA; count];
        image.read(at as u64, &mut piece, &mut |run| panic!("{what}: lost {run:?}"));
        assert!(piece == bytes[at..at + count], "{what} {at}");
    }
    let mut at = 0;
    while at < image.len() {
        let gap = image.gap(at, image.len());
        let end = gap.map_or(at + 512, |gap| gap.end);
        let zeros = || bytes[at as usize..end as usize].iter().all(|byte| *byte == 0);
        assert!(gap.is_none_or(|gap| !gap.lost && zeros()), "{what} {at}");
        at = end;
    }
}

#[test]
fn images_of_every_form_read_as_what_was_converted() {
    if leaksweep_peers::need("qemu-img").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut bytes = content(3 << 20);
    bytes.resize(9 << 20, 0);
    bytes[8 << 20..][..5].copy_from_slice(b"hello");
    std::fs::write(folder.path().join("raw"), &bytes).unwrap();
    for options in [
        "compat=0.10",
        "compat=1.1",
        "cluster_size=512",
        "cluster_size=2M",
        "extended_l2=on",
        "compression_type=zstd",
        "preallocation=metadata",
    ] {
        for packed in [false, true] {
            if packed && options == "preallocation=metadata" {
                continue;
            }
            let mut arguments = vec!["convert", "-O", "qcow2", "-o", options, "raw", "image"];
            if packed {
                arguments.insert(1, "-c");
            }
            qemu(folder.path(), &arguments);
            assert_reads(&image(folder.path(), "image"), &bytes, &format!("{options} {packed}"));
        }
    }
    qemu(folder.path(), &["convert", "-O", "qcow2", "raw", "image"]);
    let gap = image(folder.path(), "image").gap(4 << 20, 5 << 20);
    assert!(gap.is_some_and(|gap| gap.end >= 5 << 20), "{gap:?}");
}

#[test]
fn a_backing_file_is_followed_only_beside_the_image() {
    if leaksweep_peers::need("qemu-img").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut bytes = content(1 << 20);
    std::fs::write(folder.path().join("raw"), &bytes).unwrap();
    qemu(folder.path(), &["create", "-q", "-f", "qcow2", "-b", "raw", "-F", "raw", "middle", "2M"]);
    qemu(folder.path(), &["create", "-q", "-f", "qcow2", "-b", "middle", "-F", "qcow2", "top"]);
    bytes.resize(2 << 20, 0);
    assert_reads(&image(folder.path(), "top"), &bytes, "chain");
    let on = |name: &str| backing(&folder.path().join(name)).collect::<Vec<_>>();
    assert_eq!(on("top"), ["middle", "raw"].map(|name| folder.path().join(name)));
    assert_eq!((on("raw").len(), on("absent").len()), (0, 0));
    let away = folder.path().join("raw").to_str().unwrap().to_owned();
    qemu(folder.path(), &["create", "-q", "-f", "qcow2", "-b", &away, "-F", "raw", "far"]);
    let far = image(folder.path(), "far");
    let mut lost = 0;
    far.read(0, &mut vec![0; 1 << 20], &mut |run| lost += run.bytes);
    assert_eq!((lost, far.gap(0, 1)), (1 << 20, Some(Gap::lost(1 << 20))));
    assert!(far.about().notes.text().unwrap().contains("only what changed since"));
    assert!(on("far").is_empty());
}

/// Of eight images on top of each other that hold nothing.
#[test]
fn a_long_chain_is_passed_at_once() {
    if leaksweep_peers::need("qemu-img").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let options = "cluster_size=512,preallocation=off";
    qemu(folder.path(), &["create", "-q", "-f", "qcow2", "-o", options, "0", "64M"]);
    for number in 1..8 {
        let (below, name) = ((number - 1).to_string(), number.to_string());
        let made = ["create", "-q", "-f", "qcow2", "-o", "cluster_size=512", "-b", &below];
        qemu(folder.path(), &[&made[..], &["-F", "qcow2", &name]].concat());
        // A table, and one cluster of zeros in it.
        let at = format!("write -z {} 512", number * 4096);
        let mut writer = Command::new("qemu-io");
        let told = writer.current_dir(&folder).args(["-c", &at, &name]).output().unwrap();
        assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    }
    let image = image(folder.path(), "7");
    let (mut at, mut turns) = (0, 0);
    while at < image.len() {
        let gap = image.gap(at, at + (1 << 20)).unwrap();
        assert!(!gap.lost);
        (at, turns) = (gap.end, turns + 1);
    }
    assert!(turns <= 64, "{turns}");
}

/// An image of tables alone: so many entries of the first one lead to one table, which has this entry throughout, and each of the later
/// ones to a table of its own, with that.
fn of_tables(first: usize, entry: u64, later: &[u64]) -> Vec<u8> {
    let mut image = vec![0; 1 << 16];
    let entries = first + later.len();
    image[..4].copy_from_slice(MAGIC);
    for (at, number) in [(4, 3), (20, 16), (36, entries as u32), (100, 104)] {
        image[at..at + 4].copy_from_slice(&number.to_be_bytes());
    }
    for (at, number) in [(24, entries as u64 * TABLE_BYTES), (40, 1 << 16)] {
        image[at..at + 8].copy_from_slice(&number.to_be_bytes());
    }
    let begins = (image.len() + entries * 8).next_multiple_of(1 << 16);
    let places = (0..first as u64).map(|_| 0).chain(1..).take(entries);
    image.extend(places.flat_map(|place| (begins as u64 + (place << 16)).to_be_bytes()));
    image.resize(begins, 0);
    for entry in [&[entry], later].concat() {
        image.extend(entry.to_be_bytes().repeat(8192));
    }
    image
}

/// What one table has.
const TABLE_BYTES: u64 = 1 << 29;

#[test]
fn a_table_of_zeros_that_is_named_often_is_passed_at_once() {
    let image = Qcow2::single(Box::new(of_tables(1 << 16, 1, &[0, 1 << 16]))).unwrap();
    let one = |at| image.gap_of_one(at, u64::MAX, &mut None);
    let often = TABLE_BYTES << 16;
    for at in [0, 65_536 * 3 + 5, often - 1] {
        assert_eq!(one(at), Some(Gap::zeros(at / TABLE_BYTES * TABLE_BYTES + TABLE_BYTES)));
    }
    assert_eq!(image.gap(7, u64::MAX), Some(Gap::zeros(often + TABLE_BYTES)));
    assert_eq!(one(often + TABLE_BYTES), None);
}

#[test]
fn a_table_that_is_lost_is_passed_at_once_and_one_with_data_is_not() {
    let mut bytes = of_tables(1, 0, &[]);
    let last = bytes.len() - 8;
    bytes[last..].copy_from_slice(&65_536_u64.to_be_bytes());
    let image = Qcow2::single(Box::new(bytes.clone())).unwrap();
    let end = TABLE_BYTES - 65_536;
    assert_eq!(image.gap_of_one(0, u64::MAX, &mut None), Some(Gap::zeros(65_536)));
    assert_eq!((image.gap(0, u64::MAX), image.gap(end, u64::MAX)), (Some(Gap::zeros(end)), None));
    bytes.truncate(2 << 16);
    let image = Qcow2::single(Box::new(bytes)).unwrap();
    assert_eq!(image.gap_of_one(65_536, u64::MAX, &mut None), Some(Gap::lost(TABLE_BYTES)));
}

#[test]
fn a_name_below_that_cannot_be_read_is_no_hole() {
    if leaksweep_peers::need("qemu-img").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    qemu(folder.path(), &["create", "-q", "-f", "qcow2", "image", "1M"]);
    let path = folder.path().join("image");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[8..16].copy_from_slice(&(1_u64 << 40).to_be_bytes());
    bytes[16..20].copy_from_slice(&9_u32.to_be_bytes());
    std::fs::write(&path, &bytes).unwrap();
    let image = image(folder.path(), "image");
    assert_eq!(image.gap(0, 1), Some(Gap::lost(1 << 20)));
    assert!(image.about().notes.text().unwrap().contains("name cannot be read"));
}

#[test]
fn an_encrypted_image_is_locked_and_never_blank() {
    if leaksweep_peers::need("qemu-img").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let options = "encrypt.format=luks,encrypt.key-secret=key,encrypt.iter-time=10";
    let secret = "secret,id=key,data=abc";
    qemu(
        folder.path(),
        &["create", "-q", "--object", secret, "-f", "qcow2", "-o", options, "image", "1M"],
    );
    let image = image(folder.path(), "image");
    assert_eq!((image.about().access, image.about().password), (Access::Locked, Some(true)));
    let mut lost = 0;
    image.read(0, &mut [0; 4096], &mut |run| lost += run.bytes);
    assert_eq!((lost, image.gap(0, 4096)), (4096, Some(Gap::lost(1 << 20))));
}

#[test]
fn any_damage_is_survived() {
    if leaksweep_peers::need("qemu-img").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("raw"), content(200_000 / 512 * 512)).unwrap();
    let options = "cluster_size=4096";
    qemu(folder.path(), &["convert", "-c", "-O", "qcow2", "-o", options, "raw", "image"]);
    let whole = std::fs::read(folder.path().join("image")).unwrap();
    let mut seed = 5_u64;
    let mut chance = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) as usize % below
    };
    for round in 0..400 {
        let mut image = whole.clone();
        for _ in 0..4 {
            let at = chance(if round % 2 == 0 { 112 } else { image.len() });
            image[at] = [0, 0xFF, image[at] ^ 1][chance(3)];
        }
        image.truncate(if chance(3) == 0 { chance(whole.len()) } else { whole.len() });
        crate::parsers::media_qcow2(&image);
    }
}
