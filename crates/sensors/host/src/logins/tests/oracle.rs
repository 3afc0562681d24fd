//! The same files as last(1), lastb(1) and utmpdump(1) of util-linux understand them.

use std::{fs, path::Path, process::Command};

use super::{
    super::record::records,
    written::{boot, file, log_in, log_out, shutdown},
    *,
};

fn output(program: &str, arguments: &[&str], path: &Path) -> Option<String> {
    let program = leaksweep_peers::need(program)?;
    let mut command = Command::new(program);
    let output = command.args(arguments).arg(path).env("TZ", "UTC").output().unwrap();
    assert!(output.status.success(), "{output:?}");
    Some(String::from_utf8(output.stdout).unwrap())
}

fn story() -> Vec<Entry> {
    let ip6 = Entry {
        host: "2001:db8::1".into(),
        address: [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
        ..log_in(T + 400, "bob", "pts/3", 105)
    };
    vec![
        boot(T),
        log_in(T + 10, "bob", "pts/0", 100),
        log_in(T + 20, "root", "pts/1", 101),
        log_out(T + 130, "pts/0", 100),
        shutdown(T + 200),
        boot(T + 300),
        ip6,
        log_in(T + 420, "root", "pts/4", 106),
        boot(T + 600),
    ]
}

#[test]
fn log_ins_are_those_of_last() {
    let folder = disk(&[("var/log/wtmp", &file(&story()))]);
    let arguments = ["--time-format", "iso", "-i", "-f"];
    let Some(said) = output("last", &arguments, &folder.path().join("var/log/wtmp")) else {
        return;
    };
    let logins = read(folder.path());
    let mut mine: Vec<String> =
        logins.logins.rows.iter().filter(|row| row.kind == "log-in").map(line).collect();
    mine.reverse();
    let lines = said.lines().filter(|line| line.starts_with("bob") || line.starts_with("root"));
    let theirs: Vec<String> =
        lines.map(|line| line.split_whitespace().take(6).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(mine, theirs, "{said}");
}

fn line(row: &Login) -> String {
    let iso = |time: Time| time.to_string().replace('Z', "+00:00");
    let end = match row.outcome.as_deref() {
        Some("boot") => "crash".into(),
        Some("shutdown") => "down".into(),
        _ => iso(row.ended.unwrap()),
    };
    let from = row.from_address.as_deref().unwrap_or_default();
    format!("{} {} {from} {} - {end}", row.user, row.terminal, iso(row.started.unwrap()))
}

#[test]
fn records_are_those_of_utmpdump_in_both_directions() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wtmp");
    fs::write(&path, file(&story())).unwrap();
    let Some(said) = output("utmpdump", &[], &path) else { return };
    let mine = records(&file(&story())).found;
    assert_eq!(mine.iter().flatten().map(dumped).collect::<Vec<_>>(), fields(&said));
    let text = folder.path().join("text");
    fs::write(&text, &said).unwrap();
    let program = leaksweep_peers::need("utmpdump").unwrap();
    let made = Command::new(program).arg("-r").arg(&text).env("TZ", "UTC").output().unwrap();
    assert_eq!(records(&made.stdout).found, mine);
}

/// Process, user, terminal, host, address and time of each line.
fn fields(said: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| {
        line.split('[')
            .skip(1)
            .map(|cell| cell.trim().trim_end_matches(']').trim().to_owned())
            .collect::<Vec<_>>()
    };
    let kept = |cells: Vec<String>| [1, 3, 4, 5, 6, 7].map(|place| cells[place].clone()).to_vec();
    said.lines().map(|line| kept(cells(line))).collect()
}

fn dumped(record: &Record) -> Vec<String> {
    let address = record.address.map_or("0.0.0.0".into(), |address| address.to_string());
    let time = Time(record.time).to_string().replace('Z', ",000000+00:00");
    let pid = format!("{:05}", record.pid);
    vec![pid, record.user.clone(), record.line.clone(), record.host.clone(), address, time]
}

#[test]
fn failures_are_as_many_as_lastb_tells() {
    let failed = |time: i64| Entry { kind: 6, ..log_in(time, "admin", "ssh:notty", 7) };
    let btmp = file(&[failed(T), failed(T + 1), failed(T + 500)]);
    let folder = disk(&[("var/log/btmp", &btmp)]);
    let Some(said) = output("lastb", &["-f"], &folder.path().join("var/log/btmp")) else { return };
    let theirs = said.lines().filter(|line| line.starts_with("admin")).count();
    let mine: i64 = read(folder.path()).logins.rows.iter().map(|row| row.count).sum();
    assert_eq!(usize::try_from(mine).unwrap(), theirs);
}

#[test]
fn the_wider_records_of_the_other_architecture_are_the_same() {
    let wide: Vec<u8> = story().iter().flat_map(Entry::wide).collect();
    let found = records(&wide);
    assert_eq!((found.size, found.remainder), (400, 0));
    assert_eq!(found.found, records(&file(&story())).found);
}
