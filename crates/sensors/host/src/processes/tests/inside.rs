//! What is inside processes: streams, preloads, code, rights.

use super::*;
use crate::{descriptors::Descriptors, readers::Stores};

/// What the test's own processes show once all has been looked at.
fn looked_inside(pid: u32) -> Process {
    let machine = Machine::running().unwrap();
    let names = Names::default();
    let mut seen = collect(&machine, &names);
    let mut remotes = Remotes::default();
    let descriptors = Descriptors::collect(&machine, &seen.rows, &Stores::default());
    crate::sockets::collect(&machine, &names, &seen.rows, &descriptors, &mut remotes);
    seen.rows.retain(|row| row.pid == i64::from(pid));
    look_inside(&machine, &mut seen, &remotes, &mut |_, _| ());
    assert_eq!(seen.problems.iter().filter(|p| p.columns.contains(&"odd_code")).count(), 0);
    seen.rows.pop().unwrap()
}

#[test]
fn a_program_whose_streams_are_a_connection_shows_with_whom() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let near = || std::os::fd::OwnedFd::from(std::net::TcpStream::connect(address).unwrap());
    let mut command = Command::new("/bin/sleep");
    command.arg("600").env_clear().stdin(near()).stdout(near()).stderr(std::process::Stdio::null());
    let child = Sleeper(command.spawn().unwrap());
    let row = looked_inside(child.0.id());
    assert_eq!(row.standard_streams.unwrap(), format!("connection {address} null"));
    assert_eq!((row.preloads, row.odd_code), (None, None));
}

#[test]
fn preloads_and_odd_code_of_a_real_process_are_seen() {
    let folder = tempfile::tempdir_in("/tmp").unwrap();
    let library = folder.path().join("odd.so");
    // The loader maps whatever is a library; this one every machine has.
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    let libm = maps.lines().find_map(|line| line.contains("/libc.so").then(|| &line[73..]));
    let Some(libc) = libm else { return };
    fs::copy(libc.trim(), &library).unwrap();
    let mut command = Command::new("/bin/sleep");
    let command = command.arg("600").env_clear().env("LD_PRELOAD", &library).env("TOKEN", "hush");
    let child = Sleeper(command.spawn().unwrap());
    let mut row = looked_inside(child.0.id());
    for _ in 0..100 {
        if row.odd_code.is_some() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
        row = looked_inside(child.0.id());
    }
    let library = library.display().to_string();
    let hidden = if library.contains("/.") { "+hidden" } else { "" };
    assert_eq!(row.odd_code.unwrap(), format!("temporary{hidden}:{library}"));
    assert_eq!(row.preloads.unwrap(), format!("LD_PRELOAD={library}"));
}

#[test]
fn capabilities_count_for_ordinary_users_in_the_machines_own_namespace() {
    let fixture = Fixture::new();
    let own = fixture.proc.join("self/ns");
    fs::create_dir_all(&own).unwrap();
    symlink("user:[1]", own.join("user")).unwrap();
    for (pid, uid, set, namespace) in
        [(1, 0, "3f", 1), (20, 7, "2000", 1), (21, 7, "2000", 2), (22, 7, "0", 1)]
    {
        fixture.process(pid, b"x", "/bin/sleep");
        let groups = "1000000 ".repeat(9000);
        let status = format!(
            "Name:\tx\nTracerPid:\t{pid}\nUid:\t{uid}\t{uid}\t0\t0\nGroups:\t{groups}\nCapEff:\t{set}\n"
        );
        let folder = fixture.proc.join(pid.to_string());
        fs::write(folder.join("status"), status).unwrap();
        fs::create_dir(folder.join("ns")).unwrap();
        symlink(format!("user:[{namespace}]"), folder.join("ns/user")).unwrap();
    }
    let seen = collect(&fixture.machine(), &Names::default());
    assert_eq!(seen.problems, []);
    let found: Vec<_> = seen.rows.iter().map(|row| row.capabilities.as_deref()).collect();
    assert_eq!(found, [None, Some("cap_net_raw"), None, None]);
    assert_eq!(seen.rows[1].tracer, Some(20));
}

#[test]
fn a_hostile_inside_gives_problems_of_its_columns() {
    let fixture = Fixture::new();
    fixture.process(1, b"init", "/bin/sleep");
    let at = |path: &str| fixture.proc.join("1").join(path);
    fs::create_dir_all(at("fd/0")).unwrap();
    symlink("socket:[99999999999999999999]", at("fd/1")).unwrap();
    mknodat(CWD, at("environ"), FileType::Fifo, Mode::RUSR, 0).unwrap();
    fs::File::create(at("maps")).unwrap().set_len(1 << 30).unwrap();
    let mut seen = collect(&fixture.machine(), &Names::default());
    look_inside(&fixture.machine(), &mut seen, &Remotes::default(), &mut |_, _| ());
    let columns: Vec<_> = seen.problems.iter().map(|problem| problem.columns.join(" ")).collect();
    assert_eq!(columns, ["preloads", "odd_code"]);
    assert_eq!(seen.rows[0].standard_streams.as_deref(), Some("file"));
}
