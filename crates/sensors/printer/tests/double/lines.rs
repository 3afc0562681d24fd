//! The services over TCP.

use std::{
    io::{Read, Write},
    net::{IpAddr, Ipv4Addr, TcpListener, TcpStream},
    thread,
    time::Duration,
};

use super::{House, Manner, answers, http, tls};

/// Listens at a port of its own, and says which.
pub fn serve(house: &House, service: &'static str, bind: Ipv4Addr) -> u16 {
    let listener = TcpListener::bind((bind, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let house = house.clone();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let house = house.clone();
            thread::spawn(move || connection(&house, service, stream));
        }
    });
    port
}

fn connection(house: &House, service: &'static str, mut stream: TcpStream) {
    let at = match stream.local_addr().map(|address| address.ip()) {
        Ok(IpAddr::V4(at)) => at,
        _ => Ipv4Addr::UNSPECIFIED,
    };
    let manner = house.kind.manner(service);
    let _ = stream.set_read_timeout(Some(Duration::from_secs(20)));
    if service == "https" && manner == Manner::Printer {
        return secured(house, at, stream);
    }
    let mut got = Vec::new();
    if service == "ftp" {
        manner.say(&mut stream, service, b"220 FTP Server Ready\r\n");
    } else if manner == Manner::Cut && service == "raw" {
        // It hangs up before anything was said.
    } else {
        converse(house, service, manner, &mut stream, &mut got);
    }
    let _ = stream.shutdown(std::net::Shutdown::Write);
    if manner == Manner::Printer {
        let _ = stream.read_to_end(&mut got);
    }
    house.hear(service, at, &got);
}

/// A question under TLS: what came is kept as it came, and the question beside it.
fn secured(house: &House, at: Ipv4Addr, stream: TcpStream) {
    let mut session = tls::session(stream);
    let mut got = Vec::new();
    if until(&mut session, &mut got, http::is_whole) && !got.is_empty() {
        let _ = session.write_all(&http::answer(house, "https", &got));
        session.conn.send_close_notify();
        let _ = session.flush();
        house.hear_inside(at, &got);
    }
    let kept = &mut session.sock;
    let _ = kept.stream.shutdown(std::net::Shutdown::Write);
    let _ = std::io::copy(kept, &mut std::io::sink());
    house.hear("https", at, &session.sock.got);
}

fn converse(
    house: &House,
    service: &'static str,
    manner: Manner,
    stream: &mut TcpStream,
    got: &mut Vec<u8>,
) {
    match service {
        "raw" => pjl(manner, stream, got),
        "lpd" => {
            if until(stream, got, |got| got.ends_with(b"\n")) {
                manner.say(stream, service, answers::QUEUE);
            }
        }
        _ => {
            if until(stream, got, http::is_whole) {
                let answer = http::answer(house, service, got);
                manner.say(stream, service, &answer);
            }
        }
    }
}

/// A conversation: each part that ends with a universal exit is answered.
fn pjl(manner: Manner, stream: &mut TcpStream, got: &mut Vec<u8>) {
    let mut answered = 0;
    while until(stream, got, |got| got.len() > answered + 20 && got.ends_with(answers::EXIT)) {
        let answer = answers::pjl(&got[answered..]);
        answered = got.len();
        manner.say(stream, "raw", &answer);
        let _ = stream.flush();
    }
}

/// Reads until there is enough; false where the other side ended first.
fn until(stream: &mut impl Read, got: &mut Vec<u8>, enough: impl Fn(&[u8]) -> bool) -> bool {
    let mut piece = [0; 4096];
    while !enough(got) {
        match stream.read(&mut piece) {
            Ok(0) | Err(_) => return false,
            Ok(count) => got.extend_from_slice(&piece[..count]),
        }
    }
    true
}
