//! Real programs that read real stores on this machine.

use super::*;

/// A program of Python that says when it is ready and ends when its input does.
pub struct Script(Child);

impl Script {
    pub fn run(before: &[&str], program: &str, argument: &Path) -> Option<Self> {
        leaksweep_peers::need("python3")?;
        let mut words = before.to_vec();
        words.extend(["python3", "-c", program]);
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).arg(argument).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::null()).spawn().ok()?;
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let script = Self(child);
        (line == "ready\n").then_some(script)
    }

    pub fn pid(&self) -> i64 {
        i64::from(self.0.id())
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub fn own_home(path: &Path) -> Accounts {
    homes(&[("me", rustix::process::getuid().as_raw(), path)])
}

fn live(accounts: &Accounts) -> Vec<Reader> {
    seen(&Machine::running().unwrap(), accounts).rows
}

/// A home with cookies of Firefox.
pub fn cookies() -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let store =
        home.path().canonicalize().unwrap().join(".mozilla/firefox/x.default/cookies.sqlite");
    write(&store, b"SQLite format 3\0 secret");
    (home, store)
}

pub const HOLD: &str =
    "import sys\nf=open(sys.argv[1],'rb')\nprint('ready',flush=True)\nsys.stdin.read()";
/// Python keeps a descriptor for each mapping, so all are closed.
const MAP: &str = "import sys,os,mmap\nf=open(sys.argv[1],'rb')\nm=mmap.mmap(f.fileno(),0,prot=mmap.PROT_READ)\n\
    os.closerange(3,99)\nprint('ready',flush=True)\nsys.stdin.read()";
const CONNECT: &str = "import sys,socket,subprocess\n\
    for c in ('ip link set lo up','ip addr add 192.0.2.1/32 dev lo','ip addr add 192.0.2.2/32 dev lo'):\n \
    subprocess.run(c.split(),check=True)\n\
    l=socket.create_server(('192.0.2.2',4433))\n\
    s=socket.create_connection(('192.0.2.2',4433),source_address=('192.0.2.1',0))\n\
    f=open(sys.argv[1],'rb')\nprint('ready',flush=True)\nsys.stdin.read()";

#[test]
fn a_real_reader_is_seen_by_its_descriptor_its_mapping_and_its_connection() {
    let (home, store) = cookies();
    let accounts = own_home(home.path());
    let alias = home.path().join("notes");
    fs::hard_link(&store, &alias).unwrap();
    for (program, path, by) in [
        (HOLD, &store, "descriptor"),
        (MAP, &store, "mapping"),
        (HOLD, &alias, "descriptor"),
        (MAP, &alias, "mapping"),
    ] {
        let Some(script) = Script::run(&["env"], program, path) else { return };
        let rows = live(&accounts);
        let row = rows.iter().find(|row| row.pid == script.pid()).unwrap();
        assert_eq!((&*row.seen_by, &*row.store), (by, "firefox-cookies"));
        assert_eq!(row.path, store.to_str().unwrap());
        assert_eq!((row.expected, row.connected), (Some(false), Some(false)));
        assert!(row.program.as_deref().unwrap().contains("python"));
    }
    // What was replaced or removed while it is read, and a folder, which nobody reads.
    let folder = "import sys,os\nf=os.open(os.path.dirname(sys.argv[1]),0)\nprint('ready',flush=True)\nsys.stdin.read()";
    for (program, expected) in [(HOLD, 1), (folder, 0)] {
        let Some(script) = Script::run(&["env"], program, &store) else { return };
        fs::rename(&alias, &store).unwrap();
        fs::copy(&store, &alias).unwrap();
        write(&store.with_extension("new"), b"another");
        fs::rename(store.with_extension("new"), &store).unwrap();
        let rows = live(&accounts);
        let own: Vec<_> = rows.iter().filter(|row| row.pid == script.pid()).collect();
        assert_eq!(own.len(), expected, "{own:?}");
        assert!(own.iter().all(|row| row.path == store.to_str().unwrap()));
    }
    let Some(script) = Script::run(&["unshare", "--net"], CONNECT, &store) else {
        return leaksweep_peers::skip("needs root, unshare and ip");
    };
    let rows = live(&accounts);
    let row = rows.iter().find(|row| row.pid == script.pid()).unwrap();
    assert_eq!(row.connected, Some(true), "{row:?}");
    assert!(row.connections.as_deref().unwrap().starts_with("192.0.2."));
}

/// A browser that has its profile open, ended with the test.
struct Browser(Child);

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_real_browser_may_read_its_own_profile_and_nothing_else_may() {
    let Some(browser) = leaksweep_peers::need("chromium") else { return };
    let home = tempfile::tempdir().unwrap();
    let profile = home.path().canonicalize().unwrap().join(".config/chromium");
    let flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-sync", "--no-first-run"];
    let mut command = Command::new(browser);
    command.args(flags).arg(format!("--user-data-dir={}", profile.display()));
    command.args(["--disable-background-networking", "--disable-component-update"]);
    command.args(["--remote-debugging-port=0", "about:blank"]).env("HOME", home.path());
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let browser = Browser(command.spawn().unwrap());
    let history = profile.join("Default/History");
    let started = Instant::now();
    while !history.exists() && started.elapsed().as_secs() < 60 {
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(history.exists(), "the browser made no profile");
    let Some(script) = Script::run(&["env"], HOLD, &history) else { return };
    let accounts = own_home(home.path());
    let (mut rows, mut own) = (Vec::new(), Vec::new());
    while own.is_empty() && started.elapsed().as_secs() < 90 {
        rows = live(&accounts);
        own = rows.iter().filter(|row| row.pid != script.pid()).cloned().collect();
    }
    drop(browser);
    assert!(!own.is_empty(), "the browser holds nothing open: {rows:?}");
    for row in &own {
        assert!(row.store.starts_with("chromium-"), "{row:?}");
        assert_eq!((row.expected, row.times), (Some(true), 1), "{row:?}");
    }
    let thief = rows.iter().find(|row| row.pid == script.pid()).unwrap();
    assert_eq!((&*thief.store, thief.expected), ("chromium-history", Some(false)));
}
