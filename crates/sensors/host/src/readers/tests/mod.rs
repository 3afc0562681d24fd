use std::{
    fs,
    io::{BufRead, BufReader},
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Instant,
};

use leaksweep_facts::Reason;
use rustix::fs::{CWD, FileType, Mode, mknodat};

mod live;
mod watched;

use super::*;
use crate::{
    accounts::Home,
    fixture::{Fixture, write},
    processes,
};

fn homes(homes: &[(&str, u32, &Path)]) -> Accounts {
    let home = |(user, uid, path): &(&str, u32, &Path)| Home {
        user: (*user).to_owned(),
        uid: *uid,
        path: path.to_path_buf(),
    };
    Accounts { homes: homes.iter().map(home).collect(), ..Accounts::default() }
}

fn two_homes() -> Accounts {
    homes(&[("ann", 1000, Path::new("/home/ann")), ("bob", 1001, Path::new("/home/bob"))])
}

fn seen(machine: &Machine, accounts: &Accounts) -> Observed<Reader> {
    let processes = processes::collect(machine, &accounts.names).rows;
    let stores = Stores::find(machine, accounts);
    let descriptors = Descriptors::collect(machine, &processes, &stores);
    let mut mappings = Mappings::default();
    if let Ok(kernel) = machine.kernel(TABLE) {
        for process in &processes {
            let maps = kernel.proc.head(format!("{}/maps", process.pid), 1 << 20);
            mappings.note(&machine.root, &stores, process.pid, &maps);
        }
    }
    let open = Open {
        processes: &processes,
        descriptors: &descriptors,
        mappings: &mappings,
        stores: &stores,
    };
    collect(machine, accounts, &open, Duration::ZERO)
}

const FIREFOX: &str = "/home/ann/.mozilla/firefox/x.default/cookies.sqlite";

/// A process of somebody with an open file.
fn holds(fixture: &Fixture, pid: i64, uid: u32, number: u32, target: &str, flags: &str) {
    let folder = fixture.proc.join(pid.to_string());
    if !folder.exists() {
        fixture.process(pid, b"tool", "/bin/sleep");
    }
    let status = format!("Name:\tx\nTracerPid:\t0\nUid:\t{uid}\t{uid}\t{uid}\t{uid}\n");
    write(&folder.join("status"), status.as_bytes());
    write(&folder.join("cgroup"), b"0::/user.slice/user-1000.slice/session-1.scope\n");
    fs::create_dir_all(folder.join("fd")).unwrap();
    symlink(target, folder.join(format!("fd/{number}"))).unwrap();
    let info = format!("pos:\t0\nflags:\t{flags}\n");
    write(&folder.join(format!("fdinfo/{number}")), info.as_bytes());
}

/// Where a process stands in its family: parent, group, session.
fn kin(fixture: &Fixture, pid: i64, parent: i64, group: i64, session: i64) {
    let line = format!(
        "{pid} (tool) S {parent} {group} {session} 0 -1 0 1 0 0 0 0 0 0 0 20 0 1 0 500 1 1 1\n"
    );
    write(&fixture.proc.join(format!("{pid}/stat")), line.as_bytes());
}

fn runs(fixture: &Fixture, pid: i64, program: &str) {
    let exe = fixture.proc.join(format!("{pid}/exe"));
    fs::remove_file(&exe).unwrap();
    symlink(program, exe).unwrap();
}

#[test]
fn a_store_is_known_by_its_path_and_told_with_its_owner() {
    let fixture = Fixture::new();
    holds(&fixture, 1, 0, 0, "/dev/null", "02");
    for (number, target) in [
        FIREFOX,
        "/home/ann/.config/google-chrome/Profile 1/Login Data",
        "/home/ann/.ssh/id_ed25519",
        "/home/ann/.ssh/id_ed25519.pub",
        "/home/ann/.config/QQ/nt_qq_1/nt_db/nt_msg.db",
        "/home/ann/.deepinwine/Deepin-WeChat/drive_c/users/ann/Documents/WeChat Files/w/Msg/MSG0.db",
        "/home/ann/snap/firefox/common/.mozilla/firefox/y/key4.db",
        "/dev/input/event3",
        "/dev/snd/pcmC0D0c",
        "/dev/snd/pcmC0D0p",
        "/home/ann/notes.txt",
        "socket:[77]",
    ]
    .iter()
    .enumerate()
    {
        holds(&fixture, 20, 1000, u32::try_from(number).unwrap(), target, "0100000");
    }
    let seen = seen(&fixture.machine(), &two_homes());
    assert_eq!(seen.problems, []);
    let rows: Vec<_> =
        seen.rows.iter().map(|row| (&*row.store, &*row.kind, row.owner.as_deref())).collect();
    let ann = Some("1000");
    assert_eq!(
        rows,
        [
            ("chromium-passwords", "passwords", ann),
            ("firefox-cookies", "browser", ann),
            ("firefox-passwords", "passwords", ann),
            ("keyboard", "keyboard", None),
            ("microphone", "microphone", None),
            ("qq-messages", "chat", ann),
            ("ssh-keys", "keys", ann),
            ("wechat-messages", "chat", ann),
        ]
    );
    let row = &seen.rows[1];
    assert_eq!((&*row.path, &*row.access, &*row.seen_by), (FIREFOX, "read", "descriptor"));
    assert_eq!((row.expected, row.other_user, row.times), (Some(false), false, 1));
    assert_eq!((row.connected, row.connections.as_deref()), (Some(false), None));
}

#[test]
fn a_descriptor_that_cannot_read_is_no_reader() {
    let fixture = Fixture::new();
    holds(&fixture, 1, 0, 3, FIREFOX, "012000000");
    assert_eq!(seen(&fixture.machine(), &two_homes()).rows, []);
    holds(&fixture, 1, 0, 4, FIREFOX, "0100002");
    let rows = seen(&fixture.machine(), &two_homes()).rows;
    assert_eq!(rows.iter().map(|row| &*row.access).collect::<Vec<_>>(), ["both"]);
}

#[test]
fn another_name_of_the_file_does_not_hide_it() {
    let fixture = Fixture::new();
    let store = fixture.root.join(&FIREFOX[1..]);
    write(&store, b"secret");
    let link = fixture.root.join("harmless.txt");
    fs::hard_link(&store, &link).unwrap();
    holds(&fixture, 1, 0, 3, link.to_str().unwrap(), "0100000");
    // A mount of the folder elsewhere shows a path of its own.
    holds(&fixture, 2, 0, 3, store.to_str().unwrap(), "0100000");
    let rows = seen(&fixture.machine(), &two_homes()).rows;
    let paths: Vec<_> = rows.iter().map(|row| (row.pid, &*row.path, &*row.store)).collect();
    assert_eq!(paths, [(1, FIREFOX, "firefox-cookies"), (2, FIREFOX, "firefox-cookies")]);
}

#[test]
fn a_device_is_known_under_any_name() {
    let fixture = Fixture::new();
    let make = |path: &Path, minor| {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let device = rustix::fs::makedev(1, minor);
        mknodat(CWD, path, FileType::CharacterDevice, Mode::RUSR, device).is_ok()
    };
    let (keyboard, copy) = (fixture.root.join("dev/input/event0"), fixture.root.join("tmp/x"));
    if !make(&keyboard, 5) || !make(&copy, 5) || !make(&fixture.root.join("tmp/y"), 3) {
        return leaksweep_peers::skip("needs root");
    }
    holds(&fixture, 1, 0, 3, copy.to_str().unwrap(), "0100000");
    holds(&fixture, 1, 0, 4, fixture.root.join("tmp/y").to_str().unwrap(), "0100000");
    let rows = seen(&fixture.machine(), &two_homes()).rows;
    let told: Vec<_> = rows.iter().map(|row| (&*row.store, &*row.path, &row.owner)).collect();
    assert_eq!(told, [("keyboard", "/dev/input/event0", &None)]);
}

#[test]
fn another_file_at_the_same_path_in_a_container_is_none_of_ours() {
    let fixture = Fixture::new();
    write(&fixture.root.join("home/ann/.netrc"), b"ours");
    // As if the kernel showed a path that is another file here.
    let theirs = tempfile::tempdir().unwrap();
    let path = theirs.path().join("home/ann/.netrc");
    write(&path, b"theirs");
    let stores = Stores::find(&fixture.machine(), &two_homes());
    let machine = fixture.machine();
    let look = |file: &Path| {
        let stat = || Ok(rustix::fs::fstat(fs::File::open(file).unwrap())?);
        stores.look(&machine.root, b"/home/ann/.netrc", &stat, &|| Some(0))
    };
    assert_eq!(look(&path), None);
    let found = look(&fixture.root.join("home/ann/.netrc")).unwrap();
    assert_eq!((found.path.as_slice(), found.owner), (&b"/home/ann/.netrc"[..], Some(1000)));
}

#[test]
fn documents_count_for_other_persons_alone() {
    let fixture = Fixture::new();
    let file = fixture.root.join("home/ann/plan.odt");
    write(&file, b"plan");
    let machine = fixture.machine();
    let stores = Stores::find(&machine, &two_homes());
    let look = |path: &str, uid: u32| {
        let stat = || {
            let mut stat = rustix::fs::fstat(fs::File::open(&file).unwrap())?;
            stat.st_uid = 1000;
            Ok(stat)
        };
        let found = stores.look(&machine.root, path.as_bytes(), &stat, &|| Some(uid))?;
        Some(stores.place(&found).unwrap().store.id.clone())
    };
    assert_eq!(look("/home/ann/plan.odt", 1001).as_deref(), Some("documents"));
    assert_eq!(look("/home/ann/plan.odt", 1000), None);
    assert_eq!(look("/home/ann/plan.odt", 0), None);
    assert_eq!(look("/srv/plan.odt", 1001), None);
}

#[test]
fn owners_are_known_by_where_they_are_installed() {
    let fixture = Fixture::new();
    let program = |path: &str| {
        let place = fixture.root.join(&path[1..]);
        write(&place, b"#!");
        place
    };
    let genuine = program("/usr/lib/firefox-esr/firefox-esr");
    let copy = program("/home/ann/firefox-esr");
    let names = [(20, &genuine), (21, &copy)];
    for (pid, _) in names {
        holds(&fixture, pid, 1000, 3, FIREFOX, "0100002");
    }
    let machine = fixture.machine();
    let stores = Stores::find(&machine, &two_homes());
    let kernel = machine.kernel(TABLE).unwrap();
    let owners = Owners::new(&machine, kernel, &stores, &[]);
    let found = |store: &str| {
        let stat = || Err(crate::root::Failure::absent());
        stores.look(&machine.root, store.as_bytes(), &stat, &|| None).unwrap()
    };
    let process = |pid: i64, program: Option<&str>, state: &str| Process {
        pid,
        program: program.map(str::to_owned),
        program_state: Some(state.into()),
        ..Process::default()
    };
    let firefox = Some("/usr/lib/firefox-esr/firefox-esr");
    for (program, state, store, expected) in [
        (firefox, "present", FIREFOX, Some(true)),
        (firefox, "replaced", FIREFOX, Some(true)),
        (firefox, "elsewhere", FIREFOX, Some(false)),
        (firefox, "memory", FIREFOX, Some(false)),
        (firefox, "present", "/home/ann/.config/chromium/Default/Cookies", Some(false)),
        (Some("/home/ann/firefox-esr"), "present", FIREFOX, Some(false)),
        (Some("/usr/bin/python3.11"), "present", FIREFOX, Some(false)),
        (Some("/usr/libexec/tracker-miner-fs-3"), "present", FIREFOX, Some(true)),
        (Some("/app/lib/firefox/firefox"), "elsewhere", FIREFOX, Some(false)),
        (Some("/usr/lib/systemd/systemd-logind"), "present", "/dev/input/event0", Some(true)),
        (None, "present", FIREFOX, None),
    ] {
        let told = owners.expect(&process(20, program, state), &found(store));
        assert_eq!(told, expected, "{program:?} {state} {store}");
    }
    // The file that snap or Flatpak installed is itself what runs.
    runs(&fixture, 20, genuine.to_str().unwrap());
    assert_eq!(owners.expect(&process(20, firefox, "elsewhere"), &found(FIREFOX)), Some(true));
    let inside =
        "/var/lib/flatpak/app/org.mozilla.firefox/current/active/files/lib/firefox/firefox";
    runs(&fixture, 20, program(inside).to_str().unwrap());
    let app = Some("/app/lib/firefox/firefox");
    assert_eq!(owners.expect(&process(20, app, "elsewhere"), &found(FIREFOX)), Some(true));
    // Mounts that the user made show any path.
    fs::create_dir_all(fixture.proc.join("20/ns")).unwrap();
    symlink("user:[7]", fixture.proc.join("20/ns/user")).unwrap();
    assert_eq!(owners.expect(&process(20, firefox, "deleted"), &found(FIREFOX)), Some(false));
    // Another process steers it.
    let steered = Process { tracer: Some(9), ..process(20, firefox, "present") };
    assert_eq!(owners.expect(&steered, &found(FIREFOX)), Some(false));
}

#[test]
fn a_child_has_what_its_parent_holds_and_each_is_a_reader() {
    let fixture = Fixture::new();
    for pid in [20, 21] {
        holds(&fixture, pid, 1000, 3, FIREFOX, "0100000");
    }
    kin(&fixture, 21, 20, 20, 20);
    let rows = seen(&fixture.machine(), &two_homes()).rows;
    let told: Vec<_> = rows.iter().map(|row| (row.pid, &*row.seen_by)).collect();
    assert_eq!(told, [(20, "descriptor"), (21, "child")]);
}

const HEADING: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

/// Gives the process a socket, connected as the table says.
fn connect_to(fixture: &Fixture, pid: i64, remote: &str) {
    let folder = fixture.proc.join(pid.to_string());
    let table = format!("{HEADING} 0: 020200C0:C000 {remote} 01 0:0 0:0 0 0 0 {}\n", 7000 + pid);
    write(&folder.join("net/tcp"), table.as_bytes());
    fs::create_dir_all(folder.join("fd")).unwrap();
    symlink(format!("socket:[{}]", 7000 + pid), folder.join("fd/9")).unwrap();
}

const OTHER: &str = "070200C0:01BB";

/// A reader 20 in a shell 10 of an SSH session 5, and its surroundings; one of them is connected.
fn connected(pid: i64, remote: &str) -> Told {
    let fixture = Fixture::new();
    for one in [1, 5, 10, 20, 21, 22, 23, 30] {
        holds(&fixture, one, 1000, 0, "/dev/null", "02");
    }
    holds(&fixture, 20, 1000, 3, FIREFOX, "0100000");
    // The pid, its parent, group and session: a server, its shell, a pipe of two, a child of the reader, a daemon.
    kin(&fixture, 5, 1, 5, 5);
    kin(&fixture, 10, 5, 10, 10);
    kin(&fixture, 20, 10, 20, 10);
    kin(&fixture, 21, 10, 20, 10);
    kin(&fixture, 22, 20, 22, 22);
    kin(&fixture, 23, 10, 23, 10);
    kin(&fixture, 30, 1, 30, 30);
    connect_to(&fixture, pid, remote);
    let rows = seen(&fixture.machine(), &two_homes()).rows;
    assert_eq!(rows.len(), 1);
    (rows[0].connected, rows[0].connections.clone())
}

type Told = (Option<bool>, Option<String>);

#[test]
fn what_is_read_leaves_through_the_pipe_a_child_or_what_started_it() {
    let away: Told = (Some(true), Some("192.0.2.7:443".into()));
    for (pid, expected) in [
        (20, &away),
        (21, &away),
        (22, &away),
        (10, &away),
        // Another job of the same shell, the SSH server, a daemon.
        (23, &(Some(false), None)),
        (5, &(Some(false), None)),
        (30, &(Some(false), None)),
    ] {
        assert_eq!(&connected(pid, OTHER), expected, "{pid}");
    }
    // Loopback, and this machine's own address.
    assert_eq!(connected(20, "0100007F:01BB"), (Some(false), None));
    assert_eq!(connected(20, "020200C0:01BB"), (Some(false), None));
}

#[test]
fn connections_that_cannot_be_read_are_no_absence() {
    let fixture = Fixture::new();
    holds(&fixture, 20, 1000, 3, FIREFOX, "0100000");
    symlink("socket:[7]", fixture.proc.join("20/fd/9")).unwrap();
    fs::create_dir_all(fixture.proc.join("20/net/tcp")).unwrap();
    let rows = seen(&fixture.machine(), &two_homes()).rows;
    assert_eq!((rows[0].connected, &rows[0].connections), (None, &None));
}

#[test]
fn a_mapped_file_is_read_without_a_descriptor() {
    let fixture = Fixture::new();
    let store = fixture.root.join(&FIREFOX[1..]);
    write(&store, b"secret");
    fixture.process(1, b"init", "/bin/sleep");
    let stat = rustix::fs::fstat(fs::File::open(&store).unwrap()).unwrap();
    let (major, minor) = (rustix::fs::major(stat.st_dev), rustix::fs::minor(stat.st_dev));
    let line = |path: &str, inode: u64| {
        format!("7f00-7f01 r--s 00000000 {major:x}:{minor:x} {inode}    {path}\n")
    };
    // By path, by identity under another name, and a container's file of that path.
    for (maps, expected) in [
        (line(FIREFOX, stat.st_ino), 1),
        (line("/mnt/x", stat.st_ino), 1),
        (line(FIREFOX, stat.st_ino + 1_000_000), 0),
    ] {
        write(&fixture.proc.join("1/maps"), maps.as_bytes());
        let rows = seen(&fixture.machine(), &two_homes()).rows;
        assert_eq!(rows.len(), expected, "{maps}");
        assert!(rows.iter().all(|row| (&*row.access, &*row.seen_by) == ("mapped", "mapping")));
    }
}

#[test]
fn a_hostile_proc_gives_problems_and_the_readers_that_can_be_seen() {
    let fixture = Fixture::new();
    holds(&fixture, 1, 0, 3, FIREFOX, "0100000");
    for pid in [20, 21] {
        fixture.process(pid, b"x\\n", "/bin/sleep");
    }
    fs::write(fixture.proc.join("20/fd"), "no folder").unwrap();
    mknodat(CWD, fixture.proc.join("20/maps"), FileType::Fifo, Mode::RUSR, 0).unwrap();
    fs::create_dir(fixture.proc.join("21/fd")).unwrap();
    mknodat(CWD, fixture.proc.join("21/fd/3"), FileType::Fifo, Mode::RUSR, 0).unwrap();
    let long = format!("/home/ann/.config/QQ/{}", "x/".repeat(2000));
    symlink(&long[..4000], fixture.proc.join("21/fd/4")).unwrap();
    symlink("/home/ann/.config/QQ/a\nb\u{1b}[31m", fixture.proc.join("21/fd/5")).unwrap();
    fs::File::create(fixture.proc.join("21/maps")).unwrap().set_len(1 << 30).unwrap();
    let seen = seen(&fixture.machine(), &two_homes());
    let paths: Vec<_> = seen.rows.iter().map(|row| (row.pid, row.path.len())).collect();
    assert_eq!(paths, [(1, FIREFOX.len()), (21, 29), (21, 4000)]);
    let reasons: Vec<_> =
        seen.problems.iter().map(|problem| (&*problem.subject, problem.reason)).collect();
    assert!(reasons.contains(&("mappings of process 20", Reason::WrongType)), "{reasons:?}");
    assert!(reasons.contains(&("mappings of process 21", Reason::TooLarge)), "{reasons:?}");
}

#[test]
fn without_a_kernel_there_are_no_readers_to_see() {
    let folder = tempfile::tempdir().unwrap();
    let machine = crate::fixture::mounted(folder.path());
    let seen = seen(&machine, &two_homes());
    assert!(seen.rows.is_empty());
    assert_eq!(seen.problems[0].reason, Reason::NotLive);
}

#[test]
fn a_process_with_very_many_open_files_is_read_to_the_cap_and_no_further() {
    let fixture = Fixture::new();
    fixture.process(1, b"init", "/bin/sleep");
    let folder = fixture.proc.join("1/fd");
    fs::create_dir(&folder).unwrap();
    for number in 0..1500 {
        symlink("/dev/null", folder.join(number.to_string())).unwrap();
    }
    let stores = Stores::find(&fixture.machine(), &two_homes());
    let mut links = crate::descriptors::Links::default();
    let machine = fixture.machine();
    let kernel = machine.kernel(TABLE).unwrap();
    let more = links.read(&machine, kernel, 1, &|| None, &stores, 1000).unwrap();
    assert!(more);
    assert_eq!(links.count, 1000);
    let mut links = crate::descriptors::Links::default();
    assert!(!links.read(&machine, kernel, 1, &|| None, &stores, 1500).unwrap());
}
