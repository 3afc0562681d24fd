use std::{
    io::{Read, Write},
    net::{Ipv4Addr, TcpListener, UdpSocket},
    thread,
};

use super::*;

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

fn wire(plan: Plan, patience: Patience) -> Wire {
    Wire::new(HERE, Ports::default(), plan, patience)
}

fn quick() -> Patience {
    Patience {
        idle: Duration::from_millis(200),
        answer: Duration::from_millis(600),
        ..Patience::default()
    }
}

fn listener() -> (TcpListener, u16) {
    let listener = TcpListener::bind((HERE, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

#[test]
fn nothing_is_sent_that_the_plan_does_not_name() {
    let (listener, port) = listener();
    let wire = wire(Plan::silent().with(Packet::Reach), quick());
    assert!(matches!(
        wire.line(port, Packet::LpdState),
        Err(WireError::Unplanned(Packet::LpdState))
    ));
    let mut line = wire.line(port, Packet::Reach).unwrap();
    line.turn_to(Packet::LpdState);
    assert!(matches!(line.send(b"\x04\n"), Err(WireError::Unplanned(_))));
    drop(line);
    let mut got = Vec::new();
    listener.accept().unwrap().0.read_to_end(&mut got).unwrap();
    assert!(got.is_empty());
    assert_eq!(wire.sent(), 0);
}

#[test]
fn what_may_be_sent_comes_to_an_end() {
    let (listener, port) = listener();
    let eater = thread::spawn(move || {
        let mut got = Vec::new();
        listener.accept().unwrap().0.read_to_end(&mut got).unwrap();
        got.len()
    });
    let wire = wire(Plan::default(), quick());
    let mut line = wire.line(port, Packet::IppAttributes).unwrap();
    line.send(&vec![0; MOST_SENT as usize]).unwrap();
    assert!(matches!(line.send(b"x"), Err(WireError::Spent)));
    drop(line);
    assert_eq!(eater.join().unwrap() as u64, MOST_SENT);
    assert_eq!(wire.sent(), MOST_SENT);
}

#[test]
fn one_byte_at_a_time_ends_with_the_answers_time() {
    let (listener, port) = listener();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        while stream.write_all(b"x").is_ok() {
            thread::sleep(Duration::from_millis(20));
        }
    });
    let wire = wire(Plan::default(), quick());
    let mut line = wire.line(port, Packet::HttpPage).unwrap();
    let mut got = Vec::new();
    let ended = line.receive_until(&mut got, 1 << 20, |_| false);
    assert!(matches!(ended, Err(WireError::Late)), "{ended:?}");
    assert!(!got.is_empty());
}

#[test]
fn an_endless_answer_ends_with_its_cap() {
    let (listener, port) = listener();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        while stream.write_all(&[0; 65_536]).is_ok() {}
    });
    let wire = wire(Plan::default(), Patience { answer: Duration::from_secs(20), ..quick() });
    let mut line = wire.line(port, Packet::HttpPage).unwrap();
    let mut got = Vec::new();
    let ended = line.receive_until(&mut got, 1000, |_| false);
    assert!(matches!(ended, Err(WireError::TooMuch)));
    assert_eq!(got.len(), 1000);
    let mut piece = vec![0; 1 << 20];
    let ended = loop {
        if let Err(error) = line.receive(&mut piece) {
            break error;
        }
    };
    assert!(matches!(ended, WireError::TooMuch), "{ended:?}");
}

#[test]
fn a_closed_port_and_a_silent_one_are_told_apart() {
    let (listener, port) = listener();
    let wire = wire(Plan::default(), quick());
    let mut line = wire.line(port, Packet::Listen).unwrap();
    assert!(matches!(line.receive(&mut [0; 16]), Err(WireError::Silent)));
    drop((line, listener));
    assert!(matches!(wire.line(port, Packet::Listen), Err(WireError::Closed)));
    let looks = wire.looks();
    assert_eq!((looks[0].packet.as_str(), looks[0].count, looks[0].failed), ("listen", 2, 2));
}

#[test]
fn a_datagram_that_is_no_answer_is_passed_over() {
    let printer = UdpSocket::bind((HERE, 0)).unwrap();
    let port = printer.local_addr().unwrap().port();
    thread::spawn(move || {
        let mut question = [0; 64];
        let (_, from) = printer.recv_from(&mut question).unwrap();
        printer.send_to(b"other", from).unwrap();
        printer.send_to(b"mine!", from).unwrap();
    });
    let wire = wire(Plan::default(), quick());
    let way = wire.datagrams(port).unwrap();
    let mine = |bytes: &[u8]| bytes.starts_with(b"mine").then_some(bytes.len());
    assert_eq!(way.ask(Packet::SnmpV1, b"?", Duration::from_secs(2), mine).unwrap(), 5);
    assert_eq!((wire.sent(), wire.received()), (1, 10));
}
