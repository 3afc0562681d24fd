use std::{fs, os::unix::fs::symlink};

use leaksweep_facts::Reason;

use super::*;
use crate::fixture::{Fixture, write};

/// An interface as the kernel shows it, with these files besides.
fn add(fixture: &Fixture, name: &str, kind: &str, files: &[(&str, &str)]) {
    let folder = fixture.sys.join("devices/virtual/net").join(name);
    let usual = [
        ("type", kind),
        ("flags", "0x1003"),
        ("address", "02:00:00:00:00:01"),
        ("operstate", "up"),
        ("carrier", "1"),
        ("carrier_changes", "2"),
        ("statistics/rx_bytes", "1000"),
        ("statistics/tx_bytes", "2000"),
    ];
    for (file, content) in usual.iter().chain(files) {
        write(&folder.join(file), format!("{content}\n").as_bytes());
    }
    let class = fixture.sys.join("class/net");
    fs::create_dir_all(&class).unwrap();
    symlink(format!("../../devices/virtual/net/{name}"), class.join(name)).unwrap();
}

#[test]
fn each_kind_of_interface_is_told() {
    let fixture = Fixture::new();
    type Files<'a> = &'a [(&'a str, &'a str)];
    let cases: [(&str, &str, Files, &str); 12] = [
        ("lo", "772", &[], "loopback"),
        ("eth0", "1", &[("device/vendor", "x")], "ethernet"),
        (
            "wlan0",
            "1",
            &[("uevent", "DEVTYPE=wlan\nINTERFACE=wlan0"), ("device/x", "")],
            "wireless",
        ),
        ("wlp2s0", "1", &[("wireless/x", "")], "wireless"),
        ("wwan0", "65534", &[("uevent", "DEVTYPE=wwan")], "mobile"),
        ("bnep0", "1", &[("uevent", "DEVTYPE=bluetooth")], "bluetooth"),
        ("docker0", "1", &[("bridge/bridge_id", "")], "bridge"),
        ("bond0", "1", &[("bonding/mode", "")], "bond"),
        ("tun0", "65534", &[("tun_flags", "0x1001")], "tunnel"),
        ("tap0", "1", &[("tun_flags", "0x1002")], "tunnel"),
        ("veth\x1b[1m", "1", &[], "virtual"),
        ("can0", "280", &[], "other"),
    ];
    for (name, kind, files, _) in cases {
        add(&fixture, name, kind, files);
    }
    write(&fixture.sys.join("class/net/bonding_masters"), b"bond0\n");
    let seen = collect(&fixture.machine());
    assert_eq!(seen.problems, []);
    assert_eq!(seen.rows.len(), cases.len());
    for (name, _, _, expected) in cases {
        let row = seen.rows.iter().find(|row| row.name == name).unwrap();
        assert_eq!(row.kind, expected, "{name}");
    }
    let card = seen.rows.iter().find(|row| row.name == "eth0").unwrap();
    assert!(card.device && !card.promiscuous);
    assert_eq!((card.received, card.sent, card.carrier), (Some(1000), Some(2000), Some(true)));
}

#[test]
fn hostile_files_are_problems() {
    let fixture = Fixture::new();
    add(&fixture, "eth0", "1", &[("flags", "0x1103")]);
    add(&fixture, "eth1", "1", &[]);
    symlink("circle", fixture.sys.join("class/net/circle")).unwrap();
    fs::remove_file(fixture.sys.join("devices/virtual/net/eth1/operstate")).unwrap();
    fs::create_dir(fixture.sys.join("devices/virtual/net/eth1/operstate")).unwrap();
    write(&fixture.proc.join("self/net/route"), b"");
    fs::File::create(fixture.proc.join("self/net/route")).unwrap().set_len(1 << 30).unwrap();
    let seen = collect(&fixture.machine());
    assert_eq!(seen.rows.len(), 1);
    assert!(seen.rows[0].promiscuous);
    assert_eq!(seen.problems.len(), 3);
    assert!(seen.problems.iter().any(|problem| problem.columns == ["addresses"]));
    assert!(seen.problems.iter().any(|problem| problem.subject == "interface eth1"));
}

#[test]
fn without_the_folder_of_interfaces_nothing_passes_for_none() {
    let seen = collect(&Fixture::new().machine());
    assert_eq!(seen.problems[0].reason, Reason::Unsupported);
}

#[test]
fn addresses_find_their_interfaces() {
    let fib = b"Main:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 0.0.0.0\n        /0 universe UNICAST\n\
        Local:\n        |-- 127.0.0.1\n              /32 host LOCAL\n        |-- 192.0.2.2\n              /32 host LOCAL\n\
        |-- 192.0.2.2\n  /32 host LOCAL\n        |-- 192.0.2.255\n           /32 link BROADCAST\n\
        |-- 198.51.100.7\n /32 host LOCAL\n   |-- nonsense\n /32 host LOCAL\n";
    let route = b"Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n\
        eth1 00000000 010200C0 0003 0 0 0 00000000 0 0 0\n\
        eth0 000200C0 00000000 0001 0 0 0 00FFFFFF 0 0 0\nodd\n";
    let pairs = ip4_addresses(fib, route);
    let text: Vec<String> =
        pairs.iter().map(|(name, address)| format!("{name} {address}")).collect();
    assert_eq!(text, ["lo 127.0.0.1/8", "eth0 192.0.2.2/24", "eth1 198.51.100.7/32"]);
    let pairs =
        ip6_addresses(b"fe8000000000000000fc00fffe000001 04 40 20 80     eth0\nfe80 1\n\xff\n");
    assert_eq!(pairs, [("eth0".to_owned(), "fe80::fc:ff:fe00:1/64".to_owned())]);
}

#[test]
fn the_machine_on_which_this_runs_has_its_loopback_interface() {
    let seen = collect(&Machine::running().unwrap());
    assert_eq!(seen.problems, []);
    let loopback = seen.rows.iter().find(|row| row.name == "lo").unwrap();
    assert_eq!(loopback.kind, "loopback");
    assert!(loopback.addresses.starts_with("127.0.0.1/8"), "{}", loopback.addresses);
    assert!(!loopback.device);
}
