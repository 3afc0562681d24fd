use std::{collections::BTreeMap, fs};

use super::XFS;
use crate::volumes::{
    Content,
    samples::{Mount, Told, attempt, image, noise, run},
};

const SIZE: u64 = 320 << 20;

#[test]
fn live_files_are_exact_and_deleted_ones_keep_their_extents() {
    if leaksweep_peers::need("mkfs.xfs").is_none() {
        return;
    }
    for options in [&["-q"][..], &["-q", "-b", "size=1024", "-n", "size=8192"]] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("image");
        image(&path, SIZE);
        run("mkfs.xfs", &[options, &["-L", "mfp", path.to_str().unwrap()]].concat());
        let Some(mount) = Mount::new("mount", path.to_str().unwrap(), &["-o", "loop"]) else {
            return leaksweep_peers::skip("nobody may mount here");
        };
        let mut files = BTreeMap::new();
        fs::create_dir_all(mount.at("扫描/a")).unwrap();
        fs::create_dir(mount.at("many")).unwrap();
        for at in 0..300 {
            files.insert(format!("many/a long name that fills blocks {at}"), noise(at, 100));
        }
        files.insert("扫描/机密.pdf".into(), noise(501, 70_000));
        files.insert("扫描/a/gone.jpg".into(), noise(502, 40_960));
        files.insert("large".into(), noise(503, 5_000_000));
        for (name, content) in &files {
            fs::write(mount.at(name), content).unwrap();
        }
        std::os::unix::fs::symlink("x/".repeat(200), mount.at("link")).unwrap();
        // What never left the log would leave nothing behind.
        mount.end();
        let Some(mount) = Mount::new("mount", path.to_str().unwrap(), &["-o", "loop"]) else {
            return leaksweep_peers::skip("nobody may mount here");
        };
        let gone = files.remove("扫描/a/gone.jpg").unwrap();
        let name = "many/a long name that fills blocks 150";
        files.remove(name);
        fs::remove_file(mount.at("扫描/a/gone.jpg")).unwrap();
        fs::remove_file(mount.at(name)).unwrap();
        mount.end();
        let told = Told::read(&XFS, &path);
        assert_eq!((told.volume.name, told.volume.label.as_deref()), ("xfs", Some("mfp")));
        told.assert_live(&files);
        assert_eq!(told.content(told.live()["link"]).unwrap(), "x/".repeat(200).as_bytes());
        let deleted = told.deleted();
        assert!(deleted.contains_key(name), "{:?}", deleted.keys());
        // Its size is gone: where it lies is a guess that runs to its last block's end.
        let found = deleted
            .values()
            .any(|named| !named.recorded && told.content(named).as_ref() == Some(&gone));
        assert!(found);
    }
}

#[test]
fn hostile_volumes_end() {
    let seed = include_bytes!("short.img");
    let (named, _) = attempt(&XFS, &seed.to_vec()).unwrap();
    assert_eq!(named[0].path, "a.pdf");
    assert!(matches!(&named[0].content, Content::Runs(runs) if runs.len() == 1));
    for at in 0..seed.len() {
        for byte in [0, 0x7F, 0xFF] {
            let mut image = seed.to_vec();
            image[at] = byte;
            attempt(&XFS, &image);
        }
    }
}

#[test]
fn a_name_whose_inode_is_free_is_deleted() {
    let mut image = include_bytes!("short.img").to_vec();
    let inode = memchr::memmem::find(&image, b"IN\x81\xA4").unwrap();
    image[inode + 2..inode + 4].fill(0);
    let (named, problems) = attempt(&XFS, &image).unwrap();
    assert_eq!(named.len(), 1);
    assert_eq!((named[0].path.as_str(), named[0].deleted), ("a.pdf", true));
    assert_eq!(problems, []);
}

#[test]
fn a_folder_inside_its_inode_that_is_cut_is_told() {
    let mut image = include_bytes!("short.img").to_vec();
    let name = memchr::memmem::find(&image, b"a.pdf").unwrap();
    // How many entries there are.
    image[name - 9] += 1;
    let (named, problems) = attempt(&XFS, &image).unwrap();
    assert_eq!(named[0].path, "a.pdf");
    assert_eq!(problems[0].detail, "parts of its folders cannot be read");
}

#[test]
fn a_name_whose_inode_cannot_be_read_is_told() {
    let mut image = include_bytes!("short.img").to_vec();
    let name = memchr::memmem::find(&image, b"a.pdf").unwrap();
    image[name + 6..name + 10].copy_from_slice(&0x77_u32.to_be_bytes());
    let (named, problems) = attempt(&XFS, &image).unwrap();
    assert_eq!((named[0].path.as_str(), named[0].deleted), ("a.pdf", false));
    assert_eq!(named[0].content, Content::Absent("its inode cannot be read"));
    assert_eq!(problems.len(), 1);
}
