use leaksweep_facts::Reason;

use super::*;
use crate::fixture::{Fixture, write};

fn disk(files: &[(&str, &[u8])]) -> (Fixture, Observed<LibraryRule>) {
    let fixture = Fixture::new();
    let passwd = b"root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/sh\n";
    write(&fixture.root.join("etc/passwd"), passwd);
    std::fs::create_dir_all(fixture.root.join("home/alice")).unwrap();
    for (path, content) in files {
        write(&fixture.root.join(path), content);
    }
    let machine = fixture.machine();
    let accounts = crate::accounts::collect(&machine);
    let found = collect(&machine, &accounts);
    (fixture, found)
}

fn told(found: &Observed<LibraryRule>) -> Vec<String> {
    let row = |row: &LibraryRule| {
        let library = row.library.as_deref().unwrap_or("?");
        let who = row.user.as_ref().map(|user| format!("{user} ")).unwrap_or_default();
        let line = row.line.unwrap_or_default();
        format!("{who}{}:{line} {} {} = {library}", row.path, row.kind, row.value)
    };
    found.rows.iter().map(row).collect()
}

#[test]
fn the_loaders_files_and_sources_of_names_are_rows() {
    let (_, found) = disk(&[
        ("etc/ld.so.preload", b"# none\n/opt/a.so:/opt/b.so libc.so.6 # x\n\n/opt/c.so"),
        (
            "etc/ld.so.conf",
            b"include ld.so.conf.d/*.conf\ninclude /etc/ld.so.conf\n/opt/lib # x\nhwcap 1 x\n",
        ),
        ("etc/ld.so.conf.d/a.conf", b"/usr/local/lib\n"),
        ("etc/ld.so.conf.d/b.txt", b"/no\n"),
        ("etc/nsswitch.conf", b"passwd: files own [NOTFOUND=return] sss\nhosts: files dns # x\n"),
        ("usr/lib/x86_64-linux-gnu/libnss_own.so.2", b""),
        ("lib64/libc.so.6", b""),
    ]);
    let expected = [
        "/etc/ld.so.preload:2 preload /opt/a.so = /opt/a.so",
        "/etc/ld.so.preload:2 preload /opt/b.so = /opt/b.so",
        "/etc/ld.so.preload:2 preload libc.so.6 = /lib64/libc.so.6",
        "/etc/ld.so.preload:4 preload /opt/c.so = /opt/c.so",
        "/etc/ld.so.conf.d/a.conf:1 folder /usr/local/lib = /usr/local/lib",
        "/etc/ld.so.conf:3 folder /opt/lib = /opt/lib",
        "/etc/nsswitch.conf:1 names files = ?",
        "/etc/nsswitch.conf:1 names own = /usr/lib/x86_64-linux-gnu/libnss_own.so.2",
        "/etc/nsswitch.conf:1 names sss = ?",
        "/etc/nsswitch.conf:2 names dns = ?",
    ];
    assert_eq!(told(&found), expected);
    assert_eq!(found.problems, []);
    assert!(found.rows.iter().all(|row| row.changeable_by.is_none() && row.modified.is_some()));
}

#[test]
fn variables_are_found_however_they_are_set() {
    let (fixture, found) = disk(&[
        ("etc/environment", b"LD_PRELOAD=/opt/a.so\n#LD_PRELOAD=/no\nOLD_LD_PRELOAD=/no\n"),
        ("etc/security/pam_env.conf", b"LD_LIBRARY_PATH DEFAULT=/opt/x:/opt/y OVERRIDE=\n"),
        (
            "etc/profile",
            b"export A=b LD_PRELOAD=\"/opt/a b.so\"; x\necho $LD_PRELOAD\nunset LD_PRELOAD\n",
        ),
        ("etc/csh.cshrc", b"setenv LD_AUDIT /opt/audit.so\n"),
        (
            "etc/systemd/system.conf",
            b"[Manager]\nDefaultEnvironment=\"LD_PRELOAD=/opt/m.so\" A=b\n",
        ),
        ("etc/systemd/system/x.service.d/o.conf", b"[Service]\nEnvironment=LD_PRELOAD=/opt/u.so\n"),
        ("home/alice/.config/environment.d/a.conf", b"LD_PRELOAD=${HOME}/x.so\n"),
        ("home/alice/.config/fish/config.fish", b"set -gx LD_PRELOAD /home/alice/y.so\n"),
    ]);
    let expected = [
        "/etc/environment:1 variable LD_PRELOAD=/opt/a.so = /opt/a.so",
        "/etc/security/pam_env.conf:1 variable LD_LIBRARY_PATH=/opt/x:/opt/y = /opt/x",
        "/etc/security/pam_env.conf:1 variable LD_LIBRARY_PATH=/opt/x:/opt/y = /opt/y",
        "/etc/profile:1 variable LD_PRELOAD=/opt/a b.so = /opt/a",
        "/etc/csh.cshrc:1 variable LD_AUDIT=/opt/audit.so = /opt/audit.so",
        "/etc/systemd/system.conf:2 variable LD_PRELOAD=/opt/m.so = /opt/m.so",
        "/etc/systemd/system/x.service.d/o.conf:2 variable LD_PRELOAD=/opt/u.so = /opt/u.so",
        "alice /home/alice/.config/fish/config.fish:1 variable LD_PRELOAD=/home/alice/y.so = /home/alice/y.so",
        "alice /home/alice/.config/environment.d/a.conf:1 variable LD_PRELOAD=${HOME}/x.so = ?",
    ];
    assert_eq!(told(&found), expected);
    let link = fixture.root.join("usr/lib/environment.d/99-environment.conf");
    std::fs::create_dir_all(link.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink("/etc/environment", link).unwrap();
    let machine = fixture.machine();
    let again = collect(&machine, &crate::accounts::collect(&machine));
    assert_eq!(told(&again), expected);
}

#[test]
fn who_can_put_something_into_a_folder_is_told() {
    let (fixture, _) = disk(&[("etc/ld.so.conf", b"/opt/open\n/opt/closed\n")]);
    for (name, mode) in [("open", 0o777), ("closed", 0o755)] {
        let path = fixture.root.join("opt").join(name);
        std::fs::create_dir_all(&path).unwrap();
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(mode))
            .unwrap();
    }
    let machine = fixture.machine();
    let found = collect(&machine, &crate::accounts::collect(&machine));
    let who: Vec<_> = found.rows.iter().map(|row| row.changeable_by.as_deref()).collect();
    assert_eq!(who, [Some("everyone"), None]);
}

#[test]
fn what_is_no_file_is_a_problem_and_circles_end() {
    let (fixture, _) = disk(&[("etc/ld.so.conf", b"include /etc/c/*\n")]);
    std::fs::create_dir(fixture.root.join("etc/ld.so.preload")).unwrap();
    for name in ["a", "b"] {
        write(
            &fixture.root.join("etc/c").join(name),
            b"include /etc/c/*\ninclude /etc/ld.so.conf\n",
        );
    }
    let machine = fixture.machine();
    let found = collect(&machine, &crate::accounts::collect(&machine));
    let problems: Vec<_> = found.problems.iter().map(|p| (p.subject.as_str(), p.reason)).collect();
    assert_eq!(problems, [("/etc/ld.so.preload", Reason::WrongType)]);
}

#[test]
fn hostile_bytes_are_read_to_their_end() {
    let text: &[u8] = b"export LD_PRELOAD LD_PRELOAD= \"LD_AUDIT='\nset LD_LIBRARY_PATH DEFAULT\xff=\nsetenv LD_PRELOAD";
    for cut in 0..=text.len() {
        let (before, after) = text.split_at(cut);
        for part in [before, after] {
            parse_variables(part);
            parse_preload(part);
            parse_conf(part);
            parse_nsswitch(part);
        }
    }
    parse_variables(&b"LD_PRELOAD ".repeat(100_000));
}
