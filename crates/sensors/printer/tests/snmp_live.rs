//! Every recorded walk, served by snmpsim on loopback and asked for: it must tell what its file tells. And users of v3, by every way to sign
//! and to seal that snmpsim knows.

mod told;

use std::{
    fs,
    io::BufReader,
    net::{Ipv4Addr, UdpSocket},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use leaksweep_facts::Sweep;
use leaksweep_printer::{
    Options, Recorded, Seen, Snmp, Source, Target, User,
    plan::{Packet, Plan},
    sweep,
    wire::Ports,
};
use serde_json::{Value, json};

const PASSWORDS: (&str, &str) = ("sign-sign-sign", "seal-seal-seal");

/// A running snmpsim; it ends with the test.
struct Simulator {
    child: Child,
    port: u16,
    _place: tempfile::TempDir,
}

impl Drop for Simulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Simulator {
    /// Serves the walks, each under its name as community and as context.
    fn start(walks: &[(String, PathBuf)], users: &[(&str, &str)]) -> Option<Self> {
        let python = leaksweep_peers::need("snmpsim")?;
        for module in ["pysmi", "pysnmp", "cryptography"] {
            leaksweep_peers::need(module)?;
        }
        let place = tempfile::tempdir().unwrap();
        let folder = |name: &str| {
            let folder = place.path().join(name);
            fs::create_dir(&folder).unwrap();
            folder
        };
        let (data, cache) = (folder("data"), folder("cache"));
        for (name, walk) in walks {
            fs::copy(walk, data.join(format!("{name}.snmprec"))).unwrap();
        }
        let port = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let mut command = Command::new(python.with_file_name("snmpsim-command-responder"));
        command.arg(format!("--data-dir={}", data.display()));
        command.arg(format!("--cache-dir={}", cache.display()));
        command.arg(format!("--agent-udpv4-endpoint=127.0.0.1:{port}"));
        for (hash, cipher) in users {
            command.arg(format!("--v3-user={}", user_name(hash, cipher)));
            command.args([
                format!("--v3-auth-proto={hash}"),
                format!("--v3-auth-key={}", PASSWORDS.0),
            ]);
            command.args([
                format!("--v3-priv-proto={cipher}"),
                format!("--v3-priv-key={}", PASSWORDS.1),
            ]);
        }
        // It wants another user than root; its interpreter may lie where root alone can look.
        command.args(["--process-user=root", "--process-group=root", "--logging-method=stdout"]);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut simulator = Self { child, port, _place: place };
        simulator.wait(&walks[0].0);
        Some(simulator)
    }

    /// It says that it listens before it does: what counts is an answer.
    fn wait(&mut self, community: &str) {
        let mut output = BufReader::new(self.child.stdout.take().unwrap());
        thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        socket.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
        let until = Instant::now() + Duration::from_secs(60);
        while Instant::now() < until {
            let _ = socket.send_to(&question(community), (Ipv4Addr::LOCALHOST, self.port));
            if socket.recv(&mut [0; 2000]).is_ok() {
                return;
            }
            thread::sleep(Duration::from_millis(200));
        }
        panic!("snmpsim does not answer: {:?}", self.child.try_wait());
    }

    /// Looks at what is served in this way, by SNMP alone.
    fn look(&self, snmp: Snmp) -> Seen {
        let mut options = Options::new(Source::Live(Target::parse("127.0.0.1").unwrap()));
        options.ports = Ports::default();
        assert!(options.ports.set("snmp", self.port));
        options.plan =
            Plan::silent().with(Packet::SnmpV1).with(Packet::SnmpV2c).with(Packet::SnmpV3);
        options.snmp = snmp;
        options.patience.idle = Duration::from_millis(400);
        leaksweep_printer::sweep(&options)
    }

    fn sweep(&self, snmp: Snmp) -> Sweep {
        self.look(snmp).sweep
    }
}

/// GET of sysDescr.0 by v2c.
fn question(community: &str) -> Vec<u8> {
    let name = [&[4, community.len() as u8][..], community.as_bytes()].concat();
    let rest = [
        0xA0, 0x19, 2, 1, 1, 2, 1, 0, 2, 1, 0, 0x30, 0x0E, 0x30, 0x0C, 6, 8, 0x2B, 6, 1, 2, 1, 1,
        1, 0, 5, 0,
    ];
    let inside = [&[2, 1, 1][..], &name, &rest].concat();
    [&[0x30, inside.len() as u8][..], &inside].concat()
}

fn user_name(hash: &str, cipher: &str) -> String {
    format!("{hash}-{cipher}").to_lowercase()
}

fn walks(folder: &Path) -> Vec<(String, PathBuf)> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let walks = paths.filter(|path| path.extension().is_some_and(|ending| ending == "snmprec"));
    let mut walks: Vec<_> =
        walks.map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), path)).collect();
    walks.sort();
    walks
}

fn synthetic() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../corpus/printer/snmp/synthetic")
}

fn recorded(name: &str, walk: &Path) -> Value {
    let walks = vec![(name.to_owned(), fs::read(walk).unwrap())];
    told::told(
        &sweep(&Options::new(Source::Recorded(Recorded { walks, ..Recorded::default() }))).sweep,
    )
}

#[test]
fn what_is_served_tells_what_its_file_tells() {
    let mut all = walks(&synthetic());
    if let Some(folder) = leaksweep_peers::shared_data("printer/snmp") {
        all.extend(walks(&folder));
    }
    let Some(simulator) = Simulator::start(&all, &[]) else { return };
    let mut different = Vec::new();
    for (name, walk) in &all {
        let seen = simulator.look(Snmp { community: Some(name.clone()), user: None });
        let (live, file) = (told::told(&seen.sweep), recorded(name, walk));
        if live != file {
            different.push(format!("{name}\nlive {live:#}\nfile {file:#}\n"));
        }
        let looks = told::rows(&seen.sweep, "printer_looks");
        let questions: i64 = looks.iter().map(|look| look["count"].as_i64().unwrap()).sum();
        println!("{name}: {questions} questions, {} bytes", seen.sent);
        assert!(questions <= 28 && seen.sent < 20 << 10, "{name}: {looks:?}");
        let services = told::rows(&seen.sweep, "printer_services");
        let read = |row: &&Value| row["authentication"] == json!("named-community");
        assert_eq!(services.iter().filter(read).count(), 2, "{name}: {services:?}");
    }
    assert!(different.is_empty(), "{}", different.concat());
}

#[test]
fn a_user_of_version_3_is_let_in_by_every_way_to_sign_and_to_seal() {
    let walk = synthetic().join("hp_open.snmprec");
    let hashes = ["MD5", "SHA", "SHA224", "SHA256", "SHA384", "SHA512"];
    let users: Vec<(&str, &str)> =
        hashes.iter().flat_map(|hash| [(*hash, "DES"), (*hash, "AES")]).collect();
    let Some(simulator) = Simulator::start(&[("printer".into(), walk.clone())], &users) else {
        return;
    };
    let expected = recorded("printer", &walk);
    for (hash, cipher) in users {
        let user = User {
            name: format!("{}@printer", user_name(hash, cipher)),
            authentication: Some((hash.to_lowercase(), PASSWORDS.0.into())),
            privacy: Some((cipher.to_lowercase(), PASSWORDS.1.into())),
        };
        let sweep = simulator.sweep(Snmp { community: None, user: Some(user) });
        assert_eq!(told::told(&sweep), expected, "{hash} {cipher}");
        let services = told::rows(&sweep, "printer_services");
        let row = services.iter().find(|row| row["version"] == json!("v3")).unwrap();
        assert_eq!((&row["encrypted"], &row["authentication"]), (&json!(true), &json!("password")));
    }
}

#[test]
fn who_is_not_known_is_not_let_in_and_is_told_why() {
    let walk = synthetic().join("hp_open.snmprec");
    let Some(simulator) = Simulator::start(&[("printer".into(), walk)], &[("SHA", "AES")]) else {
        return;
    };
    let user = |name: &str, sign: &str| User {
        name: name.into(),
        authentication: Some(("sha1".into(), sign.into())),
        privacy: Some(("aes128".into(), PASSWORDS.1.into())),
    };
    for (user, why) in [
        (user("nobody@printer", PASSWORDS.0), "does not know the user"),
        (user("sha-aes@printer", "wrong-wrong"), "the password to sign with"),
        (user("sha-aes@printer", "short"), "shorter than eight"),
    ] {
        let sweep = simulator.sweep(Snmp { community: None, user: Some(user) });
        let problems = told::rows(&sweep, "problems");
        assert!(
            problems.iter().any(|row| row["detail"].as_str().unwrap().contains(why)),
            "{why}: {problems:?}"
        );
        let services = told::rows(&sweep, "printer_services");
        let row = services.iter().find(|row| row["version"] == json!("v3")).unwrap();
        assert_eq!((&row["speaks"], row.get("authentication")), (&json!(true), None));
        assert!(told::rows(&sweep, "printer_stores").is_empty());
    }
}
