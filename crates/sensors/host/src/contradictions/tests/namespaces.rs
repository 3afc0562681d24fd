//! Mounts that only some processes see, and folders that a mount empties.

use std::{
    io::Read,
    process::{Command, Stdio},
};

use super::{
    super::{mounts, namespaces},
    *,
};

const OURS: &str = "20 1 8:1 / / rw - ext4 /dev/sda1 rw\n21 20 0:5 / /proc rw - proc proc rw\n";

/// Two processes in the machine's mounts and one, 30, in others.
fn machine_with(group: &str, mounts: &str) -> (Fixture, Vec<Process>) {
    let fixture = honest();
    for (pid, namespace, users) in [("1", 1, 7), ("20", 1, 7), ("30", 2, 7), ("40", 1, 7)] {
        let at = |file: &str| fixture.proc.join(pid).join(file);
        fs::create_dir_all(at("ns")).unwrap();
        symlink(format!("mnt:[{namespace}]"), at("ns/mnt")).unwrap();
        symlink(format!("user:[{users}]"), at("ns/user")).unwrap();
    }
    symlink("40", fixture.proc.join("self")).unwrap();
    write(&fixture.proc.join("40/mountinfo"), OURS.as_bytes());
    write(&fixture.proc.join("30/mountinfo"), [OURS, mounts].concat().as_bytes());
    let process = |pid: i64| Process { pid, name: "x".into(), ..Process::default() };
    let control_group = group.to_owned();
    let unit = crate::processes::unit(group);
    let rows = vec![process(20), Process { control_group, unit, ..process(30) }];
    (fixture, rows)
}

fn seen_of(fixture: &Fixture, processes: &[Process]) -> Observed<Contradiction> {
    let machine = fixture.machine();
    let mut seen = Observed::default();
    namespaces::look(machine.kernel(TABLE).unwrap(), processes, &mut seen);
    seen
}

/// How sure it is and what is told of the namespace.
fn told_of(group: &str, mounts: &str) -> Option<(String, String)> {
    let (fixture, processes) = machine_with(group, mounts);
    let seen = seen_of(&fixture, &processes);
    assert_eq!(seen.problems, []);
    assert!(seen.rows.len() < 2);
    let row = seen.rows.into_iter().next()?;
    assert_eq!((&*row.kind, &*row.subject, row.pid), ("namespace", "mnt:[2]", Some(30)));
    Some((row.confidence, row.detail))
}

const SESSION: &str = "/user.slice/user-0.slice/session-3.scope";
const MEMORY: &str = "30 20 0:99 / /opt rw - tmpfs x rw\n";

#[test]
fn what_only_a_few_processes_see_is_told_by_how_sure_it_is() {
    let likely =
        |what: &str| Some(("likely".into(), format!("'x' sees mounts of its own: {what}")));
    assert_eq!(told_of(SESSION, MEMORY), likely("tmpfs at /opt"));
    let over = "30 20 8:1 /tmp/x /etc/passwd rw - ext4 /dev/sda1 rw\n";
    assert_eq!(told_of(SESSION, over), likely("/tmp/x of ext4 at /etc/passwd"));
    // A service that was broken into is no sandbox of systemd's.
    assert_eq!(told_of("/system.slice/cron.service", MEMORY), likely("tmpfs at /opt"));
    for ordinary in [
        "",
        "30 20 0:98 / /sys rw - sysfs x rw\n",
        "30 20 8:1 /etc/netns/a/resolv.conf /etc/resolv.conf rw - ext4 /dev/sda1 rw\n",
        "30 20 8:1 /x /home/li rw - ext4 /dev/sda1 rw\n",
    ] {
        let (confidence, detail) = told_of(SESSION, ordinary).unwrap();
        assert_eq!(confidence, "possible", "{ordinary}");
        assert!(detail.ends_with("nothing in them that others cannot see"), "{detail}");
    }
}

#[test]
fn containers_and_sandboxes_of_systemd_are_passed_over() {
    let incoming = "31 20 0:9 /systemd/propagate/a.service /run/systemd/incoming ro - tmpfs x rw\n";
    let sandbox = [MEMORY, incoming].concat();
    assert_eq!(told_of("/system.slice/a.service", &sandbox), None);
    assert_eq!(told_of("/system.slice/docker-0a1b.scope", MEMORY), None);
    assert_eq!(told_of("/machine.slice/libpod-0a1b.scope", MEMORY), None);
    // Outside a service that mount proves nothing.
    assert!(told_of(SESSION, &sandbox).is_some());
}

#[test]
fn a_sandbox_with_users_of_its_own_is_only_possible() {
    let (fixture, processes) = machine_with(SESSION, MEMORY);
    fs::remove_file(fixture.proc.join("30/ns/user")).unwrap();
    symlink("user:[8]", fixture.proc.join("30/ns/user")).unwrap();
    let seen = seen_of(&fixture, &processes);
    assert_eq!(told(&seen), [("namespace", "mnt:[2]", "/proc/PID/mountinfo", "possible")]);
}

#[test]
fn a_process_that_is_covered_in_any_namespace_is_certain() {
    let over = "30 20 8:1 /tmp/empty /proc/20 rw - ext4 /dev/sda1 rw\n";
    let (fixture, processes) = machine_with("/machine.slice/libpod-0a1b.scope", over);
    let seen = seen_of(&fixture, &processes);
    assert_eq!(told(&seen), [("mount", "/proc/20", "/proc/PID/mountinfo", "certain")]);
    assert_eq!(seen.rows[0].pid, Some(20));
}

#[test]
fn a_table_of_mounts_that_makes_no_sense_says_nothing_sure() {
    let (fixture, processes) = machine_with(SESSION, "30 20 x:y\n\u{ff}\n30 - - -\n");
    assert_eq!(seen_of(&fixture, &processes).rows[0].confidence, "possible");
    fs::remove_file(fixture.proc.join("30/mountinfo")).unwrap();
    assert_eq!(seen_of(&fixture, &processes), Observed::default());
}

#[test]
fn a_folder_that_a_mount_empties_is_likely() {
    for (there, expected) in [(false, "likely"), (true, "possible")] {
        let fixture = honest();
        symlink("1", fixture.proc.join("self")).unwrap();
        let mount = "30 20 0:99 / /usr/lib/tool rw - tmpfs x rw\n";
        write(&fixture.proc.join("1/mountinfo"), [OURS, mount].concat().as_bytes());
        fs::create_dir_all(fixture.root.join("usr/lib/tool")).unwrap();
        symlink("usr/lib", fixture.root.join("lib")).unwrap();
        let list = b"/.\n/lib/tool\n/lib/tool/a\n/usr/lib/tool/b\n/usr/lib/toolbox\n";
        write(&fixture.root.join("var/lib/dpkg/info/tool.list"), list);
        if there {
            write(&fixture.root.join("usr/lib/tool/a"), b"x");
        }
        let machine = fixture.machine();
        let mut seen = Observed::default();
        mounts::look(&machine, machine.kernel(TABLE).unwrap(), &mut seen);
        let expected = [("mount", "/usr/lib/tool", "/proc/self/mountinfo", expected)];
        assert_eq!(told(&seen), expected);
        let none = "; none of the 2 files that packages put there is to be seen";
        assert_eq!(seen.rows[0].detail.ends_with(none), !there, "{}", seen.rows[0].detail);
    }
}

#[test]
fn on_this_machine_a_hidden_mount_is_found() {
    let script = "mount -t tmpfs planted /mnt && echo in && exec sleep 60";
    let shell =
        Command::new("unshare").args(["-m", "sh", "-c", script]).stdout(Stdio::piped()).spawn();
    let Ok(mut shell) = shell else { return leaksweep_peers::skip("there is no unshare") };
    let mut said = [0; 2];
    let began = shell.stdout.take().unwrap().read_exact(&mut said).is_ok();
    let pid = i64::from(shell.id());
    let process = Process { pid, name: "sleep".into(), ..Process::default() };
    let machine = Machine::running().unwrap();
    let mut seen = Observed::default();
    namespaces::look(machine.kernel(TABLE).unwrap(), &[process], &mut seen);
    shell.kill().unwrap();
    shell.wait().unwrap();
    if !began {
        return leaksweep_peers::skip("only root may mount");
    }
    assert_eq!(seen.rows.len(), 1);
    assert_eq!(seen.rows[0].confidence, "likely");
    assert_eq!(seen.rows[0].detail, "'sleep' sees mounts of its own: tmpfs at /mnt");
}
