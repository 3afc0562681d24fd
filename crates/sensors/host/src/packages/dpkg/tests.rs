use std::{fs, os::unix::fs::symlink, path::Path, process::Command};

use super::*;

const STATUS: &str = "/var/lib/dpkg/status";

fn collected(build: impl Fn(&Path)) -> Observed<Package> {
    let folder = tempfile::tempdir().unwrap();
    let dpkg = folder.path().join("var/lib/dpkg");
    fs::create_dir_all(&dpkg).unwrap();
    build(&dpkg.join("status"));
    collect(&crate::fixture::mounted(folder.path()))
}

#[test]
fn this_machine_is_seen_as_dpkg_sees_it() {
    let format = "${Package}\t${Version}\t${Architecture}\t${source:Package}\t${Maintainer}\n";
    let Ok(output) = Command::new("dpkg-query").args(["-W", "-f", format]).output() else {
        return leaksweep_peers::skip("only Debian and its kin have dpkg-query");
    };
    let text = String::from_utf8(output.stdout).unwrap();
    let mut expected: Vec<String> = text.lines().map(str::to_owned).collect();
    let found = collect(&Machine::running().unwrap());
    let line =
        |p: &Package| [&*p.name, &p.version, &p.architecture, &p.source, &p.publisher].join("\t");
    let mut rows: Vec<String> = found.rows.iter().map(line).collect();
    expected.sort();
    rows.sort();
    assert_eq!(rows, expected);
    assert_eq!(found.problems, []);
    assert!(found.rows.iter().all(|p| p.state != "installed" || p.installed.is_some()));
}

#[test]
fn the_status_words_give_state_and_hold() {
    let cases = [
        ("install ok installed", Some(("installed", false))),
        ("hold ok installed", Some(("installed", true))),
        ("deinstall ok config-files", Some(("config-files", false))),
        ("install reinstreq half-installed", Some(("broken", false))),
        ("install ok unpacked", Some(("broken", false))),
        ("purge ok not-installed", None),
    ];
    for (status, expected) in cases {
        let text = format!("Package: a\nStatus: {status}\nVersion: 1\n\n");
        let found = parse(text.as_bytes(), STATUS);
        let row = found.rows.first().map(|row| (row.state.as_str(), row.held));
        assert_eq!(row, expected, "{status}");
    }
}

#[test]
fn a_stanza_without_a_version_is_a_problem_and_the_rest_is_read() {
    let found = parse(b"Package: a\n\nPackage: b\xff\nVersion: 2\n\n", STATUS);
    assert_eq!(found.rows[0].name, "b\\xff");
    assert_eq!(found.problems[0].subject, "/var/lib/dpkg/status:1");
}

#[test]
fn the_last_stanza_needs_no_empty_line_after_it() {
    let found = parse(b"Package: a\nStatus: install ok installed\nVersion: 1\n", STATUS);
    assert_eq!((found.rows.len(), found.problems), (1, vec![]));
}

#[test]
fn no_dpkg_is_no_problem() {
    assert_eq!(collected(|_| ()), Observed::default());
}

#[test]
fn a_status_that_cannot_be_read_is_a_problem() {
    type Case = (&'static str, fn(&Path), Reason);
    let cases: [Case; 5] = [
        ("half", |p| fs::write(p, "Package: a\nVersion: 1\nMaint").unwrap(), Reason::Malformed),
        ("huge", |p| fs::File::create(p).unwrap().set_len(1 << 30).unwrap(), Reason::TooLarge),
        ("folder", |p| fs::create_dir(p).unwrap(), Reason::WrongType),
        ("link", |p| symlink("/", p).unwrap(), Reason::WrongType),
        ("pipe", pipe, Reason::WrongType),
    ];
    for (case, build, reason) in cases {
        let problems = collected(build).problems;
        assert_eq!(problems.first().map(|p| p.reason), Some(reason), "{case}");
    }
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}
