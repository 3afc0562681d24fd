use std::{
    fs,
    os::unix::{ffi::OsStrExt, fs::symlink},
    process::{Child, Command},
};

use leaksweep_facts::Reason;
use rustix::fs::{CWD, FileType, Mode, mknodat};

use super::*;
use crate::fixture::Fixture;

mod inside;

fn stat_line(name: &[u8]) -> Vec<u8> {
    let mut line = b"7 (".to_vec();
    line.extend_from_slice(name);
    line.extend_from_slice(b") S 1 7 7 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 4200 1 1 1\n");
    line
}

#[test]
fn a_name_cannot_forge_the_fields_after_it() {
    let names: [(&[u8], &[u8]); 6] = [
        (b"sh", b"sh"),
        (b") R 1", b") R 1"),
        (b"x) Z 1 1 1 1 1 2097152", b"x) Z 1 1 1 1 1 2097152"),
        (b"line\\nbreak\\\\", b"line\nbreak\\"),
        (b"\x1b[31m\xff", b"\x1b[31m\xff"),
        (b"", b""),
    ];
    for (written, name) in names {
        let found = stat(&stat_line(written)).unwrap();
        assert_eq!(found.name, name);
        assert_eq!((found.parent, found.started), (1, 4200));
        assert!(!found.ended && !found.kernel_thread);
    }
}

#[test]
fn no_part_of_a_stat_line_passes_for_the_whole() {
    let line = stat_line(b"sh");
    let start_of_last_needed = line.windows(4).position(|part| part == b"4200").unwrap();
    for end in 0..=start_of_last_needed {
        assert_eq!(stat(&line[..end]), None, "{end}");
    }
    assert_eq!(stat(b")("), None);
    assert_eq!(stat(b"7 (sh) S -"), None);
}

#[test]
fn arguments_are_quoted_where_a_shell_would_split_them() {
    let cases: [(&[u8], bool, &str); 9] = [
        (b"", false, ""),
        (b"/bin/sh\0-c\0echo it's; $HOME\0", false, r"/bin/sh -c 'echo it'\''s; $HOME'"),
        (b"a\0\0b\0", false, "a '' b"),
        (b"sshd: alice [priv]\0\0\0\0", false, "sshd: alice [priv]"),
        (b"cut\0off", true, "cut off…"),
        (b"a\0--x=1,2:/%f\0", false, "a --x=1,2:/%f"),
        (b"a\0\xff\0", false, "a \\xff"),
        ("a\0名字\0".as_bytes(), false, "a 名字"),
        (b"a\0--password=x y\0", false, "a --password=***"),
    ];
    for (content, more, expected) in cases {
        assert_eq!(quoted(content, more), expected);
    }
}

#[test]
fn the_unit_is_what_systemd_would_name() {
    let cases: [(&[u8], &str, Option<&str>); 10] = [
        (b"0::/system.slice/ssh.service\n", "/system.slice/ssh.service", Some("ssh.service")),
        (b"0::/init.scope\n", "/init.scope", Some("init.scope")),
        (b"0::/\n", "/", None),
        (
            b"0::/user.slice/user-7.slice/user@7.service/app.slice/x.service\n",
            "/user.slice/user-7.slice/user@7.service/app.slice/x.service",
            Some("x.service"),
        ),
        (
            b"0::/user.slice/user-7.slice/user@7.service\n",
            "/user.slice/user-7.slice/user@7.service",
            Some("user@7.service"),
        ),
        (
            b"0::/system.slice/web.service/ssh.service\n",
            "/system.slice/web.service/ssh.service",
            Some("web.service"),
        ),
        (
            b"9:pids:/\n1:name=systemd:/system.slice/a.service\n0::/\n",
            "/system.slice/a.service",
            Some("a.service"),
        ),
        (b"4:memory:/docker/0123\n3:cpu:/\n", "/docker/0123", None),
        (
            b"0::/lxc.payload.c1/system.slice/ssh.service\n",
            "/lxc.payload.c1/system.slice/ssh.service",
            None,
        ),
        (b"0::/a:b.slice/_x.scope (deleted)\n", "/a:b.slice/_x.scope (deleted)", Some("x.scope")),
    ];
    for (content, path, expected) in cases {
        let group = control_group(content).unwrap();
        assert_eq!(group, path);
        assert_eq!(unit(&group).as_deref(), expected, "{path}");
    }
    assert_eq!(control_group(b"nonsense\n\xff"), None);
}

#[test]
fn a_hostile_proc_gives_problems_and_every_process_that_can_be_read() {
    let fixture = Fixture::new();
    fixture.process(1, b"init", "/bin/sleep");
    assert_eq!(collect(&fixture.machine(), &Names::default()).problems, []);
    for pid in [20, 21, 22, 23, 24, 25, 26] {
        fixture.process(pid, b") R 1\x1b[2J\\n", "/bin/sleep");
    }
    let proc = |path: &str| fixture.proc.join(path);
    fs::write(proc("20/stat"), "20 (x").unwrap();
    fs::remove_file(proc("21/stat")).unwrap();
    mknodat(CWD, proc("21/stat"), FileType::Fifo, Mode::RUSR, 0).unwrap();
    fs::remove_file(proc("22/status")).unwrap();
    symlink("status", proc("22/status")).unwrap();
    fs::remove_file(proc("23/cmdline")).unwrap();
    fs::create_dir(proc("23/cmdline")).unwrap();
    fs::File::create(proc("24/cmdline")).unwrap().set_len(1 << 30).unwrap();
    fs::write(proc("25/cmdline"), b"a\xff\0b").unwrap();
    fs::write(proc("25/cgroup"), vec![b'x'; (TEXT_CAP + 1) as usize]).unwrap();
    fs::remove_file(proc("26/exe")).unwrap();
    fs::create_dir(proc("27")).unwrap();
    fs::write(proc("28"), "no folder").unwrap();
    fs::create_dir(fixture.proc.join(std::ffi::OsStr::from_bytes(b"2\xff\n9"))).unwrap();

    let seen = collect(&fixture.machine(), &Names::default());
    let pids: Vec<i64> = seen.rows.iter().map(|row| row.pid).collect();
    assert_eq!(pids, [1, 23, 24, 25, 26]);
    assert_eq!(seen.rows[1].name, ") R 1\x1b[2J\n");
    assert_eq!(seen.rows[3].arguments, "a\\xff b");
    assert_eq!(seen.rows[2].arguments, "…");
    let problem = |subject: &str, reason| {
        let found = |p: &&Problem| p.subject == format!("process {subject}") && p.reason == reason;
        seen.problems.iter().find(found).unwrap_or_else(|| panic!("{subject}: {:?}", seen.problems))
    };
    assert_eq!(problem("20", Reason::Malformed).columns.len(), 0);
    problem("21", Reason::WrongType);
    assert_eq!(problem("23", Reason::WrongType).columns, ["arguments"]);
    assert_eq!(problem("25", Reason::TooLarge).columns, ["unit", "control_group"]);
    assert_eq!(problem("26", Reason::Malformed).columns, ["program", "program_state"]);
    assert_eq!(problem("27", Reason::Vanished).detail, "2 such ended while they were read");
}

#[test]
fn a_proc_that_hides_process_one_is_a_problem() {
    let fixture = Fixture::new();
    fixture.process(20, b"mine", "/bin/sleep");
    let seen = collect(&fixture.machine(), &Names::default());
    assert_eq!(seen.problems.len(), 1, "{:?}", seen.problems);
    assert_eq!(seen.problems[0].reason, Reason::Denied);
}

#[test]
fn without_a_kernel_there_are_no_processes_to_see() {
    let folder = tempfile::tempdir().unwrap();
    let machine = crate::fixture::mounted(folder.path());
    let seen = collect(&machine, &Names::default());
    assert!(seen.rows.is_empty());
    assert_eq!(seen.problems[0].reason, Reason::NotLive);
}

/// A real process, ended with the test.
struct Sleeper(Child);

impl Sleeper {
    fn of(path: &Path) -> Self {
        Self(Command::new(path).arg("600").spawn().unwrap())
    }

    fn row(&self) -> Process {
        let seen = collect(&Machine::running().unwrap(), &Names::default());
        let pid = i64::from(self.0.id());
        seen.rows.into_iter().find(|row| row.pid == pid).unwrap()
    }
}

impl Drop for Sleeper {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_running_program_is_told_from_what_stands_at_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().canonicalize().unwrap();
    let states = ["present", "deleted", "replaced", "replaced (deleted)"];
    for state in states {
        let path = folder.join(format!("sleep {state}"));
        fs::copy("/bin/sleep", &path).unwrap();
        let child = Sleeper::of(&path);
        match state {
            "deleted" => fs::remove_file(&path).unwrap(),
            "replaced" => {
                // As a package manager does it.
                fs::copy("/bin/sleep", folder.join("new")).unwrap();
                fs::rename(folder.join("new"), &path).unwrap();
            }
            _ => {}
        }
        let row = child.row();
        let expected = if state == "replaced (deleted)" { "present" } else { state };
        assert_eq!(row.program_state.as_deref(), Some(expected));
        assert_eq!(row.program.as_deref(), path.to_str());
        assert_eq!(row.arguments, format!("'{}' 600", path.display()));
        assert_eq!(row.parent, i64::from(std::process::id()));
        let age = Time::now().0 - row.started.unwrap().0;
        assert!((-1..60).contains(&age), "{age}");
        assert_eq!(row.uid, i64::from(rustix::process::getuid().as_raw()));
    }
}

#[test]
fn a_program_in_memory_is_no_deleted_file() {
    let flags = rustix::fs::MemfdFlags::empty();
    let memory = rustix::fs::memfd_create("harmless", flags).unwrap();
    let mut memory = fs::File::from(memory);
    std::io::copy(&mut fs::File::open("/bin/sleep").unwrap(), &mut memory).unwrap();
    let number = std::os::fd::AsRawFd::as_raw_fd(&memory);
    let path = format!("/proc/{}/fd/{number}", std::process::id());
    let child = Sleeper::of(Path::new(&path));
    let row = child.row();
    assert_eq!(row.program_state.as_deref(), Some("memory"));
    assert_eq!(row.program.as_deref(), Some("/memfd:harmless"));
}

#[test]
fn the_machine_on_which_this_runs_is_seen_without_problems_by_root() {
    let machine = Machine::running().unwrap();
    let seen = collect(&machine, &Names::default());
    assert!(seen.rows.iter().any(|row| row.pid == i64::from(std::process::id())));
    // Where a sandbox hides its process 1 even from root, this machine is no healthy one.
    if fs::read_link("/proc/1/exe").is_ok() {
        let real = seen.problems.iter().filter(|problem| problem.reason != Reason::Vanished);
        assert_eq!(real.collect::<Vec<_>>(), Vec::<&Problem>::new());
    }
}
