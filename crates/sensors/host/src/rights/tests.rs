use std::os::unix::fs::PermissionsExt;

use leaksweep_facts::Reason;

use super::*;
use crate::fixture::{Fixture, write};

const PASSWD: &[u8] = b"root:x:0:0::/root:/bin/bash\nalice:x:1000:1000::/home/alice:/bin/bash\n\
bob:x:1001:1001::/home/bob:/bin/bash\ncarol:x:1002:27::/home/carol:/bin/bash\n";
const GROUP: &[u8] = b"root:x:0:\nsudo:x:27:alice\nstaff:x:50:bob\nalice:x:1000:\nbob:x:1001:\n";

pub fn disk(files: &[(&str, &[u8])]) -> (Fixture, Observed<Right>) {
    let fixture = Fixture::new();
    write(&fixture.root.join("etc/passwd"), PASSWD);
    write(&fixture.root.join("etc/group"), GROUP);
    write(&fixture.proc.join("sys/kernel/hostname"), b"lab-07\n");
    for (path, content) in files {
        write(&fixture.root.join(path), content);
    }
    let found = look(&fixture);
    (fixture, found)
}

fn look(fixture: &Fixture) -> Observed<Right> {
    let machine = fixture.machine();
    collect(&machine, &crate::accounts::collect(&machine))
}

/// The rows in short: who, through what, as whom, which command, `!` for everything, `-` for no
/// password.
pub fn told(found: &Observed<Right>) -> Vec<String> {
    let mark = |holds: bool, mark: &'static str| if holds { mark } else { "" };
    let row = |row: &Right| {
        let through = row.through.as_ref().map(|own| format!("<{own}>")).unwrap_or_default();
        let marks = [mark(row.everything, "!"), mark(row.no_password, "-")].concat();
        format!("{}{through} ({}) {} {marks}", row.user, row.as_user, row.command)
            .trim_end()
            .to_owned()
    };
    found.rows.iter().map(row).collect()
}

#[test]
fn a_disk_without_rules_has_no_rights_and_no_problems() {
    let (_, found) = disk(&[]);
    assert_eq!(found, Observed::default());
}

#[test]
fn programs_that_the_account_could_change_are_named() {
    let sudoers = b"bob ALL = /opt/own, /opt/theirs, /opt/closed, /opt/open/, /opt/team\n\
carol ALL = /opt/own\nALL ALL = /opt/own\n";
    let (fixture, _) = disk(&[("etc/sudoers", sudoers)]);
    for (name, owner, group, mode) in [
        ("own", 1001, 0, 0o755),
        ("theirs", 1000, 0, 0o755),
        ("closed", 0, 0, 0o755),
        ("team", 0, 50, 0o775),
    ] {
        let path = fixture.root.join("opt").join(name);
        write(&path, b"");
        std::os::unix::fs::chown(&path, Some(owner), Some(group)).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
    }
    let open = fixture.root.join("opt/open");
    std::fs::create_dir(&open).unwrap();
    std::fs::set_permissions(&open, PermissionsExt::from_mode(0o777)).unwrap();
    let found = look(&fixture);
    let changeable: Vec<_> = found.rows.iter().map(|row| row.changeable.as_deref()).collect();
    assert_eq!(changeable, [Some("/opt/own, /opt/open/, /opt/team"), None, Some("/opt/own")]);
    assert_eq!(found.problems, []);
}

#[test]
fn doas_gives_what_no_later_rule_takes() {
    let conf =
        b"permit nopass :sudo\npermit alice as root cmd /usr/bin/vim\npermit bob\ndeny carol\n\
deny bob cmd /bin/ls\npermit 1001 as root cmd /bin/ls args\n";
    let (_, found) = disk(&[("etc/doas.conf", conf)]);
    let expected = [
        "alice<group sudo> (ALL) ALL !-",
        "alice (root) /usr/bin/vim",
        "bob (ALL) ALL !",
        "bob (root) /bin/ls",
    ];
    assert_eq!(told(&found), expected);
    assert_eq!(found.rows[1].escapes.as_deref(), Some("vim"));
    assert_eq!(found.rows[0].line, Some(1));
}

#[test]
fn what_is_no_file_is_a_problem_and_nothing_waits() {
    let (fixture, _) = disk(&[]);
    std::fs::create_dir_all(fixture.root.join("etc/sudoers")).unwrap();
    std::fs::create_dir_all(fixture.root.join("etc/polkit-1/rules.d/x.rules")).unwrap();
    let fifo = fixture.root.join("etc/doas.conf");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &fifo,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .unwrap();
    let found = look(&fixture);
    let told: Vec<_> = found.problems.iter().map(|p| (p.subject.as_str(), p.reason)).collect();
    let expected = ["/etc/sudoers", "/etc/doas.conf", "/etc/polkit-1/rules.d/x.rules"]
        .map(|p| (p, Reason::WrongType));
    assert_eq!(told, expected);
}

#[test]
fn without_accounts_no_rule_reaches_anybody_for_certain() {
    let (fixture, _) = disk(&[("etc/sudoers", b"%sudo ALL = ALL\n")]);
    std::fs::remove_file(fixture.root.join("etc/group")).unwrap();
    let found = look(&fixture);
    assert!(found.problems.iter().any(|problem| problem.columns == ["user"]));
}
