use std::os::unix::fs::symlink;

use super::*;

fn root_with(build: impl Fn(&Path)) -> (tempfile::TempDir, Root) {
    let folder = tempfile::tempdir().unwrap();
    build(folder.path());
    let root = Root::open(folder.path()).unwrap();
    (folder, root)
}

/// The same question to the kernel's resolution and to ours.
fn both_ways(root: &Root, path: &str) -> [Result<OwnedFd, Failure>; 2] {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    [
        root.open_at(Path::new(path), flags),
        walk::open(&root.folder, inside(Path::new(path)), flags).map_err(Failure::from),
    ]
}

#[test]
fn no_link_leads_out() {
    let (_folder, root) = root_with(|path| {
        std::fs::create_dir(path.join("etc")).unwrap();
        std::fs::write(path.join("etc/hostname"), "inside").unwrap();
        symlink("/etc/hostname", path.join("absolute")).unwrap();
        symlink("../../../../../../etc/hostname", path.join("climbing")).unwrap();
        symlink("/proc/self/environ", path.join("foreign")).unwrap();
    });
    for name in ["absolute", "climbing", "../../etc/hostname"] {
        assert_eq!(root.read(name, 100).unwrap(), b"inside", "{name}");
        for file in both_ways(&root, name) {
            assert_eq!(std::io::read_to_string(File::from(file.unwrap())).unwrap(), "inside");
        }
    }
    for found in both_ways(&root, "foreign") {
        assert!(found.unwrap_err().is_absence());
    }
}

#[test]
fn what_is_no_plain_file_is_not_read_and_does_not_hang() {
    let (_folder, root) = root_with(|path| {
        let mode = Mode::RUSR | Mode::WUSR;
        fs::mknodat(fs::CWD, path.join("pipe"), FileType::Fifo, mode, 0).unwrap();
        symlink("circle", path.join("circle")).unwrap();
        std::fs::create_dir(path.join("folder")).unwrap();
    });
    for name in ["pipe", "circle", "folder"] {
        assert_eq!(root.read(name, 100).unwrap_err().reason, Reason::WrongType, "{name}");
    }
    for found in both_ways(&root, "circle") {
        assert_eq!(found.unwrap_err().reason, Reason::WrongType);
    }
}

#[test]
fn a_read_is_capped() {
    let (_folder, root) = root_with(|path| {
        std::fs::write(path.join("exact"), [b'x'; 100]).unwrap();
        let sparse = File::create(path.join("huge")).unwrap();
        sparse.set_len(1 << 40).unwrap();
    });
    assert_eq!(root.read("exact", 100).unwrap().len(), 100);
    assert_eq!(root.read("exact", 99).unwrap_err().reason, Reason::TooLarge);
    assert_eq!(root.read("huge", 100).unwrap_err().reason, Reason::TooLarge);
    assert_eq!(root.read_if_there("absent", 100), Ok(None));
}

#[test]
fn a_path_is_resolved_as_the_root_calls_it() {
    let (_folder, root) = root_with(|path| {
        std::fs::create_dir_all(path.join("usr/bin")).unwrap();
        std::fs::write(path.join("usr/bin/dash"), "").unwrap();
        symlink("/usr/bin", path.join("bin")).unwrap();
        symlink("dash", path.join("usr/bin/sh")).unwrap();
    });
    assert_eq!(root.resolve("/bin/sh").unwrap(), Path::new("/usr/bin/dash"));
    assert_eq!(root.resolve("/").unwrap(), Path::new("/"));
    assert_eq!(root.link("/bin/sh").unwrap(), Path::new("dash"));
    assert!(root.resolve("/bin/absent").unwrap_err().is_absence());
}

#[test]
fn the_end_of_a_large_file_begins_at_a_whole_step() {
    let (_folder, root) = root_with(|path| {
        std::fs::write(path.join("log"), "aaabbbcccd").unwrap();
    });
    assert_eq!(root.tail("log", 100, 3).unwrap(), (b"aaabbbcccd".to_vec(), 0));
    assert_eq!(root.tail("log", 8, 3).unwrap(), (b"bbbcccd".to_vec(), 3));
    assert_eq!(root.tail("log", 3, 3).unwrap(), (b"d".to_vec(), 9));
    assert!(!root.is_immutable("log").unwrap());
}

#[test]
fn a_large_folder_is_listed_whole_and_a_visit_that_has_enough_says_whether_there_is_more() {
    let names: Vec<String> = (0..2000).map(|number| format!("{number:040}")).collect();
    let (_folder, root) = root_with(|folder| {
        names.iter().for_each(|name| std::fs::write(folder.join(name), "").unwrap());
    });
    let listing = root.list("/").unwrap();
    let listed: Vec<_> = listing.entries.iter().map(|entry| entry.name.to_str().unwrap()).collect();
    assert_eq!((listed, listing.cut), (names.iter().map(String::as_str).collect(), false));
    for (most, more) in [(1, true), (1999, true), (2000, false)] {
        let mut seen = 0;
        let visited = root.visit(Path::new("/"), |_, stat| {
            seen += 1;
            assert_eq!(stat()?.st_size, 0);
            Ok(seen < most)
        });
        assert_eq!((visited, seen), (Ok(more), most));
    }
}
