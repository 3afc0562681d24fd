//! Synthetic machines: names and folders as the catalogue has them, contents of our own.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use leaksweep_catalogue::remote::{Tool, tool};
use leaksweep_facts::tables::host::*;

mod lingering;
mod renamed;

use super::*;
use crate::fixture::{Fixture, mounted, write};

const PROGRAM: &str = "a text that only farhand has";

fn farhand() -> Vec<Tool> {
    let text = r#"
        name = "Farhand"
        kind = "remote-control"
        makers = ["Far Hand Ltd"]
        summary = "Invented."
        ways = ["relay", "listener"]
        [[fact]]
        source = "invented"
        packages = ["farhand"]
        linux = ["/opt/farhand/farhand", "~/.local/share/farhand", "/opt/farhand-*/run", "/srv/farhand-??/run"]
        windows = ['%ProgramFiles%\Far Hand\FarHand.exe', '%APPDATA%\FarHand']
        leftover = ["/etc/farhand", "~/.config/farhand"]
        portable = ["farhand-*.AppImage", "farhand_portable.exe"]
        units = ["farhand.service", "farhand.socket"]
        processes = ["farhand", "farhand.exe", "farhandd"]
        ports = ["tcp/40917"]
        strings = ["a text that only farhand has"]
        products = ["Far Hand"]
        go = ["example.org/farhand/cmd/farhand"]
        sections = [".farhand"]
        extensions = ["abcdefghabcdefghabcdefghabcdefgh"]
        usb = ["feed:beef"]
        usb_names = ["Farhand*"]
    "#;
    vec![tool(Path::new("farhand.toml"), text).unwrap()]
}

/// Everything that the other collectors may have seen.
#[derive(Default)]
struct Facts {
    packages: Vec<Package>,
    processes: Vec<Process>,
    sockets: Vec<Socket>,
    services: Vec<Service>,
    autostarts: Vec<Autostart>,
    extensions: Vec<BrowserExtension>,
    usb_devices: Vec<UsbDevice>,
}

impl Facts {
    fn collect(&self, machine: &Machine, homes: &[Home], tools: &[Tool]) -> Remote {
        let seen = Seen {
            packages: &self.packages,
            processes: &self.processes,
            sockets: &self.sockets,
            services: &self.services,
            autostarts: &self.autostarts,
            extensions: &self.extensions,
            usb_devices: &self.usb_devices,
        };
        collect(machine, homes, &seen, tools, OnDisk::look(machine, homes, tools))
    }

    /// The one tool that is found with these facts alone.
    fn story(&self) -> Option<RemoteTool> {
        let folder = tempfile::tempdir().unwrap();
        let found = self.collect(&mounted(folder.path()), &[], &farhand());
        assert!(found.tools.rows.len() < 2);
        found.tools.rows.into_iter().next()
    }
}

fn package(name: &str, state: &str) -> Package {
    Package {
        manager: "dpkg".into(),
        name: name.into(),
        version: "1.2".into(),
        state: state.into(),
        ..Package::default()
    }
}

fn process(pid: i64, program: &str) -> Process {
    Process {
        pid,
        name: signs::base(program).into(),
        program: Some(program.into()),
        program_state: Some("present".into()),
        arguments: program.into(),
        user: "root".into(),
        ..Process::default()
    }
}

fn home(path: &str) -> Home {
    Home { user: "alice".into(), uid: 1000, path: path.into() }
}

/// What a disk with this file tells.
fn with_file(path: &str, content: &[u8], mode: u32) -> Remote {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(path);
    write(&file, content);
    fs::set_permissions(&file, PermissionsExt::from_mode(mode)).unwrap();
    Facts::default().collect(&mounted(folder.path()), &[home("/home/alice")], &farhand())
}

fn program_with(text: &[u8]) -> Vec<u8> {
    [b"\x7fELF", &vec![7; 20_000][..], text, &[9; 64]].concat()
}

#[test]
fn a_package_is_installed_and_a_removed_one_left_over() {
    let found = |state: &str| {
        let facts = Facts { packages: vec![package("farhand", state)], ..Facts::default() };
        let row = facts.story().unwrap();
        (row.states, row.left_over, row.confidence, row.version)
    };
    let version = Some("1.2".to_owned());
    assert_eq!(found("installed"), ("installed".into(), false, "certain".into(), version.clone()));
    assert_eq!(found("config-files"), ("left over".into(), true, "certain".into(), version));
    let other = Facts { packages: vec![package("farhand-doc", "installed")], ..Facts::default() };
    assert_eq!(other.story(), None);
}

#[test]
fn what_a_removed_package_leaves_does_not_count_as_installed() {
    let service = Service {
        name: "farhand.service".into(),
        state: "enabled".into(),
        starts: true,
        ..Service::default()
    };
    let mut facts = Facts { services: vec![service], ..Facts::default() };
    assert_eq!(facts.story().unwrap().states, "installed, starts");
    facts.packages = vec![package("farhand", "config-files")];
    let row = facts.story().unwrap();
    assert_eq!((row.states.as_str(), row.starts), ("left over", false));
}

#[test]
fn files_are_found_where_the_catalogue_says_and_nowhere_else() {
    let cases = [
        ("opt/farhand/farhand", Some("installed")),
        ("opt/farhand-7/run", Some("installed")),
        ("opt/farhand-7/walk", None),
        ("srv/farhand-07/run", Some("installed")),
        ("srv/farhand-7/run", None),
        ("opt/my-farhand-7/run", None),
        ("home/alice/.local/share/farhand/x", Some("installed")),
        ("home/alice/.config/farhand/x", Some("left over")),
        ("etc/farhand/x", Some("left over")),
        ("home/alice/.wine/drive_c/program files/far hand/FARHAND.EXE", Some("installed")),
        ("home/alice/.wine/drive_c/users/alice/AppData/Roaming/FarHand/x", Some("installed")),
        (
            "home/alice/.deepinwine/Any/drive_c/Program Files (x86)/Far Hand/FarHand.exe",
            Some("installed"),
        ),
        ("Program Files/Far Hand/FarHand.exe", None),
        ("home/alice/Downloads/farhand-1.2.AppImage", Some("portable")),
        ("home/alice/farhand_PORTABLE.exe", Some("portable")),
        ("home/alice/下载/farhand-1.AppImage", Some("portable")),
        ("tmp/a/b/farhand-1.AppImage", Some("portable")),
        ("home/alice/Downloads/my-farhand-1.AppImage", None),
        ("tmp/.hidden/farhand-1.AppImage", Some("portable")),
        ("home/alice/.hidden/farhand-1.AppImage", None),
        ("home/alice/any/drive_c/Program Files/Far Hand/FarHand.exe", Some("installed")),
    ];
    for (path, expected) in cases {
        let found = with_file(path, b"x", 0o644);
        let states = found.tools.rows.first().map(|row| row.states.as_str());
        assert_eq!(states, expected, "{path}");
        assert_eq!(found.tools.problems, [], "{path}");
    }
}

#[test]
fn links_in_a_circle_hold_nothing() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("opt")).unwrap();
    std::os::unix::fs::symlink("farhand-b", folder.path().join("opt/farhand-a")).unwrap();
    std::os::unix::fs::symlink("farhand-a", folder.path().join("opt/farhand-b")).unwrap();
    let found = Facts::default().collect(&mounted(folder.path()), &[], &farhand());
    assert_eq!((found.tools.rows, found.tools.problems), (Vec::new(), Vec::new()));
}

#[test]
fn a_mounted_windows_disk_is_a_drive() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("Windows/System32/x"), b"");
    write(&folder.path().join("Program Files/Far Hand/FarHand.exe"), b"");
    let found = Facts::default().collect(&mounted(folder.path()), &[], &farhand());
    assert_eq!(found.tools.rows[0].states, "installed");
}

#[test]
fn a_copy_under_any_name_is_known_by_its_content() {
    let wide: Vec<u8> = PROGRAM.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let product: Vec<u8> =
        "ProductName\0\0Far Hand\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases: [(&[u8], u32, bool); 7] = [
        (PROGRAM.as_bytes(), 0o755, true),
        (&wide, 0o755, true),
        (&product, 0o755, true),
        (b"path\texample.org/farhand/cmd/farhand\nmod", 0o755, true),
        (b"\0.farhand\0", 0o755, true),
        (b"path\texample.org/farhand/cmd/farhandle\n", 0o755, false),
        (PROGRAM.as_bytes(), 0o644, false),
    ];
    for (text, mode, expected) in cases {
        let found = with_file("tmp/holiday-pictures", &program_with(text), mode);
        assert_eq!(found.tools.rows.len(), usize::from(expected), "{text:?}");
        assert!(found.tools.rows.iter().all(|row| row.renamed));
    }
    let script = with_file("tmp/script", &vec![b'#'; 20_000], 0o755);
    assert_eq!(script.tools.rows, []);
}

#[test]
fn a_mark_that_lies_across_two_readings_is_seen() {
    for at in [262_100, 262_120, 262_144, 300_000] {
        let content = [b"\x7fELF", &vec![7; at][..], PROGRAM.as_bytes()].concat();
        let found = with_file("tmp/x", &content, 0o755);
        assert_eq!(found.tools.rows.len(), 1, "{at}");
    }
}

#[test]
fn what_a_program_with_the_marks_of_many_tools_is_cannot_be_told() {
    let mut tools = farhand();
    for (at, name) in ["second", "third", "fourth"].into_iter().enumerate() {
        let text = format!(
            "name = 'N'\nkind = 'tunnel'\nsummary = 's'\n[[fact]]\nsource = 's'\nstrings = ['text of {name}']"
        );
        let mut tool = tool(Path::new("x.toml"), &text).unwrap();
        tool.id = format!("t{at}");
        tools.push(tool);
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tmp/scanner");
    let text = format!("{PROGRAM} text of second text of third text of fourth");
    write(&file, &program_with(text.as_bytes()));
    fs::set_permissions(&file, PermissionsExt::from_mode(0o755)).unwrap();
    let found = Facts::default().collect(&mounted(folder.path()), &[], &tools);
    assert_eq!(found.tools.rows, []);
    let told: Vec<&str> = found.tools.problems.iter().map(|p| p.detail.as_str()).collect();
    assert_eq!(told, ["has the marks of 4 remote-control tools"]);
}

#[test]
fn processes_are_known_by_their_names() {
    let mut script = process(1, "/usr/bin/python3.11");
    script.arguments = "/usr/bin/python3.11 -u /opt/x/farhandd --all".into();
    let mut wine = process(1, "/usr/bin/wine-preloader");
    wine.arguments = r"'C:\Program Files\Far Hand\FarHand.exe' --tray".into();
    wine.name = "FarHand.exe".into();
    let mut foreign = process(1, "/usr/bin/farhand");
    foreign.package = Some("another".into());
    let mut cut = process(1, "/usr/bin/x");
    cut.name = "farhand-is-long".into();
    let mut argument = process(1, "/usr/bin/vim");
    argument.arguments = "/usr/bin/vim farhand".into();
    let cases = [
        (process(1, "/usr/bin/farhand"), Some("likely")),
        (process(1, "/opt/farhand/farhand"), Some("certain")),
        (script, Some("likely")),
        (wine, Some("likely")),
        (foreign, None),
        (cut, None),
        (argument, None),
        (process(1, "/usr/bin/farhands"), None),
    ];
    for (process, expected) in cases {
        let facts = Facts { processes: vec![process.clone()], ..Facts::default() };
        let row = facts.story();
        assert_eq!(row.as_ref().map(|row| row.confidence.as_str()), expected, "{process:?}");
        assert!(row.is_none_or(|row| row.running && !row.renamed));
    }
}

fn listener(pid: Option<i64>, port: i64) -> Socket {
    Socket {
        protocol: "tcp".into(),
        state: "listen".into(),
        local_port: Some(port),
        reach: "everywhere".into(),
        pid,
        ..Socket::default()
    }
}

#[test]
fn sockets_speak_for_the_tool_that_holds_them() {
    let processes = || vec![process(7, "/opt/farhand/farhand"), process(9, "/usr/bin/other")];
    let connection = Socket {
        state: "established".into(),
        remote_address: Some("192.0.2.7".into()),
        remote_port: Some(443),
        reach: "nowhere".into(),
        ..listener(Some(7), 5000)
    };
    let facts = Facts {
        processes: processes(),
        sockets: vec![listener(Some(7), 1234), connection],
        ..Facts::default()
    };
    let row = facts.story().unwrap();
    assert_eq!(row.states, "running, listening, connected");
    assert_eq!(row.reach.as_deref(), Some("everywhere"));
    assert_eq!(row.ways_in, "listens on tcp/1234 (everywhere); relay");
}

#[test]
fn a_port_alone_counts_only_where_nobody_knows_whose_it_is() {
    let with = |socket: Socket, processes: Vec<Process>| {
        let facts = Facts { sockets: vec![socket], processes, ..Facts::default() };
        facts.story().map(|row| row.confidence)
    };
    let other = vec![process(9, "/usr/bin/other")];
    assert_eq!(with(listener(None, 40917), Vec::new()).as_deref(), Some("possible"));
    assert_eq!(with(listener(Some(9), 40917), other), None);
    assert_eq!(with(listener(None, 40918), Vec::new()), None);
}

#[test]
fn systemd_may_hold_the_socket() {
    let socket = Service {
        name: "farhand.socket".into(),
        kind: "socket".into(),
        path: "/usr/lib/systemd/system/farhand.socket".into(),
        trigger: "ListenStream=40917".into(),
        state: "enabled".into(),
        starts: true,
        ..Service::default()
    };
    let facts = |port| Facts {
        services: vec![socket.clone()],
        sockets: vec![listener(Some(1), port)],
        ..Facts::default()
    };
    assert!(facts(40917).story().unwrap().listening);
    assert!(!facts(4091).story().unwrap().listening);
}

#[test]
fn extensions_devices_and_autostarts_speak_for_a_tool() {
    let extension = BrowserExtension {
        id: "abcdefghabcdefghabcdefghabcdefgh".into(),
        browser: "chrome".into(),
        ..BrowserExtension::default()
    };
    let off = BrowserExtension { enabled: Some(false), ..extension.clone() };
    let device = |vendor: &str, product: &str, name: &str| UsbDevice {
        vendor_id: vendor.into(),
        product_id: product.into(),
        product: Some(name.into()),
        ..UsbDevice::default()
    };
    let autostart = Autostart {
        way: "cron".into(),
        name: "root".into(),
        command: "cd / && nohup farhand -q".into(),
        starts: true,
        ..Autostart::default()
    };
    let cases = [
        (Facts { extensions: vec![extension], ..Facts::default() }, Some("installed")),
        (Facts { extensions: vec![off], ..Facts::default() }, None),
        (
            Facts { usb_devices: vec![device("feed", "beef", "x")], ..Facts::default() },
            Some("installed"),
        ),
        (
            Facts { usb_devices: vec![device("0000", "0001", "FARHAND 3")], ..Facts::default() },
            Some("installed"),
        ),
        (Facts { usb_devices: vec![device("0000", "0001", "VNC10S")], ..Facts::default() }, None),
        (Facts { autostarts: vec![autostart], ..Facts::default() }, Some("starts")),
    ];
    for (at, (facts, expected)) in cases.into_iter().enumerate() {
        assert_eq!(facts.story().map(|row| row.states).as_deref(), expected, "{at}");
    }
}

#[test]
fn harmless_namesakes_stay_silent() {
    let folder = tempfile::tempdir().unwrap();
    let names = [
        "Attach.ToDesktop",
        "AutodeskSketchBook.exe",
        "ServerAdminUIO.exe",
        "putty.exe",
        "WinSCP.exe",
        "vncviewer",
        "FileZilla.exe",
        "remmina",
        "ssh",
        "mstsc.exe",
        "qq.exe",
        "DingTalk.exe",
        "WeChat.exe",
        "sketch-anydesk.png",
    ];
    for name in names {
        write(&folder.path().join("home/alice/Downloads").join(name), b"x");
        write(&folder.path().join("home/alice/.wine/drive_c/Program Files/Tools").join(name), b"x");
    }
    let processes = names.iter().enumerate();
    let processes =
        processes.map(|(pid, name)| process(pid as i64 + 10, &format!("/opt/x/{name}")));
    let card = UsbDevice {
        vendor_id: "10ec".into(),
        product_id: "8153".into(),
        product: Some("VNC10S".into()),
        ..UsbDevice::default()
    };
    let facts = Facts {
        packages: ["putty", "openssh-client", "remmina", "tigervnc-viewer", "filezilla", "winscp"]
            .map(|name| package(name, "installed"))
            .to_vec(),
        processes: processes.collect(),
        usb_devices: vec![card],
        ..Facts::default()
    };
    let tools = leaksweep_catalogue::remote_tools();
    let found = facts.collect(&mounted(folder.path()), &[home("/home/alice")], tools);
    assert_eq!(found.signs.rows, []);
}

#[test]
fn a_home_with_more_files_than_are_looked_at_is_a_problem() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("tmp/many");
    fs::create_dir_all(&at).unwrap();
    for number in 0..signs::portable::MOST_ENTRIES + 10 {
        fs::hard_link(first(&at), at.join(number.to_string())).unwrap_or_else(|_| {
            fs::write(at.join(number.to_string()), b"").unwrap();
        });
    }
    let found = Facts::default().collect(&mounted(folder.path()), &[], &farhand());
    let told: Vec<&str> = found.tools.problems.iter().map(|p| p.subject.as_str()).collect();
    assert_eq!(told, ["/tmp"]);
}

fn first(folder: &Path) -> std::path::PathBuf {
    folder.join("0")
}

#[test]
fn an_agent_lets_in_wherever_it_runs_and_not_once_it_is_gone() {
    let told = |facts: Facts| {
        let mut tools = farhand();
        tools[0].unattended = Some(leaksweep_catalogue::remote::ByNature::Installed);
        let folder = tempfile::tempdir().unwrap();
        let found = facts.collect(&mounted(folder.path()), &[], &tools);
        let row = found.tools.rows.into_iter().next().unwrap();
        (row.unattended, row.unattended_by.is_some())
    };
    let with =
        |state: &str| Facts { packages: vec![package("farhand", state)], ..Facts::default() };
    let runs = Facts { processes: vec![process(7, "/tmp/x/farhand")], ..Facts::default() };
    assert_eq!(told(with("installed")), (Some(true), true));
    assert_eq!(told(runs), (Some(true), true));
    assert_eq!(told(with("config-files")), (Some(false), false));
}

#[test]
fn the_version_is_that_of_the_package_named_first() {
    let text = r#"
        name = "Farhand"
        kind = "remote-control"
        makers = []
        summary = "Invented."
        ways = ["listener"]
        [[fact]]
        source = "invented"
        packages = ["farhand", "a-farhand-driver"]
    "#;
    let tools = [tool(Path::new("farhand.toml"), text).unwrap()];
    let version = |packages: Vec<Package>| {
        let folder = tempfile::tempdir().unwrap();
        let facts = Facts { packages, ..Facts::default() };
        let found = facts.collect(&mounted(folder.path()), &[], &tools);
        found.tools.rows.into_iter().next().unwrap().version
    };
    let driver = Package { version: "9".into(), ..package("a-farhand-driver", "installed") };
    let both = vec![driver.clone(), package("farhand", "installed")];
    assert_eq!(version(both), Some("1.2".into()));
    assert_eq!(version(vec![driver]), Some("9".into()));
}
