mod databases;
mod logs;
mod oracle;
mod written;

use std::{io::Read, path::Path};

use leaksweep_facts::{Reason, Time};

use super::*;
use crate::{
    accounts,
    fixture::{mounted, write},
};
use written::{Entry, boot, file, log_in, log_out, shutdown};

/// 2026-03-02, a Monday, at ten o'clock.
const T: i64 = 1_772_445_600;
const PASSWD: &str = "root:x:0:0::/root:/bin/bash\nbob:x:1001:1001::/home/bob:/bin/bash\n";

fn disk(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("etc/passwd"), PASSWD.as_bytes());
    for (path, content) in files {
        write(&folder.path().join(path), content);
    }
    folder
}

fn read(folder: &Path) -> Logins {
    let machine = mounted(folder);
    collect(&machine, &accounts::collect(&machine))
}

fn with_wtmp(entries: &[Entry]) -> Logins {
    read(disk(&[("var/log/wtmp", &file(entries)), ("var/log/btmp", b"")]).path())
}

/// User, outcome and for how many seconds.
fn told(logins: &Logins) -> Vec<(&str, Option<&str>, Option<i64>)> {
    let long = |row: &Login| Some(row.ended?.0 - row.started?.0);
    let rows = logins.logins.rows.iter();
    rows.map(|row| (&*row.user, row.outcome.as_deref(), long(row))).collect()
}

#[test]
fn a_log_in_ends_with_the_next_record_of_its_terminal_a_shutdown_or_a_start() {
    let logins = with_wtmp(&[
        boot(T),
        log_in(T + 10, "bob", "pts/0", 100),
        log_out(T + 70, "pts/0", 100),
        log_in(T + 80, "bob", "pts/0", 101),
        log_in(T + 90, "root", "pts/0", 102),
        shutdown(T + 100),
        boot(T + 200),
        log_in(T + 210, "bob", "pts/1", 103),
        boot(T + 300),
        log_in(T + 310, "bob", "pts/2", 104),
    ]);
    let expected = [
        ("reboot", None, None),
        ("bob", Some("log-out"), Some(60)),
        ("bob", Some("log-out"), Some(10)),
        ("root", Some("shutdown"), Some(10)),
        ("shutdown", None, None),
        ("reboot", None, None),
        ("bob", Some("boot"), Some(90)),
        ("reboot", None, None),
        ("bob", Some("open"), None),
    ];
    assert_eq!(told(&logins), expected);
    let row = &logins.logins.rows[1];
    assert_eq!((&*row.path, row.record, row.count), ("/var/log/wtmp", 2, 1));
    assert_eq!((row.day.as_deref(), row.minute), (Some("monday"), Some(600)));
    assert_eq!(row.from_address.as_deref(), Some("192.0.2.7"));
    assert_eq!(logins.logins.rows[0].from_address, None, "a kernel's version is no machine");
    assert_eq!(logins.logins.problems, []);
    assert_eq!(logins.logs.problems, []);
}

#[test]
fn what_was_rotated_away_is_the_beginning_of_the_same_story() {
    let old = file(&[boot(T), log_in(T + 10, "bob", "pts/0", 100)]);
    let new = file(&[log_out(T + 70, "pts/0", 100)]);
    for name in ["var/log/wtmp.1", "var/log/wtmp-20260301"] {
        let folder = disk(&[(name, &old), ("var/log/wtmp", &new), ("var/log/btmp", b"")]);
        let logins = read(folder.path());
        assert_eq!(told(&logins)[1], ("bob", Some("log-out"), Some(60)), "{name}");
        let odd: Vec<_> = logins.logs.rows.iter().filter_map(|row| row.oddity.as_ref()).collect();
        assert!(odd.is_empty(), "{odd:?}");
    }
}

/// The same by gzip, xz and zstd.
fn packed(content: &[u8]) -> [(&'static str, Vec<u8>); 3] {
    use std::io::Write;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(content).unwrap();
    let options = lzma_rust2::XzOptions::with_preset(1);
    let mut xz = lzma_rust2::XzWriter::new(Vec::new(), options).unwrap();
    xz.write_all(content).unwrap();
    let zstd = zstd::encode_all(content, 1).unwrap();
    [("gz", gzip.finish().unwrap()), ("xz", xz.finish().unwrap()), ("zst", zstd)]
}

#[test]
fn rotated_files_are_ordered_by_age_and_unpacked() {
    let day = |time| file(&[boot(time)]);
    for (end, older) in packed(&day(T + 1)) {
        let folder = disk(&[
            ("var/log/wtmp.10", &day(T)),
            (&format!("var/log/wtmp.3.{end}"), &older),
            ("var/log/wtmp.2", &day(T + 2)),
            // It was being packed when the machine stopped.
            ("var/log/wtmp.2.gz", b"\x1f\x8b"),
            ("var/log/wtmp", &day(T + 3)),
            ("var/log/wtmpdb", b"another"),
        ]);
        let logins = read(folder.path());
        let times = logins.logins.rows.iter().map(|row| row.started.unwrap().0 - T);
        assert_eq!(times.collect::<Vec<_>>(), [0, 1, 2, 3], "{end}");
        assert_eq!(logins.logs.problems, []);
        assert!(logins.logs.rows.iter().any(|row| row.path.ends_with(end) && row.records == 1));
    }
}

#[test]
fn packed_files_that_cannot_be_read_are_a_problem_of_the_beginning_alone() {
    let [(_, gzip), (_, xz), (_, zstd)] = packed(&file(&[boot(T)]));
    let bomb = zstd::encode_all(std::io::repeat(0).take(65 << 20), 1).unwrap();
    let cases: [(&str, &[u8], Reason); 6] = [
        ("gz", b"packed", Reason::Malformed),
        ("gz", &gzip[..gzip.len() / 2], Reason::Malformed),
        ("xz", &xz[..xz.len() / 2], Reason::Malformed),
        ("zst", &zstd[..zstd.len() / 2], Reason::Malformed),
        ("zst", &bomb, Reason::TooLarge),
        ("bz2", b"BZh91AY", Reason::Unsupported),
    ];
    for (end, content, reason) in cases {
        let path = format!("var/log/wtmp.3.{end}");
        let folder = disk(&[(&path, content), ("var/log/wtmp", &file(&[boot(T + 2)]))]);
        let logins = read(folder.path());
        assert_eq!(logins.logins.rows.len(), 1, "{end}");
        let problem = &logins.logs.problems[0];
        assert_eq!((&*problem.subject, problem.reason), (&*format!("/{path}"), reason));
        assert_eq!(problem.columns, ["first"]);
    }
}

#[test]
fn failures_of_one_minute_are_one_and_a_name_that_may_be_a_password_is_hidden() {
    let failed = |time, user: &str, host: &str| Entry {
        kind: 6,
        line: "ssh:notty".into(),
        host: host.into(),
        ..log_in(time, user, "", 1)
    };
    let local = |user: &str| Entry { address: [0; 16], ..failed(T, user, "") };
    let btmp = file(&[
        failed(T, "admin", "192.0.2.7"),
        failed(T + 59, "admin", "192.0.2.7"),
        failed(T + 60, "admin", "192.0.2.7"),
        local("hunter2"),
        local("bob"),
    ]);
    let logins = read(disk(&[("var/log/btmp", &btmp)]).path());
    let rows: Vec<_> =
        logins.logins.rows.iter().map(|row| (&*row.kind, &*row.user, row.count)).collect();
    let failed = "failed";
    let expected =
        [(failed, "admin", 2), (failed, "admin", 1), (failed, "***", 1), (failed, "bob", 1)];
    assert_eq!(rows, expected);
}

#[test]
fn the_last_log_ins_lie_at_the_numbers_of_accounts() {
    let mut lastlog = vec![0; 292 * 1002];
    lastlog[292 * 1001..][..4].copy_from_slice(&u32::try_from(T).unwrap().to_le_bytes());
    lastlog[292 * 1001 + 4..][..5].copy_from_slice(b"pts/4");
    lastlog[292 * 1001 + 36..][..9].copy_from_slice(b"192.0.2.9");
    let known = file(&[boot(T - 99), log_in(T, "bob", "pts/4", 9)]);
    let lost = file(&[boot(T - 99), log_in(T, "root", "pts/4", 9)]);
    let later = file(&[boot(T + 99)]);
    for (wtmp, odd) in [(known, false), (lost, true), (later, false), (Vec::new(), true)] {
        let folder = disk(&[("var/log/lastlog", &lastlog), ("var/log/wtmp", &wtmp)]);
        let logins = read(folder.path());
        let last = logins.logins.rows.iter().find(|row| row.kind == "last").unwrap();
        assert_eq!((&*last.user, &*last.terminal, last.record), ("bob", "pts/4", 1002));
        let log = logins.logs.rows.iter().find(|row| row.kind == "lastlog").unwrap();
        assert_eq!((log.records, log.last, log.remainder), (1, Some(Time(T)), 0));
        let text = log.oddity.as_deref().unwrap_or_default();
        assert_eq!(text.contains("the log-in of bob at pts/4 from 192.0.2.9"), odd, "{text}");
    }
}

#[test]
fn the_time_of_day_is_the_machines_own() {
    let zone = |footer: &str| {
        // Version 2, without a transition: a header, one kind of local time, UTC, and the rule.
        let mut header = b"TZif2".to_vec();
        header.extend([0; 15]);
        for count in [0_u32, 0, 0, 0, 1, 4] {
            header.extend(count.to_be_bytes());
        }
        let body = [&[0; 6][..], b"UTC\0"].concat();
        [&header[..], &body, &header, &body, b"\n", footer.as_bytes(), b"\n"].concat()
    };
    let told = |zone: &[u8], time| Zone::parse(zone).unwrap().day_and_minute(time);
    // Ten in the morning in London is six in the evening in Shanghai.
    assert_eq!(told(&zone("CST-8"), T), Some(("monday", 1080)));
    assert_eq!(told(&zone("CST-8"), T + 6 * 3600), Some(("tuesday", 0)));
    let berlin = zone("CET-1CEST,M3.5.0,M10.5.0/3");
    assert_eq!(told(&berlin, T), Some(("monday", 660)));
    assert_eq!(told(&berlin, T + 90 * 86_400), Some(("sunday", 720)));
    assert_eq!(told(&berlin, i64::MAX), None);
    for broken in [&b"TZif2"[..], b"", b"TZif9 and nonsense"] {
        assert!(Zone::parse(broken).is_none());
        let folder = disk(&[("etc/localtime", broken), ("var/log/wtmp", &file(&[boot(T)]))]);
        let logins = read(folder.path());
        assert_eq!(logins.logins.problems[0].columns, ["day", "minute"]);
        assert_eq!((&logins.logins.rows[0].day, logins.logins.rows[0].minute), (&None, None));
    }
}

#[test]
fn of_very_many_rows_the_newest_stay() {
    let mut logins = Observed::default();
    let rows =
        (0..MAX_ROWS + 5).map(|at| Login { started: Some(Time(at as i64)), ..Login::default() });
    logins.rows = rows.rev().collect();
    capped(&mut logins);
    assert_eq!(logins.rows.len(), MAX_ROWS);
    assert_eq!(logins.rows[0].started, Some(Time(5)));
    assert_eq!(logins.problems[0].reason, Reason::TooLarge);
}
