use std::{fs, os::unix::fs::symlink};

use super::*;
use crate::fixture::{Fixture, write};

/// A process with descriptors: number, what it leads to, and what the kernel tells of it.
fn machine_with(files: &[(&str, &str, &str)]) -> Fixture {
    let fixture = Fixture::new();
    fixture.process(20, b"x", "/bin/sleep");
    fs::create_dir_all(fixture.proc.join("20/fd")).unwrap();
    for (number, target, info) in files {
        symlink(target, fixture.proc.join(format!("20/fd/{number}"))).unwrap();
        write(&fixture.proc.join(format!("20/fdinfo/{number}")), info.as_bytes());
    }
    write(&fixture.proc.join("self/mountinfo"), b"20 1 8:1 / / rw - ext4 /dev/sda1 rw\n");
    fixture
}

fn seen_of(fixture: &Fixture) -> Observed<BpfObject> {
    let machine = fixture.machine();
    let process = Process {
        pid: 20,
        name: "x".into(),
        program: Some("/x".into()),
        user: "root".into(),
        ..Process::default()
    };
    let processes = [process];
    let descriptors = Descriptors::collect(&machine, &processes, &Default::default());
    collect(&machine, &Names::default(), &processes, &descriptors)
}

type Told<'a> = (&'a str, Option<i64>, Option<&'a str>, Option<&'a str>);

fn told(seen: &Observed<BpfObject>) -> Vec<Told<'_>> {
    let rows = seen.rows.iter();
    rows.map(|row| (&*row.kind, row.number, row.form.as_deref(), row.effect.as_deref())).collect()
}

#[test]
fn what_a_process_holds_is_told_once() {
    let kprobe = "pos:\t0\nprog_type:\t2\nprog_tag:\tabcd\nprog_id:\t41\n";
    let fixture = machine_with(&[
        ("3", "anon_inode:bpf-prog", kprobe),
        ("4", "anon_inode:bpf-prog", kprobe),
        ("5", "anon_inode:bpf-prog", "prog_type:\t6\nprog_id:\t42\n"),
        ("6", "anon_inode:bpf-prog", "prog_type:\t15\nprog_id:\t43\n"),
        ("7", "anon_inode:bpf-map", "map_type:\t27\nmap_id:\t7\n"),
        ("8", "anon_inode:bpf_link", "link_type:\txdp\nlink_id:\t9\nprog_tag:\tabcd\n"),
        ("9", "anon_inode:[eventfd]", "prog_type:\t2\n"),
        ("10", "/tmp/anon_inode:bpf-prog", "prog_type:\t2\n"),
    ]);
    let seen = seen_of(&fixture);
    assert_eq!(
        told(&seen),
        [
            ("link", Some(9), Some("xdp"), None),
            ("map", Some(7), Some("ring buffer"), None),
            ("program", Some(41), Some("kprobe"), Some("watches")),
            ("program", Some(42), Some("xdp"), Some("network")),
            ("program", Some(43), Some("cgroup device"), None),
        ]
    );
    let holder = &seen.rows[2];
    assert_eq!(
        (holder.pid, holder.program.as_deref(), &*holder.user),
        (Some(20), Some("/x"), "root")
    );
    assert_eq!(holder.tag.as_deref(), Some("abcd"));
}

#[test]
fn what_the_kernel_does_not_tell_stays_open() {
    let fixture = machine_with(&[
        ("3", "anon_inode:bpf-prog", ""),
        ("4", "anon_inode:bpf-prog", "prog_type:\t4000000000000000000000\nprog_id:\tx\n"),
        ("5", "anon_inode:bpf-map", "map_type:\t\u{ff}\nmap_id:\t-1\n"),
    ]);
    let seen = seen_of(&fixture);
    let newer = Some("4000000000000000000000");
    assert_eq!(seen.rows.iter().filter(|row| row.number.is_none()).count(), 2);
    assert!(told(&seen).contains(&("program", None, newer, None)));
    assert_eq!(seen.problems, []);
}

#[test]
fn pinned_names_are_told_and_not_opened() {
    let fixture = machine_with(&[]);
    let mounts = b"30 20 0:9 / /sys/fs/bpf rw - bpf bpf rw\n31 20 0:9 / /mnt rw - bpf bpf rw\n";
    write(&fixture.proc.join("self/mountinfo"), mounts);
    write(&fixture.root.join("sys/fs/bpf/office/counter"), b"");
    symlink("office", fixture.root.join("sys/fs/bpf/link")).unwrap();
    write(&fixture.root.join("mnt/again"), b"");
    let seen = seen_of(&fixture);
    assert_eq!(seen.rows.len(), 1);
    let row = &seen.rows[0];
    assert_eq!((&*row.kind, row.pid), ("pinned", None));
    assert_eq!(row.path.as_deref(), Some("/sys/fs/bpf/office/counter"));
    assert!(row.modified.is_some() && row.mode.is_some());
}

#[test]
fn a_mounted_disk_has_none() {
    let folder = tempfile::tempdir().unwrap();
    let machine = crate::fixture::mounted(folder.path());
    let seen = collect(&machine, &Names::default(), &[], &Descriptors::default());
    assert_eq!((seen.rows.len(), seen.problems[0].reason), (0, Reason::NotLive));
}

/// Makes a map and waits.
const HOLDER: &str = "
import ctypes, platform, struct, time
call = {'x86_64': 321, 'aarch64': 280}[platform.machine()]
libc = ctypes.CDLL(None)
def bpf(command, attributes):
    attributes = ctypes.create_string_buffer(attributes, 128)
    return libc.syscall(call, command, attributes, 128)
held = bpf(0, struct.pack('=IIII', 2, 4, 4, 1))
print('in' if held >= 0 else 'no', flush=True)
time.sleep(60)
";

#[test]
fn on_this_machine_a_map_is_found_with_its_holder() {
    use std::{
        io::Read,
        process::{Command, Stdio},
    };
    let python = Command::new("python3").args(["-c", HOLDER]).stdout(Stdio::piped()).spawn();
    let Ok(mut python) = python else { return leaksweep_peers::skip("there is no python3") };
    let mut said = [0; 2];
    let answered = python.stdout.take().unwrap().read_exact(&mut said).is_ok();
    let pid = i64::from(python.id());
    let processes = [Process { pid, name: "python3".into(), ..Process::default() }];
    let machine = Machine::running().unwrap();
    let descriptors = Descriptors::collect(&machine, &processes, &Default::default());
    let seen = collect(&machine, &Names::default(), &processes, &descriptors);
    python.kill().unwrap();
    python.wait().unwrap();
    if !answered || said != *b"in" {
        return leaksweep_peers::skip("the kernel refuses BPF");
    }
    let held: Vec<_> = seen.rows.iter().filter(|row| row.pid == Some(pid)).collect();
    assert_eq!(held.len(), 1);
    assert_eq!((&*held[0].kind, held[0].form.as_deref()), ("map", Some("array")));
    assert!(held[0].number.is_some());
}
