use std::os::unix::fs::symlink;

use leaksweep_facts::Reason;

use super::*;
use crate::fixture::{Fixture, write};

fn disk(files: &[(&str, &[u8])]) -> (Fixture, Observed<PamRule>) {
    let fixture = Fixture::new();
    for (path, content) in files {
        write(&fixture.root.join(path), content);
    }
    let found = collect(&fixture.machine());
    (fixture, found)
}

/// Rules in short.
fn told(found: &Observed<PamRule>) -> Vec<String> {
    let row = |row: &PamRule| {
        let place = row.module_path.as_ref().map(|path| format!(" = {path}")).unwrap_or_default();
        format!(
            "{}:{} {} | {} | {} | {}{place}",
            row.service, row.line, row.kind, row.control, row.module, row.arguments
        )
    };
    found.rows.iter().map(row).collect()
}

#[test]
fn every_rule_is_a_row_with_its_module() {
    let sshd = b"# PAM\nauth\trequired pam_env.so # comment\n@include common-auth\n\
-session optional pam_x.so a \\\n  b=[c d] \n\
session [success=ok  ignore=ignore \\\n default=bad] pam_exec.so seteuid log=/x /usr/bin/true now\n\
AUTH Sufficient /opt/own.so passwd=hunter2\nauth include system\nauth substack other\n";
    let (_, found) = disk(&[
        ("etc/pam.d/sshd", sshd),
        ("etc/pam.d/sshd.dpkg-old", b"auth sufficient pam_permit.so\n"),
        ("etc/pam.d/zzz~", b"auth sufficient pam_permit.so\n"),
        ("usr/lib/pam.d/sshd", b"auth sufficient pam_permit.so\n"),
        ("usr/lib/pam.d/vendor", b"auth required pam_deny.so\n"),
        ("etc/pam.conf", b"other auth required pam_permit.so\n"),
        ("usr/lib/x86_64-linux-gnu/security/pam_env.so", b""),
        ("usr/lib64/security/pam_exec.so", b""),
    ]);
    let expected = [
        "sshd:2 auth | required | pam_env.so |  = /usr/lib/x86_64-linux-gnu/security/pam_env.so",
        "sshd:3 - | @include | common-auth | ",
        "sshd:4 session | optional | pam_x.so | a b=[c d]",
        "sshd:6 session | [success=ok ignore=ignore default=bad] | pam_exec.so | seteuid log=/x \
/usr/bin/true now = /usr/lib64/security/pam_exec.so",
        "sshd:8 auth | sufficient | /opt/own.so | passwd=*** = /opt/own.so",
        "sshd:9 auth | include | system | ",
        "sshd:10 auth | substack | other | ",
        "vendor:1 auth | required | pam_deny.so | ",
    ];
    assert_eq!(told(&found), expected);
    assert_eq!(found.problems, []);
    let programs = programs(&found.rows);
    let told: Vec<_> = programs
        .iter()
        .map(|row| (row.command.as_str(), row.program.as_deref(), row.line))
        .collect();
    assert_eq!(told, [("/usr/bin/true now", Some("/usr/bin/true"), Some(6))]);
    assert_eq!(programs[0].name, "sshd");
}

#[test]
fn one_file_serves_all_where_there_is_no_folder() {
    let (_, found) = disk(&[("etc/pam.conf", b"SSHD auth required pam_x.so [a b]\nother auth\n")]);
    assert_eq!(told(&found), ["sshd:1 auth | required | pam_x.so | a b"]);
    assert_eq!(found.problems[0].detail, "line 2 is no rule");
}

#[test]
fn what_is_no_rule_or_no_file_is_a_problem() {
    let (fixture, found) = disk(&[
        ("etc/pam.d/a", b"nonsense\nauth required pam_x.so\nmail required pam_x.so\n"),
        ("etc/pam.d/b", &vec![b'x'; 1 << 19]),
        ("etc/pam.d/c", &b"auth required x\n".repeat(5001)),
        ("etc/pam.d/d", b"auth \xff\x00 pam_\xff.so\\"),
    ]);
    let problems: Vec<_> = found.problems.iter().map(|p| (p.subject.as_str(), p.reason)).collect();
    let expected = [
        ("/etc/pam.d/a", Reason::Malformed),
        ("/etc/pam.d/b", Reason::TooLarge),
        ("/etc/pam.d/c", Reason::TooLarge),
    ];
    assert_eq!(problems, expected);
    assert!(told(&found).contains(&"d:1 auth | \\xff\u{0} | pam_\\xff.so | ".to_owned()));
    symlink("/dev/zero", fixture.root.join("etc/pam.d/e")).unwrap();
    symlink("f", fixture.root.join("etc/pam.d/f")).unwrap();
    assert!(collect(&fixture.machine()).problems.len() > 3);
}
