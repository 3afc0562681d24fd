use std::{collections::BTreeMap, fs, path::Path};

use super::{UBI, UBIFS};
use crate::volumes::samples::{Told, attempt, noise, run};

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
