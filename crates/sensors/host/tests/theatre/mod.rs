//! Opens the sessions, sweeps while they are open, and ends them whatever happens.

use std::{
    collections::HashMap,
    fs,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    os::unix::net::UnixListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::LazyLock,
    thread::sleep,
    time::{Duration, Instant},
};

use leaksweep_host::Options;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::rows::{self, Row};

const PATIENCE: Duration = Duration::from_secs(20);

/// What was seen while they were open.
pub struct Play {
    pub sessions: Vec<Row>,
    pub agents: Vec<Row>,
    pids: HashMap<&'static str, i64>,
    texts: HashMap<&'static str, String>,
}

pub fn play() -> &'static Play {
    static PLAY: LazyLock<Play> = LazyLock::new(|| {
        let mut theatre = Theatre::new();
        theatre.perform();
        let sweep = leaksweep_host::sweep(&Options::default()).expect("this machine opens");
        Play {
            sessions: rows::of(&sweep, "host_sessions"),
            agents: rows::of(&sweep, "host_agents"),
            pids: std::mem::take(&mut theatre.pids),
            texts: std::mem::take(&mut theatre.texts),
        }
    });
    &PLAY
}

impl Play {
    pub fn pid(&self, name: &str) -> i64 {
        *self.pids.get(name).unwrap_or_else(|| panic!("{name} does not run"))
    }

    pub fn text(&self, name: &str) -> &str {
        self.texts.get(name).unwrap_or_else(|| panic!("there is no {name}"))
    }
}

/// What runs ends before its folder goes.
struct Theatre {
    children: Vec<Child>,
    /// Programs that end others, which went on by themselves.
    endings: Vec<Command>,
    strays: Vec<i64>,
    left: Option<(PathBuf, UnixListener)>,
    port: u16,
    folder: TempDir,
    pids: HashMap<&'static str, i64>,
    texts: HashMap<&'static str, String>,
}

impl Drop for Theatre {
    fn drop(&mut self) {
        for ending in &mut self.endings {
            let _ = ending.stdout(Stdio::null()).stderr(Stdio::null()).status();
        }
        let strays = self.strays.iter().filter_map(|pid| Pid::from_raw(i32::try_from(*pid).ok()?));
        for pid in strays {
            let _ = kill_process(pid, Signal::TERM);
        }
        // Clients first, so that the server that they came by is there when they go.
        for child in self.children.iter_mut().rev() {
            let _ = kill_process(Pid::from_child(child), Signal::TERM);
            let start = Instant::now();
            while start.elapsed() < PATIENCE && matches!(child.try_wait(), Ok(None)) {
                sleep(Duration::from_millis(20));
            }
            let _ = child.kill();
            let _ = child.wait();
        }
        if let Some(folder) = self.left.as_ref().and_then(|(path, _)| path.parent()) {
            let _ = fs::remove_dir_all(folder);
        }
    }
}

fn peer(name: &str) -> Option<PathBuf> {
    let peer = leaksweep_peers::ALL.iter().find(|peer| peer.shows == name)?;
    peer.find(&leaksweep_peers::folder())
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
    listener.local_addr().expect("it has an address").port()
}

fn until(what: &str, mut there: impl FnMut() -> bool) {
    let start = Instant::now();
    while !there() {
        assert!(start.elapsed() < PATIENCE, "{what} does not come");
        sleep(Duration::from_millis(50));
    }
}

impl Theatre {
    fn new() -> Self {
        Self {
            children: Vec::new(),
            endings: Vec::new(),
            strays: Vec::new(),
            left: None,
            port: free_port(),
            folder: tempfile::tempdir().expect("a folder can be made"),
            pids: HashMap::new(),
            texts: HashMap::new(),
        }
    }

    fn perform(&mut self) {
        self.server();
        self.agent();
        self.shell("terminal", &["-tt"], "");
        self.shell("no terminal", &["-T"], "");
        self.forwarded();
        self.left_behind();
        self.tmux();
        self.screen();
        self.desktop("Xtigervnc", false);
        self.desktop("Xtigervnc with a viewer", true);
        self.shell_on_a_connection();
        self.left_socket();
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn start(&mut self, command: &mut Command) -> &mut Child {
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        self.children.push(child);
        self.children.last_mut().expect("it was just started")
    }

    fn server(&mut self) {
        let server = peer("sshd").expect("it was asked for");
        for key in ["host", "user"] {
            let mut made = Command::new("ssh-keygen");
            made.args(["-q", "-t", "ed25519", "-N", "", "-f", &self.path(key)]);
            assert!(made.status().expect("it starts").success());
        }
        let _ = fs::create_dir_all("/run/sshd");
        let config = format!(
            "Port {}\nListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}\nStrictModes no\n\
             PidFile none\nUsePAM no\nPermitRootLogin yes\nPasswordAuthentication no\nPrintMotd no\n",
            self.port,
            self.path("host"),
            self.path("user.pub")
        );
        fs::write(self.path("sshd_config"), config).expect("the folder is ours");
        let config = self.path("sshd_config");
        self.start(Command::new(server).args(["-D", "-f", &config]));
        let port = self.port;
        until("sshd", || TcpStream::connect(("127.0.0.1", port)).is_ok());
    }

    fn client(&self, options: &[&str]) -> Command {
        let mut client = Command::new("ssh");
        client.args(["-F", "none", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o"]);
        client.arg(format!("UserKnownHostsFile={}", self.path("known_hosts")));
        client.args([
            "-o",
            "LogLevel=ERROR",
            "-i",
            &self.path("user"),
            "-p",
            &self.port.to_string(),
        ]);
        client.args(options).args(["-l", "root", "127.0.0.1"]);
        client.env("TERM", "xterm");
        client
    }

    /// Opens a session and asks its shell for its number, and for more.
    fn shell(&mut self, name: &'static str, options: &[&str], more: &str) -> String {
        let agent = self.texts.get("agent").cloned().unwrap_or_default();
        let mut client = self.client(options);
        let child = self.start(client.env("SSH_AUTH_SOCK", agent));
        let input = child.stdin.as_mut().expect("it is a pipe");
        let question = format!("echo \"<$$ {more}>\"\n");
        input.write_all(question.as_bytes()).expect("it listens");
        let mut lines = BufReader::new(child.stdout.take().expect("it is a pipe")).lines();
        let answer = loop {
            let line = lines.next().expect("it answers").expect("with text");
            // A terminal repeats the question.
            let told = line.rsplit_once('<').and_then(|(_, rest)| rest.split_once('>'));
            let told = told.map(|(told, _)| told.to_owned());
            if let Some(told) =
                told.filter(|told| told.starts_with(|first: char| first.is_ascii_digit()))
            {
                break told;
            }
        };
        let (pid, rest) = answer.split_once(' ').expect("two words");
        self.pids.insert(name, pid.parse().expect("a number"));
        rest.trim().to_owned()
    }

    fn agent(&mut self) {
        let path = self.path("agent.socket-ssh");
        fs::create_dir(self.path("ssh-ours")).expect("the folder is ours");
        let path = path.replace("agent.socket-ssh", "ssh-ours/agent.1");
        let pid = self.start(Command::new("ssh-agent").args(["-D", "-a", &path])).id();
        until("ssh-agent", || fs::metadata(&path).is_ok());
        self.pids.insert("agent", i64::from(pid));
        self.texts.insert("agent", path);
    }

    fn forwarded(&mut self) {
        let path = self.shell("forwarding", &["-A", "-T"], "$SSH_AUTH_SOCK");
        assert!(path.starts_with('/'), "no agent was forwarded: '{path}'");
        self.texts.insert("forwarded", path);
    }

    fn left_behind(&mut self) {
        let mut client = self.client(&["-T"]);
        let command = "nohup sleep 271 </dev/null >/dev/null 2>&1 & echo $!";
        let output = client.arg(command).stdin(Stdio::null()).output().expect("it starts");
        let pid: i64 = String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number");
        self.strays.push(pid);
        self.pids.insert("left behind", pid);
    }

    fn tmux(&mut self) {
        let Some(tmux) = peer("tmux") else { return };
        for name in ["tmux", "tmux in use"] {
            let path = self.path(name);
            let ours = || {
                let mut command = Command::new(&tmux);
                command.args(["-f", "/dev/null", "-S", &path]).env_remove("TMUX");
                command
            };
            assert!(
                ours()
                    .args(["new-session", "-d", "sleep 272"])
                    .status()
                    .is_ok_and(|it| it.success())
            );
            let pid =
                ours().args(["display-message", "-p", "#{pid}"]).output().expect("it answers");
            let pid = String::from_utf8_lossy(&pid.stdout).trim().parse().expect("a number");
            self.pids.insert(name, pid);
            let mut ending = ours();
            ending.arg("kill-server");
            self.endings.push(ending);
        }
        let attach = format!("'{}' -S '{}' attach", tmux.display(), self.path("tmux in use"));
        let mut client = self.client(&["-tt"]);
        self.start(client.arg(attach));
        let path = self.path("tmux in use");
        until("a client of tmux", || {
            let mode = |path: &str| {
                fs::metadata(path).map(|found| std::os::unix::fs::MetadataExt::mode(&found))
            };
            mode(&path).is_ok_and(|mode| mode & 0o100 != 0)
        });
    }

    fn screen(&mut self) {
        let Some(screen) = peer("screen") else { return };
        let name = format!("leaksweep-{}", std::process::id());
        let mut start = Command::new(&screen);
        start.args(["-c", "/dev/null", "-dmS", &name, "sleep", "273"]);
        assert!(start.status().is_ok_and(|it| it.success()));
        let mut pid = None;
        until("screen", || {
            let listed = Command::new(&screen).arg("-ls").output().expect("it answers");
            let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
            let ours =
                listed.split_whitespace().find_map(|word| word.strip_suffix(&format!(".{name}")));
            pid = ours.and_then(|pid| pid.parse().ok());
            pid.is_some()
        });
        self.pids.extend(pid.map(|pid| ("screen", pid)));
        let mut ending = Command::new(screen);
        ending.args(["-S", &name, "-X", "quit"]);
        self.endings.push(ending);
    }

    fn desktop(&mut self, name: &'static str, viewed: bool) {
        let Some(server) = peer("Xtigervnc") else { return };
        let port = free_port();
        let mut command = Command::new(server);
        command.args(["-displayfd", "1", "-rfbport", &port.to_string(), "-localhost"]);
        command.args(["-SecurityTypes", "None", "-geometry", "320x240"]);
        let child = self.start(&mut command);
        let (pid, said) = (child.id(), child.stdout.take().expect("it is a pipe"));
        let mut number = String::new();
        BufReader::new(said).read_line(&mut number).expect("it can be read");
        self.pids.insert(name, i64::from(pid));
        if !viewed {
            self.texts.insert("display", format!(":{}", number.trim()));
            return;
        }
        let python = peer("python3").expect("python3 is there");
        let look = format!(
            "import socket, time; s = socket.create_connection(('127.0.0.1', {port})); print(s.recv(12), flush=True); time.sleep(274)"
        );
        let viewer = self.start(Command::new(python).args(["-c", &look]));
        let mut line = String::new();
        let said = viewer.stdout.take().expect("it is a pipe");
        BufReader::new(said).read_line(&mut line).expect("it can be read");
        assert!(line.contains("RFB"), "{line}");
    }

    /// Both ends are ours; the shell gets nothing to do.
    fn shell_on_a_connection(&mut self) {
        let Some(python) = peer("python3") else { return };
        let program = "import os, socket, sys\n\
            l = socket.create_server(('127.0.0.1', 0)); c = socket.create_connection(l.getsockname()); s, _ = l.accept()\n\
            if os.fork() == 0:\n    \
                l.close(); s.close(); [os.dup2(c.fileno(), n) for n in (0, 1, 2)]; c.close(); os.execv('/bin/sh', ['sh', '-i'])\n\
            c.close(); s.recv(1); print(open(f'/proc/{os.getpid()}/task/{os.getpid()}/children').read(), flush=True); sys.stdin.read()\n";
        let child = self.start(Command::new(python).args(["-c", program]));
        let mut pid = String::new();
        let said = child.stdout.take().expect("it is a pipe");
        BufReader::new(said).read_line(&mut pid).expect("it can be read");
        let pid = pid.trim().parse().expect("a number");
        self.strays.push(pid);
        self.pids.insert("shell on a connection", pid);
    }

    /// Where ssh-agent would have it, bound and no longer listened to.
    fn left_socket(&mut self) {
        let folder = PathBuf::from(format!("/tmp/ssh-leaksweep{}", std::process::id()));
        fs::create_dir(&folder).expect("it is new");
        let path = folder.join("agent.1");
        let listener = UnixListener::bind(&path).expect("the folder is ours");
        self.texts.insert("left socket", path.display().to_string());
        drop(listener);
        // Kept for its folder alone, which is removed at the end.
        let other = UnixListener::bind(folder.join("other")).expect("the folder is ours");
        self.left = Some((path, other));
    }
}
