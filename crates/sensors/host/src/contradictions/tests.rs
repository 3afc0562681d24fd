use std::{cell::Cell, fs, os::unix::fs::symlink};

use super::*;
use crate::fixture::{Fixture, mounted, write};

mod kernel;
mod namespaces;
mod netlink;

type Rows<'a> = Vec<(&'a str, &'a str, &'a str, &'a str)>;

/// Kind, subject, what shows it, and how sure that is.
fn told(seen: &Observed<Contradiction>) -> Rows<'_> {
    seen.rows
        .iter()
        .map(|row| (&*row.kind, &*row.subject, &*row.seen_by, &*row.confidence))
        .collect()
}

/// A machine with two processes that every way shows.
fn honest() -> Fixture {
    let fixture = Fixture::new();
    for pid in [1, 20] {
        fixture.process(pid, b"x", "/bin/sleep");
        fs::create_dir_all(fixture.proc.join(format!("{pid}/task/{pid}"))).unwrap();
    }
    write(&fixture.proc.join("loadavg"), b"0.1 0.2 0.3 1/2 30\n");
    write(&fixture.proc.join("stat"), b"cpu 1\nbtime 1700000000\nprocesses 900\n");
    write(&fixture.sys.join("fs/cgroup/cgroup.procs"), b"1\n0\n");
    write(&fixture.sys.join("fs/cgroup/a.slice/b.service/cgroup.procs"), b"20\n");
    fixture
}

fn processes_of(fixture: &Fixture, alive: Option<&dyn Fn(i64) -> bool>) -> Observed<Contradiction> {
    let machine = fixture.machine();
    let mut seen = Observed::default();
    processes::look(machine.kernel(TABLE).unwrap(), alive, &mut seen);
    seen
}

#[test]
fn what_all_ways_show_is_no_contradiction() {
    let fixture = honest();
    let alive: &dyn Fn(i64) -> bool = &|number| matches!(number, 1 | 20);
    let machine = fixture.machine();
    let kernel = machine.kernel(TABLE).unwrap();
    let mut seen = processes_of(&fixture, Some(alive));
    counts::look(kernel, true, &mut seen);
    modules::look(kernel, &mut seen);
    ports::look(kernel, &mut seen);
    interfaces::look(kernel, &[], &mut seen);
    assert_eq!(seen, Observed::default());
}

#[test]
fn a_process_that_is_not_listed_is_found_by_its_group_and_by_signals() {
    let fixture = honest();
    write(&fixture.sys.join("fs/cgroup/a.slice/b.service/cgroup.procs"), b"20\n28\n");
    let seen = processes_of(&fixture, None);
    assert_eq!(told(&seen), [("process", "process 28", "cgroup.procs", "certain")]);
    assert_eq!((seen.rows[0].pid, &*seen.rows[0].not_seen_by), (Some(28), "/proc"));
    let alive: &dyn Fn(i64) -> bool = &|number| matches!(number, 1 | 20 | 28 | 29 | 31);
    let seen = processes_of(&fixture, Some(alive));
    // No process has a number above the last that was given away.
    assert_eq!(
        told(&seen),
        [
            ("process", "process 28", "cgroup.procs kill(PID,0)", "certain"),
            ("process", "process 29", "kill(PID,0)", "certain"),
        ]
    );
}

#[test]
fn a_child_that_is_not_listed_is_found() {
    let fixture = honest();
    write(&fixture.proc.join("1/task/1/children"), b"20 27 ");
    let seen = processes_of(&fixture, None);
    let expected = [("process", "process 27", "/proc/PID/task/PID/children", "certain")];
    assert_eq!(told(&seen), expected);
}

#[test]
fn what_ends_while_one_looks_does_not_hide() {
    let fixture = honest();
    for answers in 1..=3 {
        let left = Cell::new(answers);
        let alive: &dyn Fn(i64) -> bool = &|number| {
            let alive = number == 28 && left.get() > 0;
            left.set(left.get() - i32::from(alive));
            alive
        };
        assert_eq!(processes_of(&fixture, Some(alive)).rows, [], "{answers}");
    }
}

#[test]
fn hostile_groups_are_read_as_far_as_they_make_sense() {
    let fixture = honest();
    let at = |path: &str| fixture.sys.join("fs/cgroup").join(path);
    write(&at("cgroup.procs"), b"1\n-7\n99999999999999999999\n\xff\n20x\n");
    symlink("..", at("a.slice/circle")).unwrap();
    fs::create_dir_all(at("folder/cgroup.procs")).unwrap();
    assert_eq!(processes_of(&fixture, None), Observed::default());
}

fn counts_of(fixture: &Fixture, whole: bool) -> Observed<Contradiction> {
    let machine = fixture.machine();
    let mut seen = Observed::default();
    counts::look(machine.kernel(TABLE).unwrap(), whole, &mut seen);
    seen
}

#[test]
fn threads_that_are_counted_and_not_listed_are_told() {
    let fixture = honest();
    write(&fixture.proc.join("loadavg"), b"0.1 0.2 0.3 1/5 30\n");
    let seen = counts_of(&fixture, true);
    assert_eq!(told(&seen), [("count", "threads", "/proc/loadavg", "certain")]);
    let detail = "of 5 threads that the kernel counts 3 are not listed";
    assert_eq!(seen.rows[0].detail, detail);
    // In a container the machine's threads are counted and the container's listed.
    assert_eq!(counts_of(&fixture, false).rows, []);

    let stat = "20 (x) S 1 1 1 0 -1 0 1 0 0 0 0 0 0 0 20 0 4 0 500 1 1 1\n";
    write(&fixture.proc.join("20/stat"), stat.as_bytes());
    let seen = counts_of(&fixture, false);
    assert_eq!(told(&seen), [("thread", "process 20", "/proc/PID/stat", "certain")]);
    assert_eq!(seen.rows[0].detail, "3 more threads are counted than listed");
}

#[test]
fn counts_that_make_no_sense_say_nothing() {
    for load in ["", "0 0 0", "0 0 0 x/y 1", "0 0 0 1/99999999999999999999999 1"] {
        let fixture = honest();
        write(&fixture.proc.join("loadavg"), load.as_bytes());
        assert_eq!(counts_of(&fixture, true), Observed::default(), "{load}");
    }
}

#[test]
fn of_too_many_rows_the_first_are_kept() {
    let mut seen = Observed::default();
    let rows = (0..300).map(|n| row("port", n.to_string(), ("a", "b"), "c", "certain")).collect();
    add(&mut seen, rows);
    assert_eq!((seen.rows.len(), seen.problems.len()), (MOST_ROWS, 1));
}

#[test]
fn a_mounted_disk_has_no_ways_to_compare() {
    let folder = tempfile::tempdir().unwrap();
    let seen = collect(&mounted(folder.path()), &[], &[], &[]);
    assert_eq!(seen.rows, []);
    assert_eq!(seen.problems[0].reason, Reason::NotLive);
}

#[test]
fn a_proc_of_another_namespace_or_one_that_hides_cannot_be_compared() {
    let fixture = honest();
    let machine = fixture.machine();
    let kernel = machine.kernel(TABLE).unwrap();
    let reason = || comparable(kernel).map_err(|problem| problem.reason);
    assert_eq!(reason(), Err(Reason::Unsupported));
    symlink(std::process::id().to_string(), fixture.proc.join("self")).unwrap();
    assert_eq!(reason(), Ok(()));
    let own = fixture.proc.join(std::process::id().to_string());
    write(&own.join("mountinfo"), b"20 1 0:5 / /proc rw - proc proc rw,hidepid=2\n");
    write(&own.join("status"), b"CapEff:\t0000000000000001\n");
    assert_eq!(reason(), Err(Reason::Denied));
    write(&own.join("status"), b"CapEff:\t000001ffffffffff\n");
    assert_eq!(reason(), Ok(()));
}

/// While the other tests start and end processes and threads.
#[test]
fn this_machine_does_not_contradict_itself() {
    let machine = Machine::running().unwrap();
    for _ in 0..5 {
        let seen = collect(&machine, &[], &[], &[]);
        let sure = seen.rows.iter().filter(|row| row.confidence != "possible");
        assert_eq!(sure.collect::<Vec<_>>(), Vec::<&Contradiction>::new());
    }
}
