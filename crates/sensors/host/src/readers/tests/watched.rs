//! A watch of this machine while something is read.

use super::{
    live::{HOLD, Script, cookies, own_home},
    *,
};
use crate::readers::watch::Way;

/// What a watch of three seconds sees while `reads` happens within it.
fn watched(
    home: &Path,
    way: Way,
    reads: impl FnOnce() + Send,
) -> (Vec<Reader>, Vec<leaksweep_facts::Problem>) {
    let machine = Machine::running().unwrap();
    let accounts = own_home(home);
    let stores = Stores::find(&machine, &accounts);
    let kernel = machine.kernel(TABLE).unwrap();
    let owners = Owners::new(&machine, kernel, &stores, &accounts.homes);
    let mut rows = Rows::new(owners, &stores, &accounts.names);
    let mut watcher = watch::Watcher::new(&machine, kernel, &accounts.names, &stores);
    watcher.way = way;
    let problems = std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(700));
            reads();
        });
        watcher.watch(Duration::from_secs(3), &mut rows)
    });
    (rows.done().rows, problems)
}

fn may_ask_the_kernel() -> bool {
    let flags = nix::sys::fanotify::InitFlags::FAN_CLASS_NOTIF;
    let may = nix::sys::fanotify::Fanotify::init(flags, nix::sys::fanotify::EventFFlags::O_RDONLY);
    may.map_err(|_| leaksweep_peers::skip("needs root and fanotify")).is_ok()
}

#[test]
fn a_reader_within_a_watch_is_seen_by_either_way() {
    for (way, by) in [(Way::Looks, "descriptor"), (Way::Events, "event")] {
        if way == Way::Events && !may_ask_the_kernel() {
            continue;
        }
        let (home, store) = cookies();
        let mut pid = 0;
        let (rows, _) = watched(home.path(), way, || {
            let Some(script) = Script::run(&["env"], HOLD, &store) else { return };
            pid = script.pid();
            std::thread::sleep(Duration::from_secs(1));
        });
        if pid == 0 {
            return;
        }
        let row =
            rows.iter().find(|row| row.pid == pid).unwrap_or_else(|| panic!("{way:?}: {rows:?}"));
        assert_eq!((&*row.seen_by, &*row.store), (by, "firefox-cookies"));
        assert!(row.program.as_deref().unwrap().contains("python"), "{row:?}");
        assert_eq!((row.expected, row.connected), (Some(false), Some(false)));
        assert!(row.times >= 2, "{row:?}");
        let span = row.last_seen.0 - row.first_seen.0;
        assert!((0..=2).contains(&span), "{span}");
    }
}

#[test]
fn a_reader_of_a_moment_is_told_by_the_kernel() {
    if !may_ask_the_kernel() {
        return;
    }
    let (home, store) = cookies();
    let mut pid = 0;
    let (rows, _) = watched(home.path(), Way::Both, || {
        let mut child = Command::new("cat").arg(&store).stdout(Stdio::null()).spawn().unwrap();
        pid = i64::from(child.id());
        child.wait().unwrap();
    });
    let row = rows.iter().find(|row| row.pid == pid).unwrap_or_else(|| panic!("{rows:?}"));
    assert_eq!((&*row.seen_by, &*row.store, &*row.access), ("event", "firefox-cookies", "read"));
}

#[test]
fn a_watch_costs_little_and_keeps_its_pace() {
    let (home, _) = cookies();
    let machine = Machine::running().unwrap();
    let accounts = own_home(home.path());
    let stores = Stores::find(&machine, &accounts);
    let kernel = machine.kernel(TABLE).unwrap();
    let owners = Owners::new(&machine, kernel, &stores, &accounts.homes);
    let mut rows = Rows::new(owners, &stores, &accounts.names);
    let mut watcher = watch::Watcher::new(&machine, kernel, &accounts.names, &stores);
    watcher.watch(Duration::from_secs(2), &mut rows);
    // Far from optimised, and beside other tests.
    assert!(watcher.spent < Duration::from_millis(1500), "{:?}", watcher.spent);
}
