use std::{fs, os::unix::fs::symlink};

use leaksweep_facts::Time;

use super::*;
use crate::{
    accounts,
    fixture::{Fixture, write},
};

/// A process of root.
fn process(pid: i64, parent: i64, name: &str, arguments: &str) -> Process {
    let user = "root".into();
    let started = Some(Time(1_700_000_000));
    Process {
        pid,
        parent,
        name: name.into(),
        arguments: arguments.into(),
        user,
        started,
        ..Process::default()
    }
}

fn in_scope(id: &str, process: Process) -> Process {
    let control_group = format!("/user.slice/user-0.slice/session-{id}.scope");
    Process { control_group, ..process }
}

fn tcp(pid: i64, state: &str, port: i64, remote: Option<&str>) -> Socket {
    Socket {
        protocol: "tcp".into(),
        state: state.into(),
        local_port: Some(port),
        remote_address: remote.map(str::to_owned),
        pid: Some(pid),
        process: Some("sshd".into()),
        ..Socket::default()
    }
}

fn unix(pid: i64, path: &str) -> Socket {
    let (protocol, local_address) = ("unix".into(), path.into());
    Socket { protocol, local_address, state: "listen".into(), pid: Some(pid), ..Socket::default() }
}

fn seen(fixture: &Fixture, processes: &[Process], sockets: &[Socket]) -> Observed<Session> {
    let machine = fixture.machine();
    write(&fixture.root.join("etc/passwd"), b"root:x:0:0::/root:/bin/bash\n");
    collect(&machine, &accounts::collect(&machine), processes, sockets)
}

/// Way, terminal, state, whether recorded, who says so.
type Told<'a> = (&'a str, Option<&'a str>, &'a str, Option<bool>, &'a str);

fn told(seen: &Observed<Session>) -> Vec<Told<'_>> {
    let rows = seen.rows.iter();
    rows.map(|row| (&*row.way, row.terminal.as_deref(), &*row.state, row.recorded, &*row.said_by))
        .collect()
}

/// The line of `/proc/PID/stat` with this terminal.
fn on_terminal(fixture: &Fixture, pid: i64, device: i64) {
    let line =
        format!("{pid} (x) S 1 {pid} {pid} {device} -1 0 1 0 0 0 0 0 0 0 20 0 1 0 500 1 1 1\n");
    write(&fixture.proc.join(pid.to_string()).join("stat"), line.as_bytes());
}

fn ssh() -> (Vec<Process>, Vec<Socket>) {
    let processes = vec![
        process(10, 1, "sshd", "sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups"),
        process(20, 10, "sshd", "sshd: bob [priv]"),
        process(21, 20, "sshd", "sshd: bob@pts/3,notty"),
        process(22, 21, "bash", "-bash"),
        process(23, 21, "bash", "bash -c 'rsync --server'"),
        process(24, 22, "vim", "vim x"),
        process(30, 10, "sshd", "sshd: [accepted]"),
    ];
    let sockets = vec![
        tcp(10, "listen", 22, None),
        tcp(20, "established", 22, Some("192.0.2.7")),
        tcp(21, "established", 5000, Some("192.0.2.99")),
    ];
    (processes, sockets)
}

#[test]
fn every_session_of_one_ssh_connection_is_a_row() {
    let fixture = Fixture::new();
    on_terminal(&fixture, 22, 0x8803);
    let (processes, sockets) = ssh();
    let seen = seen(&fixture, &processes, &sockets);
    let expected = [
        ("ssh", Some("pts/3"), "open", None, "process socket"),
        ("ssh", None, "open", None, "process socket"),
    ];
    assert_eq!(told(&seen), expected);
    for row in &seen.rows {
        assert_eq!((&*row.user, row.from_address.as_deref()), ("bob", Some("192.0.2.7")));
        assert_eq!(row.connected, Some(true));
    }
    assert_eq!((seen.rows[0].pid, seen.rows[0].processes), (Some(22), 2));
}

#[test]
fn what_utmp_has_is_recorded_and_what_it_lacks_is_not() {
    let fixture = Fixture::new();
    on_terminal(&fixture, 22, 0x8803);
    let mut record = vec![0; 384];
    record[0] = 7;
    record[4..8].copy_from_slice(&20_i32.to_le_bytes());
    record[8..13].copy_from_slice(b"pts/3");
    record[44..47].copy_from_slice(b"bob");
    let mut gone = record.clone();
    gone[4..8].copy_from_slice(&99_i32.to_le_bytes());
    gone[8..13].copy_from_slice(b"pts/9");
    write(&fixture.root.join("run/utmp"), &[record, gone].concat());
    let (mut processes, mut sockets) = ssh();
    processes.push(process(40, 1, "sshd", "sshd: root@notty"));
    processes.push(process(41, 40, "bash", "-bash"));
    sockets.push(tcp(40, "established", 22, Some("192.0.2.8")));
    let seen = seen(&fixture, &processes, &sockets);
    let yes = Some(true);
    let expected = [
        ("ssh", Some("pts/3"), "open", yes, "utmp process socket"),
        ("ssh", None, "open", yes, "utmp process socket"),
        ("ssh", None, "open", Some(false), "process socket"),
        ("other", Some("pts/9"), "record", yes, "utmp"),
    ];
    assert_eq!(told(&seen), expected);
}

fn logind(fixture: &Fixture, id: &str, keys: &str) {
    write(&fixture.root.join("run/systemd/sessions").join(id), keys.as_bytes());
}

#[test]
fn logind_tells_of_desktops_managers_and_what_outlived_its_session() {
    let fixture = Fixture::new();
    let person = "USER=li\nCLASS=user\nSTATE=active\nREALTIME=1700000000000000\n";
    logind(&fixture, "2", &format!("{person}TYPE=x11\nDISPLAY=:0\nLEADER=50\nSERVICE=lightdm\n"));
    logind(&fixture, "c1", "USER=lightdm\nCLASS=greeter\nTYPE=x11\nSTATE=active\nLEADER=52\n");
    let remote = "TYPE=tty\nREMOTE=1\nREMOTE_HOST=192.0.2.7\nLEADER=60\nSERVICE=sshd\n";
    logind(&fixture, "3", &format!("USER=li\nCLASS=user\nSTATE=closing\n{remote}"));
    logind(&fixture, "5", &format!("{person}TYPE=tty\nTTY=tty2\nLEADER=99\nSERVICE=login\n"));
    write(&fixture.root.join("run/systemd/users/0"), b"NAME=root\nSTATE=lingering\n");
    write(&fixture.root.join("run/systemd/users/1000"), b"NAME=li\nSTATE=active\n");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        fixture.root.join("run/systemd/sessions/2.ref"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR,
        0,
    )
    .unwrap();
    let manager = Process {
        control_group: "/user.slice/user-0.slice/user@0.service/init.scope".into(),
        ..process(70, 1, "systemd", "/lib/systemd/systemd --user")
    };
    let processes = [
        process(5, 1, "systemd-logind", "/lib/systemd/systemd-logind"),
        in_scope("2", process(50, 1, "lightdm", "lightdm --session-child")),
        in_scope("2", process(51, 50, "xfce4-session", "xfce4-session")),
        in_scope("c1", process(52, 1, "lightdm", "lightdm --session-child")),
        in_scope("3", process(61, 1, "sleep", "sleep 1000")),
        in_scope("3", process(62, 1, "ssh-agent", "ssh-agent")),
        in_scope("4", process(63, 1, "nc", "nc -l 4444")),
        manager,
    ];
    let seen = seen(&fixture, &processes, &[]);
    let yes = Some(true);
    let expected = [
        ("x11", Some(":0"), "open", yes, "logind process"),
        ("console", Some("tty2"), "record", yes, "logind"),
        ("service", None, "open", yes, "logind process"),
        ("ssh", None, "outlived", yes, "logind process"),
        ("other", None, "outlived", Some(false), "logind process"),
    ];
    assert_eq!(told(&seen), expected);
    assert_eq!((seen.rows[0].pid, seen.rows[0].processes), (Some(50), 2));
    assert_eq!(seen.rows[3].from_address.as_deref(), Some("192.0.2.7"));
    assert_eq!((seen.rows[3].pid, seen.rows[3].processes), (Some(61), 1));
    assert_eq!(seen.problems, []);
}

#[test]
fn what_an_ssh_session_started_outlives_it_unless_a_service_or_tmux_has_it() {
    let fixture = Fixture::new();
    for pid in [80, 81, 82, 83, 85, 86] {
        let environment = b"HOME=/root\0SSH_CONNECTION=192.0.2.7 4000 192.0.2.1 22\0SECRET=x\0";
        write(&fixture.proc.join(format!("{pid}/environ")), environment);
    }
    let of_a_unit = Process { unit: Some("app.service".into()), ..process(82, 1, "app", "app") };
    let processes = [
        process(80, 1, "nc", "nc -l 4444"),
        process(81, 1, "tmux: server", "tmux new -d"),
        of_a_unit,
        process(83, 81, "bash", "-bash"),
        process(84, 1, "cron", "cron -f"),
        process(85, 1, "mosh-server", "mosh-server new -s"),
        process(86, 85, "bash", "-bash"),
    ];
    let seen = seen(&fixture, &processes, &[]);
    let expected = [
        ("tmux", None, "detached", None, "process socket"),
        ("other", None, "open", None, "process"),
        ("ssh", None, "outlived", None, "process"),
    ];
    assert_eq!(told(&seen), expected);
    assert_eq!(seen.rows[2].from_address.as_deref(), Some("192.0.2.7"));
    assert_eq!((seen.rows[2].connected, seen.rows[2].pid), (Some(false), Some(80)));
}

#[test]
fn a_multiplexer_in_use_has_an_executable_socket() {
    let fixture = Fixture::new();
    let socket = fixture.root.join("tmp/tmux-0/default");
    for (mode, state) in [(0o700, "open"), (0o600, "detached")] {
        write(&socket, b"");
        let permissions = std::os::unix::fs::PermissionsExt::from_mode(mode);
        fs::set_permissions(&socket, permissions).unwrap();
        let server = [process(81, 1, "tmux: server", "tmux")];
        let seen = seen(&fixture, &server, &[unix(81, "/tmp/tmux-0/default")]);
        assert_eq!(seen.rows[0].state, state);
    }
}

#[test]
fn a_shell_led_by_a_connection_is_found_and_one_that_runs_a_text_is_not() {
    let fixture = Fixture::new();
    for pid in [90, 91, 92, 95] {
        let folder = fixture.proc.join(format!("{pid}/fd"));
        fs::create_dir_all(&folder).unwrap();
        symlink("socket:[77]", folder.join("0")).unwrap();
    }
    on_terminal(&fixture, 94, 0x8801);
    let python = Process {
        program: Some("/usr/bin/python3.11".into()),
        ..process(93, 1, "python3", "python3 x")
    };
    let processes = [
        process(90, 1, "sh", "sh -i"),
        process(91, 1, "bash", "bash -c 'serve one'"),
        process(92, 1, "bash", "bash"),
        python,
        process(94, 93, "bash", "/bin/bash"),
        process(95, 1, "bash", "bash /usr/lib/handler"),
    ];
    let remote = Some("192.0.2.9");
    let open = |pid| tcp(pid, "established", 4000 + pid, remote);
    let sockets = [open(90), open(91), open(93), open(95)];
    let seen = seen(&fixture, &processes, &sockets);
    let pids: Vec<_> = seen.rows.iter().map(|row| (row.pid, &*row.way, row.recorded)).collect();
    assert_eq!(pids, [(Some(90), "other", None), (Some(94), "other", None)]);
    assert_eq!(seen.rows[1].terminal.as_deref(), Some("pts/1"));
}

#[test]
fn desktops_commands_in_containers_and_switches_are_told() {
    let fixture = Fixture::new();
    on_terminal(&fixture, 111, 0x8800);
    on_terminal(&fixture, 121, 0x8805);
    let container =
        |process| Process { control_group: "/system.slice/docker-aa.scope".into(), ..process };
    let xorg = Process {
        program: Some("/usr/lib/xorg/Xorg".into()),
        ..process(101, 100, "Xorg", "Xorg :10")
    };
    let editor = Process {
        program: Some("/home/li/.vscode-server/bin/x/node".into()),
        ..process(130, 1, "node", "node server-main.js")
    };
    let processes = [
        process(100, 1, "xrdp-sesman", "xrdp-sesman"),
        xorg,
        process(102, 1, "xrdp", "xrdp"),
        container(process(110, 9, "nginx", "nginx")),
        container(process(111, 9, "bash", "bash")),
        process(120, 1, "su", "su -"),
        process(121, 120, "bash", "-bash"),
        editor,
        process(131, 1, "sh", "sh /home/li/.vscode-server/bin/x/code-server"),
    ];
    let sockets = [unix(101, "/tmp/.X11-unix/X10"), tcp(102, "listen", 3389, None)];
    let found = seen(&fixture, &processes, &sockets);
    let expected = [
        ("vscode", None, "detached", None, "process socket"),
        ("xrdp", Some(":10"), "detached", None, "process socket"),
        ("container", Some("pts/0"), "open", None, "process"),
        ("switch", Some("pts/5"), "open", None, "process"),
    ];
    assert_eq!(told(&found), expected);
    let came = [&sockets[..], &[tcp(102, "established", 3389, Some("192.0.2.7"))]].concat();
    let row =
        seen(&fixture, &processes, &came).rows.into_iter().find(|row| row.way == "xrdp").unwrap();
    assert_eq!((&*row.state, row.from_address.as_deref()), ("open", Some("192.0.2.7")));
}

#[test]
fn a_mounted_disk_has_none_and_hostile_records_are_problems() {
    let folder = tempfile::tempdir().unwrap();
    let machine = crate::fixture::mounted(folder.path());
    let seen_disk = collect(&machine, &accounts::collect(&machine), &[], &[]);
    assert_eq!(seen_disk.problems[0].reason, Reason::NotLive);

    let fixture = Fixture::new();
    fs::create_dir_all(fixture.root.join("run/utmp")).unwrap();
    fs::create_dir_all(fixture.root.join("run/systemd/sessions/7")).unwrap();
    // Each is its own parent's child.
    let circle = [process(5, 6, "systemd-logind", ""), process(6, 5, "bash", "bash")];
    let found = seen(&fixture, &circle, &[]);
    let subjects: Vec<_> = found.problems.iter().map(|problem| &*problem.subject).collect();
    assert_eq!(subjects, ["/run/utmp", "/run/systemd"]);
    assert_eq!(found.rows, []);
}
