use std::{
    collections::HashMap,
    fs,
    io::{BufRead, BufReader},
    net::{TcpListener, TcpStream, UdpSocket},
    os::unix::{
        fs::symlink,
        net::{UnixDatagram, UnixListener, UnixStream},
    },
    process::{Child, Command, Stdio},
};

use super::*;
use crate::{
    fixture::{Fixture, write},
    processes,
    readers::Stores,
};

const HEADING: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

fn inet(protocol: &'static str, local: &str, remote: &str, state: &str) -> Option<Listed> {
    let line = format!(
        "{HEADING}   0: {local} {remote} {state} 00000000:00000000 00:00000000 00000000  1000        0 77 1 0 100\n"
    );
    Layout(protocol).parse(line.as_bytes()).sockets.pop()
}

#[test]
fn addresses_states_and_reach_are_read() {
    let none4 = "00000000:0000";
    let cases = [
        ("tcp", "00000000:0016", none4, "0A", "ip4 0.0.0.0 22 listen everywhere"),
        ("tcp", "0100007F:0277", none4, "0A", "ip4 127.0.0.1 631 listen loopback"),
        ("tcp", "020200C0:01BB", none4, "0A", "ip4 192.0.2.2 443 listen address"),
        ("tcp", "020200C0:01BB", "010200C0:C000", "01", "ip4 192.0.2.2 443 established nowhere"),
        ("tcp", "020200C0:01BB", "010200C0:C000", "06", "ip4 192.0.2.2 443 time wait nowhere"),
        ("udp", "00000000:0044", none4, "07", "ip4 0.0.0.0 68 listen everywhere"),
        ("udp", "020200C0:0044", "010200C0:0043", "01", "ip4 192.0.2.2 68 established nowhere"),
        ("raw", "00000000:0001", none4, "07", "ip4 0.0.0.0 1 open nowhere"),
    ];
    for (protocol, local, remote, state, expected) in cases {
        let found = inet(protocol, local, remote, state).unwrap();
        let (address, port) = (&found.local.0, found.local.1.unwrap());
        let text = format!("{} {address} {port} {} {}", found.family, found.state, found.reach);
        assert_eq!(text, expected);
        assert_eq!((found.uid, found.inode), (Some(1000), 77));
    }
    let none6 = "00000000000000000000000000000000:0000";
    let cases = [
        ("00000000000000000000000000000000:0016", "ip6", "::", "everywhere"),
        ("00000000000000000000000001000000:0016", "ip6", "::1", "loopback"),
        ("000080FE00000000FF005450BAC7C5FE:0016", "ip6", "fe80::5054:ff:fec5:c7ba", "address"),
        ("0000000000000000FFFF00000100007F:0016", "ip4", "127.0.0.1", "loopback"),
    ];
    for (local, family, address, reach) in cases {
        let found = inet("tcp", local, none6, "0A").unwrap();
        assert_eq!((found.family, found.local.0.as_str(), found.reach), (family, address, reach));
    }
}

#[test]
fn a_line_that_makes_no_sense_is_counted_and_the_others_are_kept() {
    let good = "   0: 00000000:0016 00000000:0000 0A 0:0 0:0 0 0 0 77 1\n";
    let bad = [
        "   1: 00000000:0016 00000000:0000 0A 0:0\n",
        "   1: 0000000g:0016 00000000:0000 0A 0:0 0:0 0 0 0 77 1\n",
        "   1: 00000000:10016 00000000:0000 0A 0:0 0:0 0 0 0 77 1\n",
        "   1: 000000000000:0016 00000000:0000 0A 0:0 0:0 0 0 0 77 1\n",
        "   1: 00000000:0016 00000000:0000 0A 0:0 0:0 0 -1 0 77 1\n",
        "   1: ééééééééééééééééé:0016 00000000:0000 0A 0:0 0:0 0 0 0 77 1\n",
    ];
    for bad in bad {
        let lines = Layout("tcp").parse(format!("{HEADING}{bad}{good}").as_bytes());
        assert_eq!((lines.sockets.len(), lines.not_understood), (1, 1), "{bad}");
    }
}

#[test]
fn unix_sockets_are_those_that_someone_can_reach() {
    let content = b"Num RefCount Protocol Flags Type St Inode Path\n\
        0000000000000000: 00000002 00000000 00010000 0001 01 10 /run/a b  c\n\
        0000000000000000: 00000003 00000000 00000000 0001 03 11 /run/a b  c\n\
        0000000000000000: 00000003 00000000 00000000 0001 03 12\n\
        0000000000000000: 00000002 00000000 00000000 0002 01 13 /run/log\n\
        0000000000000000: 00000002 00000000 00010000 0005 01 14 @abstract\n\
        0000000000000000: 00000002 00000000 00010000 0001 01 15 /tmp/x\n\
        second\xff line\n\
        0000000000000000: 00000002 00000000 00000000 0002 01 16\n\
        0000000000000000: 0";
    let lines = unix(content);
    let names: Vec<(u64, &str)> =
        lines.sockets.iter().map(|socket| (socket.inode, socket.local.0.as_str())).collect();
    let expected = [
        (10, "/run/a b  c"),
        (13, "/run/log"),
        (14, "@abstract"),
        (15, "/tmp/x\nsecond\\xff line"),
    ];
    assert_eq!(names, expected);
    assert_eq!(lines.not_understood, 1);
}

#[test]
fn packet_sockets_name_their_interface() {
    let content = b"sk RefCnt Type Proto Iface R Rmem User Inode\n\
        0000 3 3 0003 2 1 0 0 91\n0000 3 3 0003 0 1 0 0 92\n0000 3 3 0003 9 1 0 0 93\nshort\n";
    let dev_mcast = b"2    eth0            1     0     333300000001\nx\n";
    let if_inet6 = b"fe80 03 40 20 80 wlan0\n\xff\n";
    let names = interface_names(dev_mcast, if_inet6);
    assert_eq!(names, HashMap::from([(2, "eth0".into()), (3, "wlan0".into())]));
    let lines = packet(content, &names);
    let shown: Vec<&str> = lines.sockets.iter().map(|socket| socket.local.0.as_str()).collect();
    assert_eq!(shown, ["eth0", "*", "#9"]);
    assert_eq!(lines.not_understood, 1);
}

/// Two processes in the machine's namespace and one in another, all with hostile files.
fn fixture() -> Fixture {
    let fixture = Fixture::new();
    for (pid, namespace) in [(1, 100), (20, 100), (30, 200)] {
        fixture.process(pid, b"tool", "/bin/sleep");
        let folder = fixture.proc.join(pid.to_string());
        fs::create_dir(folder.join("ns")).unwrap();
        symlink(format!("net:[{namespace}]"), folder.join("ns/net")).unwrap();
        write(&folder.join("net/dev"), b"");
        fs::create_dir(folder.join("fd")).unwrap();
    }
    fixture
}

fn swept(fixture: &Fixture) -> Observed<Socket> {
    let machine = fixture.machine();
    let names = Names::default();
    let processes = processes::collect(&machine, &names).rows;
    let descriptors = Descriptors::collect(&machine, &processes, &Stores::default());
    collect(&machine, &names, &processes, &descriptors, &mut Remotes::default())
}

#[test]
fn each_namespace_is_read_once_and_each_socket_finds_its_lowest_holder() {
    let fixture = fixture();
    let line = |port: &str, inode: u32| {
        format!("{HEADING} 0: 00000000:{port} 00000000:0000 0A 0:0 0:0 0 0 0 {inode} 1\n")
    };
    for pid in [1, 20] {
        write(&fixture.proc.join(format!("{pid}/net/tcp")), line("0016", 77).as_bytes());
    }
    write(&fixture.proc.join("30/net/tcp"), line("0017", 78).as_bytes());
    for (fd, target) in [("20/fd/3", "socket:[77]"), ("30/fd/3", "socket:[77]"), ("30/fd/4", "x")] {
        symlink(target, fixture.proc.join(fd)).unwrap();
    }
    let seen = swept(&fixture);
    assert_eq!(seen.problems, []);
    let rows: Vec<_> = seen
        .rows
        .iter()
        .map(|row| (row.local_port, row.pid, row.namespace, row.machine_namespace))
        .collect();
    assert_eq!(rows, [(Some(22), Some(20), 100, true), (Some(23), None, 200, false)]);
    assert_eq!(seen.rows[0].process.as_deref(), Some("tool"));
    assert_eq!(seen.rows[0].unit.as_deref(), Some("tool.service"));
}

#[test]
fn hostile_tables_are_problems_and_neither_hang_nor_fill_the_memory() {
    let fixture = fixture();
    let net = |file: &str| fixture.proc.join("1/net").join(file);
    let mode = rustix::fs::Mode::RUSR;
    rustix::fs::mknodat(rustix::fs::CWD, net("tcp"), rustix::fs::FileType::Fifo, mode, 0).unwrap();
    fs::create_dir(net("udp")).unwrap();
    symlink("raw", net("raw")).unwrap();
    fs::write(net("tcp6"), b"heading\n\xff\xfe\n").unwrap();
    fs::File::create(net("unix")).unwrap().set_len(1 << 30).unwrap();
    fs::remove_dir(fixture.proc.join("20/fd")).unwrap();
    fs::write(fixture.proc.join("20/fd"), "no folder").unwrap();
    let seen = swept(&fixture);
    assert!(seen.rows.is_empty());
    let reason = |file: &str| {
        let subject = format!("/proc/1/net/{file}");
        seen.problems
            .iter()
            .find(|problem| problem.subject == subject)
            .map(|problem| problem.reason)
    };
    assert_eq!(reason("tcp"), Some(Reason::WrongType));
    assert_eq!(reason("udp"), Some(Reason::WrongType));
    assert_eq!(reason("raw"), Some(Reason::WrongType));
    assert_eq!(reason("tcp6"), Some(Reason::Malformed));
    assert_eq!(reason("unix"), Some(Reason::TooLarge));
}

fn live() -> Observed<Socket> {
    let machine = Machine::running().unwrap();
    let names = Names::default();
    let processes = processes::collect(&machine, &names).rows;
    let descriptors = Descriptors::collect(&machine, &processes, &Stores::default());
    collect(&machine, &names, &processes, &descriptors, &mut Remotes::default())
}

#[test]
fn sockets_of_this_very_test_are_found_with_their_process() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("line\nbreak.sock");
    let listener = UnixListener::bind(&path).unwrap();
    let _client = UnixStream::connect(&path).unwrap();
    let _accepted = listener.accept().unwrap();
    let datagrams = folder.path().join("datagrams");
    let _datagrams = UnixDatagram::bind(&datagrams).unwrap();
    let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
    let _connection = TcpStream::connect(tcp.local_addr().unwrap()).unwrap();
    let tcp6 = TcpListener::bind("[::1]:0").unwrap();
    let udp = UdpSocket::bind("127.0.0.1:0").unwrap();

    let rows = live().rows;
    let pid = i64::from(std::process::id());
    let find = |protocol: &str, address: &str, port: Option<u16>| {
        let port = port.map(i64::from);
        let same = |row: &&Socket| {
            row.protocol == protocol
                && row.local_address == address
                && row.local_port == port
                && row.state == "listen"
        };
        let found: Vec<&Socket> = rows.iter().filter(same).collect();
        assert_eq!(found.len(), 1, "{protocol} {address}");
        assert_eq!(found[0].pid, Some(pid));
        assert!(found[0].machine_namespace);
        found[0].reach.clone()
    };
    let port = |socket: &TcpListener| Some(socket.local_addr().unwrap().port());
    assert_eq!(find("tcp", "127.0.0.1", port(&tcp)), "loopback");
    assert_eq!(find("tcp", "::1", port(&tcp6)), "loopback");
    assert_eq!(find("udp", "127.0.0.1", Some(udp.local_addr().unwrap().port())), "loopback");
    assert_eq!(find("unix", path.to_str().unwrap(), None), "local");
    assert_eq!(find("unix", datagrams.to_str().unwrap(), None), "local");
    let connected =
        |row: &&Socket| row.state == "established" && row.remote_port == port(&tcp).map(i64::from);
    assert_eq!(rows.iter().filter(connected).count(), 1);
}

/// Runs Python with these arguments before it, until it says that it is ready; none where the
/// machine lacks what this needs.
fn python(before: &[&str], program: &str) -> Option<Child> {
    leaksweep_peers::need("python3")?;
    let mut command = before.to_vec();
    command.extend_from_slice(&["python3", "-c", program]);
    let (first, rest) = command.split_first().unwrap();
    let mut command = Command::new(first);
    command.args(rest).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let ready = |mut child: Child| {
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        if line == "ready\n" {
            return Some(child);
        }
        child.wait().unwrap();
        None
    };
    let child = command.spawn().ok().and_then(ready);
    if child.is_none() {
        leaksweep_peers::skip("needs root and unshare");
    }
    child
}

/// Closes the input for which the program waits.
fn end(mut child: Child) {
    drop(child.stdin.take());
    child.wait().unwrap();
}

#[test]
fn a_listener_in_another_network_namespace_is_found() {
    let program = "import socket,sys\ns=socket.socket()\ns.bind(('0.0.0.0',4242))\ns.listen()\n\
        print('ready',flush=True)\nsys.stdin.read()";
    let Some(child) = python(&["unshare", "--net"], program) else { return };
    let seen = live();
    let pid = i64::from(child.id());
    end(child);
    let found = seen.rows.iter().find(|row| row.local_port == Some(4242)).unwrap();
    assert!(!found.machine_namespace);
    assert_eq!(found.pid, Some(pid));
    assert_eq!(found.reach, "everywhere");
    assert!(seen.rows.iter().any(|row| row.machine_namespace));
}

#[test]
fn a_socket_that_reads_whole_frames_is_found_with_its_interface() {
    let program = "import socket,sys\ns=socket.socket(socket.AF_PACKET,socket.SOCK_RAW,socket.htons(3))\n\
        s.bind(('lo',0))\nprint('ready',flush=True)\nsys.stdin.read()";
    let Some(child) = python(&["unshare", "--net"], program) else { return };
    let seen = live();
    let pid = i64::from(child.id());
    end(child);
    let found = seen.rows.iter().find(|row| row.protocol == "packet" && row.pid == Some(pid));
    // A namespace without an address gives numbers alone.
    assert!(["lo", "#1"].contains(&found.unwrap().local_address.as_str()));
    assert_eq!(found.unwrap().reach, "nowhere");
}
