use std::{fs, os::unix::fs::symlink};

use leaksweep_facts::Reason;

use super::*;
use crate::fixture::{Fixture, write};

#[test]
fn os_release_is_read_as_a_shell_would() {
    let content = b"# comment\nID=debian\nNAME='Plain $name'\nPRETTY_NAME=\"A \\\"B\\\" \\$c\"\n\
        VERSION_ID=\"12\"\nVERSION_CODENAME=book\\ worm\nID_LIKE=\"a b\"\nSUPPORT_END=2028-06-30\n\
        ID=last\nno assignment\nBUILD_ID=\xff\nVARIANT=\"\n";
    let release = os_release(content);
    assert_eq!(release.id, "last");
    assert_eq!(release.name, "A \"B\" $c");
    assert_eq!(release.version, "12");
    assert_eq!(release.codename, "book worm");
    assert_eq!(release.like, "a b");
    assert_eq!(release.support_ends, Time::parse("2028-06-30"));
    assert_eq!(os_release(b"NAME='Plain $name'").name, "Plain $name");
    assert_eq!(os_release(b"ID=\"").id, "\"");
    assert_eq!(os_release(b"ID=\\").id, "");
}

#[test]
fn versions_are_ordered_by_their_numbers() {
    let ordered =
        ["5.10.0", "6.1.0-9-amd64", "6.1.0-10-amd64", "6.1.0-10-cloud", "6.12", "6.12a", "10"];
    for pair in ordered.windows(2) {
        assert_eq!(changes::by_version(pair[0], pair[1]), std::cmp::Ordering::Less, "{pair:?}");
    }
    let long = "9".repeat(1000);
    assert_eq!(changes::by_version(&long, &format!("00{long}")), std::cmp::Ordering::Equal);
}

#[test]
fn a_mounted_disk_tells_its_system_without_problems() {
    let fixture = Fixture::new();
    let at = |path: &str| fixture.root.join(path);
    write(&at("usr/lib/os-release"), b"ID=fedora\nPRETTY_NAME=\"Fedora 42\"\nVERSION_ID=42\n");
    fs::create_dir(at("etc")).unwrap();
    symlink("/usr/lib/os-release", at("etc/os-release")).unwrap();
    write(&at("etc/hostname"), b"# set by hand\nlab-07\n");
    write(&at("etc/machine-id"), b"0123456789abcdef0123456789abcdef\n");
    write(&at("var/lib/dpkg/status"), b"");
    write(&at("var/lib/apt/lists/deb_InRelease"), b"");
    write(&at("run/reboot-required"), b"");
    write(&at("lib64/ld-linux-x86-64.so.2"), b"");
    for kernel in ["6.1.0-9-amd64", "6.1.0-25-amd64", "extra"] {
        fs::create_dir_all(at("lib/modules").join(kernel)).unwrap();
    }
    let seen = collect(&crate::fixture::mounted(&fixture.root));
    assert_eq!(seen.problems, []);
    let system = &seen.rows[0];
    assert_eq!((system.hostname.as_str(), system.os_name.as_str()), ("lab-07", "Fedora 42"));
    assert_eq!(system.newest_kernel.as_deref(), Some("6.1.0-25-amd64"));
    assert_eq!(system.architecture, "x86_64");
    let id = hashed_machine_id("0123456789abcdef0123456789abcdef");
    assert_eq!(system.machine_id.as_deref(), Some(id.as_str()));
    assert!(system.packages_changed.is_some() && system.lists_refreshed.is_some());
    assert!(system.restart_required && !system.live && system.booted.is_none());
}

#[test]
fn lists_are_as_old_as_their_folder_and_an_empty_folder_is_none() {
    let fixture = Fixture::new();
    let machine = crate::fixture::mounted(&fixture.root);
    let refreshed = || collect(&machine).rows[0].lists_refreshed;
    let list = fixture.root.join("var/lib/apt/lists/deb_InRelease");
    write(&fixture.root.join("var/lib/apt/lists/lock"), b"");
    assert_eq!(refreshed(), None);
    write(&list, b"");
    let made = std::time::SystemTime::now() - std::time::Duration::from_secs(90 * 86_400);
    fs::File::options().write(true).open(&list).unwrap().set_modified(made).unwrap();
    assert!(Time::now().0 - refreshed().unwrap().0 < 600);
}

#[test]
fn an_empty_disk_lacks_its_system() {
    let fixture = Fixture::new();
    let seen = collect(&crate::fixture::mounted(&fixture.root));
    assert!(seen.problems.iter().all(|problem| problem.reason == Reason::Unsupported));
    let lacking: Vec<_> = seen.problems.iter().flat_map(|problem| problem.columns).collect();
    assert!(lacking.contains(&&"packages_changed") && lacking.contains(&&"lists_refreshed"));
    assert_eq!(seen.rows[0].packages_changed, None);
    assert_eq!(seen.rows[0].machine_id, None);
}

#[test]
fn hostile_files_are_problems_in_their_columns() {
    let fixture = Fixture::new();
    let at = |path: &str| fixture.root.join(path);
    fs::create_dir(at("etc")).unwrap();
    fs::File::create(at("etc/os-release")).unwrap().set_len(1 << 30).unwrap();
    fs::create_dir(at("etc/hostname")).unwrap();
    symlink("machine-id", at("etc/machine-id")).unwrap();
    let seen = collect(&crate::fixture::mounted(&fixture.root));
    let of = |column| {
        let found = seen.problems.iter().find(|problem| problem.columns.contains(&column));
        found.map(|problem| problem.reason)
    };
    assert_eq!(of("os_id"), Some(Reason::TooLarge));
    assert_eq!(of("hostname"), Some(Reason::WrongType));
    assert_eq!(of("machine_id"), Some(Reason::WrongType));
}

#[test]
fn the_machine_on_which_this_runs_is_described_without_problems() {
    let seen = collect(&Machine::running().unwrap());
    assert_eq!(seen.problems, []);
    let system = &seen.rows[0];
    let name = rustix::system::uname();
    assert_eq!(system.hostname.as_bytes(), name.nodename().to_bytes());
    assert_eq!(system.kernel.as_bytes(), name.release().to_bytes());
    assert!(system.live && !system.os_id.is_empty());
    assert!(system.booted.unwrap() < Time::now());
}
