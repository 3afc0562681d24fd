use std::{
    path::Path,
    process::{Command, Stdio},
};

use leaksweep_facts::{Reason, Time};

use super::*;
use crate::fixture::{Fixture, write};

const KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";
const PASSWD: &[u8] = b"root:x:0:0::/root:/bin/bash\ntoor:x:0:0::/root:/bin/bash\n\
alice:x:1000:1000::/home/alice:/bin/bash\ngit:x:1001:50::/srv/git:/bin/sh\n";

fn fixture(files: &[(&str, &str)]) -> Fixture {
    let fixture = Fixture::new();
    write(&fixture.root.join("etc/passwd"), PASSWD);
    write(&fixture.root.join("etc/group"), b"staff:x:50:\n");
    write(&fixture.root.join("usr/sbin/sshd"), b"");
    for home in ["root", "home/alice", "srv/git"] {
        std::fs::create_dir_all(fixture.root.join(home)).unwrap();
    }
    for (path, content) in files {
        write(&fixture.root.join(path), content.replace("KEY", KEY).as_bytes());
    }
    fixture
}

fn look(fixture: &Fixture) -> Observed<SshKey> {
    let machine = fixture.machine();
    collect(&machine, &crate::accounts::collect(&machine))
}

fn told(found: &Observed<SshKey>) -> Vec<String> {
    let row = |row: &SshKey| {
        let user = row.user.as_deref().unwrap_or("?");
        let line = row.line.map(|line| format!(":{line}")).unwrap_or_default();
        let counts = row.counts.map_or("", |counts| if counts { " +" } else { " -" });
        format!("{} {user} {}{line}{counts} {}", row.kind, row.path, row.comment)
            .trim_end()
            .to_owned()
    };
    found.rows.iter().map(row).collect()
}

#[test]
fn the_usual_files_count_where_a_server_is() {
    let fixture = fixture(&[
        ("root/.ssh/authorized_keys", "KEY one\n\nKEY two\n"),
        ("home/alice/.ssh/authorized_keys2", "restrict,command=\"/bin/x\" KEY\n"),
        ("etc/dropbear/authorized_keys", "KEY"),
    ]);
    let found = look(&fixture);
    let expected = [
        "authorized root /root/.ssh/authorized_keys:1 + one",
        "authorized root /root/.ssh/authorized_keys:3 + two",
        "authorized alice /home/alice/.ssh/authorized_keys2:1 +",
        "authorized root /etc/dropbear/authorized_keys:1 -",
    ];
    assert_eq!(told(&found), expected);
    assert_eq!(found.problems, []);
    let row = &found.rows[2];
    assert_eq!((row.algorithm.as_str(), row.bits), ("ssh-ed25519", Some(256)));
    assert_eq!(row.command.as_deref(), Some("/bin/x"));
    assert!(row.modified.is_some());
    std::fs::remove_file(fixture.root.join("usr/sbin/sshd")).unwrap();
    assert!(look(&fixture).rows.iter().all(|row| row.counts == Some(false)));
    write(&fixture.root.join("usr/sbin/dropbear"), b"");
    let counting = look(&fixture);
    let counting: Vec<_> = counting.rows.iter().map(|row| row.counts == Some(true)).collect();
    assert_eq!(counting, [true, true, false, true]);
}

#[test]
fn the_configuration_says_which_files_count() {
    let fixture = fixture(&[
        (
            "etc/ssh/sshd_config",
            "Include /etc/ssh/sshd_config.d/*.conf\nAuthorizedKeysFile /etc/ssh/keys/%u /etc/ssh/all\n\
TrustedUserCAKeys /etc/ssh/ca.pub\nAuthorizedPrincipalsFile %h/.ssh/principals\n\
Match User git\nAuthorizedKeysFile .ssh/git_keys\nMatch Address 10.*\nAuthorizedKeysFile %h/far\n",
        ),
        (
            "etc/ssh/sshd_config.d/a.conf",
            "# x\nAuthorizedKeysCommand /opt/keys %u\nAuthorizedKeysCommandUser nobody\n",
        ),
        ("etc/ssh/keys/alice", "cert-authority KEY of alice"),
        ("etc/ssh/all", "KEY for all"),
        ("etc/ssh/ca.pub", "KEY ca"),
        ("srv/git/.ssh/git_keys", "KEY of git"),
        ("srv/git/far", "KEY not of git"),
        ("home/alice/far", "KEY perhaps"),
        ("home/alice/.ssh/principals", "wang\n"),
        ("root/.ssh/authorized_keys", "KEY not read"),
    ]);
    let found = look(&fixture);
    let expected = [
        "authorized ? /etc/ssh/all:1 + for all",
        "authorized root /root/.ssh/authorized_keys:1 - not read",
        "authorized alice /home/alice/far:1 + perhaps",
        "authority alice /etc/ssh/keys/alice:1 + of alice",
        "authorized git /srv/git/.ssh/git_keys:1 + of git",
        "authority ? /etc/ssh/ca.pub:1 + ca",
        "command ? /etc/ssh/sshd_config.d/a.conf:2 + authorizedkeyscommand",
        "principals alice /home/alice/.ssh/principals:1 + wang",
    ];
    assert_eq!(told(&found), expected);
    assert_eq!(found.rows[6].command.as_deref(), Some("/opt/keys %u"));
    assert_eq!(found.problems, []);
    write(&fixture.root.join("etc/ssh/sshd_config"), b"PubkeyAuthentication no\n");
    assert!(look(&fixture).rows.iter().all(|row| row.counts == Some(false)));
}

#[test]
fn what_is_no_file_is_a_problem_and_nothing_waits() {
    let fixture = fixture(&[("home/alice/.ssh/authorized_keys", "hunter2\nKEY\n")]);
    std::fs::create_dir_all(fixture.root.join("root/.ssh/authorized_keys2")).unwrap();
    let fifo = |path: &str| {
        let (kind, mode) = (rustix::fs::FileType::Fifo, rustix::fs::Mode::from_raw_mode(0o600));
        rustix::fs::mknodat(rustix::fs::CWD, fixture.root.join(path), kind, mode, 0).unwrap();
    };
    fifo("root/.ssh/authorized_keys");
    fifo("root/.ssh/id_rsa");
    std::os::unix::fs::symlink("/dev/zero", fixture.root.join("root/.ssh/id_zero")).unwrap();
    std::os::unix::fs::symlink("loop", fixture.root.join("root/.ssh/loop")).unwrap();
    let found = look(&fixture);
    let problems: Vec<_> = found.problems.iter().map(|p| (p.subject.as_str(), p.reason)).collect();
    let expected = [
        ("/root/.ssh/authorized_keys", Reason::WrongType),
        ("/root/.ssh/authorized_keys2", Reason::WrongType),
        ("/home/alice/.ssh/authorized_keys", Reason::Malformed),
        ("/root/.ssh/loop", Reason::WrongType),
    ];
    assert_eq!(problems, expected);
    assert!(!format!("{found:?}").contains("hunter2"));
    assert_eq!(found.rows.len(), 1);
}

fn keygen(program: &Path, folder: &Path, arguments: &[&str]) -> Option<String> {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    let output = command.output().unwrap();
    output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
}

/// Bits and fingerprint as ssh-keygen shows them.
fn shown(program: &Path, folder: &Path, file: &str) -> (Option<i64>, Option<String>) {
    let line = keygen(program, folder, &["-l", "-f", file]).unwrap();
    let mut words = line.split_whitespace().map(str::to_owned);
    (words.next().and_then(|bits| bits.parse().ok()), words.next())
}

#[test]
fn keys_of_every_kind_are_told_as_ssh_keygen_tells_them() {
    let Some(program) = leaksweep_peers::need("ssh-keygen") else { return };
    let fixture = fixture(&[]);
    let folder = fixture.root.join("home/alice/.ssh");
    std::fs::create_dir_all(&folder).unwrap();
    let kinds = [
        ("rsa", "1024", "OpenSSH", ""),
        ("rsa", "3072", "PEM", ""),
        ("rsa", "2048", "PKCS8", ""),
        ("rsa", "2048", "PEM", "secret"),
        ("rsa", "2048", "PKCS8", "secret"),
        ("dsa", "1024", "OpenSSH", ""),
        ("ecdsa", "256", "OpenSSH", ""),
        ("ecdsa", "384", "PEM", ""),
        ("ecdsa", "521", "OpenSSH", "secret"),
        ("ed25519", "256", "OpenSSH", ""),
        ("ed25519", "256", "OpenSSH", "secret"),
    ];
    let mut made = Vec::new();
    for (at, (kind, bits, form, phrase)) in kinds.iter().enumerate() {
        let name = format!("id_{at:02}");
        let mut arguments =
            vec!["-q", "-t", kind, "-b", bits, "-N", phrase, "-C", &name, "-f", &name];
        if *form != "OpenSSH" {
            arguments.extend(["-m", form]);
        }
        // A newer ssh-keygen makes no DSA keys.
        if keygen(&program, &folder, &arguments).is_some() {
            made.push((name, !phrase.is_empty()));
        }
    }
    assert!(made.len() >= 10, "{made:?}");
    let signed = ["-q", "-s", "id_09", "-I", "desk", "-n", "alice,bob", "-V", "20260101:20270101"];
    let options = ["-O", "force-command=/bin/x", "-O", "source-address=10.0.0.0/8", "id_00.pub"];
    keygen(&program, &folder, &[&signed[..], &options].concat()).unwrap();
    keygen(&program, &folder, &["-q", "-s", "id_09", "-I", "ever", "id_06.pub"]).unwrap();
    let publics = made
        .iter()
        .map(|(name, _)| std::fs::read_to_string(folder.join(format!("{name}.pub"))).unwrap());
    let authorized: String = publics.collect();
    write(&folder.join("authorized_keys"), authorized.as_bytes());
    let found = look(&fixture);
    assert_eq!(found.problems, []);
    let rows = |kind: &str| found.rows.iter().filter(|row| row.kind == kind).collect::<Vec<_>>();
    for ((name, protected), (row, authorized)) in
        made.iter().zip(rows("private").into_iter().zip(rows("authorized")))
    {
        let expected = shown(&program, &folder, &format!("{name}.pub"));
        assert_eq!((row.bits, row.fingerprint.clone()), expected, "{name}");
        assert_eq!((authorized.bits, authorized.fingerprint.clone()), expected, "{name}");
        assert_eq!((row.protected, row.comment.as_str()), (Some(*protected), name.as_str()));
        assert!(row.path.ends_with(name) && row.user.as_deref() == Some("alice"));
        assert_eq!(row.algorithm, authorized.algorithm);
    }
    let certificates = rows("certificate");
    for (row, file) in certificates.iter().zip(["id_00-cert.pub", "id_06-cert.pub"]) {
        assert_eq!((row.bits, row.fingerprint.clone()), shown(&program, &folder, file), "{file}");
    }
    let first = certificates[0];
    assert_eq!(first.options, "id=\"desk\",principals=\"alice,bob\"");
    assert_eq!(first.command.as_deref(), Some("/bin/x"));
    assert_eq!(first.from.as_deref(), Some("10.0.0.0/8"));
    let end = first.expires.unwrap();
    assert!((end.0 - Time::parse("2027-01-01").unwrap().0).abs() <= 86_400);
    assert_eq!(certificates[1].expires, None);
    // Without the file beside it, what stands in the clear is still told.
    for (name, _) in &made {
        std::fs::remove_file(folder.join(format!("{name}.pub"))).unwrap();
    }
    let bare = look(&fixture);
    let known = bare.rows.iter().filter(|row| row.kind == "private" && row.fingerprint.is_some());
    assert!(known.count() >= 7);
}

#[test]
fn keys_on_tokens_and_of_putty_are_known() {
    let text = "PuTTY-User-Key-File-3: ssh-ed25519\r\nEncryption: aes256-cbc\r\nComment: x\r\n\
Public-Lines: 2\r\nAAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkK\r\nCwwNDg8QERITFBUWFxgZGhscHR4f\r\nPrivate-Lines: 1\r\n";
    let found = private::parse(text.as_bytes()).unwrap();
    assert_eq!((found.algorithm.as_str(), found.protected), ("ssh-ed25519", Some(true)));
    assert_eq!(found.public, authorized::bare(KEY).map(|(public, _)| public));
    let mut blob = Vec::new();
    for part in [&b"sk-ecdsa-sha2-nistp256@openssh.com"[..], b"nistp256", b"point", b"ssh:"] {
        wire::put(part, &mut blob);
    }
    let found = public::public(&blob).unwrap();
    assert_eq!((found.bits, found.certificate), (Some(256), None));
}

#[test]
fn hostile_keys_are_read_to_their_end() {
    let text = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\n-----END";
    let rsa = "-----BEGIN RSA PRIVATE KEY-----\nMIIBOgIBAAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeKLs1Pt8Qu\n-----END";
    for text in [text, rsa] {
        for cut in 0..=text.len() {
            private::parse(text.as_bytes().get(..cut).unwrap());
        }
    }
    let blob = [&[0, 0, 0, 7][..], b"ssh-rsa", &[0xff; 8]].concat();
    assert_eq!(public::public(&blob), None);
    assert_eq!(public::public(&[]), None);
    assert_eq!(wire::bits(&[0, 0, 1, 0]), 9);
    assert_eq!(wire::bits(&[0]), 0);
    assert_eq!(private::parse(b"-----BEGIN CERTIFICATE-----\n"), None);
}
