use std::os::unix::fs::symlink;

use leaksweep_facts::Time;

use super::*;
use crate::machine::Machine;

fn disk(files: &[(&str, &[u8])]) -> (tempfile::TempDir, Machine) {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    let machine = crate::fixture::mounted(folder.path());
    (folder, machine)
}

const PASSWD: &[u8] = b"root:x:0:0:root:/root:/bin/bash\n\
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n\
sync:x:4:65534:sync:/bin:/bin/sync\n\
alice:x:1000:1000:Alice \xe5\x90\x8d,,,:/home/alice:\n\
bob:x:1001:100:Bob:/home/bob:/bin/zsh\n\
toor::0:0::/root:/bin/sh\n";
const SHADOW: &[u8] = b"root:$y$j9T$salt$hash:19000:0:99999:7:::\n\
daemon:*:19001:0:99999:7:::\n\
sync:!!:19001::::::\n\
alice:!$6$salt$hash:0:0:99999:7::20000:\n";
const GROUP: &[u8] =
    b"root:x:0:\ndaemon:x:1:\nusers:x:100:alice\nalice:x:1000:\nsudo:x:27:alice,bob\n";

fn healthy() -> Accounts {
    let files = [("etc/passwd", PASSWD), ("etc/shadow", SHADOW), ("etc/group", GROUP)];
    let (folder, machine) = disk(&files);
    std::fs::create_dir_all(folder.path().join("home/alice")).unwrap();
    std::fs::create_dir_all(folder.path().join("root")).unwrap();
    std::fs::create_dir_all(folder.path().join("usr/sbin")).unwrap();
    collect(&machine)
}

fn user<'a>(accounts: &'a Accounts, name: &str) -> &'a User {
    accounts.users.rows.iter().find(|user| user.name == name).unwrap()
}

#[test]
fn every_column_is_filled() {
    let accounts = healthy();
    assert_eq!(accounts.users.problems, []);
    let root = user(&accounts, "root");
    assert_eq!(root.password.as_deref(), Some("set"));
    assert_eq!(root.password_hash.as_deref(), Some("yescrypt"));
    assert_eq!(root.password_changed, Some(Time(19_000 * 86_400)));
    assert!(root.can_login && !root.person);
    let alice = user(&accounts, "alice");
    assert_eq!(alice.password.as_deref(), Some("locked"));
    assert_eq!(alice.password_changed, None);
    assert_eq!(alice.expires, Some(Time(20_000 * 86_400)));
    assert_eq!(alice.comment, "Alice 名,,,");
    assert!(alice.person && alice.can_login);
    assert_eq!(user(&accounts, "bob").password.as_deref(), Some("none"));
    assert_eq!(user(&accounts, "toor").password.as_deref(), Some("empty"));
    for name in ["daemon", "sync"] {
        assert!(!user(&accounts, name).can_login, "{name}");
        assert_eq!(user(&accounts, name).password.as_deref(), Some("none"));
    }
}

#[test]
fn memberships_hold_main_and_listed_groups() {
    let accounts = healthy();
    let of = |name: &str| -> Vec<(&str, bool)> {
        let rows = accounts.memberships.rows.iter().filter(|row| row.user == name);
        rows.map(|row| (row.group.as_str(), row.main)).collect()
    };
    assert_eq!(of("alice"), [("alice", true), ("users", false), ("sudo", false)]);
    assert_eq!(of("sync"), [("65534", true)]);
    assert!(accounts.names.is_own_group(1000, 1000));
    assert!(!accounts.names.is_own_group(1001, 100));
    assert_eq!(accounts.names.user(0), "root");
    assert_eq!(accounts.names.group(4711), "4711");
}

#[test]
fn homes_are_folders_that_exist_each_once() {
    let accounts = healthy();
    let homes: Vec<_> = accounts.homes.iter().map(|home| (home.user.as_str(), home.uid)).collect();
    assert_eq!(homes, [("root", 0), ("daemon", 1), ("alice", 1000)]);
}

#[test]
fn a_password_field_is_read_as_the_c_library_reads_it() {
    let cases: [(&[u8], &str, Option<&str>); 15] = [
        (b"", "empty", None),
        (b"*", "none", None),
        (b"!", "none", None),
        (b"!*", "none", None),
        (b"*LK*", "none", None),
        (b"$y$j9T$a$b", "set", Some("yescrypt")),
        (b"$gy$j9T$a$b", "set", Some("gost-yescrypt")),
        (b"$2b$10$abc", "set", Some("bcrypt")),
        (b"*$5$a$b", "locked", Some("sha256")),
        (b"!!$6$a$b", "locked", Some("sha512")),
        (b"$1$a$b", "set", Some("md5")),
        (b"_J9..rasmBYk8r9AiWNc", "set", Some("bsdi")),
        (b"aZ./abcdefghi", "set", Some("des")),
        (b"$argon2$x", "set", Some("other")),
        (b"\xff\x00", "set", Some("other")),
    ];
    for (field, state, hash) in cases {
        let found = shadow::password(field);
        assert_eq!((found.state, found.hash), (state, hash), "{}", field.escape_ascii());
    }
}

#[test]
fn a_hash_in_passwd_itself_and_a_shell_with_a_blank_are_told() {
    let passwd = b"root:x:0:0::/root:/bin/bash\nold:$1$salt$hash:7:7::/:/bin/sh\n\
games:*:5:60::/:/usr/sbin/nologin \nfree::8:8::/:/usr/sbin/nologin\n";
    let (users, _) = passwd::parse(passwd);
    let told: Vec<_> = users
        .rows
        .iter()
        .map(|user| (user.shell.as_str(), user.can_login, user.password_in_passwd))
        .collect();
    let expected = [
        ("/bin/bash", true, false),
        ("/bin/sh", true, true),
        ("/usr/sbin/nologin ", true, false),
        ("/usr/sbin/nologin", false, false),
    ];
    assert_eq!(told, expected);
}

#[test]
fn no_part_of_a_hash_is_in_the_facts() {
    let accounts = healthy();
    assert!(!format!("{accounts:?}").contains("salt"));
}

#[test]
fn a_bad_line_is_a_problem_and_the_rest_is_kept() {
    let passwd = b"root:x:0:0:r\0oot:/root:/bin/sh\nb\xff\xc3d:x:notanumber:1:::\n\n# note\n\
+@netgroup::::::\nlate:x:7:7\nbig:x:99999999999:1:::\n:x:1:1:::\nlast:x:8:8:::/bin/false";
    let (users, shadowed) = passwd::parse(passwd);
    let names: Vec<_> = users.rows.iter().map(|user| user.name.as_str()).collect();
    assert_eq!(names, ["root", "late", "last"]);
    assert_eq!(shadowed.len(), 3);
    let subjects: Vec<_> = users.problems.iter().map(|p| (p.subject.as_str(), p.reason)).collect();
    assert_eq!(
        subjects,
        [
            ("/etc/passwd:2", Reason::Malformed),
            ("/etc/passwd:5", Reason::Unsupported),
            ("/etc/passwd:6", Reason::Malformed),
            ("/etc/passwd:7", Reason::Malformed),
            ("/etc/passwd:8", Reason::Malformed),
        ]
    );
    let shadow = shadow::parse(b"root:*:x:::::-1:\njunk\nbob:!:99999999999999999999::::::\n");
    assert_eq!(shadow.rows.len(), 2);
    assert_eq!(shadow.problems.len(), 3);
    let (groups, listed) = group::parse(b"\x00\xff\ngood:x:5:a,,b\n+\nbad:x:-1:\n");
    assert_eq!((groups.rows.len(), groups.problems.len()), (1, 3));
    assert_eq!((listed.rows.len(), listed.problems.len()), (2, 3));
}

#[test]
fn what_cannot_be_read_is_a_problem() {
    let (_folder, machine) = disk(&[]);
    let accounts = collect(&machine);
    assert_eq!(accounts.users.problems[0].reason, Reason::Failed);
    assert_eq!(accounts.groups.problems[0].table, "host_groups");
    assert_eq!(accounts.memberships.problems[0].table, "host_memberships");

    let (_folder, machine) = disk(&[("etc/passwd", PASSWD), ("etc/group", GROUP)]);
    let accounts = collect(&machine);
    assert_eq!(user(&accounts, "root").password, None);
    assert_eq!(accounts.users.problems[0].columns, shadow::COLUMNS);
}

#[test]
fn an_enormous_or_foreign_file_is_not_read() {
    let (folder, machine) = disk(&[("etc/group", GROUP), ("secret", b"root:$1$a$b:1::::::")]);
    let sparse = std::fs::File::create(folder.path().join("etc/passwd")).unwrap();
    sparse.set_len(1 << 30).unwrap();
    assert_eq!(collect(&machine).users.problems[0].reason, Reason::TooLarge);

    std::fs::remove_file(folder.path().join("etc/passwd")).unwrap();
    symlink("/dev/zero", folder.path().join("etc/passwd")).unwrap();
    assert_eq!(collect(&machine).users.problems.len(), 1);
}

#[test]
fn this_machine_has_its_root_account() {
    let accounts = collect(&Machine::running().unwrap());
    assert_eq!(user(&accounts, "root").uid, 0);
    let lines = std::fs::read_to_string("/etc/passwd").unwrap().lines().count();
    assert_eq!(accounts.users.rows.len(), lines);
}

#[test]
fn each_home_is_looked_into_once_and_no_more_than_the_cap() {
    let lines = (0..30).map(|at| format!("u{at}:x:{at}:0::/home/{}:\n", at / 10));
    let passwd: String = lines.chain(["z:x:99:0::/home/link:\n".into()]).collect();
    let files = ["home/0/f", "home/1/f", "home/2/f"].map(|path| (path, &b""[..]));
    let (folder, machine) = disk(&[&files[..], &[("etc/passwd", passwd.as_bytes())]].concat());
    symlink("2", folder.path().join("home/link")).unwrap();
    let users = users(&machine.root).value.rows;
    let (found, left_out) = homes(&machine.root, &users, 2);
    let names: Vec<_> = found.iter().map(|home| home.user.as_str()).collect();
    assert_eq!((names, left_out), (vec!["u0", "u10"], 1));
    let tables: Vec<_> = home_problems(left_out).iter().map(|problem| problem.table).collect();
    let mut expected = vec!["host_files", "host_services", "host_packages"];
    expected.extend(["host_browser_extensions", "host_autostarts"]);
    expected.extend(["host_ssh_keys", "host_library_rules"]);
    expected.extend(["host_containers", "host_editor_extensions"]);
    assert_eq!(tables, expected);
    assert_eq!(collect(&machine).home_problems, []);
}
