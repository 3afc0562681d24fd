//! A real print server: CUPS of Debian on loopback, with shared and unshared queues, with TLS and without, with jobs that it keeps.

mod doubles;

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use doubles::{Running, free_port, look, patience, service, start};
use leaksweep_printer::{
    Options, Portrait, Scheme, Source, Target, Topic,
    look::{Context, ipp, tls},
    queues, sweep,
    wire::Ports,
};

/// What all queues have in common.
const QUEUE: &str = "Info A queue\nLocation Room 7\nState Idle\nType 4\nAccepting Yes\nJobSheets none none\nQuotaPeriod 0\nPageLimit 0\nKLimit 0\nOpPolicy default\nErrorPolicy retry-job\n";

struct Cups {
    folder: tempfile::TempDir,
    port: u16,
    running: Option<Running>,
}

impl Cups {
    /// None where it cannot run here.
    fn new(settings: &str) -> Option<Self> {
        let program = leaksweep_peers::need("cupsd")?;
        if !rooted() {
            leaksweep_peers::skip("only root can run cupsd");
            return None;
        }
        let mut cups =
            Self { folder: tempfile::tempdir().unwrap(), port: free_port(), running: None };
        cups.write(settings);
        let mut command = Command::new(program);
        command
            .arg("-f")
            .arg("-c")
            .arg(cups.path("cupsd.conf"))
            .arg("-s")
            .arg(cups.path("files.conf"));
        cups.running = Some(start(&mut command, cups.port));
        Some(cups)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, settings: &str) {
        let base = self.folder.path().display();
        fs::set_permissions(self.folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        for name in ["root", "root/ssl", "spool", "cache", "run", "log"] {
            fs::create_dir(self.path(name)).unwrap();
        }
        let port = self.port;
        let head = format!(
            "Listen 127.0.0.1:{port}\nLogLevel warn\nBrowsing Off\nWebInterface No\nDefaultAuthType None\n"
        );
        fs::write(self.path("cupsd.conf"), head + settings).unwrap();
        let files = format!(
            "FileDevice Yes\nServerRoot {base}/root\nRequestRoot {base}/spool\nCacheDir {base}/cache\nStateDir {base}/run\nAccessLog {base}/log/access\nErrorLog {base}/log/error\nPageLog {base}/log/page\nServerBin /usr/lib/cups\nDataDir /usr/share/cups\nServerKeychain {base}/root/ssl\nUser nobody\nGroup nogroup\nSystemGroup root\n"
        );
        fs::write(self.path("files.conf"), files).unwrap();
        let queue = |name: &str, device: &str, shared: &str| {
            format!("<Printer {name}>\nDeviceURI {device}\nShared {shared}\n{QUEUE}</Printer>\n")
        };
        let queues = [
            queue("Open", "file:///dev/null", "Yes"),
            queue("Own", "usb://HP/LaserJet?serial=1", "No"),
            queue("Far", "socket://user:secret@192.0.2.1:9100", "No"),
        ];
        fs::write(self.path("root/printers.conf"), queues.concat()).unwrap();
    }

    fn seen(&self, path: &str) -> Portrait {
        let target = format!("ipp://127.0.0.1:{}{path}", self.port);
        let both = |context: &Context, portrait: &mut Portrait| {
            tls::look(context, portrait);
            ipp::look(context, portrait);
        };
        look(&target, &[("ipp", self.port)], both).0
    }

    fn queues(&self, scheme: Scheme) -> Vec<Target> {
        let target = Target::parse(&format!("cups://127.0.0.1:{}", self.port)).unwrap();
        let source = Source::Live(Target { scheme, ..target });
        queues(&Options { patience: patience(), ..Options::new(source) }).unwrap()
    }

    fn print(&self, user: &str, title: &str) -> bool {
        let Some(lp) = leaksweep_peers::need("lp") else { return false };
        let status = Command::new(lp)
            .args([
                "-h",
                &format!("127.0.0.1:{}", self.port),
                "-d",
                "Open",
                "-U",
                user,
                "-t",
                title,
            ])
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
            .status();
        status.unwrap().success()
    }
}

fn rooted() -> bool {
    Path::new("/proc/self/status").exists()
        && fs::read_to_string("/proc/self/status").unwrap().contains("\nUid:\t0\t")
}

/// Everybody may do everything, and nothing of a job is hidden.
const FREE: &str = "PreserveJobHistory Yes\nPreserveJobFiles Yes\n<Location />\nOrder allow,deny\nAllow all\n</Location>\n<Policy default>\nJobPrivateAccess all\nJobPrivateValues none\n<Limit All>\nOrder allow,deny\nAllow all\n</Limit>\n</Policy>\n";

#[test]
fn every_queue_of_a_server_is_a_target() {
    let Some(cups) = Cups::new(FREE) else { return };
    let mut paths: Vec<String> =
        cups.queues(Scheme::Cups).into_iter().map(|one| one.path).collect();
    paths.sort();
    assert_eq!(paths, ["/printers/Far", "/printers/Open", "/printers/Own"]);
    let one = &cups.queues(Scheme::Cups)[0];
    assert_eq!((one.scheme, one.port, one.is_queue()), (Scheme::Ipp, Some(cups.port), true));
    let at_usb: Vec<Target> = cups.queues(Scheme::Usb);
    assert_eq!(at_usb.iter().map(Target::name).collect::<Vec<_>>(), ["usb:Own"]);
    assert_eq!(at_usb[0].ipp_path().as_deref(), Some("/printers/Own"));
}

#[test]
fn a_queue_tells_what_is_behind_it_and_whether_it_is_shared() {
    let Some(cups) = Cups::new(FREE) else { return };
    let open = cups.seen("/printers/Open");
    let text = |portrait: &Portrait, topic| portrait.text(topic);
    assert_eq!(text(&open, Topic::Name).as_deref(), Some("Open"));
    assert_eq!(text(&open, Topic::Location).as_deref(), Some("Room 7"));
    assert_eq!(
        (text(&open, Topic::State).as_deref(), open.flag(Topic::Shared)),
        (Some("idle"), Some(true))
    );
    assert_eq!(text(&open, Topic::Behind).as_deref(), Some("file:///dev/null"));
    let far = cups.seen("/printers/Far");
    assert_eq!(text(&far, Topic::Behind).as_deref(), Some("socket://192.0.2.1:9100"));
    assert_eq!(far.flag(Topic::Shared), Some(false));
    assert!(!format!("{far:?}").contains("secret"));
    assert!(
        far.channels.iter().any(|row| row.name.ends_with("/printers/Far")),
        "{:?}",
        far.channels
    );
}

#[test]
fn it_is_asked_in_the_clear_and_under_tls() {
    let Some(cups) = Cups::new(FREE) else { return };
    let seen = cups.seen("/printers/Open");
    for (name, encrypted) in [("ipp", false), ("ipps", true)] {
        let row = service(&seen, name);
        assert_eq!((row.speaks, row.encrypted), (Some(true), Some(encrypted)), "{row:?}");
        assert_eq!(row.authentication.as_deref(), Some("none"));
        assert!(row.version.as_deref().is_some_and(|version| version >= "2.0"), "{row:?}");
        assert!(row.banner.as_deref().is_some_and(|banner| banner.contains("CUPS")), "{row:?}");
    }
    assert!(service(&seen, "ipps").tls_highest.as_deref() >= Some("TLSv1.2"));
    assert!(!seen.certificates.is_empty());
    assert_eq!(seen.problems, []);
}

#[test]
fn a_server_that_demands_a_password_gets_none() {
    let demands = FREE.replace(
        "Allow all\n</Location>",
        "Allow all\nAuthType Basic\nRequire valid-user\n</Location>",
    );
    let Some(cups) = Cups::new(&demands) else { return };
    let seen = cups.seen("/printers/Open");
    let row = service(&seen, "ipp");
    assert!(
        row.authentication.as_deref() == Some("password") || row.speaks == Some(false),
        "{row:?}"
    );
    assert_eq!(service(&seen, "ipps").authentication.as_deref(), Some("password"));
    assert_eq!(seen.text(Topic::Name), None);
    let about = |table: &str| seen.problems.iter().any(|problem| problem.table == table);
    assert!(about("printer_channels") && about("printer_jobs"));
}

#[test]
fn kept_jobs_are_told_with_name_and_user() {
    let Some(cups) = Cups::new(FREE) else { return };
    if !cups.print("alice", "salaries") {
        return;
    }
    let until = Instant::now() + Duration::from_secs(20);
    let job = loop {
        let seen = cups.seen("/printers/Open");
        if let [job] = seen.jobs.as_slice()
            && job.state == "completed"
        {
            break job.clone();
        }
        assert!(Instant::now() < until, "{:?}", seen.jobs);
        thread::sleep(Duration::from_millis(200));
    };
    assert_eq!((job.name.as_deref(), job.user.as_deref()), (Some("salaries"), Some("alice")));
    assert!(job.created.is_some() && job.completed >= job.created);
}

#[test]
fn a_server_without_a_queue_named_is_a_server_and_says_how_to_go_on() {
    let Some(cups) = Cups::new(FREE) else { return };
    let target = format!("127.0.0.1:{}", cups.port);
    let (seen, _) = look(&target, &[("ipp", cups.port)], ipp::look);
    let row = service(&seen, "ipp");
    assert_eq!((row.speaks, row.authentication.as_deref()), (Some(true), Some("none")));
    let hints = seen.problems.iter().filter(|problem| problem.hint.contains("cups://HOST"));
    assert!(hints.count() >= 1 || seen.text(Topic::Name).is_some(), "{:?}", seen.problems);
}

#[test]
fn a_whole_sweep_is_quick_and_small() {
    let Some(cups) = Cups::new(FREE) else { return };
    let target = Target::parse(&format!("ipp://127.0.0.1:{}/printers/Open", cups.port)).unwrap();
    let mut options = Options { patience: patience(), ..Options::new(Source::Live(target)) };
    for service in Ports::known() {
        options.ports.set(service, free_port());
    }
    let begun = Instant::now();
    let seen = sweep(&options);
    let took = begun.elapsed();
    eprintln!("{} bytes sent, {} received, {took:?}", seen.sent, seen.received);
    assert!(seen.reached && seen.sent < 16_384, "{}", seen.sent);
    assert!(took < Duration::from_secs(8), "{took:?}");
}
