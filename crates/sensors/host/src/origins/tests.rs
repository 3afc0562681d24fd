//! Where files come from, on disks made for it and in roots of real systems.

use std::{fs, os::unix::fs::symlink, path::Path, process::Command};

use super::*;
use crate::{digest, fixture};

const ABC: &str = "900150983cd24fb0d6963f7d28e17f72";
const STATUS: &str = "Package: tool\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\n\
    Conffiles:\n /etc/tool.conf 900150983cd24fb0d6963f7d28e17f72\n /etc/tool.edited \
    900150983cd24fb0d6963f7d28e17f72\n\nPackage: bare\nStatus: install ok installed\nVersion: 1\n\
    Architecture: amd64\n\n";

struct Disk {
    folder: tempfile::TempDir,
}

impl Disk {
    fn new() -> Self {
        let disk = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir_all(disk.folder.path().join("usr/bin")).unwrap();
        disk.link("bin", "usr/bin");
        disk.file("var/lib/dpkg/status", STATUS);
        let list = "/bin/tool\n/usr/bin/changed\n/usr/bin/gone\n/usr/bin/link\n/usr/bin/swapped\n\
            /usr/bin/wrapped\n/etc/tool.conf\n/etc/tool.edited\n/usr/lib/systemd/system/tool.service\n";
        disk.file("var/lib/dpkg/info/tool.list", list);
        let names =
            ["bin/tool", "usr/bin/changed", "usr/bin/gone", "usr/bin/swapped", "usr/bin/wrapped"];
        let sums: String = names.iter().map(|name| format!("{ABC}  {name}\n")).collect();
        let sums = sums + &format!("{ABC}  usr/lib/systemd/system/tool.service\n");
        disk.file("var/lib/dpkg/info/tool.md5sums", &sums);
        disk.file("var/lib/dpkg/info/bare.list", "/usr/bin/bare\n");
        disk
    }

    fn file(&self, path: &str, content: &str) {
        fixture::write(&self.folder.path().join(path), content.as_bytes());
    }

    fn link(&self, path: &str, to: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(to, path).unwrap();
    }

    fn answers(&self, paths: &[&str]) -> Answers {
        let machine = fixture::mounted(self.folder.path());
        let homes = [Home { user: "li".into(), uid: 1000, path: "/home/li".into() }];
        let paths = paths.iter().map(|path| (*path).to_owned()).collect();
        let inquiry = Inquiry::new(&machine, &homes, paths);
        let digests = digest::all(&machine.root, inquiry.jobs(), LARGEST);
        inquiry.settle(&digests)
    }

    fn origin(&self, path: &str) -> Option<&'static str> {
        self.answers(&[path]).of(path).unwrap().origin
    }
}

#[test]
fn a_package_s_file_is_what_its_record_says() {
    let disk = Disk::new();
    disk.file("usr/bin/tool", "abc");
    disk.file("usr/bin/changed", "other");
    disk.file("usr/bin/bare", "abc");
    disk.file("etc/tool.conf", "abc");
    disk.file("etc/tool.edited", "other");
    disk.file("usr/bin/own", "abc");
    let cases = [
        ("/bin/tool", Some("tool"), Some(PACKAGE)),
        ("/usr/bin/tool", Some("tool"), Some(PACKAGE)),
        ("/usr/bin/changed", Some("tool"), Some(CHANGED)),
        ("/usr/bin/gone", Some("tool"), Some(MISSING)),
        ("/usr/bin/bare", Some("bare"), Some(UNRECORDED)),
        ("/etc/tool.conf", Some("tool"), Some(CONFIGURATION)),
        ("/etc/tool.edited", Some("tool"), Some(EDITED)),
        ("/usr/bin/own", None, Some(FOREIGN)),
        ("/usr/bin/nothing", None, None),
        ("word", None, None),
        ("/usr/bin", None, None),
    ];
    let answers = disk.answers(&cases.map(|(path, ..)| path));
    for (path, package, origin) in cases {
        let answer = answers.of(path).unwrap();
        assert_eq!((answer.package.as_deref(), answer.origin), (package, origin), "{path}");
    }
    let recorded = answers.of("/usr/bin/changed").unwrap().recorded.clone();
    assert_eq!(recorded.as_deref(), Some("md5:900150983cd24fb0d6963f7d28e17f72"));
    assert_eq!(answers.of("/usr/bin/tool").unwrap().recorded, None);
}

#[test]
fn a_link_is_what_it_leads_to_only_where_the_system_makes_such_links() {
    let disk = Disk::new();
    disk.file("usr/bin/tool", "abc");
    disk.file("opt/x", "abc");
    disk.file("usr/lib/systemd/system/tool.service", "abc");
    disk.file("var/lib/dpkg/alternatives/editor", "auto\n/usr/bin/editor\n\n/bin/tool\n50\n\n");
    disk.link("usr/bin/editor", "/etc/alternatives/editor");
    disk.link("etc/alternatives/editor", "/bin/tool");
    disk.link("usr/bin/link", "tool");
    disk.link("usr/bin/swapped", "/opt/x");
    disk.link("usr/local/bin/tool", "/usr/bin/tool");
    disk.link(
        "etc/systemd/system/a.target.wants/tool.service",
        "/usr/lib/systemd/system/tool.service",
    );
    disk.link("etc/systemd/system/x.service", "/opt/x");
    disk.link("etc/systemd/system/masked.service", "/dev/null");
    let cases = [
        ("/usr/bin/editor", Some(PACKAGE)),
        ("/etc/alternatives/editor", Some(PACKAGE)),
        ("/usr/bin/link", Some(PACKAGE)),
        // It has the recorded content, which is what dpkg compares.
        ("/usr/bin/swapped", Some(PACKAGE)),
        ("/usr/local/bin/tool", Some(FOREIGN)),
        ("/etc/systemd/system/a.target.wants/tool.service", Some(GENERATED)),
        ("/etc/systemd/system/x.service", Some(FOREIGN)),
        ("/etc/systemd/system/masked.service", Some(GENERATED)),
    ];
    let answers = disk.answers(&cases.map(|(path, _)| path));
    for (path, origin) in cases {
        assert_eq!(answers.of(path).unwrap().origin, origin, "{path}");
    }
    fs::remove_file(disk.folder.path().join("etc/alternatives/editor")).unwrap();
    disk.link("etc/alternatives/editor", "/opt/x");
    assert_eq!(disk.origin("/usr/bin/editor"), Some(FOREIGN));
    disk.file("opt/x", "other");
    assert_eq!(disk.origin("/usr/bin/swapped"), Some(CHANGED));
}

#[test]
fn what_was_put_in_the_place_of_a_diverted_file_is_nobodys() {
    let disk = Disk::new();
    disk.file("var/lib/dpkg/diversions", "/usr/bin/wrapped\n/usr/bin/wrapped.distrib\n:\n");
    disk.file("usr/bin/wrapped.distrib", "abc");
    disk.file("usr/bin/wrapped", "#!/bin/sh\n");
    assert_eq!(disk.origin("/usr/bin/wrapped"), Some(FOREIGN));
    assert_eq!(disk.origin("/usr/bin/wrapped.distrib"), Some(PACKAGE));
}

#[test]
fn what_the_system_makes_is_told_from_what_somebody_planted_there() {
    let disk = Disk::new();
    disk.file(
        "var/lib/dpkg/info/base.list",
        "/etc/skel/.bashrc\n/usr/lib/cups/backend-available/usb\n/boot/vmlinuz-6\n",
    );
    let sums = ["etc/skel/.bashrc", "usr/lib/cups/backend-available/usb", "boot/vmlinuz-6"];
    let sums: String = sums.iter().map(|path| format!("{ABC}  {path}\n")).collect();
    disk.file("var/lib/dpkg/info/base.md5sums", &sums);
    for path in ["etc/skel/.bashrc", "usr/lib/cups/backend-available/usb", "boot/vmlinuz-6"] {
        disk.file(path, "abc");
    }
    disk.file("var/lib/ucf/hashfile", &format!("{ABC}  /etc/ucf.same\n{ABC}  /etc/ucf.other\n"));
    let cases = [
        ("/home/li/.bashrc", "abc", Some(CONFIGURATION)),
        ("/root/.bashrc", "abc", Some(FOREIGN)),
        ("/home/li/.profile", "abc", Some(FOREIGN)),
        ("/usr/lib/cups/backend/usb", "abc", Some(GENERATED)),
        ("/usr/lib/cups/backend/own", "abc", Some(FOREIGN)),
        ("/boot/initrd.img-6", "x", Some(GENERATED)),
        ("/boot/initrd.img-7", "x", Some(FOREIGN)),
        ("/etc/ucf.same", "abc", Some(CONFIGURATION)),
        ("/etc/ucf.other", "x", Some(EDITED)),
        ("/etc/environment", "LANG=C\n", Some(GENERATED)),
        ("/etc/passwd", "x", Some(GENERATED)),
        ("/etc/pam.d/common-auth", "auth sufficient pam_permit.so\n", Some(EDITED)),
    ];
    cases.iter().for_each(|(path, content, _)| disk.file(path.trim_start_matches('/'), content));
    let answers = disk.answers(&cases.map(|(path, ..)| path));
    for (path, _, origin) in cases {
        assert_eq!(answers.of(path).unwrap().origin, origin, "{path}");
    }
    disk.file("home/li/.bashrc", "abc; x");
    disk.file("usr/lib/cups/backend/usb", "abd");
    disk.file("etc/environment", "LD_PRELOAD=/x\n");
    assert_eq!(disk.origin("/home/li/.bashrc"), Some(EDITED));
    assert_eq!(disk.origin("/usr/lib/cups/backend/usb"), Some(FOREIGN));
    assert_eq!(disk.origin("/etc/environment"), Some(EDITED));
    // What it would be compared with is itself no longer the package's.
    disk.file("etc/skel/.bashrc", "abc; x");
    assert_eq!(disk.origin("/home/li/.bashrc"), Some(FOREIGN));
}

#[test]
fn damaged_digests_leave_an_origin_unknown_and_are_told() {
    let disk = Disk::new();
    disk.file("usr/bin/tool", "abc");
    disk.file("var/lib/dpkg/info/tool.md5sums", "nonsense\n");
    let answers = disk.answers(&["/usr/bin/tool"]);
    let answer = answers.of("/usr/bin/tool").unwrap();
    assert_eq!((answer.package.as_deref(), answer.origin), (Some("tool"), None));
    assert_eq!(answers.unread.len(), 1);
    assert!(!answers.unread[0].owners);
}

#[test]
fn hostile_names_and_things_in_the_place_of_files_end_and_are_told() {
    let disk = Disk::new();
    let raw: &std::ffi::OsStr = std::os::unix::ffi::OsStrExt::from_bytes(b"usr/bin/\xffx");
    fs::write(disk.folder.path().join(raw), "x").unwrap();
    disk.file("usr/bin/a\nb", "x");
    disk.link("usr/bin/round", "round");
    fs::create_dir(disk.folder.path().join("usr/bin/tool")).unwrap();
    let pipe = disk.folder.path().join("usr/bin/changed");
    let mode = rustix::fs::Mode::RUSR;
    rustix::fs::mknodat(rustix::fs::CWD, pipe, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    fs::create_dir(disk.folder.path().join("var/lib/dpkg/info/bare.md5sums")).unwrap();
    disk.file("usr/bin/bare", "x");
    assert_eq!(disk.origin("/usr/bin/\\xffx"), Some(FOREIGN));
    assert_eq!(disk.origin("/usr/bin/a\nb"), Some(FOREIGN));
    assert_eq!(disk.origin("/usr/bin/round"), Some(FOREIGN));
    assert_eq!(disk.origin("/usr/bin/tool"), None);
    assert_eq!(disk.origin("/usr/bin/changed"), None);
    let answers = disk.answers(&["/usr/bin/bare"]);
    assert_eq!(answers.unread.len(), 1);
    assert_eq!(answers.of("/usr/bin/bare").unwrap().origin, None);
}

#[test]
fn a_whole_comparison_finds_what_is_changed_edited_or_gone() {
    let disk = Disk::new();
    disk.file("usr/bin/tool", "abc");
    disk.file("usr/bin/changed", "other");
    fs::create_dir(disk.folder.path().join("usr/bin/swapped")).unwrap();
    disk.file("var/lib/dpkg/diversions", "/usr/bin/wrapped\n/usr/bin/wrapped.distrib\n:\n");
    disk.file("usr/bin/wrapped.distrib", "abc");
    disk.file("etc/tool.conf", "abc");
    disk.file("etc/tool.edited", "other");
    disk.file("etc/dpkg/dpkg.cfg.d/slim", "path-exclude=/usr/lib/systemd/*\n");
    let machine = fixture::mounted(disk.folder.path());
    let progress = deep::Progress::default();
    let odd = deep::look(&machine, &progress);
    assert_eq!(odd.problems, []);
    let expected = ["/etc/tool.edited", "/usr/bin/changed", "/usr/bin/gone", "/usr/bin/swapped"];
    assert_eq!(odd.paths, expected.map(Path::new));
    assert_eq!(progress.bytes(), 3 + 5 + 3 + 3 + 5);
    assert_eq!(progress.read(), 3 + 5 + 3 + 3 + 5);
}

/// What `dpkg --verify` says of a root, without configuration.
fn dpkg_says(root: &Path) -> Option<BTreeSet<String>> {
    if !Path::new("/usr/bin/dpkg").exists() {
        leaksweep_peers::skip("only Debian and its kin have dpkg");
        return None;
    }
    let output = Command::new("dpkg").arg("--root").arg(root).arg("--verify").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let paths = text.lines().filter_map(|line| line.split_once(" /"));
    Some(paths.map(|(_, path)| format!("/{path}")).collect())
}

#[test]
fn a_whole_comparison_of_a_real_root_says_what_dpkg_says() {
    let Some(root) = leaksweep_peers::root("fresh") else { return };
    let Some(expected) = dpkg_says(&root) else { return };
    let odd = deep::look(&fixture::mounted(&root), &deep::Progress::default());
    assert_eq!(odd.problems, []);
    let found = odd.paths.iter().map(|path| path.display().to_string());
    assert_eq!(found.collect::<BTreeSet<_>>(), expected);
}
