//! What about the files does not add up, and hostile ones.

use std::os::unix::fs::symlink;

use rustix::fs::{CWD, FileType, Mode, mknodat};

use super::{
    super::record::Records,
    written::{blank, boot, file, log_in, log_out},
    *,
};

fn wtmp(entries: &[Entry]) -> LoginLog {
    let mut rows = with_wtmp(entries).logs.rows.into_iter();
    rows.find(|row| row.kind == "wtmp").unwrap()
}

fn oddity(entries: &[Entry]) -> Option<String> {
    wtmp(entries).oddity
}

fn user(time: i64, pid: i32) -> Entry {
    log_in(time, "bob", "pts/0", pid)
}

#[test]
fn a_wiped_record_is_told_and_what_a_crash_left_is_not() {
    let wiped = wtmp(&[boot(T), blank(), user(T + 9, 1)]);
    assert_eq!((wiped.records, wiped.blank), (3, 1));
    assert_eq!(wiped.oddity.as_deref(), Some("one record is nothing but zeros"));
    assert_eq!((wiped.first, wiped.last), (Some(Time(T)), Some(Time(T + 9))));
    let crashed = wtmp(&[boot(T), user(T + 9, 1), blank(), blank(), boot(T + 99)]);
    assert_eq!((crashed.blank, crashed.oddity), (2, None));
    assert_eq!(
        oddity(&[boot(T), user(T + 9, 1), blank()]),
        None,
        "a mounted disk may have crashed"
    );
}

#[test]
fn a_changed_time_is_told_and_a_clock_that_was_set_is_not() {
    let hour = 3600;
    let changed = [boot(T), user(T + 9, 1), user(T - hour, 2), user(T + 20, 3)];
    assert_eq!(oddity(&changed).as_deref(), Some("one record is older than those around it"));
    assert_eq!(wtmp(&changed).backward, 1);
    let set = [boot(T), user(T + 9, 1), user(T - hour, 2), user(T - hour + 9, 3)];
    assert_eq!(oddity(&set), None);
    let at_start = [boot(T), boot(T - hour), user(T + 9, 2)];
    assert_eq!(oddity(&at_start), None);
    let seconds = [boot(T), user(T + 59, 1), user(T, 2), user(T + 60, 3)];
    assert_eq!(oddity(&seconds), None);
    let local =
        disk(&[("etc/adjtime", b"0.0 0 0.0\n0\nLOCAL\n"), ("var/log/wtmp", &file(&changed))]);
    assert_eq!(read(local.path()).logs.rows[0].backward, 0);
}

#[test]
fn an_end_without_a_beginning_is_told_where_the_beginning_must_be_there() {
    let end = log_out(T + 50, "pts/0", 7);
    assert_eq!(
        oddity(&[boot(T), end.clone()]).as_deref(),
        Some("one log-in ended that never began")
    );
    assert_eq!(oddity(&[end.clone(), boot(T + 99)]), None, "it began in an older file");
    assert_eq!(oddity(&[boot(T), user(T + 9, 7), end.clone()]), None);
    assert_eq!(oddity(&[boot(T), user(T + 9, 7), end.clone(), end.clone()]), None, "told twice");
    let other = log_out(T + 60, "pts/0", 8);
    assert_eq!(wtmp(&[boot(T), user(T + 9, 7), end, other]).orphans, 1);
    assert_eq!(oddity(&[boot(T), log_out(T + 50, "tty1", 7)]), None, "systemd ends consoles");
}

#[test]
fn a_log_that_is_not_kept_is_told() {
    let folder = disk(&[("var/log/btmp", b"")]);
    symlink("/dev/null", folder.path().join("var/log/wtmp")).unwrap();
    let rows = read(folder.path()).logs.rows;
    assert_eq!((&*rows[0].path, rows[0].kept), ("/var/log/wtmp", false));
    assert_eq!(rows[0].oddity.as_deref(), Some("a link to /dev/null"));
    assert!(rows[0].modified.is_some(), "when the link was made");
    assert!(rows[1].kept && rows[1].oddity.is_none());

    let folder = disk(&[]);
    let absent = |rows: &[LoginLog]| (rows[0].kept, rows[0].oddity.clone());
    assert_eq!(absent(&read(folder.path()).logs.rows), (false, None));
    let rules = "# log files\nf /var/log/wtmp 0664 root utmp -\n";
    write(&folder.path().join("usr/lib/tmpfiles.d/var.conf"), rules.as_bytes());
    assert_eq!(absent(&read(folder.path()).logs.rows).1, None, "it never ran");
    write(&folder.path().join("var/lib/systemd/random-seed"), b"x");
    assert!(absent(&read(folder.path()).logs.rows).1.unwrap().starts_with("it is not there"));
}

#[test]
fn histories_are_counted_and_those_that_are_not_kept_are_told() {
    let folder = disk(&[
        ("root/.bash_history", b"#1772445600\nls\n#1772445700\nid\n"),
        ("etc/profile.d/quiet.sh", b"set +o history\n"),
        ("home/bob/.zshrc", b"HISTSIZE=1000\nexport HISTFILE=/dev/null # hidden\n"),
        ("home/bob/.bashrc", b"# unset HISTFILE\nHISTFILESIZE=2000\nunset HISTFILE; true\n"),
    ]);
    symlink("/dev/null", folder.path().join("home/bob/.bash_history")).unwrap();
    let rows = read(folder.path()).logs.rows;
    let told: Vec<_> = rows.iter().filter(|row| row.kind == "history").collect();
    let facts: Vec<_> =
        told.iter().map(|row| (&*row.path, row.records, row.kept, row.oddity.as_deref())).collect();
    let expected = [
        ("/root/.bash_history", 4, true, None),
        ("/home/bob/.bash_history", 0, false, Some("a link to /dev/null")),
        ("/home/bob/.bashrc", 0, false, Some("line 3 keeps none: unset HISTFILE; true")),
        (
            "/home/bob/.zshrc",
            0,
            false,
            Some("line 2 keeps none: export HISTFILE=/dev/null # hidden"),
        ),
        ("/etc/profile.d/quiet.sh", 0, false, Some("line 1 keeps none: set +o history")),
    ];
    assert_eq!(facts, expected);
    assert_eq!((told[0].first, told[0].last), (Some(Time(T)), Some(Time(T + 100))));
}

#[test]
fn text_logs_are_counted() {
    let auth = b"2026-03-02T10:00:00.5+00:00 pc sshd[1]: x\nMar  2 10:01:00 pc y\n";
    let audit = b"type=LOGIN msg=audit(1772445600.123:45): pid=1\n";
    let folder = disk(&[("var/log/auth.log", auth), ("var/log/audit/audit.log", audit)]);
    let rows = read(folder.path()).logs.rows;
    let of = |kind: &str| {
        let row = rows.iter().find(|row| row.kind == kind).unwrap();
        (row.records, row.first, row.last)
    };
    assert_eq!(of("auth"), (2, Some(Time(T)), Some(Time(T))));
    assert_eq!(of("audit"), (1, Some(Time(T)), Some(Time(T))));
}

#[test]
fn hostile_records_are_read_to_their_end() {
    let odd = Entry {
        user: b"b\xffb\n\x1b[31m".to_vec(),
        line: vec![b'x'; 32],
        host: vec![0xff; 256],
        time: u32::MAX,
        kind: -1,
        address: [0xff; 16],
        ..Entry::default()
    };
    let far = Entry { time: 1 << 31, ..user(T, 1) };
    let mut bytes = file(&[boot(T), odd, far]);
    bytes.extend([7; 100]);
    let Records { found, remainder, size } = record::records(&bytes);
    assert_eq!((found.len(), remainder, size), (3, 100, 384));
    let odd = found[1].as_ref().unwrap();
    assert_eq!((&*odd.user, odd.line.len()), ("b\\xffb\n\x1b[31m", 32));
    assert_eq!(odd.time, i64::from(u32::MAX));
    let logins = read(disk(&[("var/log/wtmp", &bytes), ("var/log/btmp", &bytes)]).path());
    let row = logins.logs.rows.iter().find(|row| row.kind == "wtmp").unwrap();
    assert_eq!(row.remainder, 100);
    let told = row.oddity.as_deref().unwrap();
    assert!(told.ends_with("100 bytes at the end beyond the last whole record"), "{told}");
    let last = logins.logins.rows.iter().find(|row| row.kind == "log-in").unwrap();
    assert_eq!(last.started, Some(Time(1 << 31)));
    assert!(logins.logins.rows.iter().any(|row| row.kind == "failed" && row.count == 1));
}

#[test]
fn a_pipe_or_a_folder_in_the_place_of_a_log_is_a_problem_and_does_not_wait() {
    let folder = disk(&[("var/log/lastlog/x", b""), ("home/bob/.bash_history/x", b"")]);
    let mode = Mode::RUSR | Mode::WUSR;
    for name in ["wtmp", "btmp", "auth.log"] {
        // Not empty by its size, as a pipe is not.
        let path = folder.path().join("var/log").join(name);
        mknodat(CWD, path, FileType::Fifo, mode, 0).unwrap();
    }
    let logins = read(folder.path());
    let wrong = |problems: &[Problem]| {
        let wrong = problems.iter().filter(|problem| problem.reason == Reason::WrongType);
        wrong.map(|problem| problem.subject.clone()).collect::<Vec<_>>()
    };
    let files = ["/var/log/wtmp", "/var/log/btmp"];
    assert_eq!(wrong(&logins.logins.problems), [&files[..], &["/var/log/lastlog"]].concat());
    assert_eq!(wrong(&logins.logs.problems), [&files[..], &["/var/log/auth.log"]].concat());
    let history = logins.logs.rows.iter().find(|row| row.kind == "history").unwrap();
    assert!(!history.kept && history.oddity.is_some());
}

#[test]
fn of_a_log_that_is_too_large_the_end_is_read() {
    let folder = disk(&[("var/log/btmp", b"")]);
    let path = folder.path().join("var/log/wtmp");
    let sparse = std::fs::File::create(&path).unwrap();
    sparse.set_len(384 * 200_000).unwrap();
    std::os::unix::fs::FileExt::write_all_at(&sparse, &boot(T).bytes(), 384 * 199_999).unwrap();
    let logins = read(folder.path());
    assert_eq!(logins.logins.rows.len(), 1);
    assert_eq!((logins.logins.rows[0].record, &*logins.logins.rows[0].kind), (200_000, "boot"));
    assert_eq!(logins.logins.problems[0].reason, Reason::TooLarge);
}
