use std::{fs, os::unix::fs::symlink};

use leaksweep_facts::Reason;

use super::*;
use crate::fixture::{Fixture, write};

fn rows(lines: Lines) -> Vec<Mount> {
    lines.entries.iter().map(|entry| entry.row("kernel", None)).collect()
}

#[test]
fn lines_with_any_number_of_optional_fields_are_read() {
    let content = b"22 27 0:21 / /proc rw,nosuid,nodev,noexec - proc proc rw\n\
        36 35 98:0 /top /mnt\\040two\\012lines ro,noatime master:1 propagate_from:2 shared:3 - ext4 /dev/a\\134b rw,x=1\n\
        40 35 0:50 / /net rw shared:1 - nfs4 server:/export rw\n\
        41 35 0:51 / /empty rw - tmpfs  rw\n";
    let rows = rows(mount_info(content));
    let paths: Vec<&str> = rows.iter().map(|row| row.path.as_str()).collect();
    assert_eq!(paths, ["/proc", "/mnt two\nlines", "/net", "/empty"]);
    assert_eq!(rows[1].source, "/dev/a\\b");
    assert_eq!(rows[1].options, "ro,noatime,rw,x=1");
    let restricted = |row: &Mount| {
        [row.read_only, row.allows_set_uid, row.allows_devices, row.allows_programs, row.remote]
    };
    assert_eq!(restricted(&rows[0]), [false, false, false, false, false]);
    assert_eq!(restricted(&rows[1]), [true, true, true, true, false]);
    assert_eq!(restricted(&rows[2]), [false, true, true, true, true]);
}

#[test]
fn a_line_that_makes_no_sense_is_named_and_the_others_are_kept() {
    let good = "22 27 0:21 / /proc rw - proc proc rw\n";
    for bad in [
        "x",
        "22 27 0:21 / /proc rw proc proc rw",
        "1 2 3 / / rw - a b c",
        "1 2 a:b / / rw - x y z",
        "1 2 0:1 / / rw - x",
    ] {
        let lines = mount_info(format!("{good}{bad}\n{good}").as_bytes());
        assert_eq!((lines.entries.len(), lines.not_understood), (2, vec![2]), "{bad}");
    }
}

#[test]
fn a_user_mount_in_fstab_is_restricted_unless_it_says_otherwise() {
    let content = b"# comment\n\nUUID=1 / ext4 errors=remount-ro 0 1\n\
        /dev/sdb1 /media/stick vfat user,exec 0 0\n//server/share /srv cifs\nodd line\n";
    let lines = fstab(content);
    assert_eq!(lines.not_understood, [6]);
    let rows = rows(lines);
    let stick = &rows[1];
    assert!(!stick.allows_set_uid && !stick.allows_devices && stick.allows_programs);
    assert!(rows[0].allows_set_uid && rows[2].remote);
}

#[test]
fn a_partition_is_as_removable_as_its_disk() {
    let fixture = Fixture::new();
    let sys = |path: &str| fixture.sys.join(path);
    write(&sys("devices/usb/sdb/removable"), b"1\n");
    write(&sys("devices/usb/sdb/sdb1/partition"), b"1\n");
    write(&sys("devices/sata/sda/removable"), b"0\n");
    fs::create_dir_all(sys("dev/block")).unwrap();
    symlink("../../devices/usb/sdb/sdb1", sys("dev/block/8:17")).unwrap();
    symlink("../../devices/sata/sda", sys("dev/block/8:0")).unwrap();
    symlink("8:66", sys("dev/block/8:66")).unwrap();
    let line = |device: &str| format!("1 2 {device} / /{device} rw - ext4 /dev/x rw\n");
    let content: String = ["8:17", "8:0", "8:99", "0:4", "8:66"].map(line).concat();
    write(&fixture.proc.join("self/mountinfo"), content.as_bytes());
    let seen = collect(&fixture.machine());
    let removable: Vec<_> = seen.rows.iter().map(|row| row.removable).collect();
    assert_eq!(removable, [Some(true), Some(false), None, None, None]);
    assert_eq!(seen.problems.len(), 1);
    assert_eq!(seen.problems[0].columns, ["removable"]);
}

#[test]
fn an_enormous_table_is_a_problem() {
    let fixture = Fixture::new();
    write(&fixture.proc.join("self/mountinfo"), b"");
    fs::File::create(fixture.proc.join("self/mountinfo")).unwrap().set_len(1 << 30).unwrap();
    let seen = collect(&fixture.machine());
    assert_eq!(seen.problems[0].reason, Reason::TooLarge);
}

#[test]
fn a_mounted_disk_tells_what_it_would_mount() {
    let fixture = Fixture::new();
    let machine = crate::fixture::mounted(&fixture.root);
    assert_eq!(collect(&machine), Observed::default());
    write(&fixture.root.join("etc/fstab"), b"/dev/sda1 / ext4 ro 0 1\n");
    let seen = collect(&machine);
    assert_eq!((seen.rows[0].said_by.as_str(), seen.rows[0].read_only), ("fstab", true));
}

#[test]
fn the_machine_on_which_this_runs_has_a_root_and_no_problems() {
    let seen = collect(&Machine::running().unwrap());
    assert_eq!(seen.problems, []);
    assert!(seen.rows.iter().any(|row| row.path == "/"));
    assert!(seen.rows.iter().any(|row| row.path == "/proc" && row.file_system == "proc"));
}
