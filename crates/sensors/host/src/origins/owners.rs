//! Who owns what.

use std::{fs, os::unix::fs::symlink, path::Path, time::Instant};

use super::*;
use crate::packages::{self, rpm};

fn machine(lists: &[(&str, &str)], diversions: &str) -> (tempfile::TempDir, Machine) {
    let folder = tempfile::tempdir().unwrap();
    let info = folder.path().join("var/lib/dpkg/info");
    fs::create_dir_all(&info).unwrap();
    for (name, content) in lists {
        fs::write(info.join(name), content).unwrap();
    }
    fs::write(folder.path().join("var/lib/dpkg/diversions"), diversions).unwrap();
    fs::write(folder.path().join("var/lib/dpkg/status"), "\n").unwrap();
    let machine = crate::fixture::mounted(folder.path());
    (folder, machine)
}

fn ask(machine: &Machine, path: &str) -> Option<String> {
    owners(machine, &[path.to_owned()]).0.remove(path)
}

#[test]
fn a_merged_usr_is_seen_through_in_both_directions() {
    let lists = [("coreutils.list", "/bin/sleep\n"), ("bash:amd64.list", "/usr/bin/bash\n")];
    let (folder, machine) = machine(&lists, "");
    fs::create_dir_all(folder.path().join("usr/bin")).unwrap();
    symlink("usr/bin", folder.path().join("bin")).unwrap();
    for path in ["/bin/sleep", "/usr/bin/sleep"] {
        assert_eq!(ask(&machine, path).as_deref(), Some("coreutils"), "{path}");
    }
    for path in ["/bin/bash", "/usr/bin/bash"] {
        assert_eq!(ask(&machine, path).as_deref(), Some("bash"), "{path}");
    }
}

#[test]
fn a_diverted_file_belongs_to_whom_it_belongs() {
    let lists = [("a.list", "/x\n"), ("b.list", "/x\n")];
    let (_folder, machine) = machine(&lists, "/x\n/x.old\nb\n");
    assert_eq!(ask(&machine, "/x").as_deref(), Some("b"));
    assert_eq!(ask(&machine, "/x.old").as_deref(), Some("a"));
}

#[test]
fn a_link_that_nobody_owns_has_its_targets_owner() {
    let (folder, machine) = machine(&[("vim.list", "/vim\n/own\n"), ("o.list", "/other\n")], "");
    fs::write(folder.path().join("vim"), "").unwrap();
    fs::write(folder.path().join("other"), "").unwrap();
    symlink("/vim", folder.path().join("vi")).unwrap();
    symlink("/other", folder.path().join("own")).unwrap();
    assert_eq!(ask(&machine, "/vi").as_deref(), Some("vim"));
    assert_eq!(ask(&machine, "/own").as_deref(), Some("vim"));
    assert_eq!(ask(&machine, "/nobody"), None);
}

#[test]
fn a_damaged_record_is_told_and_nobody_is_foreign_then() {
    let cases = [("/a\n/b", ""), ("nonsense\n", ""), ("/a\n", "/a\n/b\n")];
    for (list, diversions) in cases {
        let (folder, machine) = machine(&[("a.list", list)], diversions);
        fs::write(folder.path().join("x"), "").unwrap();
        let answers =
            Inquiry::new(&machine, &[], BTreeSet::from(["/x".to_owned()])).settle(&Digests::new());
        assert_eq!(answers.unread.len(), 1, "{list:?} {diversions:?}");
        assert_eq!(answers.of("/x").unwrap().origin, None);
    }
}

#[test]
fn an_installed_package_without_its_list_is_a_problem() {
    let stanza = |name: &str, state: &str| {
        format!("Package: {name}\nStatus: install ok {state}\nVersion: 1\nArchitecture: amd64\n\n")
    };
    let (folder, machine) = machine(&[("a.list", "/a\n"), ("b:amd64.list", "/b\n")], "");
    let status = folder.path().join("var/lib/dpkg/status");
    let sound = ["a", "b"].map(|name| stanza(name, "installed")).concat();
    let cases = [
        (sound.clone(), None),
        (sound.clone() + &stanza("c", "config-files"), None),
        (
            sound.clone() + &stanza("c", "installed"),
            Some("packages without a list of files: 1, the first is c"),
        ),
        (sound + "Package: c\n", Some("a stanza without")),
    ];
    for (content, expected) in cases {
        fs::write(&status, &content).unwrap();
        let unread = Inquiry::new(&machine, &[], BTreeSet::new()).settle(&Digests::new()).unread;
        let first = unread.first().map(|unread| unread.failure.detail.as_str());
        assert_eq!(first.is_some(), expected.is_some(), "{content}");
        assert!(first.unwrap_or_default().starts_with(expected.unwrap_or_default()), "{first:?}");
    }
}

#[test]
fn an_rpm_database_that_cannot_be_read_is_a_problem() {
    let (folder, machine) = machine(&[], "");
    fs::create_dir_all(folder.path().join("var/lib/rpm")).unwrap();
    fs::write(folder.path().join("var/lib/rpm/rpmdb.sqlite"), "").unwrap();
    assert_eq!(owners(&machine, &[]).1, 1);
    assert_eq!(rpm::collect(&machine).problems.len(), 1);
}

#[test]
fn this_machines_programs_have_owners() {
    if !Path::new("/var/lib/dpkg/status").exists() {
        return leaksweep_peers::skip("only Debian and its kin have dpkg");
    }
    let machine = Machine::running().unwrap();
    let paths = ["/bin/sleep", "/usr/bin/sleep", "/usr/bin/dpkg"].map(str::to_owned);
    let started = Instant::now();
    let (owners, unread) = owners(&machine, &paths);
    eprintln!("owners: {:?}", started.elapsed());
    assert_eq!(unread, 0);
    assert_eq!(owners["/bin/sleep"], "coreutils");
    assert_eq!(owners["/usr/bin/sleep"], "coreutils");
    assert_eq!(owners["/usr/bin/dpkg"], "dpkg");
}

#[test]
fn where_no_package_manager_left_records_no_owner_is_known() {
    let (folder, machine) = machine(&[], "");
    assert_eq!(owners(&machine, &[]).1, 0);
    fs::remove_file(folder.path().join("var/lib/dpkg/status")).unwrap();
    fs::write(folder.path().join("x"), "").unwrap();
    let answers =
        Inquiry::new(&machine, &[], BTreeSet::from(["/x".to_owned()])).settle(&Digests::new());
    assert_eq!(answers.unread[0].subject, packages::MANAGERS);
    assert_eq!(answers.of("/x"), Some(&Answer::default()));
}
