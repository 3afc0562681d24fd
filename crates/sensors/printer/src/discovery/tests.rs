use std::net::UdpSocket;

use super::{
    dns::{Data, Record},
    told::Answer,
    *,
};

const FROM: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));

fn record(name: &str, data: Data) -> Record {
    Record { name: name.into(), data }
}

fn text(keys: &[(&str, &str)]) -> Data {
    Data::Text(keys.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect())
}

fn service(port: u16) -> Data {
    Data::Service { port, host: "p.local".into() }
}

#[test]
fn one_printer_with_several_services_is_one() {
    let mut gathered = Gathered::default();
    let ipp = "Hall 1._ipp._tcp.local";
    gathered.take(Answer::Records(
        FROM,
        vec![
            record("_ipp._tcp.local", Data::Pointer(ipp.into())),
            record(ipp, service(631)),
            record(ipp, text(&[("ty", "HP LaserJet"), ("note", "Hall"), ("rp", "ipp/print")])),
            record("P.local", Data::Address(FROM)),
            record("Hall 1._pdl-datastream._tcp.local", service(9100)),
            record("Hall 1._http._tcp.local", service(80)),
        ],
    ));
    let device = wsd::Match {
        endpoint: "urn:uuid:1".into(),
        types: vec!["PrintDeviceType".into()],
        addresses: vec!["http://192.0.2.7/wsd".into()],
    };
    gathered.take(Answer::Devices(FROM, vec![device]));
    let (found, silent) = gathered.end();
    assert!(silent.is_empty() && found.len() == 1);
    let printer = &found[0];
    assert_eq!(printer.name.as_deref(), Some("Hall 1"));
    assert_eq!(printer.model.as_deref(), Some("HP LaserJet"));
    assert_eq!(printer.note.as_deref(), Some("Hall"));
    let offers: Vec<_> = printer.offers.iter().map(|one| (one.service, one.port)).collect();
    assert_eq!(offers, [("ipp", 631), ("raw", 9100), ("wsd", 0)]);
    assert_eq!(printer.offers[0].path, "ipp/print");
    assert_eq!(printer.target().host, "192.0.2.7");
}

#[test]
fn a_printer_without_an_address_of_use_is_told_and_not_targeted() {
    let local: IpAddr = "fe80::1".parse().unwrap();
    let mut gathered = Gathered::default();
    let name = "Far._ipp._tcp.local";
    gathered.take(Answer::Records(local, vec![record(name, service(631))]));
    let (found, silent) = gathered.end();
    assert!(found.is_empty());
    assert_eq!(silent, ["Far"]);
}

#[test]
fn a_flood_of_printers_ends_at_its_cap() {
    let mut gathered = Gathered::default();
    for number in 0..3000u32 {
        let from = IpAddr::V4(Ipv4Addr::from(0x0A00_0000 + number));
        gathered.take(Answer::Records(from, vec![record("x._ipp._tcp.local", service(631))]));
    }
    assert_eq!(gathered.end().0.len(), 1024);
}

/// A double in the groups of both protocols on the loopback interface, at ports of its own.
fn double(answer: impl Fn(&[u8]) -> Vec<u8> + Send + 'static, group: Ipv4Addr) -> Option<u16> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.join_multicast_v4(&group, &Ipv4Addr::LOCALHOST).ok()?;
    let port = socket.local_addr().ok()?.port();
    std::thread::spawn(move || {
        let mut question = [0; 4096];
        while let Ok((length, from)) = socket.recv_from(&mut question) {
            let _ = socket.send_to(&answer(&question[..length]), from);
        }
    });
    Some(port)
}

fn mdns_answer(question: &[u8]) -> Vec<u8> {
    assert!(question.starts_with(&[0, 0, 0, 0, 0, services::TYPES.len() as u8]));
    let mut bytes = vec![0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0];
    bytes.extend_from_slice(
        b"\x04_ipp\x04_tcp\x05local\0\0\x0c\0\x01\0\0\0\x78\0\x09\x06Double\xC0\x0C",
    );
    bytes
}

fn wsd_answer(question: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(question);
    let id = text.split("MessageID>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    format!("<e><h><RelatesTo>{id}</RelatesTo></h><ProbeMatches><ProbeMatch><Types>w:PrintDeviceType</Types></ProbeMatch></ProbeMatches></e>")
        .into_bytes()
}

#[test]
fn printers_on_the_named_interface_are_found() {
    let mdns = double(mdns_answer, Ipv4Addr::new(224, 0, 0, 251));
    let wsd = double(wsd_answer, Ipv4Addr::new(239, 255, 255, 250));
    let (Some(mdns), Some(wsd)) = (mdns, wsd) else {
        return eprintln!("skipped: no group can be joined on the loopback interface");
    };
    let way = Interface::named("lo").unwrap();
    let plan = Plan::silent().with(Packet::MdnsQuestion).with(Packet::WsdQuestion);
    let wait = Duration::from_millis(400);
    let asked = Asked { interface: "lo", way: &way, plan: &plan, wait };
    let (mut gathered, mut problems) = (Gathered::default(), Vec::new());
    asked.all(Ports { mdns, wsd }, &mut gathered, &mut problems);
    let (found, _) = gathered.end();
    assert_eq!(problems, []);
    assert_eq!(found.len(), 1, "{found:?}");
    let offers: Vec<_> = found[0].offers.iter().map(|one| one.service).collect();
    assert_eq!(offers, ["ipp", "wsd"]);
}

#[test]
fn nothing_is_asked_without_a_plan_for_it() {
    let (found, problems) = discover("lo", &Plan::default(), Patience::default());
    assert!(found.is_empty() && problems.is_empty());
    let (_, problems) = discover("none-such-0", &Plan::default(), Patience::default());
    assert!(problems[0].detail.contains("no such network interface"));
}
