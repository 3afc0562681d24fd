use std::{fs, os::unix::fs::symlink};

use leaksweep_facts::Reason;
use rustix::fs::{CWD, FileType, Mode, mknodat};

use super::*;
use crate::fixture::{Fixture, mounted, write};

fn seed(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../fuzz/seeds/module_signature");
    fs::read(Path::new(folder).join(name)).unwrap()
}

#[test]
fn the_signer_is_the_issuer_or_the_key() {
    assert_eq!(signer(&seed("signed")).as_deref(), Some("Office module signing key"));
    let key = signer(&seed("signed_by_key")).unwrap();
    assert!(key.starts_with("key ") && key.len() == 44, "{key}");
    assert_eq!(signer(b"\x7fELF nothing behind").as_deref(), Some(""));
}

#[test]
fn no_broken_signature_is_a_signers() {
    let good = seed("signed");
    let magic = good.len() - 28;
    for cut in 0..magic {
        let broken = [&good[..cut], &good[magic..]].concat();
        assert_eq!(signer(&broken), None, "{cut}");
        // Every byte of the message and of its trailer is turned once.
        let mut turned = good.clone();
        turned[cut] ^= 0xff;
        signer(&turned);
    }
    let mut long = good.clone();
    long[magic - 4..magic].copy_from_slice(&u32::MAX.to_be_bytes());
    assert_eq!(signer(&long), None);
}

#[test]
fn loaded_configured_and_files_beside_the_kernels_are_rows() {
    let fixture = Fixture::new();
    let root = |path: &str, content: &[u8]| write(&fixture.root.join(path), content);
    fs::create_dir_all(fixture.root.join("usr/lib")).unwrap();
    symlink("usr/lib", fixture.root.join("lib")).unwrap();
    write(&fixture.proc.join("sys/kernel/osrelease"), b"6.1.0-9\n");
    write(
        &fixture.proc.join("modules"),
        b"ext4 100 1 - Live 0x0\nsigned_one 7 0 - Live 0x0 (OE)\n",
    );
    let top = "usr/lib/modules/6.1.0-9";
    root(&format!("{top}/modules.dep"), b"kernel/fs/ext4.ko.xz: kernel/x.ko\nkernel/../../x.ko:\n");
    root(&format!("{top}/kernel/fs/ext4.ko.xz"), b"");
    root(&format!("{top}/updates/signed-one.ko"), &seed("signed"));
    root(&format!("{top}/deep.ko"), b"ELF");
    root("usr/lib/modules/6.1.0-10/extra/other.ko.zst", b"");
    symlink("/usr", fixture.root.join("usr/lib/modules/6.1.0-10/build")).unwrap();
    root("etc/modules", b"# one a line\nloop\n\nsigned-one option=1\n");
    fs::create_dir_all(fixture.root.join("etc/modules-load.d")).unwrap();
    symlink("../modules", fixture.root.join("etc/modules-load.d/modules.conf")).unwrap();
    root("usr/lib/modules-load.d/a.conf", b"loop\n");
    root("usr/lib/modules-load.d/ignored", b"nothing\n");

    let seen = collect(&fixture.machine());
    assert_eq!(seen.problems, []);
    let told: Vec<_> = seen
        .rows
        .iter()
        .map(|row| (&*row.name, row.loaded, row.path.as_deref(), &*row.loaded_by))
        .collect();
    let at = |path: &str| format!("/{top}/{path}");
    assert_eq!(
        told,
        [
            ("ext4", Some(true), Some(&*at("kernel/fs/ext4.ko.xz")), ""),
            ("signed_one", Some(true), Some(&*at("updates/signed-one.ko")), "/etc/modules"),
            ("loop", Some(false), None, "/etc/modules /usr/lib/modules-load.d/a.conf"),
            ("other", Some(false), Some("/usr/lib/modules/6.1.0-10/extra/other.ko.zst"), ""),
            ("deep", Some(false), Some(&*at("deep.ko")), ""),
        ]
    );
    let signers: Vec<_> = seen.rows.iter().map(|row| row.signer.as_deref()).collect();
    assert_eq!(signers, [None, Some("Office module signing key"), None, None, Some("")]);
    assert_eq!(seen.rows[1].taints, "out-of-tree unsigned");
}

#[test]
fn a_mounted_disk_tells_of_its_newest_kernel_and_not_what_is_loaded() {
    let folder = tempfile::tempdir().unwrap();
    for release in ["6.1.0-9", "6.1.0-10"] {
        let path = format!("lib/modules/{release}/modules.dep");
        write(&folder.path().join(path), b"kernel/loop.ko:\n");
    }
    write(&folder.path().join("etc/modules"), b"loop");
    let seen = collect(&mounted(folder.path()));
    assert_eq!(seen.problems, []);
    assert_eq!(seen.rows.len(), 1);
    assert_eq!(seen.rows[0].path.as_deref(), Some("/lib/modules/6.1.0-10/kernel/loop.ko"));
    assert_eq!((seen.rows[0].loaded, seen.rows[0].modified), (None, None));
}

#[test]
fn hostile_files_and_folders_are_problems_and_never_wait() {
    let folder = tempfile::tempdir().unwrap();
    let at = |path: &str| folder.path().join(path);
    fs::create_dir_all(at("etc/modules")).unwrap();
    fs::create_dir_all(at("etc/initramfs-tools")).unwrap();
    fs::create_dir_all(at("etc/modules-load.d")).unwrap();
    mknodat(CWD, at("etc/initramfs-tools/modules"), FileType::Fifo, Mode::RUSR, 0).unwrap();
    write(&at("etc/modules-load.d/a.conf"), &vec![b'x'; 300 << 10]);
    write(&at("etc/modules-load.d/b.conf"), &b"y\n".repeat(9000));
    let deep = format!("lib/modules/1.0/{}", "d/".repeat(30));
    fs::create_dir_all(at(&deep)).unwrap();
    fs::write(at(&deep).join("too-deep.ko"), "").unwrap();
    fs::create_dir_all(at("lib/modules/1.0/folder.ko")).unwrap();
    mknodat(CWD, at("lib/modules/1.0/pipe.ko"), FileType::Fifo, Mode::RUSR, 0).unwrap();
    fs::write(at("lib/modules/1.0/line\nbreak.ko"), "x").unwrap();
    let seen = collect(&mounted(folder.path()));
    let reasons: Vec<_> = seen.problems.iter().map(|p| (&*p.subject, p.reason)).collect();
    let expected = [
        ("/etc/modules", Reason::WrongType),
        ("/etc/initramfs-tools/modules", Reason::WrongType),
        ("/etc/modules-load.d/a.conf", Reason::TooLarge),
    ];
    assert_eq!(reasons, expected);
    let names: Vec<_> = seen.rows.iter().map(|row| &*row.name).collect();
    assert_eq!(names, ["y", "line\nbreak"]);
}

#[test]
fn this_machines_modules_are_read_without_problems() {
    let seen = collect(&Machine::running().unwrap());
    assert_eq!(seen.problems, []);
}
