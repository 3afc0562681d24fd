use std::os::unix::fs::symlink;

use leaksweep_facts::Reason;

use super::*;
use crate::rights::tests::{disk, told};

fn rows(sudoers: &str) -> Vec<String> {
    let (_, found) = disk(&[("etc/sudoers", sudoers.as_bytes())]);
    assert_eq!(found.problems, [], "{sudoers}");
    told(&found)
}

#[test]
fn rules_are_resolved_for_each_account() {
    let cases: [(&str, &[&str]); 29] = [
        ("root ALL=(ALL:ALL) ALL", &["root (ALL) ALL !"]),
        (
            "%sudo ALL=(ALL:ALL) ALL",
            &["carol<group sudo> (ALL) ALL !", "alice<group sudo> (ALL) ALL !"],
        ),
        (
            "%#27 ALL=(ALL) NOPASSWD: ALL",
            &["carol<group sudo> (ALL) ALL !-", "alice<group sudo> (ALL) ALL !-"],
        ),
        ("%nogroup ALL=(ALL) ALL", &[]),
        ("#1001 ALL = /bin/ls", &["bob (root) /bin/ls"]),
        ("alice, bob lab-07 = /bin/ls", &["alice (root) /bin/ls", "bob (root) /bin/ls"]),
        ("alice other = /bin/ls : lab-07 = /bin/cat", &["alice (root) /bin/cat"]),
        ("alice other = /bin/ls", &[]),
        ("alice ALL, !lab-07 = /bin/ls", &[]),
        ("alice LAB-0? = /bin/ls", &["alice (root) /bin/ls"]),
        ("alice 192.0.2.0/24 = /bin/ls", &["alice (root) /bin/ls"]),
        ("alice fe80::1 = /bin/ls", &["alice (root) /bin/ls"]),
        ("nobody-yet ALL = ALL", &["nobody-yet (root) ALL !"]),
        ("ALL ALL = /bin/ls", &["*<everyone> (root) /bin/ls"]),
        (
            "ALL, !alice, !root ALL = NOPASSWD: /bin/ls",
            &["bob<everyone> (root) /bin/ls -", "carol<everyone> (root) /bin/ls -"],
        ),
        (
            "alice ALL = NOPASSWD: /bin/a, /bin/b, PASSWD: /bin/c, (bob : staff) NOEXEC: /bin/d",
            &["alice (root) /bin/a, /bin/b -", "alice (root) /bin/c", "alice (bob) /bin/d"],
        ),
        ("alice ALL = () /bin/a", &["alice (alice) /bin/a"]),
        ("alice ALL = (:staff) /bin/a", &["alice (alice) /bin/a"]),
        ("alice ALL = (#0, bob) /bin/a", &["alice (root, bob) /bin/a"]),
        ("alice ALL = (ALL, !root) ALL", &["alice (ALL, !root) ALL !"]),
        ("alice ALL = sha224:AbCd/+=, sha256:x /bin/a", &["alice (root) /bin/a"]),
        (
            "alice ALL = /bin/a x\\,y \\:z, sudoedit /etc/a",
            &["alice (root) /bin/a x\\,y \\:z, sudoedit /etc/a"],
        ),
        (
            "\"alice\" ALL = CWD=/ TIMEOUT=\"5 m\" SETENV: NOPASSWD : /bin/a",
            &["alice (root) /bin/a -"],
        ),
        ("al\\x69ce ALL = /bin/a", &["alice (root) /bin/a"]),
        ("\"ALL\" ALL = /bin/a", &["ALL (root) /bin/a"]),
        ("User_Alias A = B, !bob : B = alice, bob\nA ALL = ALL", &["alice<alias A> (root) ALL !"]),
        (
            "Cmnd_Alias LS = /bin/ls : SU = /bin/su\nRunas_Alias OP = root, daemon\nHost_Alias H = lab-07\n\
alice H = (OP) LS, !SU",
            &["alice (root, daemon) LS, !SU"],
        ),
        ("Cmd_Alias X = ALL\nalice ALL = X", &["alice (root) X !"]),
        ("alice ALL = ALL, !ALL, /bin/ls", &["alice (root) ALL, !ALL, /bin/ls"]),
    ];
    for (sudoers, expected) in cases {
        assert_eq!(rows(sudoers), expected, "{sudoers}");
    }
}

#[test]
fn settings_decide_whether_a_password_is_asked() {
    let cases: [(&str, &[&str]); 9] = [
        (
            "Defaults !authenticate\nalice ALL = /bin/ls",
            &["alice (root) /bin/ls -", "*<everyone> (ALL) Defaults !authenticate -"],
        ),
        (
            "Defaults:alice !authenticate\nalice, bob ALL = /bin/ls",
            &[
                "alice (root) /bin/ls -",
                "bob (root) /bin/ls",
                "alice (ALL) Defaults:alice !authenticate -",
            ],
        ),
        (
            "Defaults!/bin/ls !authenticate\nalice ALL = /bin/ls\nalice ALL = /bin/cat",
            &[
                "alice (root) /bin/ls -",
                "alice (root) /bin/cat",
                "*<everyone> (ALL) Defaults!/bin/ls !authenticate -",
            ],
        ),
        (
            "Defaults exempt_group=staff\nbob ALL = ALL",
            &["bob (root) ALL !-", "bob<group staff> (ALL) Defaults exempt_group=staff -"],
        ),
        (
            "Defaults env_reset, timestamp_timeout = -1, env_keep += \"LANG LD_PRELOAD\"",
            &[
                "*<everyone> (ALL) Defaults timestamp_timeout=-1",
                "*<everyone> (ALL) Defaults env_keep += LANG LD_PRELOAD",
            ],
        ),
        ("Defaults timestamp_timeout=15, env_keep += \"LANG\", !lecture, passwd_tries=3", &[]),
        ("Defaults@other !authenticate", &[]),
        (
            "alice ALL = NOPASSWD: ALL\nalice ALL = (ALL) ALL",
            &["alice (root) ALL !", "alice (ALL) ALL !"],
        ),
        ("Defaults runas_default=bob\nalice ALL = /bin/ls", &["alice (bob) /bin/ls"]),
    ];
    for (sudoers, expected) in cases {
        assert_eq!(rows(sudoers), expected, "{sudoers}");
    }
}

#[test]
fn ways_out_of_a_narrow_rule_are_named() {
    let cases = [
        ("alice ALL = /usr/bin/vim /etc/motd, /bin/ls", Some("vim")),
        ("alice ALL = NOEXEC: /usr/bin/less", None),
        ("alice ALL = ALL, !/bin/su", Some("/*")),
        ("alice ALL = ALL", None),
        ("alice ALL = /usr/bin/find /var -name x", None),
        ("alice ALL = /usr/bin/find /var *", Some("find")),
        ("Cmnd_Alias E = /usr/bin/tee\nalice ALL = /bin/ls, E", Some("tee")),
        ("alice ALL = sudoedit /etc/hosts", None),
    ];
    for (sudoers, expected) in cases {
        let (_, found) = disk(&[("etc/sudoers", sudoers.as_bytes())]);
        assert_eq!(found.rows[0].escapes.as_deref(), expected, "{sudoers}");
    }
}

#[test]
fn files_are_included_as_sudo_does_it() {
    let (_, found) = disk(&[
        ("etc/sudoers", b"#includedir /etc/sudoers.d\n@include more-%h # x\n"),
        ("etc/more-lab-07", b"bob ALL = /bin/b\n"),
        ("etc/sudoers.d/10-a", b"alice ALL = \\\n  /bin/a\n\nalice ALL = /bin/c\n"),
        ("etc/sudoers.d/b.bak", b"bob ALL = ALL\n"),
        ("etc/sudoers.d/c~", b"bob ALL = ALL\n"),
    ]);
    assert_eq!(told(&found), ["alice (root) /bin/a", "alice (root) /bin/c", "bob (root) /bin/b"]);
    let places: Vec<_> = found.rows.iter().map(|row| (row.path.as_str(), row.line)).collect();
    let expected = [
        ("/etc/sudoers.d/10-a", Some(1)),
        ("/etc/sudoers.d/10-a", Some(4)),
        ("/etc/more-lab-07", Some(1)),
    ];
    assert_eq!(places, expected);
    assert!(found.rows[0].modified.is_some());
}

#[test]
fn what_cannot_be_resolved_or_makes_no_sense_is_a_problem() {
    let cases: [(&str, Reason); 8] = [
        ("+admins ALL = ALL", Reason::Unsupported),
        ("%:domain ALL = ALL", Reason::Unsupported),
        ("User_Alias A = B\nUser_Alias B = A\nA ALL = ALL", Reason::Unsupported),
        ("Cmnd_Alias A = B\nCmnd_Alias B = A\nalice ALL = A", Reason::Unsupported),
        ("alice ALL ALL", Reason::Malformed),
        ("alice ALL = /bin/a : /bin/b", Reason::Malformed),
        ("@include /etc/sudoers", Reason::TooLarge),
        ("Defaults", Reason::Malformed),
    ];
    for (sudoers, reason) in cases {
        let (_, found) = disk(&[("etc/sudoers", sudoers.as_bytes())]);
        assert_eq!(found.problems.first().map(|problem| problem.reason), Some(reason), "{sudoers}");
        assert!(found.problems.iter().all(|problem| problem.columns.is_empty()), "{sudoers}");
    }
    let nss = b"passwd: files\nsudoers: files sss\n";
    let (_, found) = disk(&[("etc/sudoers", b""), ("etc/nsswitch.conf", nss)]);
    assert_eq!(found.problems[0].reason, Reason::Unsupported);
}

#[test]
fn a_senseless_line_costs_only_itself_and_is_not_quoted() {
    let (_, found) = disk(&[("etc/sudoers", b"secret\xff\x00\nalice ALL = /bin/ls\n((((\n")]);
    assert_eq!(told(&found), ["alice (root) /bin/ls"]);
    assert_eq!(found.problems[0].detail, "line 1 makes no sense; so for 2 such");
}

#[test]
fn a_circle_of_folders_ends() {
    let (fixture, _) = disk(&[("etc/sudoers", b"@includedir /etc/d\n")]);
    std::fs::create_dir(fixture.root.join("etc/d")).unwrap();
    symlink("/etc/sudoers", fixture.root.join("etc/d/a")).unwrap();
    symlink("/etc/sudoers", fixture.root.join("etc/d/b")).unwrap();
    let machine = fixture.machine();
    let found = crate::rights::collect(&machine, &crate::accounts::collect(&machine));
    assert!(found.problems.iter().any(|problem| problem.reason == Reason::TooLarge));
}

/// Whatever is cut off or put in, reading ends and does not panic.
#[test]
fn hostile_text_is_read_to_its_end() {
    let text = "Defaults:a,!b env_keep+=\"x \\\" y\", !z\nUser_Alias A=\"q\":B=%:x,%#5\n\
\"a\" h=(b:c) NOPASSWD:sha256:x /bin/x \\,y,^/bin/.*$ ^a,b$:h=ALL\n名 ALL=(ALL)ALL\\";
    for cut in 0..=text.len() {
        parse(text.as_bytes().get(..cut).unwrap());
        for insert in [&b"\\"[..], b"\"", b"(", b"\n", b"!", b"\xff"] {
            let (before, after) = text.as_bytes().split_at(cut);
            parse(&[before, insert, after].concat());
        }
    }
    parse(&b"(".repeat(100_000));
    parse(&b"a,".repeat(30_000));
}
