use std::{collections::BTreeMap, fs, path::Path};

use leaksweep_peers::need;

use super::ISO9660;
use crate::volumes::{
    Content, What,
    samples::{Told, noise, run},
};

fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for number in 0..40 {
        let path = format!("归档/第{number}卷/A file with a long name {number}.pdf");
        files.insert(path, noise(number, number as usize * 777));
    }
    files.insert("a/b/c/d/e/f/g/h/i/deep.txt".into(), b"deep".to_vec());
    for (path, content) in &files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    files
}

#[test]
fn each_kind_of_name_is_read() {
    if need("genisoimage").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let top = folder.path().join("top");
    let files = tree(&top);
    let image = folder.path().join("disc");
    let (from, to) = (top.to_str().unwrap(), image.to_str().unwrap());
    let make = |options: &[&str]| {
        let common = ["-quiet", "-input-charset", "utf-8", "-V", "ARCHIVE", "-o", to];
        run("genisoimage", &[&common[..], options, &[from]].concat());
        Told::read(&ISO9660, &image)
    };
    let joliet = make(&["-J", "-joliet-long", "-D"]);
    joliet.assert_live(&files);
    std::os::unix::fs::symlink("../归档/x", top.join("a/link")).unwrap();
    let rock = make(&["-R", "-J", "-joliet-long", "-uid", "1234"]);
    rock.assert_live(&files);
    assert_eq!(rock.volume.label.as_deref(), Some("ARCHIVE"));
    assert_eq!(rock.volume.bytes, rock.image.len() as u64);
    assert!(rock.volume.uuid.is_some_and(|uuid| uuid.starts_with("20")));
    let rock = make(&["-R", "-uid", "1234"]);
    let link = rock.live()["a/link"];
    assert_eq!((link.what, link.owner), (What::Link, Some(1234)));
    assert_eq!(link.content, Content::Held("../归档/x".into()));
    assert!(link.modified.is_some_and(|time| time > 1_600_000_000));
    let plain = make(&["-D"]);
    let names: Vec<&str> = plain.live().into_keys().filter(|path| path.ends_with(".PDF")).collect();
    assert_eq!(names.len(), 40, "{names:?}");
}

#[test]
fn files_in_several_extents_are_one() {
    if need("xorriso").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let files = tree(&folder.path().join("top"));
    let image = folder.path().join("disc");
    let (from, to) = (folder.path().join("top"), image.to_str().unwrap());
    run("xorriso", &["-as", "mkisofs", "-quiet", "-R", "-o", to, from.to_str().unwrap()]);
    let mut told = Told::read(&ISO9660, &image);
    told.assert_live(&files);
    // Two records of one name: the first says that the second goes on with it.
    let name = b"A_FILE_W";
    let at = memchr::memmem::find(&told.image, name).unwrap() - 33;
    let length = usize::from(told.image[at]);
    let record = told.image[at..at + length].to_vec();
    let before = told.all.len();
    let end = at + length;
    told.image.copy_within(end..end + 200 - length.min(200), end + length);
    told.image[end..end + length].copy_from_slice(&record);
    told.image[at + 25] |= 0x80;
    let again = Told::of(&ISO9660, told.image);
    assert!(again.all.len() >= before);
    let two = again
        .all
        .iter()
        .filter(|named| matches!(&named.content, Content::Runs(runs) if runs.len() == 2));
    let two: Vec<_> = two.collect();
    assert_eq!(two.len(), 1);
    assert_eq!(two[0].bytes % 777, 0);
}

#[test]
fn a_folder_that_is_too_large_is_told() {
    let Some(mut image) = sample() else { return };
    let before = Told::of(&ISO9660, image.clone());
    let size = 16 * 2048 + 156 + 10;
    image[size..size + 4].copy_from_slice(&(9_u32 << 20).to_le_bytes());
    let after = Told::of(&ISO9660, image);
    assert!(before.problems.is_empty() && after.live().len() >= before.live().len());
    let large = "some of its folders are larger than are read";
    assert!(after.problems.iter().any(|problem| problem.detail == large));
}

/// A small volume with something of everything, for mutation.
pub fn sample() -> Option<Vec<u8>> {
    need("genisoimage")?;
    let folder = tempfile::tempdir().unwrap();
    let (top, image) = (folder.path().join("top"), folder.path().join("disc"));
    tree(&top);
    let (from, to) = (top.to_str().unwrap(), image.to_str().unwrap());
    run("genisoimage", &["-quiet", "-input-charset", "utf-8", "-R", "-J", "-o", to, from]);
    fs::read(image).ok()
}
