use std::os::unix::fs::{PermissionsExt, chown, lchown, symlink};

use super::*;
use crate::{accounts, machine::Machine};

/// A disk with the accounts alice (1000, own group) and bob (1001, in users).
fn disk() -> (tempfile::TempDir, Machine) {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, content: &str| std::fs::write(folder.path().join(path), content);
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
    std::fs::create_dir_all(folder.path().join("etc")).unwrap();
    write("etc/passwd", "alice:*:1000:1000:::\nbob:*:1001:100:::\n").unwrap();
    write("etc/group", "root:x:0:\nusers:x:100:alice\nalice:x:1000:\nstaff:x:50:\n").unwrap();
    let machine = Machine::mounted(folder.path()).unwrap();
    (folder, machine)
}

fn make(folder: &tempfile::TempDir, path: &str, owner: (u32, u32), mode: u32) {
    let path = folder.path().join(path);
    if mode & 0o40000 != 0 {
        std::fs::create_dir_all(&path).unwrap();
    } else {
        std::fs::write(&path, "").unwrap();
    }
    chown(&path, Some(owner.0), Some(owner.1)).unwrap();
    std::fs::set_permissions(&path, PermissionsExt::from_mode(mode & 0o7777)).unwrap();
}

fn is_root() -> bool {
    if rustix::process::geteuid().is_root() {
        return true;
    }
    leaksweep_peers::skip("only root can give files to others");
    false
}

#[test]
fn the_worst_of_the_way_decides() {
    if !is_root() {
        return;
    }
    let (folder, machine) = disk();
    make(&folder, "opt", (0, 0), 0o40755);
    make(&folder, "opt/fine", (0, 0), 0o755);
    make(&folder, "opt/alices", (1000, 1000), 0o755);
    make(&folder, "opt/alices-group", (1000, 1000), 0o775);
    make(&folder, "opt/root-group", (0, 0), 0o775);
    make(&folder, "opt/staff", (0, 50), 0o775);
    make(&folder, "opt/bobs-users", (1001, 100), 0o775);
    make(&folder, "opt/open", (1000, 100), 0o777);
    make(&folder, "opt/unknown", (4711, 0), 0o755);
    make(&folder, "open", (0, 0), 0o40777);
    make(&folder, "open/deep", (0, 0), 0o40755);
    make(&folder, "open/deep/program", (0, 0), 0o755);
    make(&folder, "tmp", (0, 0), 0o41777);
    make(&folder, "tmp/roots", (0, 0), 0o755);
    make(&folder, "tmp/bobs", (1001, 0), 0o755);
    let cases: [(&str, Option<u32>, Option<&str>); 15] = [
        ("/opt/fine", None, None),
        ("/opt/alices", None, Some("user alice")),
        ("/opt/alices", Some(1000), None),
        ("/opt/alices", Some(1001), Some("user alice")),
        ("/opt/alices-group", None, Some("user alice")),
        ("/opt/alices-group", Some(1000), None),
        ("/opt/root-group", None, None),
        ("/opt/staff", None, Some("group staff")),
        ("/opt/bobs-users", Some(1001), Some("group users")),
        ("/opt/open", Some(1000), Some("everyone")),
        ("/opt/unknown", None, Some("user 4711")),
        ("/open/deep/program", None, Some("everyone")),
        ("/tmp/roots", None, None),
        ("/tmp/bobs", None, Some("user bob")),
        ("/tmp/absent", None, Some("everyone")),
    ];
    let names = accounts::collect(&machine).names;
    let mut judge = Judge::new(&machine.root, &names);
    for (path, trusted, expected) in cases {
        let found = judge.by(Path::new(path), trusted).unwrap();
        assert_eq!(found.as_deref(), expected, "{path} {trusted:?}");
    }
}

#[test]
fn a_link_counts_with_its_own_folder() {
    if !is_root() {
        return;
    }
    let (folder, machine) = disk();
    make(&folder, "usr", (0, 0), 0o40755);
    make(&folder, "usr/program", (0, 0), 0o755);
    make(&folder, "home", (1000, 1000), 0o40755);
    make(&folder, "tmp", (0, 0), 0o41777);
    symlink("/usr/program", folder.path().join("home/link")).unwrap();
    symlink("../home/link", folder.path().join("usr/to-home")).unwrap();
    symlink("program", folder.path().join("usr/plain")).unwrap();
    symlink("/usr/program", folder.path().join("tmp/bobs")).unwrap();
    lchown(folder.path().join("tmp/bobs"), Some(1001), Some(100)).unwrap();
    lchown(folder.path().join("usr/plain"), Some(1001), Some(100)).unwrap();
    let names = accounts::collect(&machine).names;
    let mut judge = Judge::new(&machine.root, &names);
    let mut by = |path: &str| judge.by(Path::new(path), None).unwrap();
    assert_eq!(by("/home/link").as_deref(), Some("user alice"));
    assert_eq!(by("/usr/to-home").as_deref(), Some("user alice"));
    assert_eq!(by("/usr/plain"), None);
    assert_eq!(by("/tmp/bobs").as_deref(), Some("user bob"));
    assert_eq!(by("/../../usr/./program"), None);
}

#[test]
fn a_mask_can_be_changed_by_nobody() {
    let machine = Machine::running().unwrap();
    let names = Names::default();
    assert_eq!(Judge::new(&machine.root, &names).by(Path::new("/dev/null"), None), Ok(None));
}

#[test]
fn a_circle_of_links_ends() {
    let (folder, machine) = disk();
    symlink("/a", folder.path().join("b")).unwrap();
    symlink("b", folder.path().join("a")).unwrap();
    symlink("grow/grow", folder.path().join("grow")).unwrap();
    let names = Names::default();
    let mut judge = Judge::new(&machine.root, &names);
    for path in ["/a", "/b/deeper", "/grow"] {
        let failure = judge.by(Path::new(path), None).unwrap_err();
        assert_eq!(failure.reason, Reason::WrongType, "{path}");
    }
}
