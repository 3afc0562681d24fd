use std::process::Command;

use super::*;

fn medium(path: &Path) -> Medium {
    open(&Input::new(path), &Options::default()).unwrap()
}

/// What is wrong, and what to do.
fn fails(path: &Path) -> String {
    let error = open(&Input::new(path), &Options::default()).err().unwrap();
    format!("{error}; {}", error.hint().unwrap_or_default())
}

#[test]
fn a_raw_image_is_read_from_any_thread() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("disk.img");
    let bytes = ewf_content(3_000_000);
    std::fs::write(&path, &bytes).unwrap();
    let medium = medium(&path);
    let about = medium.about();
    assert_eq!((about.form, about.bytes, about.access), (Form::Raw, 3_000_000, Access::Readable));
    std::thread::scope(|scope| {
        for start in [0, 7, 1_000_000] {
            let (medium, bytes) = (&medium, &bytes);
            scope.spawn(move || {
                for at in (start..3_000_000_usize).step_by(70_001) {
                    let mut piece = vec![0; 70_001];
                    let count = medium.read_at(at as u64, &mut piece);
                    assert!(piece[..count] == bytes[at..(at + 70_001).min(bytes.len())]);
                }
            });
        }
    });
    assert_eq!((medium.bad().len(), medium.read_at(3_000_000, &mut [0; 9])), (0, 0));
}

#[test]
fn parts_lie_beside_the_image_and_not_beside_a_link_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let (link, real) = (folder.path().join("link.001"), folder.path().join("real"));
    std::fs::create_dir(&real).unwrap();
    for (name, bytes) in [("a.001", 4096), ("a.002", 512)] {
        std::fs::write(real.join(name), vec![7; bytes]).unwrap();
    }
    std::os::unix::fs::symlink("real/a.001", &link).unwrap();
    let medium = medium(&link);
    assert_eq!((medium.about().form, medium.len()), (Form::Split, 4608));
}

#[test]
fn the_pieces_of_an_image_are_known_by_their_names() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.001", "a.002", "a.txt", "b.E01", "b.E02", "b.E04", "c.img"] {
        std::fs::write(folder.path().join(name), [7; 512]).unwrap();
    }
    std::os::unix::fs::symlink("b.E02", folder.path().join("link")).unwrap();
    let of = |name: &str| -> Vec<String> {
        let pieces = pieces(&folder.path().join(name));
        pieces.iter().map(|at| at.file_name().unwrap().to_string_lossy().into_owned()).collect()
    };
    assert_eq!((of("a.002"), of("link")), (of("a.001"), of("b.E01")));
    assert_eq!(
        (of("a.001"), of("b.E01")),
        (vec!["a.001".into(), "a.002".into()], vec!["b.E01".into(), "b.E02".into()])
    );
    assert!(of("c.img").is_empty() && of("absent").is_empty());
}

/// As git-annex keeps files: each in a folder of its own, and links to them side by side.
fn linked(folder: &Path, name: &str, real: &str, bytes: &[u8]) {
    let place = folder.join("objects").join(real);
    std::fs::create_dir_all(place.parent().unwrap()).unwrap();
    std::fs::write(&place, bytes).unwrap();
    std::os::unix::fs::symlink(&place, folder.join(name)).unwrap();
}

#[test]
fn one_of_many_parts_that_are_links_is_not_taken_for_all() {
    let folder = tempfile::tempdir().unwrap();
    let ewf = [ewf::MAGIC, &[1, 1, 0, 0, 0], &[0; 80]].concat();
    for (name, real, bytes) in [
        ("disk.001", "a/KEY-1", &[7; 4096][..]),
        ("disk.002", "b/KEY-2.002", &[7; 512]),
        ("image.E01", "c/KEY-3", &ewf),
        ("image.E02", "d/KEY-4.E02", &ewf),
    ] {
        linked(folder.path(), name, real, bytes);
    }
    for name in ["disk.001", "disk.002", "image.E01", "image.E02"] {
        let error = fails(&folder.path().join(name));
        assert!(error.contains("is a link to one of the parts"), "{name}: {error}");
    }
    linked(folder.path(), "alone.001", "e/KEY-5", &[7; 4096]);
    assert_eq!(medium(&folder.path().join("alone.001")).about().form, Form::Raw);
    linked(folder.path(), "alone.E01", "f/KEY-6.E01", &ewf);
    let error = fails(&folder.path().join("alone.E01"));
    assert!(!error.contains("is a link"), "{error}");
}

#[test]
fn what_an_image_is_on_top_of_is_looked_for_beside_a_link_too() {
    if leaksweep_peers::need("qemu-img").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("base"), [7; 4096]).unwrap();
    let made = ["create", "-q", "-f", "qcow2", "-b", "base", "-F", "raw", "top"];
    let told = Command::new("qemu-img").current_dir(&folder).args(made).output().unwrap();
    assert!(told.status.success());
    std::fs::create_dir(folder.path().join("real")).unwrap();
    let real = folder.path().join("real/top");
    std::fs::rename(folder.path().join("top"), &real).unwrap();
    std::os::unix::fs::symlink(&real, folder.path().join("link")).unwrap();
    let mut bytes = [0; 4096];
    assert_eq!(medium(&folder.path().join("link")).read_at(0, &mut bytes), 4096);
    assert!(bytes == [7; 4096]);
}

#[test]
fn what_is_no_medium_says_so_and_nothing_waits() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let mode = rustix::fs::Mode::RUSR;
    let kind = rustix::fs::FileType::Fifo;
    rustix::fs::mknodat(rustix::fs::CWD, at("pipe"), kind, mode, 0).unwrap();
    std::fs::write(at("empty"), "").unwrap();
    std::fs::write(at("disk.vmdk"), b"KDMV and more of its head").unwrap();
    for (name, says) in [
        ("pipe", "is a pipe; lead it to standard input"),
        ("empty", "is empty"),
        ("absent", "cannot open"),
        ("disk.vmdk", "is a VMDK disk, which is not read; make a raw image"),
        ("", "is a folder; name the device"),
    ] {
        let error = fails(&at(name));
        assert!(error.contains(says), "{error}");
    }
    assert!(fails(Path::new("/dev/zero")).contains("is a character device"));
}

#[test]
fn a_dump_with_spare_areas_is_told_or_recognised() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chip.bin");
    let page = [vec![b'a'; 2048], vec![0xFF; 64]].concat();
    std::fs::write(&path, page.repeat(64)).unwrap();
    let spare = Spare::Told(Geometry::parse("2048+64").unwrap());
    let options = Options { spare, ..Options::default() };
    let told = open(&Input::new(&path), &options).unwrap();
    assert_eq!((told.about().form, told.len()), (Form::Flash, 2048 * 64));
    let mut bytes = vec![0; 2048 * 64];
    assert_eq!(told.read_at(0, &mut bytes), bytes.len());
    assert!(bytes.iter().all(|byte| *byte == b'a'));
    assert!(told.about().notes.text().unwrap().contains("2048+64"));
    let none = Options { spare: Spare::None, ..Options::default() };
    assert_eq!(open(&Input::new(&path), &none).unwrap().len(), 2112 * 64);
}

#[test]
fn a_loop_device_is_a_device() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("disk.img");
    std::fs::write(&path, ewf_content(1 << 20)).unwrap();
    let told = Command::new("losetup").args(["-r", "-f", "--show"]).arg(&path).output();
    let Ok(told) = told else { return };
    let device = String::from_utf8_lossy(&told.stdout).trim().to_owned();
    if !device.starts_with("/dev/loop") {
        return;
    }
    let opened = open(&Input::new(&device), &Options::default());
    let read = opened.map(|medium| {
        let mut bytes = vec![0; 1 << 20];
        let count = medium.read_at(0, &mut bytes);
        (medium.about().clone(), count, bytes)
    });
    Command::new("losetup").args(["-d", &device]).status().unwrap();
    let (about, count, bytes) = read.unwrap();
    assert!(count == 1 << 20 && bytes == ewf_content(1 << 20));
    assert_eq!((about.form, about.bus, about.sector), (Form::Device, Some("loop"), Some(512)));
    assert!(about.notes.text().unwrap().contains("disk.img"));
}
