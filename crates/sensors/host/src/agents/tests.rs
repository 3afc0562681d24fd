use std::{
    fs,
    os::unix::{fs::PermissionsExt, net::UnixListener},
};

use super::*;
use crate::{
    accounts,
    fixture::{Fixture, write},
};

fn process(pid: i64, parent: i64, name: &str, arguments: &str) -> Process {
    let user = "root".into();
    Process {
        pid,
        parent,
        name: name.into(),
        arguments: arguments.into(),
        user,
        ..Process::default()
    }
}

/// A listening socket, on the disk too.
fn socket(fixture: &Fixture, pid: i64, path: &str, mode: u32) -> Socket {
    let place = fixture.root.join(path.trim_start_matches('/'));
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    drop(UnixListener::bind(&place).unwrap());
    fs::set_permissions(&place, PermissionsExt::from_mode(mode)).unwrap();
    let (protocol, local_address) = ("unix".into(), path.into());
    Socket { protocol, local_address, pid: Some(pid), ..Socket::default() }
}

fn seen(fixture: &Fixture, processes: &[Process], sockets: &[Socket]) -> Vec<Agent> {
    let machine = fixture.machine();
    write(&fixture.root.join("etc/passwd"), b"root:x:0:0::/root:/bin/bash\n");
    write(&fixture.root.join("etc/group"), b"root:x:0:\nstaff:x:50:li\n");
    fs::create_dir_all(fixture.root.join("root/.ssh")).unwrap();
    let found = collect(&machine, &accounts::collect(&machine), processes, sockets);
    assert_eq!(found.problems, []);
    found.rows
}

#[test]
fn agents_are_known_by_who_listens_and_where() {
    let fixture = Fixture::new();
    let processes = [
        process(7, 1, "ssh-agent", "ssh-agent"),
        process(8, 1, "sshd", "sshd: root@pts/0"),
        process(9, 1, "systemd", "systemd --user"),
        process(10, 9, "gpg-agent", "gpg-agent --supervised"),
        process(11, 1, "gnome-keyring-d", "gnome-keyring-daemon"),
        process(12, 1, "dbus-daemon", "dbus-daemon"),
    ];
    let forwarded = "/tmp/ssh-AAAA/agent.8";
    let mut sockets = vec![
        socket(&fixture, 7, "/tmp/ssh-BBBB/agent.6", 0o600),
        socket(&fixture, 8, forwarded, 0o600),
        socket(&fixture, 9, "/run/user/0/gnupg/S.gpg-agent", 0o600),
        socket(&fixture, 9, "/run/user/0/gnupg/S.gpg-agent.extra", 0o600),
        socket(&fixture, 11, "/run/user/0/keyring/ssh", 0o600),
        socket(&fixture, 12, "/run/user/0/bus", 0o666),
        socket(&fixture, 8, "/tmp/forwarded.sock", 0o600),
    ];
    sockets.push(Socket {
        protocol: "tcp".into(),
        state: "established".into(),
        remote_address: Some("192.0.2.7".into()),
        pid: Some(8),
        ..Socket::default()
    });
    let rows = seen(&fixture, &processes, &sockets);
    let told: Vec<_> = rows.iter().map(|row| (&*row.kind, row.pid)).collect();
    let expected = [
        ("ssh-agent", Some(7)),
        ("forwarded", Some(8)),
        ("gpg-agent", Some(10)),
        ("gnome-keyring", Some(11)),
    ];
    assert_eq!(told, expected);
    let row = rows.iter().find(|row| row.path == forwarded).unwrap();
    assert_eq!((&*row.user, row.from_address.as_deref()), ("root", Some("192.0.2.7")));
    assert!(row.since.is_some() && row.reachable_by.is_none() && !row.left_over);
    // Until an agent runs, systemd alone listens and no key is held.
    let without: Vec<Process> =
        processes.iter().filter(|it| it.name != "gpg-agent").cloned().collect();
    assert!(seen(&fixture, &without, &sockets).iter().all(|row| row.kind != "gpg-agent"));
}

#[test]
fn who_reaches_a_socket_follows_its_mode_and_the_folders_above() {
    let fixture = Fixture::new();
    let path = "/tmp/ssh-CCCC/agent.8";
    let open = socket(&fixture, 8, path, 0o660);
    let place = fixture.root.join("tmp/ssh-CCCC");
    let processes = [process(8, 1, "sshd", "sshd: root@notty")];
    let set = |folder: u32, socket: u32, group: u32| {
        std::os::unix::fs::chown(place.join("agent.8"), None, Some(group)).unwrap();
        fs::set_permissions(place.join("agent.8"), PermissionsExt::from_mode(socket)).unwrap();
        fs::set_permissions(&place, PermissionsExt::from_mode(folder)).unwrap();
        let rows = seen(&fixture, &processes, std::slice::from_ref(&open));
        rows[0].reachable_by.clone()
    };
    assert_eq!(set(0o755, 0o666, 0).as_deref(), Some("everyone"));
    assert_eq!(set(0o700, 0o666, 0), None);
    assert_eq!(set(0o755, 0o600, 0), None);
    assert_eq!(set(0o755, 0o660, 0), None, "root's own group");
    if rustix::process::geteuid().is_root() {
        assert_eq!(set(0o755, 0o660, 50).as_deref(), Some("group staff"));
        assert_eq!(set(0o750, 0o660, 50), None, "the folder is another group's");
    }
}

#[test]
fn a_socket_at_which_nobody_listens_is_left_over() {
    let fixture = Fixture::new();
    socket(&fixture, 1, "/tmp/ssh-DDDD/agent.99", 0o600);
    socket(&fixture, 1, "/root/.ssh/agent/s.abc.agent.def", 0o600);
    socket(&fixture, 1, "/tmp/other-DDDD/agent.99", 0o600);
    write(&fixture.root.join("tmp/ssh-EEEE/agent.1"), b"a file");
    write(&fixture.root.join("tmp/ssh-FFFF"), b"a file");
    let rows = seen(&fixture, &[], &[]);
    let told: Vec<_> = rows.iter().map(|row| (&*row.path, row.left_over, row.pid)).collect();
    let expected =
        [("/tmp/ssh-DDDD/agent.99", true, None), ("/root/.ssh/agent/s.abc.agent.def", true, None)];
    assert_eq!(told, expected);
}
