use std::{collections::BTreeMap, fs};

use leaksweep_peers::need;

use super::SQUASHFS;
use crate::volumes::{
    Content, What,
    samples::{Told, noise, run},
};

fn text(lines: usize) -> Vec<u8> {
    (0..lines).flat_map(|line| format!("{line} 机密 {}\n", line * 31).into_bytes()).collect()
}

#[test]
fn every_packer_is_undone() {
    if need("mksquashfs").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let top = folder.path().join("top");
    let mut files = BTreeMap::new();
    for number in 0..300 {
        files.insert(format!("etc/配置/file {number}.conf"), text(number));
    }
    for number in 0..20 {
        files.insert(format!("data/{number}.jpg"), noise(number, 30_000 * number as usize));
    }
    files.insert("long.txt".into(), text(60_000));
    files.insert("holes".into(), [vec![0; 1 << 20], text(9), vec![0; 300_000]].concat());
    files.insert("empty".into(), Vec::new());
    for (path, content) in &files {
        let path = top.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    std::os::unix::fs::symlink("/etc/配置", top.join("link")).unwrap();
    let image = folder.path().join("image");
    let (from, to) = (top.to_str().unwrap(), image.to_str().unwrap());
    for packer in ["gzip", "xz", "lzo", "lz4", "zstd", "lzma"] {
        for block in ["131072", "4096"] {
            let options = ["-noappend", "-quiet", "-no-progress", "-force-uid", "77", "-b", block];
            run("mksquashfs", &[&[from, to][..], &options, &["-comp", packer]].concat());
            let told = Told::read(&SQUASHFS, &image);
            told.assert_live(&files);
            assert_eq!(told.problems, []);
            let live = told.live();
            assert_eq!((live["link"].what, live["link"].owner), (What::Link, Some(77)));
            assert_eq!(live["link"].content, Content::Held("/etc/配置".into()));
            assert!(live["long.txt"].modified.is_some_and(|time| time > 1_600_000_000));
            assert!(matches!(live["long.txt"].content, Content::Held(_)));
            assert!(matches!(live["data/19.jpg"].content, Content::Runs(_)), "{packer}");
        }
    }
}

/// A small volume with something of everything, for mutation; with its tables in the clear, so that mutations get far.
pub fn sample(packer: &str, options: &[&str]) -> Option<Vec<u8>> {
    need("mksquashfs")?;
    let folder = tempfile::tempdir().unwrap();
    let (top, image) = (folder.path().join("top"), folder.path().join("image"));
    for number in 0..30 {
        let path = top.join(format!("f{}/{number}.txt", number % 4));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text(number * 9)).unwrap();
    }
    std::os::unix::fs::symlink("f1/9.txt", top.join("link")).unwrap();
    let (from, to) = (top.to_str().unwrap(), image.to_str().unwrap());
    let common = ["-noappend", "-quiet", "-no-progress", "-b", "4096", "-comp", packer];
    run("mksquashfs", &[&[from, to][..], &common, options].concat());
    fs::read(image).ok()
}
