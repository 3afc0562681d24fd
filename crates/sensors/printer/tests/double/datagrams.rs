//! The services over UDP: a socket for each address, so that answers come from where they were asked.

use std::{
    net::{Ipv4Addr, UdpSocket},
    thread,
    time::Duration,
};

use rustix::event::{PollFd, PollFlags, poll};

use super::{House, Manner, snmp};

/// Listens at the same port of every address, and says which. `web` is where the description is.
pub fn serve(house: &House, service: &'static str, addresses: &[Ipv4Addr], web: u16) -> u16 {
    let first = UdpSocket::bind((addresses[0], 0)).unwrap();
    let port = first.local_addr().unwrap().port();
    let mut sockets = vec![(addresses[0], first)];
    for address in &addresses[1..] {
        sockets.push((*address, UdpSocket::bind((*address, port)).unwrap()));
    }
    let house = house.clone();
    thread::spawn(move || {
        loop {
            let mut waiting: Vec<PollFd> =
                sockets.iter().map(|(_, socket)| PollFd::new(socket, PollFlags::IN)).collect();
            poll(&mut waiting, None).unwrap();
            let ready: Vec<bool> = waiting.iter().map(|one| !one.revents().is_empty()).collect();
            for ((at, socket), _) in sockets.iter().zip(ready).filter(|(_, ready)| *ready) {
                exchange(&house, service, *at, socket, web);
            }
        }
    });
    port
}

fn exchange(house: &House, service: &'static str, at: Ipv4Addr, socket: &UdpSocket, web: u16) {
    let mut question = [0; 8192];
    let Ok((length, from)) = socket.recv_from(&mut question) else { return };
    let question = &question[..length];
    house.hear(service, at, question);
    let answer = match service {
        "snmp" => snmp::answer(question),
        _ => Some(matched(question, at, web)),
    };
    let manner = house.kind.manner(service);
    for datagram in manner.datagrams(answer.unwrap_or_default()) {
        let _ = socket.send_to(&datagram, from);
        if manner == Manner::Drip {
            thread::sleep(Duration::from_millis(10));
        }
    }
}

fn matched(question: &[u8], at: Ipv4Addr, web: u16) -> Vec<u8> {
    let text = String::from_utf8_lossy(question);
    let id = text.split("MessageID>").nth(1).unwrap_or("").split('<').next().unwrap_or("");
    format!(
        "<e><h><a:RelatesTo>{id}</a:RelatesTo></h><d:ProbeMatches><d:ProbeMatch><a:EndpointReference><a:Address>urn:uuid:1</a:Address></a:EndpointReference>\
         <d:Types>w:Device w:PrintDeviceType</d:Types><d:XAddrs>http://{at}:{web}/wsd</d:XAddrs></d:ProbeMatch></d:ProbeMatches></e>"
    )
    .into_bytes()
}
